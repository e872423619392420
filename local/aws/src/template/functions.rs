//! Functions of a template and what calls them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_yaml_ng::Value as Yaml;

use crate::template::environment::EnvironmentValue;
use crate::template::filter::Filter;
use crate::template::plan::{Function, Plan, Route, Schedule, Source, SourceMapping};
use crate::template::resolve::{Template, entries, kind_of};
use crate::template::{roles, schedule};

/// Lambda's timeout when the template is silent.
const DEFAULT_TIMEOUT_S: u64 = 3;

/// Adds a function and its events to the plan, if the resource is one.
pub(crate) fn read(
    template: &Template,
    id: &str,
    resource: &Yaml,
    plan: &mut Plan,
) -> anyhow::Result<()> {
    if kind_of(resource) != "AWS::Serverless::Function" {
        return Ok(());
    }
    plan.functions.push(function(template, id, resource)?);
    let events = resource.get("Properties").and_then(|properties| properties.get("Events"));
    for (name, described) in entries(events) {
        let properties = described.get("Properties");
        let event = Event { template, function: id, name, properties };
        match kind_of(described) {
            "HttpApi" => plan.routes.push(event.route()?),
            "SQS" => plan.source_mappings.push(event.source_mapping("Queue", 10)?),
            "DynamoDB" => plan.source_mappings.push(event.source_mapping("Stream", 100)?),
            "Schedule" => plan.schedules.push(event.schedule("Schedule")?),
            "ScheduleV2" => plan.schedules.push(event.schedule("ScheduleExpression")?),
            other => bail!("the event {name} of kind {other} is not supported"),
        }
    }
    Ok(())
}

fn function(template: &Template, id: &str, resource: &Yaml) -> anyhow::Result<Function> {
    let globals = template.function_globals();
    let properties = resource.get("Properties");
    let timeout = [properties, globals].into_iter().flatten().find_map(|p| p.get("Timeout"));
    let timeout_s = match timeout {
        Some(timeout) => template.text(timeout)?.parse().context("a timeout is a number")?,
        None => DEFAULT_TIMEOUT_S,
    };
    let mut environment = BTreeMap::new();
    for source in [globals, properties].into_iter().flatten() {
        let variables = source.get("Environment").and_then(|all| all.get("Variables"));
        for (name, value) in entries(variables) {
            let value = environment_value(template, value)
                .with_context(|| format!("the environment variable {name}"))?;
            environment.insert(name.to_owned(), value);
        }
    }
    let build = resource.get("Metadata").and_then(|metadata| metadata.get("BuildProperties"));
    let binary = build.and_then(|build| build.get("Binary")).and_then(Yaml::as_str);
    Ok(Function {
        logical_id: id.to_owned(),
        name: template.physical_name(id, resource)?,
        binary: binary.map(ToOwned::to_owned),
        timeout: Duration::from_secs(timeout_s),
        environment,
        role: roles::read(template, resource).context("the role")?,
    })
}

fn environment_value(template: &Template, value: &Yaml) -> anyhow::Result<EnvironmentValue> {
    let id = template.referred(value, "QueueUrl");
    match id.and_then(|id| Some((id, template.resource(id)?))) {
        Some((id, resource)) if kind_of(resource) == "AWS::SQS::Queue" => {
            template.physical_name(id, resource).map(EnvironmentValue::QueueUrl)
        }
        Some(_) | None => template.text(value).map(EnvironmentValue::Text),
    }
}

/// One event of a function.
struct Event<'a> {
    template: &'a Template,
    function: &'a str,
    name: &'a str,
    properties: Option<&'a Yaml>,
}

