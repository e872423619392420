//! Lambda's part: batches out of queues and the stream, into the functions, and away.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::site::Site;

/// As the template's mappings say.
const BATCH: usize = 10;
/// Stream records read before they are trimmed.
const TRIM_EVERY: usize = 200;
/// The embedded services want to be shown a signature and look no further.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 \
    Credential=embedded/20260101/us-east-1/service/aws4_request, \
    SignedHeaders=host;x-amz-date, Signature=0";

/// A queue and the function it feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    Inbound,
    Statuses,
    Outbound,
}

/// A table whose stream feeds the dispatcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Jobs,
    Audit,
}

/// What one step did.
pub(crate) struct Step {
    /// Messages done with, or stream records read.
    pub(crate) count: usize,
    /// Of the stream's records, those that were new items.
    pub(crate) inserted: usize,
    /// What the function took, its waiting for others included.
    pub(crate) took: Duration,
}

/// Where the reading of a stream stands.
#[derive(Default)]
pub(crate) struct Stream {
    iterator: Option<String>,
    since_trim: usize,
}

impl Site {
    /// Works off one batch of a queue.
    pub(crate) async fn work(&self, queue: Queue) -> Result<Step> {
        let id = match queue {
            Queue::Inbound => "InboundQueue",
            Queue::Statuses => "StatusesQueue",
            Queue::Outbound => "OutboundQueue",
        };
        let planned = self.plan.queues.iter().find(|queue| queue.logical_id == id);
        let url = self.aws.queue_url(&planned.context("the queue is not planned")?.name);
        let wanted = json!({
            "QueueUrl": url,
            "MaxNumberOfMessages": BATCH,
            "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["All"],
        });
        let endpoint = &self.aws.endpoints().sqs;
        let mut received = self.call(endpoint, "AmazonSQS.ReceiveMessage", &wanted).await?;
        let records: Vec<Value> = received["Messages"].as_array_mut().map_or_else(Vec::new, |m| {
            let record = |message: &mut Value| {
                json!({
                    "messageId": message["MessageId"].take(),
                    "receiptHandle": message["ReceiptHandle"].take(),
                    "body": message["Body"].take(),
                    "attributes": message["Attributes"].take(),
                })
            };
            m.iter_mut().map(record).collect()
        });
        if records.is_empty() {
            return Ok(Step { count: 0, inserted: 0, took: Duration::ZERO });
        }
        let event = serde_json::from_value(json!({ "Records": records }))?;
        let begun = Instant::now();
        let response = match queue {
            Queue::Inbound | Queue::Statuses => processor::handle(event, &self.processor).await,
            Queue::Outbound => sender::handle(event, &self.sender).await,
        };
        let took = begun.elapsed();
        let failed = |record: &Value| {
            let failures = &response.batch_item_failures;
            failures.iter().any(|failure| record["messageId"] == *failure.item_identifier)
        };
        let done = records.iter().filter(|record| !failed(record));
        let entries: Vec<Value> = done
            .enumerate()
            .map(|(n, r)| json!({ "Id": n.to_string(), "ReceiptHandle": r["receiptHandle"] }))
            .collect();
        let count = entries.len();
        if count > 0 {
            let entries = json!({ "QueueUrl": url, "Entries": entries });
            self.call(endpoint, "AmazonSQS.DeleteMessageBatch", &entries).await?;
        }
        Ok(Step { count, inserted: 0, took })
    }

    /// Hands one batch of a table's stream to the dispatcher.
    pub(crate) async fn dispatch(&self, of: Table) -> Result<Step> {
        let (id, stream, prefix) = match of {
            Table::Jobs => ("JobsTable", &self.jobs, ""),
            Table::Audit => ("AuditTable", &self.audit, "E#"),
        };
        let table = self.plan.tables.iter().find(|table| table.logical_id == id);
        let table = &table.context("the table is not planned")?.name;
        let mut stream = stream.lock().await;
        let iterator = match stream.iterator.take() {
            Some(iterator) => iterator,
            None => self.beginning(table).await?,
        };
        let wanted = json!({ "ShardIterator": iterator, "Limit": BATCH });
        let mut read = self.stream_call("GetRecords", &wanted).await?;
        stream.iterator = read["NextShardIterator"].as_str().map(str::to_owned);
        let mut records: Vec<Value> = serde_json::from_value(read["Records"].take())?;
        let count = records.len();
        let last = records.last().map(|record| record["dynamodb"]["SequenceNumber"].clone());
        records.retain(|record| {
            let sort_key = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap_or_default();
            record["eventName"] == "INSERT" && sort_key.starts_with(prefix)
        });
        let inserted = records.len();
        let begun = Instant::now();
        if inserted > 0 {
            let event = serde_json::from_value(json!({ "Records": records }))?;
            let response = dispatcher::handle(event, &self.dispatcher).await;
            ensure!(response.batch_item_failures.is_empty(), "the dispatcher failed");
        }
        let took = begun.elapsed();
        stream.since_trim += count;
        if let Some(last) = last.as_ref().and_then(Value::as_str)
            && stream.since_trim >= TRIM_EVERY
        {
            stream.since_trim = 0;
            self.aws.trim_stream(table, last).await?;
        }
        Ok(Step { count, inserted, took })
    }

    async fn beginning(&self, table: &str) -> Result<String> {
        let streams = self.stream_call("ListStreams", &json!({ "TableName": table })).await?;
        let arn = streams["Streams"][0]["StreamArn"].clone();
        let stream = self.stream_call("DescribeStream", &json!({ "StreamArn": arn })).await?;
        let wanted = json!({
            "StreamArn": arn,
            "ShardId": stream["StreamDescription"]["Shards"][0]["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let found = self.stream_call("GetShardIterator", &wanted).await?;
        found["ShardIterator"].as_str().map(str::to_owned).context("the stream has no beginning")
    }

    async fn stream_call(&self, operation: &str, body: &Value) -> Result<Value> {
        let target = format!("DynamoDBStreams_20120810.{operation}");
        self.call(&self.aws.endpoints().dynamodb, &target, body).await
    }

    /// One call in AWS's JSON protocol. Lambda's pollers are not our code, so they are not
    /// measured through an SDK.
    async fn call(&self, endpoint: &str, target: &str, body: &Value) -> Result<Value> {
        let request = self
            .http
            .post(endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", AUTHORIZATION)
            .body(body.to_string());
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{target}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }
}
