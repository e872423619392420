//! What happened since the last flush, as lines of CloudWatch's embedded metric format.
//!
//! Written at the end of every invocation, so straight from the registry into text.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{Registry, SeriesKey, Value};

const NAMESPACE: &str = "Hndasah";
/// Values of one metric in one line (EMF specification).
const MAX_VALUES: usize = 100;
/// Metrics in one line (EMF specification).
const MAX_METRICS: usize = 100;

/// One metric's share of a line.
struct Measure {
    name: &'static str,
    unit: &'static str,
    amount: Amount,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Amount {
    Count(u64),
    Level(i64),
    #[serde(serialize_with = "seconds")]
    Took(Vec<Duration>),
}

/// Metrics with the same labels.
struct Line<'a> {
    now: Timestamp,
    stage: &'a str,
    labels: &'a [&'static str],
    key: &'a SeriesKey,
    measures: &'a [Measure],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aws<'a> {
    timestamp: i64,
    cloud_watch_metrics: [Directive<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'static str,
    dimensions: [Dimensions<'a>; 1],
    metrics: Definitions<'a>,
}

struct Dimensions<'a>(&'a [&'static str]);

struct Definitions<'a>(&'a [Measure]);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

pub(super) fn take(registry: &mut Registry, stage: &str, now: Timestamp) -> String {
    let mut groups: BTreeMap<(&[&'static str], &SeriesKey), Vec<Measure>> = BTreeMap::new();
    for (name, family) in registry {
        let labels = family.labels.as_slice();
        for (key, value) in &mut family.series {
            take_value(name, value, |measure| {
                groups.entry((labels, key)).or_default().push(measure);
            });
        }
    }
    let mut out = String::new();
    for ((labels, key), measures) in groups {
        for measures in lines_of(measures) {
            let line = Line { now, stage, labels, key, measures: &measures };
            // Texts and numbers under texts: nothing here fails.
            out.push_str(&serde_json::to_string(&line).unwrap_or_default());
            out.push('\n');
        }
    }
    out
}

fn take_value(name: &'static str, value: &mut Value, mut found: impl FnMut(Measure)) {
    match value {
        Value::Counter { unflushed: 0, .. } | Value::Gauge { changed: false, .. } => {}
        Value::Counter { unflushed, .. } => {
            let amount = Amount::Count(std::mem::take(unflushed));
            found(Measure { name, unit: "Count", amount });
        }
        Value::Gauge { now, changed } => {
            *changed = false;
            found(Measure { name, unit: unit_of(name), amount: Amount::Level(*now) });
        }
        Value::Histogram(distribution) => {
            for chunk in std::mem::take(&mut distribution.unflushed).chunks(MAX_VALUES) {
                let amount = Amount::Took(chunk.to_vec());
                found(Measure { name, unit: "Seconds", amount });
            }
        }
    }
}

/// A line may name a metric once, so a second chunk of values starts another line.
fn lines_of(measures: Vec<Measure>) -> Vec<Vec<Measure>> {
    let mut lines: Vec<Vec<Measure>> = Vec::new();
    for measure in measures {
        let free = lines.iter_mut().find(|line| {
            line.len() < MAX_METRICS && line.iter().all(|other| other.name != measure.name)
        });
        match free {
            Some(line) => line.push(measure),
            None => lines.push(vec![measure]),
        }
    }
    lines
}

fn unit_of(name: &str) -> &'static str {
    if name.ends_with("_seconds") { "Seconds" } else { "Count" }
}

fn seconds<S: Serializer>(took: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(took.iter().map(Duration::as_secs_f64))
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let directive = Directive {
            namespace: NAMESPACE,
            dimensions: [Dimensions(self.labels)],
            metrics: Definitions(self.measures),
        };
        let timestamp = self.now.as_millisecond();
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("_aws", &Aws { timestamp, cloud_watch_metrics: [directive] })?;
        line.serialize_entry("service", self.key.service)?;
        line.serialize_entry("stage", self.stage)?;
        for (label, value) in self.labels.iter().zip(&self.key.values) {
            line.serialize_entry(label, value)?;
        }
        for measure in self.measures {
            line.serialize_entry(measure.name, &measure.amount)?;
        }
        line.end()
    }
}

impl Serialize for Dimensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(["service", "stage"].iter().chain(self.0))
    }
}

impl Serialize for Definitions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for Measure { name, unit, .. } in self.0 {
            list.serialize_element(&Definition { name, unit })?;
        }
        list.end()
    }
}
