//! Keeping a received message for longer, or giving it back, one message or a batch.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sqs::broker::Broker;
use crate::sqs::checks;
use crate::sqs::error::Result;
use crate::sqs::message::Millis;
use crate::sqs::operations::BatchOutcome;
use crate::sqs::receipt::Receipt;
use crate::sqs::state::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangeMessageVisibility {
    queue_url: String,
    #[serde(flatten)]
    change: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangeMessageVisibilityBatch {
    queue_url: String,
    #[serde(default)]
    entries: Vec<BatchEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchEntry {
    id: String,
    #[serde(flatten)]
    change: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    receipt_handle: String,
    #[serde(default)]
    visibility_timeout: i64,
}

pub(crate) fn change_message_visibility(
    broker: &Broker,
    request: &ChangeMessageVisibility,
) -> Result<Value> {
    broker.run(|state, now| change(state, &request.queue_url, &request.change, now))
}

pub(crate) fn change_message_visibility_batch(
    broker: &Broker,
    request: &ChangeMessageVisibilityBatch,
) -> Result<Value> {
    broker.run(|state, now| {
        state.queue(&request.queue_url, now)?;
        checks::batch(request.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut outcome = BatchOutcome::default();
        for entry in &request.entries {
            outcome.add(&entry.id, change(state, &request.queue_url, &entry.change, now));
        }
        Ok(outcome.into_answer())
    })
}

fn change(state: &mut State, url: &str, change: &Change, now: Millis) -> Result<Value> {
    let timeout_s = checks::range("VisibilityTimeout", change.visibility_timeout, 0, 43_200)?;
    let queue = state.queue(url, now)?;
    let Receipt { sequence, receipt } = Receipt::parse(&queue.name, &change.receipt_handle)?;
    let until = now.saturating_add(timeout_s.saturating_mul(1_000));
    queue.hold_until(sequence, receipt, until)?;
    queue.advance(now);
    Ok(json!({}))
}
