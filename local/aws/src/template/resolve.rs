//! Parameters, conditions and intrinsic functions: a template's values as plain values.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use serde_yaml_ng::Value as Yaml;

use crate::sdk::REGION;

/// The account the embedded services say they are of.
pub(crate) const ACCOUNT: &str = "000000000000";

/// A parsed template with its parameters.
///
/// Only what is asked for is resolved, so an intrinsic function this does not know is an error
/// only where it is used.
pub(crate) struct Template {
    pub(super) root: Yaml,
    parameters: BTreeMap<String, Json>,
}

impl Template {
    pub(crate) fn parse(text: &str, given: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let root: Yaml = serde_yaml_ng::from_str(text).context("the template is not YAML")?;
        let mut parameters = BTreeMap::new();
        for (name, parameter) in entries(root.get("Parameters")) {
            let default = parameter.get("Default").and_then(scalar_text);
            let value = given
                .get(name)
                .cloned()
                .or(default)
                .with_context(|| format!("the parameter {name} has no value"))?;
            let kind = parameter.get("Type").and_then(Yaml::as_str).unwrap_or("String");
            let value = if kind == "CommaDelimitedList" || kind.starts_with("List<") {
                value.split(',').map(|item| Json::from(item.trim())).collect()
            } else {
                Json::from(value)
            };
            parameters.insert(name.to_owned(), value);
        }
        let pseudo = [
            ("AWS::AccountId", ACCOUNT),
            ("AWS::Region", REGION),
            ("AWS::Partition", "aws"),
            ("AWS::StackName", "embedded"),
            ("AWS::URLSuffix", "amazonaws.com"),
        ];
        parameters.extend(pseudo.map(|(name, value)| (name.to_owned(), Json::from(value))));
        Ok(Self { root, parameters })
    }

