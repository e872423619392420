//! The typed plan.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::template::environment::EnvironmentValue;
use crate::template::filter::Filter;
use crate::template::functions;
use crate::template::resolve::Template;
use crate::template::resources;
use crate::template::roles::Statement;

/// What a template asks for, with all names resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub tables: Vec<Table>,
    pub queues: Vec<Queue>,
    pub buckets: Vec<Bucket>,
    pub functions: Vec<Function>,
    pub routes: Vec<Route>,
    pub source_mappings: Vec<SourceMapping>,
    pub schedules: Vec<Schedule>,
}

/// A DynamoDB table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub logical_id: String,
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub key: Vec<KeyPart>,
    pub indexes: Vec<Index>,
    /// The stream's view type, as in `NEW_IMAGE`; none without a stream.
    pub stream: Option<String>,
    /// The attribute that holds the time to live; none without one.
    pub time_to_live: Option<String>,
}

/// An attribute that is part of some key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attribute {
    #[serde(rename = "AttributeName")]
    pub name: String,
    /// `S`, `N` or `B`.
    #[serde(rename = "AttributeType")]
    pub kind: String,
}

/// One part of a key, `HASH` first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyPart {
    #[serde(rename = "AttributeName")]
    pub attribute: String,
    /// `HASH` or `RANGE`.
    #[serde(rename = "KeyType")]
    pub kind: String,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Index {
    #[serde(rename = "IndexName")]
    pub name: String,
    #[serde(rename = "KeySchema")]
    pub key: Vec<KeyPart>,
    pub projection: Projection,
}

/// What an index holds of an item.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    #[serde(rename = "ProjectionType")]
    pub kind: String,
    #[serde(default)]
    pub non_key_attributes: Vec<String>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub logical_id: String,
    pub name: String,
    pub is_fifo: bool,
    /// Every attribute but the redrive policy, as the SQS API takes them.
    pub attributes: BTreeMap<String, String>,
    pub dead_letters: Option<DeadLetters>,
}

impl Queue {
    /// Seconds a received message is hidden; SQS's default when the template is silent.
    pub fn visibility_timeout_s(&self) -> u32 {
        let given = self.attributes.get("VisibilityTimeout");
        given.and_then(|value| value.parse().ok()).unwrap_or(30)
    }
}

/// Where a queue's messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetters {
    /// The name of the dead-letter queue.
    pub queue: String,
    pub max_receive_count: u32,
}

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub logical_id: String,
    pub name: String,
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub logical_id: String,
    pub name: String,
    /// The Cargo binary, from the build properties in its metadata.
    pub binary: Option<String>,
    pub timeout: Duration,
    /// Including the variables all functions share.
    pub environment: BTreeMap<String, EnvironmentValue>,
    /// What its role allows and denies; empty without a role.
    pub role: Vec<Statement>,
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Upper case; `ANY` for every method.
    pub method: String,
    /// With parameters in braces, as in `/projects/{project_id}`.
    pub path: String,
    /// The logical id of the function.
    pub function: String,
}

/// A queue or a stream that a function consumes.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceMapping {
    pub logical_id: String,
    pub source: Source,
    /// The logical id of the function.
    pub function: String,
    pub batch_size: usize,
    /// Whether the function names the entries of a batch that failed.
    pub reports_item_failures: bool,
    /// The most invocations at once; none for no limit.
    pub max_concurrency: Option<u32>,
    /// Patterns of which an event must match one. Empty for no filter.
    pub filters: Vec<Filter>,
    /// Calls of a stream's function after the first that failed; none for no limit.
    pub max_retries: Option<u32>,
    /// The name of the queue that is told of stream records given up.
    pub on_failure: Option<String>,
}

impl SourceMapping {
    /// Whether the function is to be given this event, in Lambda's JSON form.
    pub fn takes(&self, event: &Value) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(event))
    }
}

/// What is consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A queue, by name.
    Queue(String),
    /// The stream of a table, by the table's name.
    Stream(String),
}

/// A function called at intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub logical_id: String,
    /// The logical id of the function.
    pub function: String,
    pub every: Duration,
    /// The event's text as the template has it; none for the default event.
    pub input: Option<String>,
    pub is_enabled: bool,
}

impl Plan {
    /// Reads a template. `parameters` override the template's defaults, as in `Stage=local`.
    pub fn read(text: &str, parameters: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let template = Template::parse(text, parameters)?;
        let mut plan = Self::default();
        for (logical_id, resource) in template.resources() {
            resources::read(&template, logical_id, resource, &mut plan)
                .and_then(|()| functions::read(&template, logical_id, resource, &mut plan))
                .with_context(|| format!("resource {logical_id} of the template"))?;
        }
        Ok(plan)
    }

    /// The function with this logical id.
    pub fn function(&self, logical_id: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.logical_id == logical_id)
    }

    /// The function built from this Cargo binary.
    pub fn function_of_binary(&self, binary: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.binary.as_deref() == Some(binary))
    }

    /// The queue with this name.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.name == name)
    }
}
