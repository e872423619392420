//! What happened since the last flush, as lines of CloudWatch's embedded metric format.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{Registry, SeriesKey, Value};

const NAMESPACE: &str = "Hndasah";
/// Values of one metric in one line (EMF specification).
const MAX_VALUES: usize = 100;
/// Metrics in one line (EMF specification).
const MAX_METRICS: usize = 100;

/// One metric's share of a line: name, unit and value or values.
type Measure = (&'static str, &'static str, Json);

pub(super) fn take(registry: &mut Registry, stage: &str, now: Timestamp) -> String {
    // Metrics with the same labels share a line.
    let mut groups: BTreeMap<(Vec<&'static str>, SeriesKey), Vec<Measure>> = BTreeMap::new();
    for (name, family) in registry {
        for (key, value) in &mut family.series {
            let measures = measures(name, value);
            if !measures.is_empty() {
                groups.entry((family.labels.clone(), key.clone())).or_default().extend(measures);
            }
        }
    }
    let mut out = String::new();
    for ((labels, key), measures) in groups {
        let labels: Vec<&str> = ["service", "stage"].into_iter().chain(labels).collect();
        let mut values = vec![key.service.to_owned(), stage.to_owned()];
        values.extend(key.values);
        for chunk in lines_of(measures) {
            out.push_str(&line(&labels, &values, &chunk, now));
            out.push('\n');
        }
    }
    out
}

fn measures(name: &'static str, value: &mut Value) -> Vec<Measure> {
    match value {
        Value::Counter { unflushed: 0, .. } | Value::Gauge { changed: false, .. } => Vec::new(),
        Value::Counter { unflushed, .. } => {
            vec![(name, "Count", json!(std::mem::take(unflushed)))]
        }
        Value::Gauge { now, changed } => {
            *changed = false;
            vec![(name, unit_of(name), json!(*now))]
        }
        Value::Histogram(distribution) => std::mem::take(&mut distribution.unflushed)
            .chunks(MAX_VALUES)
            .map(|chunk| {
                let seconds: Vec<f64> = chunk.iter().map(Duration::as_secs_f64).collect();
                (name, "Seconds", json!(seconds))
            })
            .collect(),
    }
}

/// A line may name a metric once, so a second chunk of values starts another line.
fn lines_of(measures: Vec<Measure>) -> Vec<Vec<Measure>> {
    let mut lines: Vec<Vec<Measure>> = Vec::new();
    for measure in measures {
        let free = lines.iter_mut().find(|line| {
            line.len() < MAX_METRICS && line.iter().all(|(name, ..)| *name != measure.0)
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

fn line(labels: &[&str], values: &[String], measures: &[Measure], now: Timestamp) -> String {
    let names: Vec<Json> =
        measures.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
    let mut object = Map::new();
    object.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [
                { "Namespace": NAMESPACE, "Dimensions": [labels], "Metrics": names }
            ],
        }),
    );
    for (label, value) in labels.iter().zip(values) {
        object.insert((*label).to_owned(), json!(value));
    }
    for (name, _, value) in measures {
        object.insert((*name).to_owned(), value.clone());
    }
    Json::Object(object).to_string()
}
