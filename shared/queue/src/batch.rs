//! How a received batch is worked off and what is reported back.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;
use domain::Error;
use futures::FutureExt;
use futures::future::join_all;
use telemetry::metrics::names::{MESSAGES_PROCESSED, QUEUE_BATCHES};

use crate::queues::{QueueKind, Queues};
use crate::record::Record;

/// Longest wait before a failed record comes back by itself.
const MAX_BACK_OFF_S: u64 = 60;
/// Longest visibility SQS takes.
const MAX_VISIBILITY_S: u64 = 43_200;
/// Entries in one call (SQS limit).
const MAX_ENTRIES: usize = 10;

/// What became of a record.
#[derive(Debug)]
pub enum Outcome {
    /// Handled for good: stored, already there, or quarantined by the handler. Never seen again.
    Done,
    /// Failed in a way that passes; comes back after min(2^receives, 60) seconds.
    Transient(Error),
    /// Not now; comes back after this long.
    Later(Duration),
}

/// A record that goes back to the queue.
struct Returned {
    id: String,
    receipt: String,
    after: Duration,
}

impl Queues {
    /// Works off a batch of a FIFO queue: groups concurrently, each strictly in order.
    ///
    /// A failure stops its group only: the record and those after it go back, with the same wait.
    /// A panic counts as a transient failure.
    pub async fn drive_fifo<H, F>(
        &self,
        queue: QueueKind,
        event: SqsEvent,
        handler: H,
    ) -> SqsBatchResponse
    where
        H: Fn(Record) -> F,
        F: Future<Output = Outcome>,
    {
        let mut groups: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        for message in event.records {
            let record = Record::of(message);
            groups.entry(record.group.clone()).or_default().push(record);
        }
        let work = groups.into_values().map(|group| drive_group(group, &handler));
        let returned = join_all(work).await.into_iter().flatten().collect();
        self.report(queue, returned).await
    }

    /// Works off a batch of a standard queue: every record by itself.
    pub async fn drive_standard<H, F>(
        &self,
        queue: QueueKind,
        event: SqsEvent,
        handler: H,
    ) -> SqsBatchResponse
    where
        H: Fn(Record) -> F,
        F: Future<Output = Outcome>,
    {
        let records = event.records.into_iter().map(Record::of);
        let work = records.map(|record| drive_group(vec![record], &handler));
        let returned = join_all(work).await.into_iter().flatten().collect();
        self.report(queue, returned).await
    }

    async fn report(&self, queue: QueueKind, returned: Vec<Returned>) -> SqsBatchResponse {
        self.metrics.count(&QUEUE_BATCHES, [queue.as_str()]);
        let retried = u64::try_from(returned.len()).unwrap_or(u64::MAX);
        if retried > 0 {
            self.metrics.add(&MESSAGES_PROCESSED, ["retried"], retried);
        }
        for call in returned.chunks(MAX_ENTRIES) {
            self.shorten_wait(queue, call).await;
        }
        let mut response = SqsBatchResponse::default();
        for record in returned {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = record.id;
            response.batch_item_failures.push(failure);
        }
        response
    }

    /// Without this a failed record would stay hidden for the queue's whole visibility timeout.
    /// Best effort: it comes back in any case.
    async fn shorten_wait(&self, queue: QueueKind, records: &[Returned]) {
        let Some(url) = self.url(queue) else { return };
        let entries = records.iter().enumerate().map(|(place, record)| {
            let seconds = record.after.as_secs().min(MAX_VISIBILITY_S);
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(&record.receipt)
                .visibility_timeout(i32::try_from(seconds).unwrap_or(i32::MAX))
                .build()
        });
        let entries: Vec<_> = entries.filter_map(Result::ok).collect();
        let call = self.sqs().change_message_visibility_batch().queue_url(url);
        match call.set_entries(Some(entries)).send().await {
            Ok(answer) if answer.failed.is_empty() => {}
            Ok(answer) => {
                let count = answer.failed.len();
                tracing::warn!(queue = queue.as_str(), count, "visibility was not changed");
            }
            Err(error) => {
                let error = telemetry::chain(&error);
                tracing::warn!(queue = queue.as_str(), error, "visibility was not changed");
            }
        }
    }
}

/// Handles records in order until one fails; returns it and the rest.
async fn drive_group<H, F>(group: Vec<Record>, handler: &H) -> Vec<Returned>
where
    H: Fn(Record) -> F,
    F: Future<Output = Outcome>,
{
    let mut returned: Vec<Returned> = Vec::new();
    for record in group {
        let (id, receipt) = (record.id.clone(), record.receipt.clone());
        if let Some(first) = returned.first() {
            let after = first.after;
            returned.push(Returned { id, receipt, after });
            continue;
        }
        let receive_count = record.receive_count;
        if let Some(after) = handle(record, receive_count, handler).await {
            returned.push(Returned { id, receipt, after });
        }
    }
    returned
}

/// Runs the handler; says after how long the record comes back, if it does.
async fn handle<H, F>(record: Record, receive_count: u32, handler: &H) -> Option<Duration>
where
    H: Fn(Record) -> F,
    F: Future<Output = Outcome>,
{
    let id = record.id.clone();
    let work = AssertUnwindSafe(async { handler(record).await });
    let error = match work.catch_unwind().await {
        Ok(Outcome::Done) => return None,
        Ok(Outcome::Later(after)) => return Some(after),
        Ok(Outcome::Transient(error)) => telemetry::chain(&error),
        Err(_) => "the handler panicked".to_owned(),
    };
    tracing::warn!(record.id = id, receive_count, error, "a record goes back to its queue");
    Some(back_off(receive_count))
}

fn back_off(receive_count: u32) -> Duration {
    let seconds = 2_u64.checked_pow(receive_count).unwrap_or(MAX_BACK_OFF_S);
    Duration::from_secs(seconds.min(MAX_BACK_OFF_S))
}
