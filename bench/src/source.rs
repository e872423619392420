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
        let records = self.receive(queue, BATCH).await?;
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
        let done: Vec<&Value> = records.iter().filter(|record| !failed(record)).collect();
        self.delete(queue, &done).await?;
        Ok(Step { count: done.len(), inserted: 0, took })
    }

    /// One message of a queue as the event that its function gets; it is taken for good.
    pub(crate) async fn take(&self, queue: Queue) -> Result<Value> {
        let records = self.receive(queue, 1).await?;
        ensure!(!records.is_empty(), "nothing waits in {queue:?}");
        self.delete(queue, &records.iter().collect::<Vec<_>>()).await?;
        Ok(json!({ "Records": records }))
    }

    async fn receive(&self, queue: Queue, most: usize) -> Result<Vec<Value>> {
        let wanted = json!({
            "QueueUrl": self.url_of(queue)?,
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["All"],
        });
        let endpoint = &self.aws.endpoints().sqs;
        let mut received = self.call(endpoint, "AmazonSQS.ReceiveMessage", &wanted).await?;
        let record = |message: &mut Value| {
            json!({
                "messageId": message["MessageId"].take(),
                "receiptHandle": message["ReceiptHandle"].take(),
                "body": message["Body"].take(),
                "attributes": message["Attributes"].take(),
            })
        };
        let messages = received["Messages"].as_array_mut();
        Ok(messages.map_or_else(Vec::new, |all| all.iter_mut().map(record).collect()))
    }

    async fn delete(&self, queue: Queue, records: &[&Value]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let entry = |(n, record): (usize, &&Value)| json!({ "Id": n.to_string(), "ReceiptHandle": record["receiptHandle"] });
        let entries: Vec<Value> = records.iter().enumerate().map(entry).collect();
        let wanted = json!({ "QueueUrl": self.url_of(queue)?, "Entries": entries });
        let endpoint = &self.aws.endpoints().sqs;
        self.call(endpoint, "AmazonSQS.DeleteMessageBatch", &wanted).await?;
        Ok(())
    }

    fn url_of(&self, queue: Queue) -> Result<String> {
        let id = match queue {
            Queue::Inbound => "InboundQueue",
            Queue::Statuses => "StatusesQueue",
            Queue::Outbound => "OutboundQueue",
        };
        let planned = self.plan.queues.iter().find(|queue| queue.logical_id == id);
        Ok(self.aws.queue_url(&planned.context("the queue is not planned")?.name))
    }

    /// Hands one batch of a table's stream to the dispatcher.
    pub(crate) async fn dispatch(&self, of: Table) -> Result<Step> {
        let (count, records) = self.read(of).await?;
        let inserted = records.len();
        let begun = Instant::now();
        if inserted > 0 {
            let event = serde_json::from_value(json!({ "Records": records }))?;
            let response = dispatcher::handle(event, &self.dispatcher).await;
            ensure!(response.batch_item_failures.is_empty(), "the dispatcher failed");
        }
        Ok(Step { count, inserted, took: begun.elapsed() })
    }

    /// The next batch of a table's stream: how many records, and those the dispatcher is given.
    pub(crate) async fn read(&self, of: Table) -> Result<(usize, Vec<Value>)> {
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
        stream.since_trim += count;
        if let Some(last) = last.as_ref().and_then(Value::as_str)
            && stream.since_trim >= TRIM_EVERY
        {
            stream.since_trim = 0;
            self.aws.trim_stream(table, last).await?;
        }
        Ok((count, records))
    }

    /// What the tables hold, as DynamoDB counts it.
    pub(crate) async fn stored_bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for table in &self.plan.tables {
            let mut start = Value::Null;
            loop {
                let mut wanted = json!({ "TableName": table.name });
                if !start.is_null() {
                    wanted["ExclusiveStartKey"] = start;
                }
                let endpoint = &self.aws.endpoints().dynamodb;
                let mut found = self.call(endpoint, "DynamoDB_20120810.Scan", &wanted).await?;
                let items = found["Items"].as_array();
                sum += items.into_iter().flatten().map(fields_bytes).sum::<u64>();
                start = found["LastEvaluatedKey"].take();
                if start.is_null() {
                    break;
                }
            }
        }
        Ok(sum)
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

/// Names and values of an item or a map.
fn fields_bytes(item: &Value) -> u64 {
    let fields = item.as_object().into_iter().flatten();
    fields.map(|(name, value)| length(name) + value_bytes(value)).sum()
}

/// A value by DynamoDB's rules; of a number, half its digits and one.
fn value_bytes(value: &Value) -> u64 {
    let Some((kind, inner)) = value.as_object().and_then(|kinds| kinds.iter().next()) else {
        return 0;
    };
    let text = inner.as_str().unwrap_or_default();
    let list = inner.as_array().into_iter().flatten();
    match kind.as_str() {
        "S" => length(text),
        "N" => length(text).div_ceil(2) + 1,
        "B" => length(text) / 4 * 3,
        "M" => 3 + fields_bytes(inner) + inner.as_object().map_or(0, |map| map.len() as u64),
        "L" => 3 + list.map(|one| value_bytes(one) + 1).sum::<u64>(),
        "SS" | "NS" | "BS" => list.map(|one| length(one.as_str().unwrap_or_default())).sum(),
        // BOOL and NULL.
        _ => 1,
    }
}

fn length(text: &str) -> u64 {
    text.len() as u64
}
