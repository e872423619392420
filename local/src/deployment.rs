//! What `template.yaml` says about each function: its routes, event sources and environment.
//!
//! Invariant: the embedded stack adds no route, queue, stream or schedule of its own; whatever is
//! not in the template is not wired.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_yaml_ng::Value;
use telemetry::Function;

mod intrinsic;

pub use intrinsic::Names;

use intrinsic::{resolve, target};

const FUNCTION: &str = "AWS::Serverless::Function";

/// A function as the template describes it.
#[derive(Debug, Clone)]
pub struct Wiring {
    pub function: Function,
    pub routes: Vec<Route>,
    pub queues: Vec<QueueSource>,
    pub streams: Vec<StreamSource>,
    pub schedules: Vec<Schedule>,
    environment: BTreeMap<String, Value>,
}

/// A method and a path with `{parameters}` that API Gateway hands to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: String,
    pub path: String,
}

/// A queue that feeds a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSource {
    /// The queue's logical name, as in `InboundQueue`.
    pub queue: String,
    pub batch_size: u8,
    /// How many batches Lambda works off at once.
    pub concurrency: u8,
}

/// A table whose stream feeds a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSource {
    /// The table's logical name, as in `JobsTable`.
    pub table: String,
    pub batch_size: usize,
    /// Event names that pass the filter, as in `INSERT`; empty lets all pass.
    pub event_names: Vec<String>,
    pub attempts_max: u32,
    /// Logical name of the queue that is told of records given up.
    pub dead_letters: Option<String>,
}

/// A schedule that calls a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub name: String,
    pub every: Duration,
    /// JSON with `<aws.scheduler.…>` placeholders.
    pub input: String,
}

/// The functions of a template, in its order, and the names of its resources.
#[derive(Debug, Clone)]
pub struct Deployment {
    functions: Vec<Wiring>,
    names: Names,
}

impl Deployment {
    /// Reads a template. `parameters` overrule the defaults it gives.
    pub fn read(template: &str, parameters: &[(&str, &str)]) -> Result<Self> {
        let root: Value = serde_yaml_ng::from_str(template).context("the template is not YAML")?;
        let names = Names::read(&root, parameters)?;
        let resources = root.get("Resources").and_then(Value::as_mapping);
        let functions = resources
            .ok_or_else(|| anyhow!("the template has no resources"))?
            .values()
            .filter(|resource| text(resource, "Type") == Some(FUNCTION))
            .map(|resource| wiring(resource, &names))
            .collect::<Result<_>>()?;
        Ok(Self { functions, names })
    }

    pub fn functions(&self) -> &[Wiring] {
        &self.functions
    }

    /// What a resource is called once deployed: a table's, queue's or bucket's name.
    pub fn name_of(&self, logical: &str) -> Option<&str> {
        self.names.get(logical)
    }

    /// The environment the template gives a function. `queue_url` turns a queue's name into its
    /// URL, which the deployment decides.
    pub fn environment(
        &self,
        function: Function,
        queue_url: impl Fn(&str) -> String,
    ) -> Result<BTreeMap<String, String>> {
        let names = self.names.clone().with_queue_urls(queue_url);
        let wiring = self
            .functions
            .iter()
            .find(|wiring| wiring.function == function)
            .ok_or_else(|| anyhow!("the template has no function {}", function.name()))?;
        wiring
            .environment
            .iter()
            .map(|(name, value)| Ok((name.clone(), resolve(value, &names)?)))
            .collect()
    }
}

fn wiring(resource: &Value, names: &Names) -> Result<Wiring> {
    let folder = at(resource, &["Metadata", "BuildProperties", "Binary"])
        .and_then(Value::as_str)
        .ok_or_else(|| anyhow!("a function names no binary"))?;
    let function = Function::ALL
        .into_iter()
        .find(|function| function.name() == folder)
        .ok_or_else(|| anyhow!("the template names {folder}, which is no function"))?;
    let mut wiring = Wiring {
        function,
        routes: Vec::new(),
        queues: Vec::new(),
        streams: Vec::new(),
        schedules: Vec::new(),
        environment: environment(resource),
    };
    for event in at(resource, &["Properties", "Events"]).and_then(Value::as_mapping).iter().flat_map(
        |events| events.values(),
    ) {
        let properties = event.get("Properties").unwrap_or(&Value::Null);
        match text(event, "Type") {
            Some("HttpApi") => wiring.routes.push(route(properties)?),
            Some("SQS") => wiring.queues.push(queue(properties)?),
            Some("DynamoDB") => wiring.streams.push(stream(properties)?),
            Some("ScheduleV2") => wiring.schedules.push(schedule(properties, names)?),
            other => bail!("{folder} has an event source of an unknown kind: {other:?}"),
        }
    }
    Ok(wiring)
}

fn environment(resource: &Value) -> BTreeMap<String, Value> {
    at(resource, &["Properties", "Environment", "Variables"])
        .and_then(Value::as_mapping)
        .iter()
        .flat_map(|variables| variables.iter())
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value.clone())))
        .chain([
            ("STAGE".to_owned(), tagged_reference("Stage")),
            ("LOG_LEVEL".to_owned(), tagged_reference("LogLevel")),
        ])
        .collect()
}

