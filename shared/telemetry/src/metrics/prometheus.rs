//! The registry as Prometheus' text format, version 0.0.4.

use std::fmt::{self, Write};
use std::time::Duration;

use super::{BUCKETS_MS, Distribution, Family, Registry, SeriesKey, Value};

pub(super) fn text(registry: &Registry) -> String {
    let mut out = String::new();
    for (name, family) in registry {
        // Writing to a String does not fail.
        let _ = write_family(&mut out, name, family);
    }
    out
}

fn write_family(out: &mut String, name: &str, family: &Family) -> fmt::Result {
    let kind = match family.series.values().next() {
        Some(Value::Counter { .. }) => "counter",
        Some(Value::Gauge { .. }) => "gauge",
        Some(Value::Histogram(_)) => "histogram",
        None => return Ok(()),
    };
    writeln!(out, "# HELP {name} {}", family.help)?;
    writeln!(out, "# TYPE {name} {kind}")?;
    for (key, value) in &family.series {
        let labels = labels(family, key);
        match value {
            Value::Counter { total, .. } => writeln!(out, "{name}{{{labels}}} {total}")?,
            Value::Gauge { now, .. } => writeln!(out, "{name}{{{labels}}} {now}")?,
            Value::Histogram(distribution) => {
                write_distribution(out, name, &labels, distribution)?;
            }
        }
    }
    Ok(())
}

fn write_distribution(
    out: &mut String,
    name: &str,
    labels: &str,
    distribution: &Distribution,
) -> fmt::Result {
    for (bound_ms, count) in BUCKETS_MS.iter().zip(distribution.buckets) {
        let bound = Duration::from_millis(*bound_ms).as_secs_f64();
        writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {count}")?;
    }
    writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", distribution.count)?;
    writeln!(out, "{name}_sum{{{labels}}} {}", distribution.sum.as_secs_f64())?;
    writeln!(out, "{name}_count{{{labels}}} {}", distribution.count)
}

fn labels(family: &Family, key: &SeriesKey) -> String {
    let mut text = format!("service=\"{}\"", key.service);
    for (label, value) in family.labels.iter().zip(&key.values) {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        // Writing to a String does not fail.
        let _ = write!(text, ",{label}=\"{value}\"");
    }
    text
}
