//! A table stream's event source mapping: in order, checkpointed, retried, bisected, given up.

use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use aws_lambda_events::dynamodb::Event;
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};
use embedded_aws::EmbeddedAws;
use embedded_aws::template::SourceMapping;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::driver::stream::checkpoints::Checkpoints;
use crate::driver::stream::json::record_json;

pub mod checkpoints;
mod json;

/// A function that takes stream records; what it could not handle, by sequence number.
pub type StreamDoor = Arc<dyn Fn(Event) -> BoxFuture<'static, Result<Vec<String>>> + Send + Sync>;

/// Records consumed before the stream is trimmed again.
const TRIM_EVERY: usize = 200;

/// A table's stream and the function it feeds.
pub struct StreamMapping {
    aws: Arc<EmbeddedAws>,
    client: Client,
    settings: StreamSettings,
    door: StreamDoor,
    position: Mutex<Position>,
}

/// Where the records come from and what becomes of those nobody can handle.
pub struct StreamSettings {
    pub mapping: SourceMapping,
    /// The table's deployed name.
    pub table: String,
    pub stream_arn: String,
    pub dead_letters_url: Option<String>,
    pub checkpoints: Checkpoints,
}

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Step {
    pub records: usize,
    /// The function failed on some; they come again.
    pub failed: bool,
}

#[derive(Default)]
struct Position {
    shard: Option<String>,
    iterator: Option<String>,
    /// Halved after the function failed as a whole; back to the template's after a success.
    limit: Option<usize>,
    /// Calls so far that failed on the record at the head.
    attempts: u32,
    since_trim: usize,
}

impl StreamMapping {
    pub fn new(aws: Arc<EmbeddedAws>, settings: StreamSettings, door: StreamDoor) -> Self {
        let client = aws.dynamodb_streams();
        Self { aws, client, settings, door, position: Mutex::new(Position::default()) }
    }

    /// Reads the next batch, calls the function and remembers how far it came.
    pub async fn step(&self) -> Result<Step> {
        let mut position = self.position.lock().await;
        let limit = position.limit.unwrap_or(self.settings.mapping.batch_size).max(1);
        let records = self.read(&mut position, limit).await?;
        let Some(last) = records.last().map(sequence) else { return Ok(Step::default()) };
        let batch: Vec<&Record> = records.iter().filter(|record| self.passes(record)).collect();
        let outcome = if batch.is_empty() { Ok(Vec::new()) } else { self.call(&batch).await };
        let failed = match outcome {
            Ok(failures) if failures.is_empty() => {
                position.limit = None;
                position.attempts = 0;
                self.advance(&mut position, &last, records.len()).await?;
                false
            }
            Ok(failures) => {
                self.after_partial(&mut position, &batch, &failures).await?;
                true
            }
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the stream's function failed");
                position.limit = Some((limit / 2).max(1));
                self.count_attempt(&mut position, batch.first().copied(), limit == 1).await?;
                true
            }
        };
        Ok(Step { records: records.len(), failed })
    }

    /// Lambda's rule: everything from the lowest reported record on comes again.
    async fn after_partial(
        &self,
        position: &mut Position,
        batch: &[&Record],
        failures: &[String],
    ) -> Result<()> {
        let first = batch.iter().position(|record| failures.contains(&sequence(record)));
        let first = first.unwrap_or(0);
        let done = first.checked_sub(1).and_then(|place| batch.get(place));
        if let Some(done) = done {
            position.attempts = 0;
            self.advance(position, &sequence(done), first).await?;
        }
        self.count_attempt(position, batch.get(first).copied(), true).await
    }

    /// Counts a failed call; gives the head up when it has had its attempts.
    async fn count_attempt(
        &self,
        position: &mut Position,
        head: Option<&Record>,
        is_its_fault: bool,
    ) -> Result<()> {
        position.iterator = None;
        position.attempts = position.attempts.saturating_add(1);
        let Some(head) = head else { return Ok(()) };
        let retries = self.settings.mapping.max_retries.unwrap_or(u32::MAX);
        if is_its_fault && position.attempts > retries {
            let sequence = sequence(head);
            tracing::error!(sequence, "a stream record was given up");
            self.report_dead(&sequence).await?;
            position.attempts = 0;
            position.limit = None;
            self.advance(position, &sequence, 1).await?;
        }
        Ok(())
    }

    async fn report_dead(&self, sequence: &str) -> Result<()> {
        let Some(url) = &self.settings.dead_letters_url else { return Ok(()) };
        let body = json!({
            "requestContext": { "condition": "RetryAttemptsExhausted" },
            "DDBStreamBatchInfo": {
                "streamArn": self.settings.stream_arn,
                "startSequenceNumber": sequence,
                "endSequenceNumber": sequence,
                "batchSize": 1,
            },
        });
        let call = self.aws.sqs().send_message().queue_url(url);
        call.message_body(body.to_string()).send().await?;
        Ok(())
    }

    async fn call(&self, batch: &[&Record]) -> Result<Vec<String>> {
        let records: Vec<Value> =
            batch.iter().map(|record| record_json(record, &self.settings.stream_arn)).collect();
        let event: Event = serde_json::from_value(json!({ "Records": records }))?;
        tokio::spawn((self.door)(event)).await?
    }

    fn passes(&self, record: &Record) -> bool {
        self.settings.mapping.takes(&record_json(record, &self.settings.stream_arn))
    }

    async fn advance(&self, position: &mut Position, to: &str, records: usize) -> Result<()> {
        let shard = position.shard.clone().unwrap_or_default();
        self.settings.checkpoints.set(&self.settings.stream_arn, &shard, to)?;
        position.since_trim += records;
        if position.since_trim >= TRIM_EVERY {
            position.since_trim = 0;
            self.aws.trim_stream(&self.settings.table, to).await?;
        }
        Ok(())
    }

    async fn read(&self, position: &mut Position, limit: usize) -> Result<Vec<Record>> {
        let iterator = match position.iterator.take() {
            Some(iterator) => iterator,
            None => self.iterator(position).await?,
        };
        let call = self.client.get_records().shard_iterator(iterator);
        let output = call.limit(i32::try_from(limit)?).send().await.context("read the stream")?;
        position.iterator = output.next_shard_iterator;
        Ok(output.records.unwrap_or_default())
    }

    /// Where the last checkpoint left off. The embedded database has one shard per stream, for
    /// ever, so there is no tree of shards to follow.
    async fn iterator(&self, position: &mut Position) -> Result<String> {
        let arn = &self.settings.stream_arn;
        let described = self.client.describe_stream().stream_arn(arn).send().await?;
        let shard = described
            .stream_description
            .and_then(|stream| stream.shards?.first()?.shard_id.clone())
            .ok_or_else(|| anyhow!("the stream has no shard"))?;
        let call = self.client.get_shard_iterator().stream_arn(arn).shard_id(&shard);
        let call = match self.settings.checkpoints.get(arn, &shard) {
            Some(done) => call
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(done),
            None => call.shard_iterator_type(ShardIteratorType::TrimHorizon),
        };
        position.shard = Some(shard);
        let output = call.send().await.context("find the place in the stream")?;
        output.shard_iterator.ok_or_else(|| anyhow!("the stream gave no iterator"))
    }
}

fn sequence(record: &Record) -> String {
    let change = record.dynamodb();
    change.and_then(|change| change.sequence_number()).unwrap_or_default().to_owned()
}
