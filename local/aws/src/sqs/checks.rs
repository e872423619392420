//! The limits of a message, a batch entry and their identifiers, as SQS sets them.

use std::collections::{BTreeMap, HashSet};

use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::message::Attribute;

const MAX_BATCH: usize = 10;
const MAX_ATTRIBUTES: usize = 10;
const MAX_IDENTIFIER: usize = 128;

/// 1 to 10 entries with distinct, well-formed ids.
pub(crate) fn batch<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Result<()> {
    if ids.len() == 0 {
        return Err(Code::EmptyBatchRequest.because("There should be at least one entry."));
    }
    if ids.len() > MAX_BATCH {
        let message =
            format!("Maximum number of entries per request are {MAX_BATCH}. You have sent more.");
        return Err(Code::TooManyEntries.because(message));
    }
    let mut seen = HashSet::new();
    for id in ids {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > 80 || !id.chars().all(is_plain) {
            return Err(Code::InvalidBatchEntryId
                .because("A batch entry id is 1 to 80 letters, digits, hyphens or underscores."));
        }
        if !seen.insert(id) {
            return Err(Code::BatchEntryIdsNotDistinct.because(format!("Id {id} repeated.")));
        }
    }
    Ok(())
}

/// Whether a queue's name or URL says that it is FIFO.
pub(crate) fn names_fifo(name: &str) -> bool {
    name.strip_suffix(".fifo").is_some()
}

/// A queue name: up to 80 letters, digits, hyphens and underscores, and `.fifo` exactly on FIFO.
pub(crate) fn queue_name(name: &str, is_fifo: bool) -> Result<()> {
    let stem = name.strip_suffix(".fifo");
    let plain = stem.unwrap_or(name);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_well_formed = !plain.is_empty() && name.len() <= 80 && plain.chars().all(is_plain);
    if is_well_formed && stem.is_some() == is_fifo {
        return Ok(());
    }
    let reason = if is_fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or \
         underscores, must end with .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."
    };
    Err(Refusal::value("QueueName", name, reason))
}

/// A body's characters: those XML 1.0 allows.
pub(crate) fn body(body: &str) -> Result<()> {
    if body.is_empty() {
        return Err(Refusal::missing("MessageBody"));
    }
    let is_allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
            || c >= '\u{10000}'
    };
    if body.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(Code::InvalidMessageContents.because("Invalid characters found in the message body."))
    }
}

/// A group or deduplication id: 1 to 128 letters, digits and punctuation.
pub(crate) fn identifier(parameter: &str, value: &str) -> Result<()> {
    let is_well_formed =
        (1..=MAX_IDENTIFIER).contains(&value.len()) && value.chars().all(|c| c.is_ascii_graphic());
    if is_well_formed {
        return Ok(());
    }
    let reason = format!(
        "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
    );
    Err(Refusal::value(parameter, value, &reason))
}

/// Message attributes: at most 10, with well-formed names, types and values.
pub(crate) fn attributes(attributes: &BTreeMap<String, Attribute>) -> Result<()> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(Code::InvalidParameterValue
            .because("Number of message attributes exceeds the allowed maximum [10]."));
    }
    attributes.iter().try_for_each(|(name, attribute)| {
        attribute_name(name)?;
        attribute_value(name, attribute)
    })
}

fn attribute_name(name: &str) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_well_formed = !name.is_empty()
        && name.len() <= 256
        && name.chars().all(is_plain)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.");
    if is_well_formed {
        Ok(())
    } else {
        Err(Code::InvalidParameterValue.because(format!("Invalid message attribute name {name}.")))
    }
}

fn attribute_value(name: &str, attribute: &Attribute) -> Result<()> {
    let refuse = |reason: &str| {
        let message = format!("The message attribute '{name}' {reason}.");
        Err(Code::InvalidParameterValue.because(message))
    };
    let Some((value, is_binary)) = attribute.value().filter(|(value, _)| !value.is_empty()) else {
        return refuse("must contain non-empty message attribute value");
    };
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    match (kind, is_binary) {
        ("String", false) | ("Binary", true) => Ok(()),
        ("Number", false) => {
            let text = String::from_utf8_lossy(&value);
            if text.parse::<f64>().is_ok_and(f64::is_finite) {
                Ok(())
            } else {
                refuse("has an invalid number value")
            }
        }
        _ => refuse("has an invalid message attribute type"),
    }
}

/// Bytes a message counts: body, and name, type and value of each attribute.
pub(crate) fn size(body: &str, attributes: &BTreeMap<String, Attribute>) -> usize {
    let of_attribute = |(name, attribute): (&String, &Attribute)| {
        let value = attribute.value().map_or(0, |(bytes, _)| bytes.len());
        name.len() + attribute.data_type.len() + value
    };
    body.len() + attributes.iter().map(of_attribute).sum::<usize>()
}

/// A number of seconds or messages within its range.
pub(crate) fn range(parameter: &str, value: i64, least: i64, most: i64) -> Result<i64> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    let reason = format!("Must be between {least} and {most}, if provided.");
    Err(Refusal::value(parameter, value, &reason))
}
