//! Tables, queues and buckets of a template.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

use crate::template::plan::{Attribute, Bucket, DeadLetters, Index, KeyPart, Plan, Queue, Table};
use crate::template::resolve::{Template, entries, json_text, kind_of};

/// Queue properties that are not attributes of the queue, or are read apart.
const NOT_ATTRIBUTES: [&str; 3] = ["QueueName", "RedrivePolicy", "Tags"];

/// Adds a resource to the plan, if it is one of these kinds.
pub(crate) fn read(
    template: &Template,
    id: &str,
    resource: &Yaml,
    plan: &mut Plan,
) -> anyhow::Result<()> {
    match kind_of(resource) {
        "AWS::DynamoDB::Table" => plan.tables.push(table(template, id, resource)?),
        "AWS::SQS::Queue" => plan.queues.push(queue(template, id, resource)?),
        "AWS::S3::Bucket" => {
            let name = template.physical_name(id, resource)?.to_ascii_lowercase();
            plan.buckets.push(Bucket { logical_id: id.to_owned(), name });
        }
        _ => {}
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSpecification {
    stream_view_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

fn table(template: &Template, id: &str, resource: &Yaml) -> anyhow::Result<Table> {
    let stream: Option<StreamSpecification> = part(template, resource, "StreamSpecification")?;
    let time_to_live: Option<TimeToLive> = part(template, resource, "TimeToLiveSpecification")?;
    let attributes: Option<Vec<Attribute>> = part(template, resource, "AttributeDefinitions")?;
    let key: Option<Vec<KeyPart>> = part(template, resource, "KeySchema")?;
    let indexes: Option<Vec<Index>> = part(template, resource, "GlobalSecondaryIndexes")?;
    Ok(Table {
        logical_id: id.to_owned(),
        name: template.physical_name(id, resource)?,
        attributes: attributes.context("a table defines its attributes")?,
        key: key.context("a table has a key")?,
        indexes: indexes.unwrap_or_default(),
        stream: stream.map(|stream| stream.stream_view_type),
        time_to_live: time_to_live.filter(|ttl| ttl.enabled).map(|ttl| ttl.attribute_name),
    })
}

fn queue(template: &Template, id: &str, resource: &Yaml) -> anyhow::Result<Queue> {
    let mut attributes = BTreeMap::new();
    for (name, value) in entries(resource.get("Properties")) {
        if NOT_ATTRIBUTES.contains(&name) {
            continue;
        }
        let Some(value) = template.value(value)? else { continue };
        // Policies are documents, which the API takes as text.
        attributes.insert(name.to_owned(), json_text(&value).unwrap_or_else(|| value.to_string()));
    }
    let mut name = template.physical_name(id, resource)?;
    let is_fifo = attributes.get("FifoQueue").is_some_and(|value| value == "true");
    if is_fifo && name.strip_suffix(".fifo").is_none() {
        name.push_str(".fifo");
    }
    let dead_letters = dead_letters(template, resource)?;
    Ok(Queue { logical_id: id.to_owned(), name, is_fifo, attributes, dead_letters })
}

fn dead_letters(template: &Template, resource: &Yaml) -> anyhow::Result<Option<DeadLetters>> {
    let policy = resource.get("Properties").and_then(|properties| properties.get("RedrivePolicy"));
    let Some(policy) = policy else { return Ok(None) };
    let target = policy.get("deadLetterTargetArn").context("a redrive policy has a target")?;
    let Some(target) = template.referred(target, "Arn") else {
        bail!("the target of a redrive policy is a queue of this template");
    };
    let queue = template.resource(target).context("no such queue")?;
    let count = policy.get("maxReceiveCount").context("a redrive policy has a count")?;
    Ok(Some(DeadLetters {
        queue: template.physical_name(target, queue)?,
        max_receive_count: template.text(count)?.parse().context("a count is a number")?,
    }))
}

/// A property in its own form, when it is there.
fn part<T: DeserializeOwned>(
    template: &Template,
    resource: &Yaml,
    name: &str,
) -> anyhow::Result<Option<T>> {
    let property = resource.get("Properties").and_then(|properties| properties.get(name));
    let Some(value) = property.map(|value| template.value(value)).transpose()?.flatten() else {
        return Ok(None);
    };
    from_json(value).with_context(|| format!("the property {name}"))
}

fn from_json<T: DeserializeOwned>(value: Json) -> anyhow::Result<Option<T>> {
    Ok(Some(serde_json::from_value(value)?))
}
