//! Deleting, one message or a batch.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sqs::broker::Broker;
use crate::sqs::checks;
use crate::sqs::error::Result;
use crate::sqs::journal::Entry;
use crate::sqs::message::Millis;
use crate::sqs::operations::BatchOutcome;
use crate::sqs::receipt::Receipt;
use crate::sqs::state::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteMessage {
    queue_url: String,
    receipt_handle: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteMessageBatch {
    queue_url: String,
    #[serde(default)]
    entries: Vec<BatchEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchEntry {
    id: String,
    receipt_handle: String,
}

pub(crate) fn delete_message(broker: &Broker, request: &DeleteMessage) -> Result<Value> {
    broker.run(|state, now| delete(state, &request.queue_url, &request.receipt_handle, now))
}

pub(crate) fn delete_message_batch(broker: &Broker, request: &DeleteMessageBatch) -> Result<Value> {
    broker.run(|state, now| {
        state.queue(&request.queue_url, now)?;
        checks::batch(request.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut outcome = BatchOutcome::default();
        for entry in &request.entries {
            let deleted = delete(state, &request.queue_url, &entry.receipt_handle, now);
            outcome.add(&entry.id, deleted);
        }
        Ok(outcome.into_answer())
    })
}

fn delete(state: &mut State, url: &str, handle: &str, now: Millis) -> Result<Value> {
    let queue = state.queue(url, now)?;
    let Receipt { sequence, receipt } = Receipt::parse(&queue.name, handle)?;
    if queue.delete(sequence, receipt)? {
        let name = queue.name.clone();
        let sequences = Cow::Owned(vec![sequence]);
        state.record(&Entry::Deleted { queue: Cow::Owned(name), sequences })?;
    }
    Ok(json!({}))
}
