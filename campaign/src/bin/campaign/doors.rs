//! What event sources lead to: functions that are processes.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;
use embedded_aws::EmbeddedAws;
use futures::FutureExt as _;
use local::driver::queue::QueueDoor;
use local::driver::schedule::ScheduleDoor;
use local::driver::stream::StreamDoor;
use serde::Serialize;
use serde_json::Value;

use crate::chaos::{Chaos, locked};
use crate::lambda::{IsDone, Pool};

/// Makes doors.
#[derive(Clone)]
pub(crate) struct Doors {
    pub(crate) aws: Arc<EmbeddedAws>,
    pub(crate) chaos: Arc<Chaos>,
    /// Messages and records that some environment has worked off to its end.
    done: Arc<Mutex<HashSet<String>>>,
}

impl Doors {
    pub(crate) fn new(aws: Arc<EmbeddedAws>, chaos: Arc<Chaos>) -> Self {
        Self { aws, chaos, done: Arc::default() }
    }

    /// A function that takes batches of a queue.
    pub(crate) fn queue(&self, pool: &Arc<Pool>) -> QueueDoor {
        let (doors, pool) = (self.clone(), Arc::clone(pool));
        Arc::new(move |event| {
            let (doors, pool) = (doors.clone(), Arc::clone(&pool));
            async move { doors.batch(&pool, event).await }.boxed()
        })
    }

    /// One that takes the records of streams.
    pub(crate) fn stream(&self, pool: &Arc<Pool>) -> StreamDoor {
        let (doors, pool) = (self.clone(), Arc::clone(pool));
        Arc::new(move |event| {
            let (doors, pool) = (doors.clone(), Arc::clone(&pool));
            async move { doors.records(&pool, event).await }.boxed()
        })
    }

    /// One that is called by the clock.
    pub(crate) fn schedule(&self, pool: &Arc<Pool>) -> ScheduleDoor {
        let (doors, pool) = (self.clone(), Arc::clone(pool));
        Arc::new(move |event: EventBridgeEvent<Value>| {
            let (doors, pool) = (doors.clone(), Arc::clone(&pool));
            async move { doors.call(&pool, &event, Vec::new()).await.map(drop) }.boxed()
        })
    }

    async fn batch(&self, pool: &Arc<Pool>, event: SqsEvent) -> Result<SqsBatchResponse> {
        let ids = event.records.iter().filter_map(|record| record.message_id.clone()).collect();
        let answer = match self.call(pool, &event, ids).await {
            Ok(answer) => answer,
            Err(error) => {
                self.lapse(&event.records).await;
                return Err(error);
            }
        };
        let response: SqsBatchResponse = serde_json::from_value(answer)?;
        let failed: HashSet<&str> =
            response.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        let done = event.records.into_iter().filter_map(|record| record.message_id);
        locked(&self.done).extend(done.filter(|id| !failed.contains(id.as_str())));
        Ok(response)
    }

    async fn records(&self, pool: &Arc<Pool>, event: Event) -> Result<Vec<String>> {
        let is_outbox = event.records.iter().any(|record| {
            record.event_source_arn.as_deref().is_some_and(|source| source.contains("-jobs/"))
        });
        if is_outbox && self.chaos.loses_batch() {
            return Ok(Vec::new());
        }
        let sequences: Vec<String> =
            event.records.iter().filter_map(|r| r.change.sequence_number.clone()).collect();
        let answer = self.call(pool, &event, sequences.clone()).await?;
        let failures = answer.get("batchItemFailures").and_then(Value::as_array).cloned();
        let failures: Vec<String> = failures
            .unwrap_or_default()
            .iter()
            .map(|failure| failure["itemIdentifier"].as_str().unwrap_or_default().to_owned())
            .collect();
        if failures.is_empty() {
            locked(&self.done).extend(sequences);
        }
        Ok(failures)
    }

    async fn call(
        &self,
        pool: &Arc<Pool>,
        event: &impl Serialize,
        work: Vec<String>,
    ) -> Result<Value> {
        let done = Arc::clone(&self.done);
        let is_done: IsDone = Arc::new(move || {
            let done = locked(&done);
            !work.is_empty() && work.iter().all(|id| done.contains(id))
        });
        let answer = pool.invoke(serde_json::to_vec(event)?.into(), is_done).await?;
        serde_json::from_slice(&answer).context("the function's answer is not JSON")
    }

    /// Nobody answers for these any more: they may be seen again. A queue would find that out when
    /// their visibility timeout, three and six minutes, ends; it ends here.
    async fn lapse(&self, records: &[SqsMessage]) {
        let Some(source) = records.first().and_then(|record| record.event_source_arn.clone())
        else {
            return;
        };
        let queue = source.rsplit(':').next().unwrap_or_default();
        let entries = records.iter().enumerate().filter_map(|(place, record)| {
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(record.receipt_handle.as_deref()?)
                .visibility_timeout(0)
                .build()
                .ok()
        });
        let call = self.aws.sqs().change_message_visibility_batch();
        let call = call.queue_url(self.aws.queue_url(queue));
        if let Err(error) = call.set_entries(Some(entries.collect())).send().await {
            tracing::warn!(queue, %error, "a batch waits for its visibility timeout");
        }
    }
}

/// The doors of a deployment, by the names of their functions.
pub(crate) fn doors_of(
    doors: &Doors,
    pools: &BTreeMap<&'static str, Arc<Pool>>,
) -> Option<local::driver::Doors> {
    let pool = |name: &str| pools.get(name);
    Some(local::driver::Doors {
        queues: BTreeMap::from([
            ("processor", doors.queue(pool("processor")?)),
            ("sender", doors.queue(pool("sender")?)),
        ]),
        streams: BTreeMap::from([("dispatcher", doors.stream(pool("dispatcher")?))]),
        schedules: BTreeMap::from([("scheduler", doors.schedule(pool("scheduler")?))]),
    })
}
