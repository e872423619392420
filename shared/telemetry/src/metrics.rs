//! Counters, gauges and durations, shown as Prometheus text or flushed as CloudWatch EMF lines.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

mod emf;
pub mod names;
mod prometheus;

/// Series per metric. Each costs money in CloudWatch; what comes later is counted under `other`.
const MAX_SERIES: usize = 500;
/// Durations kept between two flushes, per series. The embedded stack never flushes.
const MAX_SAMPLES: usize = 1_000;
/// Upper bounds of the duration buckets. 250 ms and 1 s are Meta's targets for a webhook.
const BUCKETS_MS: [u64; 11] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// A number that only grows. `N` labels.
#[derive(Debug, Clone, Copy)]
pub struct Counter<const N: usize> {
    pub name: &'static str,
    pub help: &'static str,
    pub labels: [&'static str; N],
}

/// A number that goes up and down. `N` labels.
#[derive(Debug, Clone, Copy)]
pub struct Gauge<const N: usize> {
    pub name: &'static str,
    pub help: &'static str,
    pub labels: [&'static str; N],
}

/// A distribution of durations, in seconds. `N` labels.
#[derive(Debug, Clone, Copy)]
pub struct Histogram<const N: usize> {
    pub name: &'static str,
    pub help: &'static str,
    pub labels: [&'static str; N],
}

/// The metrics of one service. Clones share one registry, which may hold several services.
///
/// Labels are routes, kinds and outcomes; never a tenant, a user or an id.
#[derive(Debug, Clone)]
pub struct Metrics {
    service: &'static str,
    /// The stage to print under; without one nothing is printed.
    stage: Option<Arc<str>>,
    registry: Arc<Mutex<Registry>>,
}

/// One series of one metric, as a caller names it.
struct Series<'a> {
    name: &'static str,
    help: &'static str,
    names: &'a [&'static str],
    values: &'a [&'a str],
}

type Registry = BTreeMap<&'static str, Family>;

#[derive(Debug)]
struct Family {
    help: &'static str,
    labels: Vec<&'static str>,
    series: BTreeMap<SeriesKey, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct SeriesKey {
    service: &'static str,
    values: Vec<String>,
}

#[derive(Debug)]
enum Value {
    Counter { total: u64, unflushed: u64 },
    Gauge { now: i64, changed: bool },
    Histogram(Distribution),
}

#[derive(Debug, Default)]
struct Distribution {
    buckets: [u64; BUCKETS_MS.len()],
    count: u64,
    sum: Duration,
    unflushed: Vec<Duration>,
}

impl Metrics {
    /// Metrics to be read as Prometheus text; [`Self::flush_emf`] prints nothing.
    pub fn new(service: &'static str) -> Self {
        Self { service, stage: None, registry: Arc::default() }
    }

    /// Metrics for CloudWatch, which reads them off standard output.
    pub fn printed(service: &'static str, stage: &str) -> Self {
        Self { stage: Some(stage.into()), ..Self::new(service) }
    }

    /// Another service in the same registry; for the embedded stack.
    #[must_use]
    pub fn for_service(&self, service: &'static str) -> Self {
        Self { service, stage: self.stage.clone(), registry: Arc::clone(&self.registry) }
    }

    /// Counts one.
    pub fn count<const N: usize>(&self, counter: &Counter<N>, labels: [&str; N]) {
        self.add(counter, labels, 1);
    }

    /// Counts `n`.
    pub fn add<const N: usize>(&self, counter: &Counter<N>, labels: [&str; N], n: u64) {
        let fresh = || Value::Counter { total: 0, unflushed: 0 };
        let Counter { name, help, labels: names } = counter;
        self.change(&Series { name, help, names, values: &labels }, fresh, |value| {
            if let Value::Counter { total, unflushed } = value {
                *total = total.saturating_add(n);
                *unflushed = unflushed.saturating_add(n);
            }
        });
    }

    /// Sets a gauge.
    pub fn set<const N: usize>(&self, gauge: &Gauge<N>, labels: [&str; N], to: i64) {
        let fresh = || Value::Gauge { now: 0, changed: false };
        let Gauge { name, help, labels: names } = gauge;
        self.change(&Series { name, help, names, values: &labels }, fresh, |value| {
            if let Value::Gauge { now, changed } = value {
                *now = to;
                *changed = true;
            }
        });
    }

    /// Records one duration.
    pub fn observe<const N: usize>(
        &self,
        histogram: &Histogram<N>,
        labels: [&str; N],
        took: Duration,
    ) {
        let fresh = || Value::Histogram(Distribution::default());
        let Histogram { name, help, labels: names } = histogram;
        self.change(&Series { name, help, names, values: &labels }, fresh, |value| {
            if let Value::Histogram(distribution) = value {
                distribution.record(took);
            }
        });
    }

    /// Everything since the start, in Prometheus' text format.
    pub fn prometheus_text(&self) -> String {
        prometheus::text(&self.lock())
    }

    /// Prints what happened since the last flush as CloudWatch EMF lines; at the end of every
    /// Lambda invocation.
    pub fn flush_emf(&self, now: Timestamp) {
        let Some(stage) = &self.stage else { return };
        let lines = self.take_emf(stage, now);
        if lines.is_empty() {
            return;
        }
        if let Err(error) = io::stdout().lock().write_all(lines.as_bytes()) {
            tracing::warn!(error = %error, "metrics were not printed");
        }
    }

    /// What [`Self::flush_emf`] prints.
    pub fn take_emf(&self, stage: &str, now: Timestamp) -> String {
        emf::take(&mut self.lock(), stage, now)
    }

    fn change(
        &self,
        series: &Series<'_>,
        fresh: impl FnOnce() -> Value,
        change: impl FnOnce(&mut Value),
    ) {
        let mut registry = self.lock();
        let family = registry.entry(series.name).or_insert_with(|| Family {
            help: series.help,
            labels: series.names.to_vec(),
            series: BTreeMap::new(),
        });
        let mut key = SeriesKey {
            service: self.service,
            values: series.values.iter().map(|value| (*value).to_owned()).collect(),
        };
        if family.series.len() >= MAX_SERIES && !family.series.contains_key(&key) {
            key.values.fill("other".to_owned());
        }
        change(family.series.entry(key).or_insert_with(fresh));
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Distribution {
    fn record(&mut self, took: Duration) {
        for (bound_ms, bucket) in BUCKETS_MS.iter().zip(&mut self.buckets) {
            if took <= Duration::from_millis(*bound_ms) {
                *bucket = bucket.saturating_add(1);
            }
        }
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(took);
        if self.unflushed.len() < MAX_SAMPLES {
            self.unflushed.push(took);
        }
    }
}

#[cfg(test)]
mod tests;
