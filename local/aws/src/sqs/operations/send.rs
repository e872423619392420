//! Sending, one message or a batch.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::random;
use crate::sqs::broker::Broker;
use crate::sqs::checks;
use crate::sqs::deduplication::Deduplication;
use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::message::{Attribute, Message, Millis, md5_of_attributes, md5_of_body};
use crate::sqs::operations::BatchOutcome;
use crate::sqs::settings::{MAX_BYTES, Settings};
use crate::sqs::state::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendMessage {
    queue_url: String,
    #[serde(flatten)]
    outgoing: Outgoing,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendMessageBatch {
    queue_url: String,
    #[serde(default)]
    entries: Vec<BatchEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchEntry {
    id: String,
    #[serde(flatten)]
    outgoing: Outgoing,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outgoing {
    #[serde(default)]
    message_body: String,
    delay_seconds: Option<i64>,
    #[serde(default)]
    message_attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    message_system_attributes: BTreeMap<String, Attribute>,
    message_deduplication_id: Option<String>,
    message_group_id: Option<String>,
}

pub(crate) fn send_message(broker: &Broker, request: SendMessage) -> Result<Value> {
    broker.run(|state, now| send(state, &request.queue_url, request.outgoing, now))
}

/// Sends up to ten messages; each succeeds or fails alone, in the order given.
pub(crate) fn send_message_batch(broker: &Broker, request: SendMessageBatch) -> Result<Value> {
    broker.run(|state, now| {
        state.queue(&request.queue_url, now)?;
        checks::batch(request.entries.iter().map(|entry| entry.id.as_str()))?;
        let bytes: usize = request.entries.iter().map(|entry| entry.outgoing.size()).sum();
        if bytes > MAX_BYTES {
            let message = format!(
                "Batch requests cannot be longer than {MAX_BYTES} bytes. You have sent {bytes} \
                 bytes."
            );
            return Err(Code::BatchRequestTooLong.because(message));
        }
        let mut outcome = BatchOutcome::default();
        for BatchEntry { id, outgoing } in request.entries {
            outcome.add(&id, send(state, &request.queue_url, outgoing, now));
        }
        Ok(outcome.into_answer())
    })
}

fn send(state: &mut State, url: &str, outgoing: Outgoing, now: Millis) -> Result<Value> {
    let queue = state.queue(url, now)?;
    let (name, is_fifo) = (queue.name.clone(), queue.settings.is_fifo);
    outgoing.check(&queue.settings)?;
    let delay_s = outgoing.delay_seconds.filter(|_| !is_fifo).unwrap_or(queue.settings.delay_s);
    let message = outgoing.into_message(&queue.settings, now)?;
    let mut answer = json!({ "MD5OfMessageBody": md5_of_body(&message.body) });
    let attributes = message.attributes.iter().map(|(name, value)| (name.as_str(), value));
    if let Some(md5) = md5_of_attributes(attributes) {
        set(&mut answer, "MD5OfMessageAttributes", md5);
    }
    if let Some(md5) = message.trace_header.as_deref().and_then(md5_of_trace_header) {
        set(&mut answer, "MD5OfMessageSystemAttributes", md5);
    }
    let repeated = Deduplication::key(&message, queue.settings.deduplicates_per_group)
        .and_then(|key| queue.deduplication.original(&key).cloned())
        .filter(|_| is_fifo);
    let (message_id, sequence) = if let Some(original) = repeated {
        (original.message_id, original.sequence)
    } else {
        let message_id = message.id.clone();
        let visible_at = now.saturating_add(delay_s.saturating_mul(1_000));
        (message_id, state.accept(&name, message, visible_at, is_fifo)?)
    };
    set(&mut answer, "MessageId", message_id);
    if is_fifo {
        set(&mut answer, "SequenceNumber", sequence_number(sequence));
    }
    Ok(answer)
}

/// The public form of a sequence number: 20 digits, as those of SQS, so that text and numbers
/// are in the same order.
pub(crate) fn sequence_number(sequence: u64) -> String {
    format!("1{sequence:019}")
}

fn set(answer: &mut Value, name: &str, value: String) {
    if let Some(fields) = answer.as_object_mut() {
        fields.insert(name.to_owned(), Value::String(value));
    }
}

fn md5_of_trace_header(value: &str) -> Option<String> {
    let attribute = Attribute {
        data_type: "String".to_owned(),
        string_value: Some(value.to_owned()),
        binary_value: None,
    };
    md5_of_attributes(std::iter::once(("AWSTraceHeader", &attribute)))
}

impl Outgoing {
    fn size(&self) -> usize {
        checks::size(&self.message_body, &self.message_attributes)
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        checks::body(&self.message_body)?;
        checks::attributes(&self.message_attributes)?;
        if self.size() > settings.max_bytes {
            return Err(Code::InvalidParameterValue.because(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {} \
                 bytes.",
                settings.max_bytes
            )));
        }
        if let Some(delay_s) = self.delay_seconds {
            checks::range("DelaySeconds", delay_s, 0, 900)?;
        }
        if let Some(group) = &self.message_group_id {
            checks::identifier("MessageGroupId", group)?;
        }
        if let Some(id) = &self.message_deduplication_id {
            checks::identifier("MessageDeduplicationId", id)?;
        }
        self.check_kind(settings)
    }

    /// What one kind of queue demands and the other refuses.
    fn check_kind(&self, settings: &Settings) -> Result<()> {
        let refuse = |parameter: &str, value: &str| {
            let reason = "The request include parameter that is not valid for this queue type.";
            Err(Refusal::value(parameter, value, reason))
        };
        match (&self.message_deduplication_id, settings.is_fifo) {
            (Some(id), false) => return refuse("MessageDeduplicationId", id),
            (None, true) if !settings.deduplicates_by_content => {
                return Err(Code::InvalidParameterValue.because(
                    "The queue should either have ContentBasedDeduplication enabled or \
                     MessageDeduplicationId provided explicitly",
                ));
            }
            (None | Some(_), _) => {}
        }
        if settings.is_fifo && self.message_group_id.is_none() {
            return Err(Refusal::missing("MessageGroupId"));
        }
        match self.delay_seconds {
            Some(delay_s) if settings.is_fifo && delay_s > 0 => {
                refuse("DelaySeconds", &delay_s.to_string())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn into_message(self, settings: &Settings, now: Millis) -> Result<Message> {
        let id = random::bytes().map_err(|error| Refusal::internal(&error))?;
        let deduplication_id = self.message_deduplication_id.or_else(|| {
            let by_content = settings.is_fifo && settings.deduplicates_by_content;
            by_content.then(|| sha256_hex(self.message_body.as_bytes()))
        });
        let trace_header = self.message_system_attributes.get("AWSTraceHeader");
        Ok(Message {
            id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
            trace_header: trace_header.and_then(|attribute| attribute.string_value.clone()),
            body: self.message_body,
            attributes: self.message_attributes,
            group: self.message_group_id,
            deduplication_id,
            sent_at: now,
            first_received_at: None,
            receive_count: 0,
            dead_letter_source: None,
        })
    }
}

/// Hexadecimal SHA-256, the deduplication id a FIFO queue derives from a body.
fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
