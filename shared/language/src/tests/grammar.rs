//! The grammars of entities: a table for each field and language, and what holds for any text.

mod amounts;
mod arabic;
mod days;
mod english;
mod measures;
mod names;
mod places;
mod round_trip;
mod russian;

use domain::{Currency, Language};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{EntityValue, Hints, understand};

fn show(value: &EntityValue) -> Option<String> {
    Some(match value {
        EntityValue::Amount { amount, currency: Some(currency) } => format!("{amount} {currency}"),
        EntityValue::Amount { amount, currency: None } => format!("{amount} ?"),
        EntityValue::Date { date } => date.to_string(),
        EntityValue::Time { time } => time.strftime("%H:%M").to_string(),
        EntityValue::Duration { minutes } => format!("{minutes} min"),
        EntityValue::Quantity { value, unit } => format!("{value} {unit}"),
        EntityValue::Percentage { value } => format!("{value}%"),
        EntityValue::Location { text } => format!("at {text}"),
        EntityValue::Document { text } => format!("doc {text}"),
        EntityValue::Person { name } => format!("person {name}"),
        EntityValue::Task { title } => format!("about {title}"),
        EntityValue::Project { name } => format!("project {name}"),
        EntityValue::Supplier { name } => format!("supplier {name}"),
        EntityValue::TaskTitle { .. } => return None,
    })
}

/// The values of a message at a time in a zone, `value; value`, in the order of the text.
fn values(message: &str, hints: &Hints, now: &str, zone: &str) -> String {
    let now: Timestamp = now.parse().unwrap();
    let read = understand(message, hints, now, &TimeZone::get(zone).unwrap());
    let shown: Vec<String> =
        read.entities.iter().filter_map(|entity| show(&entity.value)).collect();
    shown.join("; ")
}

/// Rows of `(message, values)`, read on Tuesday 10 March 2026 at nine in Riyadh.
fn check_with(hints: &Hints, rows: &[(&str, &str)]) {
    let mut missed = Vec::new();
    for (message, expected) in rows {
        let shown = values(message, hints, "2026-03-10T06:00:00Z", "Asia/Riyadh");
        if shown != *expected {
            missed.push(format!("{message}\n     is {shown}\n    not {expected}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}\n{}", missed.len(), rows.len(), missed.join("\n"));
}

fn check(rows: &[(&str, &str)]) {
    let hints =
        Hints { language: Some(Language::En), currency: Some(Currency::AED), ..Hints::default() };
    check_with(&hints, rows);
}