/// `!Ref name`; the two variables of `Globals` are references.
fn tagged_reference(name: &str) -> Value {
    Value::Tagged(Box::new(serde_yaml_ng::value::TaggedValue {
        tag: serde_yaml_ng::value::Tag::new("Ref"),
        value: Value::String(name.to_owned()),
    }))
}

fn route(properties: &Value) -> Result<Route> {
    let method = text(properties, "Method").ok_or_else(|| anyhow!("a route has no method"))?;
    let path = text(properties, "Path").ok_or_else(|| anyhow!("a route has no path"))?;
    Ok(Route { method: method.to_uppercase(), path: path.to_owned() })
}

fn queue(properties: &Value) -> Result<QueueSource> {
    let queue = properties.get("Queue").and_then(target);
    Ok(QueueSource {
        queue: queue.ok_or_else(|| anyhow!("a queue event names no queue"))?,
        batch_size: number(properties, &["BatchSize"]).unwrap_or(10),
        concurrency: number(properties, &["ScalingConfig", "MaximumConcurrency"]).unwrap_or(2),
    })
}

fn stream(properties: &Value) -> Result<StreamSource> {
    let table = properties.get("Stream").and_then(target);
    Ok(StreamSource {
        table: table.ok_or_else(|| anyhow!("a stream event names no table"))?,
        batch_size: number(properties, &["BatchSize"]).unwrap_or(100),
        event_names: event_names(properties)?,
        attempts_max: number(properties, &["MaximumRetryAttempts"]).unwrap_or(u32::MAX),
        dead_letters: at(properties, &["DestinationConfig", "OnFailure", "Destination"])
            .and_then(target),
    })
}

/// The one form of filter the template uses: a pattern over `eventName`.
fn event_names(properties: &Value) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Pattern {
        event_name: Vec<String>,
    }
    let filters = at(properties, &["FilterCriteria", "Filters"]).and_then(Value::as_sequence);
    let mut names = Vec::new();
    for filter in filters.into_iter().flatten() {
        let pattern = text(filter, "Pattern").ok_or_else(|| anyhow!("a filter has no pattern"))?;
        let pattern: Pattern = serde_json::from_str(pattern)
            .with_context(|| format!("this filter is not understood: {pattern}"))?;
        names.extend(pattern.event_name);
    }
    Ok(names)
}

fn schedule(properties: &Value, names: &Names) -> Result<Schedule> {
    let expression = text(properties, "ScheduleExpression")
        .ok_or_else(|| anyhow!("a schedule has no expression"))?;
    Ok(Schedule {
        name: resolve(properties.get("Name").unwrap_or(&Value::Null), names)?,
        every: rate(expression).ok_or_else(|| anyhow!("not understood: {expression}"))?,
        input: text(properties, "Input").unwrap_or("{}").to_owned(),
    })
}

/// `rate(n unit)`; the template has no other form yet.
fn rate(expression: &str) -> Option<Duration> {
    let (count, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return None,
    };
    count.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn number<T: TryFrom<u64>>(value: &Value, path: &[&str]) -> Option<T> {
    at(value, path)?.as_u64()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use telemetry::Function;

    use super::{Deployment, Route};

    fn deployment() -> Deployment {
        Deployment::read(include_str!("../../template.yaml"), &[("Stage", "dev")]).unwrap()
    }

    #[test]
    fn every_function_of_the_template_is_wired() {
        let deployment = deployment();
        assert_eq!(deployment.functions().len(), Function::ALL.len());
        for wiring in deployment.functions() {
            let sources = wiring.routes.len()
                + wiring.queues.len()
                + wiring.streams.len()
                + wiring.schedules.len();
            assert!(sources > 0, "{} is never called", wiring.function.name());
        }
        let webhook = &deployment.functions()[0];
        let post = Route { method: "POST".into(), path: "/api/v1/webhooks/whatsapp".into() };
        assert!(webhook.routes.contains(&post));
    }

    #[test]
    fn sources_carry_the_numbers_of_the_template() {
        let deployment = deployment();
        let of = |function| {
            deployment.functions().iter().find(move |wiring| wiring.function == function).unwrap()
        };
        let inbound = &of(Function::Processor).queues[0];
        assert_eq!((inbound.queue.as_str(), inbound.batch_size), ("InboundQueue", 10));
        let jobs = &of(Function::Dispatcher).streams[0];
        assert_eq!(jobs.event_names, ["INSERT"]);
        assert_eq!((jobs.table.as_str(), jobs.attempts_max), ("JobsTable", 10));
        assert_eq!(jobs.dead_letters.as_deref(), Some("DispatchDeadLetterQueue"));
        assert_eq!(of(Function::Scheduler).schedules[0].every, Duration::from_secs(60));
    }

    #[test]
    fn the_environment_names_what_was_deployed() {
        let environment = deployment()
            .environment(Function::Processor, |queue| format!("http://queues/{queue}"))
            .unwrap();
        assert_eq!(environment["JOBS_TABLE"], "hndasah-dev-jobs");
        assert_eq!(environment["INBOUND_QUEUE_URL"], "http://queues/hndasah-dev-inbound.fifo");
        assert_eq!(environment["STAGE"], "dev");
        let auth = deployment().environment(Function::Auth, str::to_owned).unwrap();
        assert_eq!(auth["SIGNING_SECRET"], "hndasah/dev/signing");
        assert_eq!(auth["ALLOWED_ORIGINS"], "http://localhost:3000");
    }
}
