//! Dead letters: giving up on a message, and moving it back.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::random;
use crate::sqs::arn;
use crate::sqs::broker::Broker;
use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::journal::Entry;
use crate::sqs::message::{Message, Millis};
use crate::sqs::state::State;

/// Receives after which a message of the queue is dead; none without a dead-letter queue.
pub(crate) fn max_receive_count(state: &mut State, url: &str, now: Millis) -> Result<Option<u32>> {
    let redrive = state.queue(url, now)?.settings.redrive.clone();
    let target_exists =
        |arn: &str| arn::queue_name(arn).is_some_and(|name| state.queues.contains_key(name));
    Ok(redrive
        .filter(|redrive| target_exists(&redrive.target_arn))
        .map(|redrive| redrive.max_receive_count))
}

/// Adds messages that a queue gave up on to its dead-letter queue.
pub(crate) fn bury(
    state: &mut State,
    source: &str,
    dead: Vec<(u64, Message)>,
    now: Millis,
) -> Result<()> {
    if dead.is_empty() {
        return Ok(());
    }
    let redrive = state.queue(source, now)?.settings.redrive.clone();
    let target =
        redrive.and_then(|redrive| arn::queue_name(&redrive.target_arn).map(ToOwned::to_owned));
    let Some(target) = target else { return Ok(()) };
    for (sequence, mut message) in dead {
        message.dead_letter_source = Some(arn::of_queue(source));
        let sent_at = message.sent_at;
        state.accept(&target, message, sent_at, false)?;
        forget(state, source, sequence)?;
    }
    Ok(())
}

/// Records that a moved message left its queue. Written after its arrival in the other, so that
/// a log cut between the two has the message twice rather than never.
fn forget(state: &mut State, queue: &str, sequence: u64) -> Result<()> {
    let sequences = Cow::Owned(vec![sequence]);
    state.record(&Entry::Deleted { queue: Cow::Borrowed(queue), sequences })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartMessageMoveTask {
    source_arn: String,
    destination_arn: Option<String>,
}

/// Moves the messages of a dead-letter queue to where they came from, or elsewhere. They are new
/// messages there. The move is done when this answers; those in flight stay.
pub(crate) fn start_message_move_task(
    broker: &Broker,
    request: &StartMessageMoveTask,
) -> Result<Value> {
    let name = arn::queue_name(&request.source_arn).unwrap_or_default();
    broker.run(|state, now| {
        let missing =
            |_| Code::ResourceNotFound.because("The resource that you specified does not exist.");
        let sequences = state.queue(name, now).map_err(missing)?.unheld();
        check_is_dead_letter_queue(state, &request.source_arn)?;
        if let Some(target) = &request.destination_arn {
            state.queue(arn::queue_name(target).unwrap_or_default(), now).map_err(missing)?;
        }
        for sequence in sequences {
            move_back(state, name, sequence, request.destination_arn.as_deref(), now)?;
        }
        Ok(())
    })?;
    let task: [u8; 16] = random::bytes().map_err(|error| Refusal::internal(&error))?;
    Ok(json!({ "TaskHandle": uuid::Builder::from_random_bytes(task).into_uuid().to_string() }))
}

fn check_is_dead_letter_queue(state: &State, arn: &str) -> Result<()> {
    let is_target = state
        .queues
        .values()
        .filter_map(|queue| queue.settings.redrive.as_ref())
        .any(|redrive| redrive.target_arn == arn);
    if is_target {
        return Ok(());
    }
    Err(Code::InvalidParameterValue
        .because("Source queue must be configured as a Dead Letter Queue."))
}

fn move_back(
    state: &mut State,
    from: &str,
    sequence: u64,
    destination_arn: Option<&str>,
    now: Millis,
) -> Result<()> {
    let queue = state.queue(from, now)?;
    let source_arn = queue.message(sequence).and_then(|m| m.dead_letter_source.clone());
    let target_arn = destination_arn.map(ToOwned::to_owned).or(source_arn);
    let target = target_arn.as_deref().and_then(arn::queue_name).unwrap_or_default().to_owned();
    // A message sent to the dead-letter queue by hand has nowhere to go back to.
    if !state.queues.contains_key(&target) {
        return Ok(());
    }
    let Some(message) = state.queue(from, now)?.remove(sequence) else { return Ok(()) };
    let id = random::bytes().map_err(|error| Refusal::internal(&error))?;
    let message = Message {
        id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
        sent_at: now,
        first_received_at: None,
        receive_count: 0,
        dead_letter_source: None,
        ..message
    };
    state.accept(&target, message, now, false)?;
    forget(state, from, sequence)
}