impl Event<'_> {
    fn get(&self, name: &str) -> Option<&Yaml> {
        self.properties.and_then(|properties| properties.get(name))
    }

    fn text(&self, name: &str) -> anyhow::Result<Option<String>> {
        self.get(name).map(|value| self.template.text(value)).transpose()
    }

    fn needed(&self, name: &str) -> anyhow::Result<String> {
        self.text(name)?.with_context(|| format!("the event {} has no {name}", self.name))
    }

    fn logical_id(&self) -> String {
        format!("{}{}", self.function, self.name)
    }

    fn route(&self) -> anyhow::Result<Route> {
        Ok(Route {
            method: self.needed("Method")?.to_ascii_uppercase(),
            path: self.needed("Path")?,
            function: self.function.to_owned(),
        })
    }

    fn source_mapping(&self, source: &str, batch_size: usize) -> anyhow::Result<SourceMapping> {
        let reference = self.get(source).with_context(|| format!("no {source}"))?;
        let batch_size = match self.text("BatchSize")? {
            Some(size) => size.parse().context("a batch size is a number")?,
            None => batch_size,
        };
        let responses = self.get("FunctionResponseTypes").map(|value| self.template.value(value));
        let responses = responses.transpose()?.flatten().unwrap_or_default();
        let reports_item_failures = responses
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "ReportBatchItemFailures"));
        let scaling = self.get("ScalingConfig").and_then(|all| all.get("MaximumConcurrency"));
        let max_concurrency = scaling.map(|value| self.template.text(value)).transpose()?;
        Ok(SourceMapping {
            logical_id: self.logical_id(),
            source: self.source(reference)?,
            function: self.function.to_owned(),
            batch_size,
            reports_item_failures,
            max_concurrency: max_concurrency.map(|value| value.parse()).transpose()?,
            filters: self.filters()?,
            max_retries: self.text("MaximumRetryAttempts")?.map(|text| text.parse()).transpose()?,
            on_failure: self.on_failure()?,
        })
    }

    fn on_failure(&self) -> anyhow::Result<Option<String>> {
        let configured = self.get("DestinationConfig").and_then(|all| all.get("OnFailure"));
        let Some(reference) = configured.and_then(|all| all.get("Destination")) else {
            return Ok(None);
        };
        match self.source(reference)? {
            Source::Queue(name) => Ok(Some(name)),
            Source::Stream(_) => bail!("records given up go to a queue"),
        }
    }

    fn source(&self, reference: &Yaml) -> anyhow::Result<Source> {
        let by_arn = self.template.referred(reference, "Arn");
        let id = by_arn.or_else(|| self.template.referred(reference, "StreamArn"));
        let id = id.context("the source is a queue or stream of this template")?;
        let resource = self.template.resource(id).context("no such source")?;
        let name = self.template.physical_name(id, resource)?;
        match kind_of(resource) {
            "AWS::SQS::Queue" => Ok(Source::Queue(name)),
            "AWS::DynamoDB::Table" => Ok(Source::Stream(name)),
            other => bail!("{other} is not a source of events here"),
        }
    }

    /// The patterns are JSON in text.
    fn filters(&self) -> anyhow::Result<Vec<Filter>> {
        let criteria = self.get("FilterCriteria").map(|value| self.template.value(value));
        let criteria = criteria.transpose()?.flatten().unwrap_or_default();
        let filters = criteria.get("Filters").and_then(|filters| filters.as_array());
        filters
            .into_iter()
            .flatten()
            .map(|filter| {
                let pattern = filter.get("Pattern").and_then(|pattern| pattern.as_str());
                let pattern = serde_json::from_str(pattern.context("a filter has a pattern")?);
                Filter::parse(&pattern.context("a pattern is JSON")?)
            })
            .collect()
    }

    fn schedule(&self, expression: &str) -> anyhow::Result<Schedule> {
        let state = self.text("State")?;
        let enabled = self.text("Enabled")?;
        Ok(Schedule {
            logical_id: self.logical_id(),
            function: self.function.to_owned(),
            every: schedule::interval(&self.needed(expression)?)?,
            input: self.text("Input")?,
            is_enabled: state.as_deref() != Some("DISABLED") && enabled.as_deref() != Some("false"),
        })
    }
}
