//! A DynamoDB stream as the events Lambda makes of it.

use aws_lambda_events::dynamodb::Event;
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, ShardIteratorType};
use serde_json::{Map, Value, json};

/// A stream that is read on from where it was read last.
pub struct Stream {
    client: Client,
    shards: Vec<Shard>,
}

/// Where the next record of a shard is; `None` when the shard has ended.
struct Shard(Option<String>);

#[expect(clippy::expect_used, reason = "a set-up that fails fails the test")]
impl Stream {
    /// A table's stream, from its beginning.
    pub(crate) async fn open(client: Client, table: &str) -> Self {
        let streams = client.list_streams().table_name(table).send().await.expect("streams");
        let mut opened = Vec::new();
        for stream in streams.streams() {
            let arn = stream.stream_arn().expect("a stream has an ARN");
            let described = client.describe_stream().stream_arn(arn).send().await;
            let shards = described.expect("a stream").stream_description.and_then(|s| s.shards);
            for shard in shards.unwrap_or_default() {
                let iterator = client
                    .get_shard_iterator()
                    .stream_arn(arn)
                    .set_shard_id(shard.shard_id)
                    .shard_iterator_type(ShardIteratorType::TrimHorizon)
                    .send()
                    .await
                    .expect("a shard");
                opened.push(Shard(iterator.shard_iterator));
            }
        }
        Self { client, shards: opened }
    }

    /// What has come since the last time, as Lambda would hand it over.
    pub async fn read(&mut self) -> Event {
        let mut records = Vec::new();
        for shard in &mut self.shards {
            let Some(iterator) = shard.0.take() else { continue };
            let call = self.client.get_records().shard_iterator(iterator);
            let found = call.send().await.expect("records");
            shard.0 = found.next_shard_iterator;
            records.extend(found.records.unwrap_or_default());
        }
        let records: Vec<Value> = records.into_iter().map(record).collect();
        serde_json::from_value(json!({ "Records": records })).expect("an event of Lambda")
    }
}

fn record(record: Record) -> Value {
    let change = record.dynamodb;
    let (keys, image, sequence) = match change {
        Some(change) => (change.keys, change.new_image, change.sequence_number),
        None => (None, None, None),
    };
    json!({
        "eventID": record.event_id,
        "eventName": record.event_name.map(|name| name.as_str().to_owned()),
        "awsRegion": "us-east-1",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": item(keys.unwrap_or_default()),
            "NewImage": item(image.unwrap_or_default()),
            "SequenceNumber": sequence,
            "SizeBytes": 0,
            "StreamViewType": "NEW_IMAGE",
        },
    })
}

fn item(attributes: impl IntoIterator<Item = (String, AttributeValue)>) -> Value {
    attributes
        .into_iter()
        .map(|(name, value)| (name, attribute(value)))
        .collect::<Map<_, _>>()
        .into()
}

/// The kinds of attributes that our tables hold.
#[expect(clippy::wildcard_enum_match_arm, reason = "the SDK's enum is open")]
fn attribute(value: AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::L(list) => {
            json!({ "L": list.into_iter().map(attribute).collect::<Vec<_>>() })
        }
        AttributeValue::M(map) => json!({ "M": item(map) }),
        // The enum may grow; none of these is ever in our tables.
        other => json!({ "unexpected": format!("{other:?}") }),
    }
}
