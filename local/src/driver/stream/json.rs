//! Stream records in the JSON that Lambda hands a function.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::primitives::{Blob, DateTime};
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, OperationType, Record, StreamRecord, StreamViewType,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

pub(super) fn record_json(record: &Record, stream_arn: &str) -> Value {
    let change = record.dynamodb();
    let image = |image: Option<&HashMap<String, AttributeValue>>| image.map(attributes_json);
    json!({
        "eventID": record.event_id(),
        "eventName": record.event_name().map(OperationType::as_str),
        "eventVersion": record.event_version(),
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "eventSourceARN": stream_arn,
        "dynamodb": {
            "ApproximateCreationDateTime": change
                .and_then(|change| change.approximate_creation_date_time())
                .map_or(0, DateTime::secs),
            "Keys": image(change.and_then(|change| change.keys())),
            "NewImage": image(change.and_then(|change| change.new_image())),
            "OldImage": image(change.and_then(|change| change.old_image())),
            "SequenceNumber": change.and_then(|change| change.sequence_number()),
            "SizeBytes": change.and_then(StreamRecord::size_bytes).unwrap_or(0),
            "StreamViewType": change
                .and_then(|change| change.stream_view_type())
                .map(StreamViewType::as_str),
        },
    })
}

fn attributes_json(attributes: &HashMap<String, AttributeValue>) -> Value {
    let fields = attributes.iter().map(|(name, value)| (name.clone(), attribute_json(value)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn attribute_json(value: &AttributeValue) -> Value {
    let binary = |bytes: &Blob| STANDARD.encode(bytes);
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(bool) => json!({ "BOOL": bool }),
        AttributeValue::B(bytes) => json!({ "B": binary(bytes) }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::Bs(list) => json!({ "BS": list.iter().map(binary).collect::<Vec<_>>() }),
        AttributeValue::L(list) => {
            json!({ "L": list.iter().map(attribute_json).collect::<Vec<_>>() })
        }
        AttributeValue::M(map) => json!({ "M": attributes_json(map) }),
        // Null, or a kind that DynamoDB does not have yet.
        AttributeValue::Null(_) | _ => json!({ "NULL": true }),
    }
}
