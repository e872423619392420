//! CloudFormation's references, as far as the template uses them.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use serde_yaml_ng::Value;

use super::{at, text};

/// What stands for the account in names; no AWS account is involved.
const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";

/// References inside references are not followed deeper than this.
const DEPTH_MAX: u8 = 8;

/// What `!Ref` gives: parameters, and the deployed names of tables, queues and buckets.
#[derive(Debug, Clone)]
pub struct Names {
    values: BTreeMap<String, String>,
    queues: Vec<String>,
}

impl Names {
    pub(super) fn read(root: &Value, parameters: &[(&str, &str)]) -> Result<Self> {
        let mut values: BTreeMap<String, String> = [
            ("AWS::AccountId", ACCOUNT),
            ("AWS::Partition", "aws"),
            ("AWS::Region", REGION),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        for (name, parameter) in entries(root.get("Parameters")) {
            if let Some(default) = text(parameter, "Default") {
                values.insert(name.to_owned(), default.to_owned());
            }
        }
        for (name, value) in parameters {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        let mut names = Self { values, queues: Vec::new() };
        for (logical, resource) in entries(root.get("Resources")) {
            let property = match text(resource, "Type") {
                Some("AWS::DynamoDB::Table") => "TableName",
                Some("AWS::SQS::Queue") => "QueueName",
                Some("AWS::S3::Bucket") => "BucketName",
                _ => continue,
            };
            let value = at(resource, &["Properties", property])
                .ok_or_else(|| anyhow!("{logical} has no {property}"))?;
            let name = resolve(value, &names)?;
            names.values.insert(logical.to_owned(), name);
            if property == "QueueName" {
                names.queues.push(logical.to_owned());
            }
        }
        Ok(names)
    }

    pub(super) fn get(&self, logical: &str) -> Option<&str> {
        self.values.get(logical).map(String::as_str)
    }

    /// A queue's `!Ref` is its URL, not its name.
    pub(super) fn with_queue_urls(mut self, url: impl Fn(&str) -> String) -> Self {
        for logical in &self.queues {
            if let Some(value) = self.values.get_mut(logical) {
                *value = url(value);
            }
        }
        self
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_mapping)
        .into_iter()
        .flat_map(|mapping| mapping.iter())
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
}

/// The text a value stands for.
pub(super) fn resolve(value: &Value, names: &Names) -> Result<String> {
    resolve_within(value, names, DEPTH_MAX)
}

fn resolve_within(value: &Value, names: &Names, depth: u8) -> Result<String> {
    let Some(depth) = depth.checked_sub(1) else { bail!("references go too deep") };
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(bool) => Ok(bool.to_string()),
        Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            match (tag.trim_start_matches('!'), &tagged.value) {
                ("Ref", Value::String(name)) => reference(name, names),
                ("Sub", Value::String(text)) => substitute(text, names),
                ("Join", Value::Sequence(parts)) => match parts.as_slice() {
                    // Lists come from parameters, which are joined with commas already.
                    [_, list @ Value::Tagged(_)] => resolve_within(list, names, depth),
                    _ => bail!("this !Join is not understood: {parts:?}"),
                },
                (tag, _) => bail!("!{tag} is not understood here"),
            }
        }
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => {
            bail!("a text was expected, not {value:?}")
        }
    }
}

fn reference(name: &str, names: &Names) -> Result<String> {
    names.get(name).map(str::to_owned).ok_or_else(|| anyhow!("nothing is called {name}"))
}

fn substitute(text: &str, names: &Names) -> Result<String> {
    let mut pieces = text.split("${");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').ok_or_else(|| anyhow!("${{ without }}"))?;
        out.push_str(&reference(name, names)?);
        out.push_str(rest);
    }
    Ok(out)
}

/// The resource that `!Ref X` or `!GetAtt X.Attribute` points at.
pub(super) fn target(value: &Value) -> Option<String> {
    let Value::Tagged(tagged) = value else { return None };
    let name = tagged.value.as_str()?;
    Some(name.split('.').next().unwrap_or(name).to_owned())
}
