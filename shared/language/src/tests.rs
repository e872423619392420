//! Messages through the public door, a table for each area.

mod entities;
mod grammar;
mod intents;
mod properties;

use domain::{Currency, Language};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{Hints, Understanding, understand};

/// Tuesday 10 March 2026, 09:00 in Riyadh.
fn read_as(text: &str, hints: &Hints) -> Understanding {
    let now: Timestamp = "2026-03-10T06:00:00Z".parse().unwrap();
    understand(text, hints, now, &TimeZone::get("Asia/Riyadh").unwrap())
}

fn read(text: &str) -> Understanding {
    let hints =
        Hints { language: Some(Language::En), currency: Some(Currency::AED), ..Hints::default() };
    read_as(text, &hints)
}
