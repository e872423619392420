//! Which events of a source a function wants: the patterns of event source mappings.

use anyhow::{Context as _, bail};
use serde_json::Value;

/// A pattern, as in `{"eventName": ["INSERT"]}`: every named field must have one of the values
/// listed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    fields: Vec<(String, Test)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// A field that is an object itself.
    Object(Filter),
    AnyOf(Vec<Match>),
}

#[derive(Debug, Clone, PartialEq)]
enum Match {
    Equal(Value),
    Prefix(String),
    Exists(bool),
    AnythingBut(Vec<Value>),
}

impl Filter {
    /// Reads a pattern. Operators not known here are refused, not passed over.
    pub(crate) fn parse(pattern: &Value) -> anyhow::Result<Self> {
        let object = pattern.as_object().context("a pattern is an object")?;
        let mut fields = Vec::new();
        for (name, value) in object {
            let test = match value {
                Value::Array(matches) => {
                    Test::AnyOf(matches.iter().map(Match::parse).collect::<Result<_, _>>()?)
                }
                Value::Object(_) => Test::Object(Self::parse(value)?),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                    bail!("the field {name} of a pattern is a list or an object")
                }
            };
            fields.push((name.clone(), test));
        }
        Ok(Self { fields })
    }

    /// Whether an event has what the pattern asks for.
    pub fn matches(&self, event: &Value) -> bool {
        self.fields.iter().all(|(name, test)| {
            let value = event.get(name);
            match test {
                Test::Object(inner) => inner.matches(value.unwrap_or(&Value::Null)),
                Test::AnyOf(matches) => matches.iter().any(|one| one.holds(value)),
            }
        })
    }
}

impl Match {
    fn parse(value: &Value) -> anyhow::Result<Self> {
        let Some(operator) = value.as_object() else { return Ok(Self::Equal(value.clone())) };
        let (Some((name, argument)), 1) = (operator.iter().next(), operator.len()) else {
            bail!("an operator of a pattern has one name");
        };
        match (name.as_str(), argument) {
            ("prefix", Value::String(prefix)) => Ok(Self::Prefix(prefix.clone())),
            ("exists", Value::Bool(exists)) => Ok(Self::Exists(*exists)),
            ("anything-but", Value::Array(values)) => Ok(Self::AnythingBut(values.clone())),
            _ => bail!("the operator {name} of a pattern is not supported"),
        }
    }

    fn holds(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Equal(expected) => value == Some(expected),
            Self::Prefix(prefix) => {
                value.and_then(Value::as_str).is_some_and(|text| text.starts_with(prefix))
            }
            Self::Exists(exists) => value.is_some() == *exists,
            Self::AnythingBut(values) => value.is_some_and(|value| !values.contains(value)),
        }
    }
}
