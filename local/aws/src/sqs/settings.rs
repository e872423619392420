//! A queue's attributes: parsed, checked and shown.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sqs::error::{Code, Refusal, Result};

/// Bytes of a message and of a batch. A limit of SQS since 2025.
pub(crate) const MAX_BYTES: usize = 1_048_576;

/// What can be set on a queue, and the default in the API's units (seconds and bytes).
///
/// Attributes without meaning on one machine (encryption, access policies, throughput quotas)
/// are kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) is_fifo: bool,
    pub(crate) visibility_s: i64,
    pub(crate) delay_s: i64,
    pub(crate) retention_s: i64,
    pub(crate) wait_s: i64,
    pub(crate) max_bytes: usize,
    pub(crate) deduplicates_by_content: bool,
    pub(crate) deduplicates_per_group: bool,
    pub(crate) redrive: Option<Redrive>,
    /// As given, to be shown and to be compared on a repeated creation.
    given: BTreeMap<String, String>,
}

/// Where messages go that were received too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    pub(crate) target_arn: String,
    pub(crate) max_receive_count: u32,
}

impl Settings {
    /// Settings of a new queue.
    pub(crate) fn new(given: BTreeMap<String, String>) -> Result<Self> {
        let mut settings = Self {
            is_fifo: false,
            visibility_s: 30,
            delay_s: 0,
            retention_s: 345_600,
            wait_s: 0,
            max_bytes: MAX_BYTES,
            deduplicates_by_content: false,
            deduplicates_per_group: false,
            redrive: None,
            given: BTreeMap::new(),
        };
        settings.change(given)?;
        Ok(settings)
    }

    /// Changes the given attributes, all or none of them.
    pub(crate) fn change(&mut self, given: BTreeMap<String, String>) -> Result<()> {
        let mut changed = self.clone();
        for (name, value) in given {
            changed.set(&name, &value)?;
            changed.given.insert(name, value);
        }
        if !changed.is_fifo && (changed.deduplicates_by_content || changed.deduplicates_per_group) {
            return Err(Code::InvalidAttributeName
                .because("Deduplication attributes are for FIFO queues only."));
        }
        *self = changed;
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "VisibilityTimeout" => self.visibility_s = number(name, value, 0, 43_200)?,
            "DelaySeconds" => self.delay_s = number(name, value, 0, 900)?,
            "MessageRetentionPeriod" => self.retention_s = number(name, value, 60, 1_209_600)?,
            "ReceiveMessageWaitTimeSeconds" => self.wait_s = number(name, value, 0, 20)?,
            "MaximumMessageSize" => {
                let bytes = number(name, value, 1_024, 1_048_576)?;
                self.max_bytes = usize::try_from(bytes).unwrap_or(MAX_BYTES);
            }
            "FifoQueue" => self.is_fifo = flag(name, value)?,
            "ContentBasedDeduplication" => self.deduplicates_by_content = flag(name, value)?,
            "DeduplicationScope" => {
                self.deduplicates_per_group =
                    choice(name, value, ["queue", "messageGroup"])? == "messageGroup";
            }
            "FifoThroughputLimit" => {
                choice(name, value, ["perQueue", "perMessageGroupId"])?;
            }
            "RedrivePolicy" => self.redrive = redrive(value)?,
            "RedriveAllowPolicy"
            | "Policy"
            | "KmsMasterKeyId"
            | "KmsDataKeyReusePeriodSeconds"
            | "SqsManagedSseEnabled" => {}
            _ => {
                return Err(
                    Code::InvalidAttributeName.because(format!("Unknown Attribute {name}."))
                );
            }
        }
        Ok(())
    }

    /// The attributes as they were given, for the log.
    pub(crate) fn given(&self) -> &BTreeMap<String, String> {
        &self.given
    }

    /// Whether creating the queue again with `given` asks for nothing different.
    pub(crate) fn agrees_with(&self, given: &BTreeMap<String, String>) -> bool {
        let shown = self.shown();
        given.iter().all(|(name, value)| shown.get(name) == Some(value))
    }

    /// All settable attributes with their present values.
    pub(crate) fn shown(&self) -> BTreeMap<String, String> {
        let mut shown = self.given.clone();
        let numbers = [
            ("VisibilityTimeout", self.visibility_s.to_string()),
            ("DelaySeconds", self.delay_s.to_string()),
            ("MessageRetentionPeriod", self.retention_s.to_string()),
            ("ReceiveMessageWaitTimeSeconds", self.wait_s.to_string()),
            ("MaximumMessageSize", self.max_bytes.to_string()),
        ];
        shown.extend(numbers.map(|(name, value)| (name.to_owned(), value)));
        shown.entry("SqsManagedSseEnabled".to_owned()).or_insert_with(|| "true".to_owned());
        if self.is_fifo {
            for (name, default) in [
                ("ContentBasedDeduplication", "false"),
                ("DeduplicationScope", "queue"),
                ("FifoThroughputLimit", "perQueue"),
            ] {
                shown.entry(name.to_owned()).or_insert_with(|| default.to_owned());
            }
        } else {
            // Standard queues do not show the attribute at all.
            shown.remove("FifoQueue");
        }
        shown.retain(|_, value| !value.is_empty());
        shown
    }
}

fn number(name: &str, value: &str, least: i64, most: i64) -> Result<i64> {
    value.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| invalid(name))
}

fn flag(name: &str, value: &str) -> Result<bool> {
    value.parse().map_err(|_| invalid(name))
}

fn choice<'a>(name: &str, value: &'a str, choices: [&str; 2]) -> Result<&'a str> {
    if choices.contains(&value) { Ok(value) } else { Err(invalid(name)) }
}

/// The policy is a JSON document; its count comes as a number or as text. Empty removes it.
fn redrive(value: &str) -> Result<Option<Redrive>> {
    if value.is_empty() {
        return Ok(None);
    }
    let refuse = || Refusal::value("RedrivePolicy", value, "Invalid redrive policy.");
    let policy: Value = serde_json::from_str(value).map_err(|_| refuse())?;
    let target_arn = policy.get("deadLetterTargetArn").and_then(Value::as_str);
    let max_receive_count = match policy.get("maxReceiveCount") {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => None,
    };
    let max_receive_count = max_receive_count.filter(|count| (1..=1_000).contains(count));
    let (Some(target_arn), Some(max_receive_count)) = (target_arn, max_receive_count) else {
        return Err(refuse());
    };
    Ok(Some(Redrive {
        target_arn: target_arn.to_owned(),
        max_receive_count: u32::try_from(max_receive_count).unwrap_or(u32::MAX),
    }))
}

fn invalid(name: &str) -> Refusal {
    Code::InvalidAttributeValue.because(format!("Invalid value for the parameter {name}."))
}