    /// The resources whose conditions hold, by logical id, in the template's order.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&str, &Yaml)> {
        entries(self.root.get("Resources")).filter(|(_, resource)| {
            let condition = resource.get("Condition").and_then(Yaml::as_str);
            condition.is_none_or(|name| self.condition(name).unwrap_or(true))
        })
    }

    pub(crate) fn resource(&self, logical_id: &str) -> Option<&Yaml> {
        self.root.get("Resources")?.get(logical_id)
    }

    /// What all functions have in common.
    pub(crate) fn function_globals(&self) -> Option<&Yaml> {
        self.root.get("Globals")?.get("Function")
    }

    /// A value as plain JSON. None for `AWS::NoValue`, which drops what it stands for.
    pub(crate) fn value(&self, yaml: &Yaml) -> anyhow::Result<Option<Json>> {
        match yaml {
            Yaml::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                self.intrinsic(tag.trim_start_matches('!'), &tagged.value)
            }
            Yaml::Sequence(items) => {
                let mut values = Vec::new();
                for item in items {
                    values.extend(self.value(item)?);
                }
                Ok(Some(Json::Array(values)))
            }
            Yaml::Mapping(_) => {
                if let Some((name, argument)) = long_form(yaml) {
                    return self.intrinsic(name, argument);
                }
                let mut object = serde_json::Map::new();
                for (name, value) in entries(Some(yaml)) {
                    if let Some(value) = self.value(value)? {
                        object.insert(name.to_owned(), value);
                    }
                }
                Ok(Some(Json::Object(object)))
            }
            Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) | Yaml::String(_) => {
                Ok(Some(serde_json::to_value(yaml)?))
            }
        }
    }

    /// A value as text: text, a number or a truth value.
    pub(crate) fn text(&self, yaml: &Yaml) -> anyhow::Result<String> {
        let value = self.value(yaml)?.context("no value where text is needed")?;
        json_text(&value).with_context(|| format!("{value} is not text"))
    }

    /// The property of a resource as text, when it is there.
    pub(crate) fn property(&self, resource: &Yaml, name: &str) -> anyhow::Result<Option<String>> {
        let property = resource.get("Properties").and_then(|properties| properties.get(name));
        property.map(|value| self.text(value)).transpose()
    }

    /// The logical id a value refers to, by `Ref` or by the given attribute of it.
    pub(crate) fn referred<'a>(&self, yaml: &'a Yaml, attribute: &str) -> Option<&'a str> {
        let (name, argument) = match yaml {
            Yaml::Tagged(tagged) if tagged.tag == "!Ref" => ("Ref", &tagged.value),
            Yaml::Tagged(tagged) if tagged.tag == "!GetAtt" => ("Fn::GetAtt", &tagged.value),
            Yaml::Mapping(_) => long_form(yaml)?,
            Yaml::Tagged(_)
            | Yaml::Null
            | Yaml::Bool(_)
            | Yaml::Number(_)
            | Yaml::String(_)
            | Yaml::Sequence(_) => return None,
        };
        let id = match (name, argument) {
            ("Ref", Yaml::String(id)) => id.as_str(),
            ("Fn::GetAtt" | "GetAtt", Yaml::String(path)) => {
                path.strip_suffix(attribute)?.strip_suffix('.')?
            }
            ("Fn::GetAtt" | "GetAtt", Yaml::Sequence(path)) => match path.as_slice() {
                [Yaml::String(id), Yaml::String(name)] if name == attribute => id,
                _ => return None,
            },
            _ => return None,
        };
        self.resource(id).map(|_| id)
    }

    fn intrinsic(&self, name: &str, argument: &Yaml) -> anyhow::Result<Option<Json>> {
        match name.trim_start_matches("Fn::") {
            "Ref" => self.reference(argument.as_str().context("a Ref names something")?),
            "Sub" => self.substitute(argument).map(|text| Some(Json::from(text))),
            "GetAtt" => self.attribute(&path_of(argument)?).map(|text| Some(Json::from(text))),
            "Join" => self.join(argument).map(|text| Some(Json::from(text))),
            "If" => match argument.as_sequence().map(Vec::as_slice) {
                Some([condition, yes, no]) => {
                    let holds =
                        self.condition(condition.as_str().context("a condition's name")?)?;
                    self.value(if holds { yes } else { no })
                }
                _ => bail!("an If has a condition and two values"),
            },
            other => bail!("the function {other} is not supported"),
        }
    }

    fn reference(&self, name: &str) -> anyhow::Result<Option<Json>> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        let resource = self.resource(name).with_context(|| format!("{name} is not defined"))?;
        if kind_of(resource) == "AWS::SQS::Queue" {
            bail!("the URL of {name} can only be a whole environment value");
        }
        self.physical_name(name, resource).map(|name| Some(Json::from(name)))
    }

    /// The name a resource gets: the one it asks for, or its logical id.
    pub(crate) fn physical_name(&self, id: &str, resource: &Yaml) -> anyhow::Result<String> {
        let property = match kind_of(resource) {
            "AWS::SQS::Queue" => "QueueName",
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::S3::Bucket" => "BucketName",
            "AWS::Serverless::Function" | "AWS::Lambda::Function" => "FunctionName",
            _ => "Name",
        };
        Ok(self.property(resource, property)?.unwrap_or_else(|| id.to_owned()))
    }

    fn attribute(&self, path: &str) -> anyhow::Result<String> {
        let (id, attribute) = path.split_once('.').context("an attribute has a resource")?;
        let resource = self.resource(id).with_context(|| format!("{id} is not defined"))?;
        let name = self.physical_name(id, resource)?;
        let service = match kind_of(resource) {
            "AWS::S3::Bucket" => return Ok(format!("arn:aws:s3:::{name}")),
            "AWS::SQS::Queue" => format!("sqs:{REGION}:{ACCOUNT}:"),
            "AWS::DynamoDB::Table" => format!("dynamodb:{REGION}:{ACCOUNT}:table/"),
            "AWS::Serverless::Function" => format!("lambda:{REGION}:{ACCOUNT}:function:"),
            other => bail!("attributes of {other} are not known here"),
        };
        match attribute {
            "Arn" => Ok(format!("arn:aws:{service}{name}")),
            "StreamArn" => Ok(format!("arn:aws:{service}{name}/stream/latest")),
            "QueueName" => Ok(name),
            other => bail!("the attribute {other} of {id} is not known here"),
        }
    }

    /// `${Name}` and `${Resource.Attribute}`; `${!Name}` stays as `${Name}`.
    fn substitute(&self, argument: &Yaml) -> anyhow::Result<String> {
        let (text, local) = match argument.as_sequence().map(Vec::as_slice) {
            Some([text, local]) => (text.as_str(), Some(local)),
            Some(_) => bail!("a Sub has a text and a map"),
            None => (argument.as_str(), None),
        };
        let mut rest = text.context("a Sub has a text")?;
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, following) = after.split_once('}').context("a Sub's ${ has no end")?;
            out.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
            } else if let Some(value) = local.and_then(|local| local.get(name)) {
                out.push_str(&self.text(value)?);
            } else if name.contains('.') {
                out.push_str(&self.attribute(name)?);
            } else {
                let value = self.reference(name)?.context("no value in a Sub")?;
                out.push_str(&json_text(&value).with_context(|| format!("{name} is not text"))?);
            }
            rest = following;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn join(&self, argument: &Yaml) -> anyhow::Result<String> {
        let Some([separator, items]) = argument.as_sequence().map(Vec::as_slice) else {
            bail!("a Join has a separator and items");
        };
        let items = self.value(items)?.context("a Join has items")?;
        let items = items.as_array().context("a Join's items are a list")?;
        let texts: Option<Vec<String>> = items.iter().map(json_text).collect();
        Ok(texts.context("a Join's items are text")?.join(&self.text(separator)?))
    }
}

/// The type of a resource.
pub(crate) fn kind_of(resource: &Yaml) -> &str {
    resource.get("Type").and_then(Yaml::as_str).unwrap_or_default()
}

/// The entries of a mapping whose names are text, in order.
pub(crate) fn entries(yaml: Option<&Yaml>) -> impl Iterator<Item = (&str, &Yaml)> {
    let mapping = yaml.and_then(Yaml::as_mapping);
    mapping.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str()?, value)))
}

/// `{Ref: x}` and `{"Fn::Sub": x}`: an intrinsic function without a tag.
pub(super) fn long_form(yaml: &Yaml) -> Option<(&str, &Yaml)> {
    let mapping = yaml.as_mapping().filter(|mapping| mapping.len() == 1)?;
    let (name, argument) = mapping.iter().next()?;
    let name = name.as_str()?;
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    is_function.then_some((name, argument))
}

fn path_of(argument: &Yaml) -> anyhow::Result<String> {
    match argument {
        Yaml::String(path) => Ok(path.clone()),
        Yaml::Sequence(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Yaml::as_str).collect();
            Ok(parts.context("a GetAtt is text")?.join("."))
        }
        Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) | Yaml::Mapping(_) | Yaml::Tagged(_) => {
            bail!("a GetAtt names a resource and an attribute")
        }
    }
}

fn scalar_text(yaml: &Yaml) -> Option<String> {
    json_text(&serde_json::to_value(yaml).ok()?)
}

/// Scalars as `CloudFormation` writes them into text.
pub(crate) fn json_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
