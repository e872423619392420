//! DynamoDB and its streams.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, Put, ScalarAttributeType, StreamSpecification,
    StreamViewType, TimeToLiveSpecification, TransactWriteItem,
};
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use domain::Clock as _;
use embedded_aws::EmbeddedAws;

use crate::rig::{in_directory, in_memory};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn key(attribute: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().unwrap()
}

fn attribute(name: &str) -> AttributeDefinition {
    let kind = ScalarAttributeType::S;
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

/// A table with pk and sk, an index over g1pk and sk, and perhaps a stream; its name.
pub(crate) async fn table(client: &Client, name: &str, stream: Option<StreamViewType>) -> String {
    let index = GlobalSecondaryIndex::builder()
        .index_name("by_state")
        .key_schema(key("g1pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
    let stream = stream.map(|view| {
        let stream = StreamSpecification::builder().stream_enabled(true);
        stream.stream_view_type(view).build().unwrap()
    });
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "g1pk"].map(attribute).to_vec()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index.build().unwrap())
        .set_stream_specification(stream)
        .send()
        .await
        .unwrap();
    name.to_owned()
}

pub(crate) async fn put(
    client: &Client,
    table: &str,
    pk: &str,
    sk: &str,
) -> Result<(), aws_sdk_dynamodb::Error> {
    let put = client.put_item().table_name(table).item("pk", text(pk)).item("sk", text(sk));
    put.item("g1pk", text("due")).send().await?;
    Ok(())
}

/// All records of a table's stream.
async fn records(aws: &EmbeddedAws, table: &str) -> Vec<Record> {
    let described = aws.dynamodb().describe_table().table_name(table).send().await.unwrap();
    let arn = described.table.unwrap().latest_stream_arn.unwrap();
    let streams = aws.dynamodb_streams();
    let stream = streams.describe_stream().stream_arn(&arn).send().await.unwrap();
    let shard = stream.stream_description.unwrap().shards.unwrap().remove(0);
    let iterator = streams.get_shard_iterator().stream_arn(&arn);
    let iterator = iterator.set_shard_id(shard.shard_id);
    let iterator = iterator.shard_iterator_type(ShardIteratorType::TrimHorizon);
    let mut next = iterator.send().await.unwrap().shard_iterator;
    let mut all = Vec::new();
    loop {
        let page = streams.get_records().set_shard_iterator(next).send().await.unwrap();
        if page.records().is_empty() {
            return all;
        }
        all.extend(page.records.unwrap_or_default());
        next = page.next_shard_iterator;
    }
}

fn sequence(record: &Record) -> String {
    record.dynamodb().unwrap().sequence_number().unwrap().to_owned()
}

#[tokio::test]
async fn a_transaction_reaches_the_index_and_the_stream_or_nothing() {
    let (aws, _) = in_memory().await;
    let client = aws.dynamodb();
    let table = table(&client, "jobs", Some(StreamViewType::NewImage)).await;
    let put = |sk: &str| {
        let put = Put::builder().table_name(&table).item("pk", text("a")).item("sk", text(sk));
        let put = put.item("g1pk", text("due"));
        let put = put.condition_expression("attribute_not_exists(pk)").build().unwrap();
        TransactWriteItem::builder().put(put).build()
    };
    let transact = |one, other| {
        let transact = client.transact_write_items();
        transact.transact_items(put(one)).transact_items(put(other)).send()
    };
    transact("1", "2").await.unwrap();
    let refused = transact("3", "2").await.unwrap_err().into_service_error();
    assert!(refused.is_transaction_canceled_exception(), "{refused:?}");
    let due = client.query().table_name(&table).index_name("by_state");
    let due = due.key_condition_expression("g1pk = :due");
    let due = due.expression_attribute_values(":due", text("due")).send().await.unwrap();
    assert_eq!(due.count(), 2);
    let seen = records(&aws, &table).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].event_name().unwrap().as_str(), "INSERT");
    assert!(seen[0].dynamodb().unwrap().new_image().is_some());
}

#[tokio::test]
async fn a_trimmed_stream_goes_on_with_rising_numbers() {
    let directory = tempfile::tempdir().unwrap();
    let aws = in_directory(directory.path()).await;
    let client = aws.dynamodb();
    let table = table(&client, "jobs", Some(StreamViewType::NewImage)).await;
    for n in 0..5 {
        put(&client, &table, "a", &n.to_string()).await.unwrap();
    }
    let before: Vec<String> = records(&aws, &table).await.iter().map(sequence).collect();
    assert_eq!(aws.trim_stream(&table, &before[2]).await.unwrap(), 3);
    let after: Vec<String> = records(&aws, &table).await.iter().map(sequence).collect();
    assert_eq!(after, before[3..]);
    assert_eq!(aws.trim_stream(&table, &before[4]).await.unwrap(), 1, "the last always stays");
    put(&client, &table, "a", "5").await.unwrap();
    let last = records(&aws, &table).await.iter().map(sequence).next_back().unwrap();
    assert!(last > before[4], "{last} after {}", before[4]);
}

/// Every write to a table with a stream asks for the last sequence number, in these words. It
/// must be answered from the index: a scan makes writes slower with every record.
#[tokio::test]
async fn the_last_stream_record_is_found_by_index() {
    let directory = tempfile::tempdir().unwrap();
    let aws = in_directory(directory.path()).await;
    let table = table(&aws.dynamodb(), "jobs", Some(StreamViewType::NewImage)).await;
    put(&aws.dynamodb(), &table, "a", "1").await.unwrap();
    let file = rusqlite::Connection::open(directory.path().join("dynamodb.sqlite")).unwrap();
    let plan: String = file
        .query_row(
            "EXPLAIN QUERY PLAN
             SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
             FROM _stream_records WHERE table_name = 'jobs'",
            [],
            |row| row.get("detail"),
        )
        .unwrap();
    assert!(plan.contains("stream_records_by_sequence (table_name=?)"), "{plan}");
}

#[tokio::test]
async fn expired_items_are_swept_by_the_clock() {
    let (aws, clock) = in_memory().await;
    let client = aws.dynamodb();
    let table = table(&client, "guards", None).await;
    let ttl = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(true);
    let ttl = client.update_time_to_live().time_to_live_specification(ttl.build().unwrap());
    ttl.table_name(&table).send().await.unwrap();
    let expires = clock.now().as_second() + 60;
    let item = HashMap::from([
        ("pk".to_owned(), text("a")),
        ("sk".to_owned(), text("1")),
        ("ttl".to_owned(), AttributeValue::N(expires.to_string())),
    ]);
    client.put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    assert_eq!(aws.sweep_expired_items().await.unwrap(), 0);
    clock.advance(Duration::from_secs(61));
    assert_eq!(aws.sweep_expired_items().await.unwrap(), 1);
}
