//! Creating, finding, describing, changing and deleting queues.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sqs::arn;
use crate::sqs::broker::Broker;
use crate::sqs::checks;
use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::journal::Entry;
use crate::sqs::message::Millis;
use crate::sqs::queue::Queue;
use crate::sqs::settings::Settings;
use crate::sqs::state::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateQueue {
    queue_name: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

/// Creates a queue; again with the same attributes, it answers with the one that is there.
pub(crate) fn create_queue(broker: &Broker, request: CreateQueue) -> Result<Value> {
    let CreateQueue { queue_name: name, attributes } = request;
    broker.run(|state, now| {
        if let Some(queue) = state.queues.get(&name) {
            if !queue.settings.agrees_with(&attributes) {
                return Err(Code::QueueNameExists.because(
                    "A queue already exists with the same name and different attributes.",
                ));
            }
            return Ok(());
        }
        let settings = Settings::new(attributes)?;
        checks::queue_name(&name, settings.is_fifo)?;
        check_redrive(state, &settings)?;
        state.queues.insert(name.clone(), Queue::new(name.clone(), settings, now));
        record_settings(state, &name, now)
    })?;
    Ok(json!({ "QueueUrl": broker.queue_url(&name) }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueUrl {
    queue_name: String,
}

pub(crate) fn get_queue_url(broker: &Broker, request: &GetQueueUrl) -> Result<Value> {
    broker.run(|state, now| state.queue(&request.queue_name, now).map(|_| ()))?;
    Ok(json!({ "QueueUrl": broker.queue_url(&request.queue_name) }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListQueues {
    #[serde(default)]
    queue_name_prefix: String,
}

/// All queues whose names begin with the prefix, in one page.
pub(crate) fn list_queues(broker: &Broker, request: &ListQueues) -> Result<Value> {
    let names = broker.run(|state, _| Ok(state.queues.keys().cloned().collect::<Vec<_>>()))?;
    let urls: Vec<String> = names
        .iter()
        .filter(|name| name.starts_with(&request.queue_name_prefix))
        .map(|name| broker.queue_url(name))
        .collect();
    Ok(json!({ "QueueUrls": urls }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetQueueAttributes {
    queue_url: String,
    #[serde(default)]
    attribute_names: Vec<String>,
}

pub(crate) fn get_queue_attributes(broker: &Broker, request: &GetQueueAttributes) -> Result<Value> {
    let mut attributes =
        broker.run(|state, now| Ok(describe(state.queue(&request.queue_url, now)?)))?;
    let wants = |name: &String| request.attribute_names.iter().any(|n| n == name || n == "All");
    attributes.retain(|name, _| wants(name));
    Ok(json!({ "Attributes": attributes }))
}

fn describe(queue: &Queue) -> BTreeMap<String, String> {
    let mut attributes = queue.settings.shown();
    let counts = queue.counts();
    let facts = [
        ("QueueArn", arn::of_queue(&queue.name)),
        ("ApproximateNumberOfMessages", counts.ready.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
        ("CreatedTimestamp", (queue.created_at / 1_000).to_string()),
        ("LastModifiedTimestamp", (queue.modified_at / 1_000).to_string()),
    ];
    attributes.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    attributes
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SetQueueAttributes {
    queue_url: String,
    attributes: BTreeMap<String, String>,
}

pub(crate) fn set_queue_attributes(broker: &Broker, request: SetQueueAttributes) -> Result<Value> {
    broker.run(|state, now| {
        let queue = state.queue(&request.queue_url, now)?;
        let (name, mut settings) = (queue.name.clone(), queue.settings.clone());
        if request.attributes.contains_key("FifoQueue") {
            return Err(Code::InvalidAttributeName.because("FifoQueue cannot be changed."));
        }
        settings.change(request.attributes)?;
        check_redrive(state, &settings)?;
        let queue = state.queue(&name, now)?;
        queue.settings = settings;
        queue.modified_at = now;
        record_settings(state, &name, now)
    })?;
    Ok(json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ByUrl {
    queue_url: String,
}

pub(crate) fn delete_queue(broker: &Broker, request: &ByUrl) -> Result<Value> {
    broker.run(|state, now| {
        let name = state.queue(&request.queue_url, now)?.name.clone();
        state.record(&Entry::QueueDeleted { name: Cow::Borrowed(&name) })?;
        if let Some(queue) = state.queues.remove(&name) {
            queue.changed.notify_waiters();
        }
        Ok(json!({}))
    })
}

pub(crate) fn purge_queue(broker: &Broker, request: &ByUrl) -> Result<Value> {
    broker.run(|state, now| {
        let queue = state.queue(&request.queue_url, now)?;
        queue.purge();
        let name = queue.name.clone();
        state.record(&Entry::Purged { queue: Cow::Owned(name) })?;
        Ok(json!({}))
    })
}

/// A dead-letter queue must exist and be of the same kind.
fn check_redrive(state: &State, settings: &Settings) -> Result<()> {
    let Some(redrive) = &settings.redrive else { return Ok(()) };
    let target = arn::queue_name(&redrive.target_arn).and_then(|name| state.queues.get(name));
    let Some(target) = target else {
        let reason = "Dead letter target does not exist.";
        return Err(Refusal::value("RedrivePolicy", &redrive.target_arn, reason));
    };
    if target.settings.is_fifo != settings.is_fifo {
        let reason = "Dead-letter queue must be same type of queue as the source.";
        return Err(Refusal::value("RedrivePolicy", &redrive.target_arn, reason));
    }
    Ok(())
}

fn record_settings(state: &mut State, name: &str, now: Millis) -> Result<()> {
    let Some(queue) = state.queues.get(name) else { return Ok(()) };
    let attributes = queue.settings.given().clone();
    state.record(&Entry::Queue {
        name: Cow::Borrowed(name),
        attributes: Cow::Owned(attributes),
        at: now,
    })
}
