//! Receiving, at once or by long poll.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::sqs::broker::Broker;
use crate::sqs::checks;
use crate::sqs::error::Result;
use crate::sqs::journal::Entry;
use crate::sqs::message::{Attribute, Message, Millis, md5_of_attributes, md5_of_body};
use crate::sqs::operations::redrive;
use crate::sqs::operations::send::sequence_number;
use crate::sqs::queue::Take;
use crate::sqs::receipt::Receipt;
use crate::sqs::state::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReceiveMessage {
    queue_url: String,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    /// The older name of `message_system_attribute_names`.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
}

/// One look at the queue.
struct Look {
    messages: Vec<Value>,
    /// How long until a delay or a visibility timeout ends.
    next_change_ms: Option<Millis>,
}

/// Receives up to ten messages. Without any it waits, if asked to, until one can be received or
/// the wait is over by the machine's clock or by the injected one, whichever is first.
pub(crate) async fn receive_message(broker: &Broker, request: ReceiveMessage) -> Result<Value> {
    let limit =
        checks::range("MaxNumberOfMessages", request.max_number_of_messages.unwrap_or(1), 1, 10)?;
    let limit = usize::try_from(limit).unwrap_or(1);
    let (wait_ms, changed) = broker.run(|state, now| prepare(state, &request, now))?;
    let until = Instant::now() + Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0));
    let until_by_clock = broker.now().saturating_add(wait_ms);
    loop {
        // Listening starts before looking, so that no change falls between the two.
        let mut change = pin!(changed.notified());
        change.as_mut().enable();
        let look = broker.run(|state, now| look(state, &request, limit, now))?;
        if !look.messages.is_empty() {
            return Ok(json!({ "Messages": look.messages }));
        }
        if Instant::now() >= until || broker.now() >= until_by_clock {
            return Ok(json!({}));
        }
        let pause_ms = look.next_change_ms.and_then(|ms| u64::try_from(ms.max(1)).ok());
        let pause_until = pause_ms.map(|ms| Instant::now() + Duration::from_millis(ms));
        let deadline = pause_until.map_or(until, |pause_until| pause_until.min(until));
        // Either way the queue is looked at again.
        let _ = timeout_at(deadline, change).await;
    }
}

fn prepare(
    state: &mut State,
    request: &ReceiveMessage,
    now: Millis,
) -> Result<(Millis, Arc<Notify>)> {
    let queue = state.queue(&request.queue_url, now)?;
    let wait_s = request.wait_time_seconds.unwrap_or(queue.settings.wait_s);
    checks::range("WaitTimeSeconds", wait_s, 0, 20)?;
    if let Some(visibility_s) = request.visibility_timeout {
        checks::range("VisibilityTimeout", visibility_s, 0, 43_200)?;
    }
    Ok((wait_s.saturating_mul(1_000), Arc::clone(&queue.changed)))
}

fn look(state: &mut State, request: &ReceiveMessage, limit: usize, now: Millis) -> Result<Look> {
    let first_receipt = state.reserve_receipts(limit);
    let max_receive_count = redrive::max_receive_count(state, &request.queue_url, now)?;
    let queue = state.queue(&request.queue_url, now)?;
    let visibility_s = request.visibility_timeout.unwrap_or(queue.settings.visibility_s);
    let visibility_ms = visibility_s.saturating_mul(1_000);
    let taken = queue.take(Take { limit, visibility_ms, now, max_receive_count, first_receipt })?;
    let messages = taken
        .received
        .iter()
        .filter_map(|&(sequence, receipt)| {
            let handle = Receipt { sequence, receipt }.handle(&queue.name);
            Some(request.show(queue.message(sequence)?, sequence, &handle))
        })
        .collect();
    let next_change_ms = queue.next_deadline().map(|deadline| deadline.saturating_sub(now));
    let name = queue.name.clone();
    if !taken.received.is_empty() {
        let sequences: Vec<u64> = taken.received.iter().map(|(sequence, _)| *sequence).collect();
        state.record(&Entry::Received {
            queue: Cow::Borrowed(&name),
            sequences: Cow::Owned(sequences),
            at: now,
        })?;
    }
    redrive::bury(state, &name, taken.dead, now)?;
    Ok(Look { messages, next_change_ms })
}

impl ReceiveMessage {
    fn show(&self, message: &Message, sequence: u64, handle: &str) -> Value {
        let mut shown = json!({
            "MessageId": message.id,
            "ReceiptHandle": handle,
            "MD5OfBody": md5_of_body(&message.body),
            "Body": message.body,
        });
        let Some(fields) = shown.as_object_mut() else { return shown };
        let system = self.system_attributes(message, sequence);
        if !system.is_empty() {
            fields.insert("Attributes".to_owned(), json!(system));
        }
        let wanted: BTreeMap<&str, &Attribute> = message
            .attributes
            .iter()
            .filter(|(name, _)| self.wants_attribute(name))
            .map(|(name, attribute)| (name.as_str(), attribute))
            .collect();
        // The digest is of what is returned, not of what was sent.
        if let Some(md5) = md5_of_attributes(wanted.iter().map(|(name, value)| (*name, *value))) {
            fields.insert("MD5OfMessageAttributes".to_owned(), Value::String(md5));
            fields.insert("MessageAttributes".to_owned(), json!(wanted));
        }
        shown
    }

    fn system_attributes(&self, message: &Message, sequence: u64) -> BTreeMap<&str, String> {
        let is_fifo = checks::names_fifo(&self.queue_url);
        let all = [
            ("SenderId", Some("embedded".to_owned())),
            ("SentTimestamp", Some(message.sent_at.to_string())),
            ("ApproximateReceiveCount", Some(message.receive_count.to_string())),
            (
                "ApproximateFirstReceiveTimestamp",
                message.first_received_at.map(|at| at.to_string()),
            ),
            ("SequenceNumber", is_fifo.then(|| sequence_number(sequence))),
            ("MessageGroupId", message.group.clone()),
            ("MessageDeduplicationId", message.deduplication_id.clone()),
            ("AWSTraceHeader", message.trace_header.clone()),
            ("DeadLetterQueueSourceArn", message.dead_letter_source.clone()),
        ];
        all.into_iter()
            .filter(|(name, _)| self.wants_system_attribute(name))
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    fn wants_system_attribute(&self, name: &str) -> bool {
        let names = self.message_system_attribute_names.iter().chain(&self.attribute_names);
        names.into_iter().any(|wanted| wanted == "All" || wanted == name)
    }

    /// A name, `All`, or everything that begins with the part before `.*`.
    fn wants_attribute(&self, name: &str) -> bool {
        self.message_attribute_names.iter().any(|wanted| {
            wanted == "All"
                || wanted == name
                || wanted.strip_suffix(".*").is_some_and(|prefix| name.starts_with(prefix))
        })
    }
}
