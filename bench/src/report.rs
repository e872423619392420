//! What was measured: tables for a person, JSON for a machine.

use std::time::Duration;

use anyhow::{Context as _, Result};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// Figures under one heading.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<(String, Vec<Value>)>,
}

impl Table {
    pub(crate) fn new(title: &'static str, columns: &'static [&'static str]) -> Self {
        Self { title, columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, name: impl Into<String>, cells: impl Into<Vec<Value>>) {
        self.rows.push((name.into(), cells.into()));
    }

    /// `{row: {column: cell}}`.
    pub(crate) fn to_json(&self) -> Value {
        let row = |cells: &[Value]| {
            let columns = self.columns.iter().map(|column| (*column).to_owned());
            Value::Object(columns.zip(cells.iter().cloned()).collect::<Map<_, _>>())
        };
        self.rows.iter().map(|(name, cells)| (name.clone(), row(cells))).collect()
    }

    pub(crate) fn print(&self) {
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let width = width.max(self.title.chars().count());
        let line = |name: &str, cells: Vec<String>| {
            say(format!("{name:<width$}  {}", cells.join("  ")).trim_end());
        };
        say("");
        line(self.title, self.columns.iter().map(|column| format!("{column:>9}")).collect());
        for (name, cells) in &self.rows {
            let cell = |cell: &Value| match cell.as_str() {
                Some(text) => text.to_owned(),
                None => format!("{:>9}", cell.to_string()),
            };
            line(name, cells.iter().map(cell).collect());
        }
    }
}

/// A figure, rounded to two places.
pub(crate) fn figure(value: Decimal) -> Value {
    value.round_dp(2).to_string().parse::<f64>().map_or(Value::Null, Value::from)
}

pub(crate) fn micros(time: Duration) -> Decimal {
    Decimal::new(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX), 3)
}

/// How many a second.
pub(crate) fn rate(count: usize, time: Duration) -> Value {
    ratio(Decimal::from(count) * Decimal::from(1_000_000), micros(time))
}

pub(crate) fn ratio(of: Decimal, to: Decimal) -> Value {
    of.checked_div(to).map_or(Value::Null, figure)
}

/// The sample below which so many percent of the sorted ones are.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Result<Duration> {
    sorted.get(sorted.len() * percent / 100).copied().context("nothing was measured")
}

#[expect(clippy::print_stdout, reason = "a benchmark tells its figures to whoever started it")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
