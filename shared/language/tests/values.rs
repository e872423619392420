//! Amounts, dates, quantities, durations and percentages of messages that others wrote, with the
//! values they meant. Nothing is fitted to them; a floor a little below what was measured.
#![cfg(test)]

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use language::{EntityValue, Hints, understand};
use rust_decimal::Decimal;
use serde::Deserialize;

const MESSAGES: &str = include_str!("held-out/entities.jsonl");

#[derive(Deserialize)]
struct Line {
    text: String,
    amounts: Vec<Amount>,
    dates: Vec<String>,
    quantities: Vec<Quantity>,
    durations: Vec<u32>,
    percentages: Vec<Decimal>,
}

#[derive(Deserialize)]
struct Amount {
    amount: Decimal,
}

#[derive(Deserialize)]
struct Quantity {
    value: Decimal,
    unit: String,
}

impl Line {
    /// Kind and value, as text.
    fn meant(&self) -> Vec<(&'static str, String)> {
        let amounts = self.amounts.iter().map(|it| ("amounts", it.amount.normalize().to_string()));
        let dates = self.dates.iter().map(|date| ("dates", date.clone()));
        let quantities = self.quantities.iter();
        let quantities = quantities.map(|it| ("quantities", quantity(it.value, &it.unit)));
        let durations = self.durations.iter().map(|minutes| ("durations", minutes.to_string()));
        let percentages = self.percentages.iter();
        let percentages = percentages.map(|it| ("percentages", it.normalize().to_string()));
        amounts.chain(dates).chain(quantities).chain(durations).chain(percentages).collect()
    }
}

fn quantity(value: Decimal, unit: &str) -> String {
    format!("{} {unit}", value.normalize())
}

fn read(text: &str) -> Vec<(&'static str, String)> {
    let now = "2026-03-10T09:00:00+03:00".parse().unwrap();
    let zone = TimeZone::get("Asia/Riyadh").unwrap();
    let found = understand(text, &Hints::default(), now, &zone).entities.into_iter();
    found
        .filter_map(|entity| match entity.value {
            EntityValue::Amount { amount, .. } => Some(("amounts", amount.normalize().to_string())),
            EntityValue::Date { date } => Some(("dates", date.to_string())),
            EntityValue::Quantity { value, unit } => Some(("quantities", quantity(value, &unit))),
            EntityValue::Duration { minutes } => Some(("durations", minutes.to_string())),
            EntityValue::Percentage { value } => {
                Some(("percentages", value.normalize().to_string()))
            }
            EntityValue::Time { .. }
            | EntityValue::Location { .. }
            | EntityValue::Document { .. }
            | EntityValue::TaskTitle { .. }
            | EntityValue::Person { .. }
            | EntityValue::Task { .. }
            | EntityValue::Project { .. }
            | EntityValue::Supplier { .. } => None,
        })
        .collect()
}

#[test]
fn values_are_read_as_they_were_meant() {
    // Of each kind: meant, read exactly so, read and not meant.
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for line in MESSAGES.lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        let mut found = read(&line.text);
        for meant in line.meant() {
            let count = counts.entry(meant.0).or_default();
            count.0 += 1;
            if let Some(place) = found.iter().position(|one| *one == meant) {
                found.swap_remove(place);
                count.1 += 1;
            }
        }
        for (kind, _) in found {
            counts.entry(kind).or_default().2 += 1;
        }
    }
    for (kind, (meant, right, more)) in counts {
        println!("{kind}: {right} of {meant}, and {more} more");
        assert!(right * 100 >= meant * 90, "{kind}: {right} of {meant}");
        assert!(more * 100 <= meant * 10, "{kind}: {more} more than {meant}");
    }
}
