//! What understanding one message takes.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use domain::Clock as _;
use jiff::tz::TimeZone;
use language::{Hints, understand};
use rust_decimal::Decimal;
use telemetry::SystemClock;

use crate::meta::TEXTS;
use crate::report::{Table, figure, micros};

const ROUNDS: u32 = 2_000;

pub(crate) fn measure() -> Result<Table> {
    let (zone, now) = (TimeZone::get("Asia/Dubai")?, SystemClock.now());
    let mut times = Vec::new();
    // The first message puts the words of the grammars in order.
    let begun = Instant::now();
    black_box(understand(TEXTS[0], &Hints::default(), now, &zone));
    let first = figure(micros(begun.elapsed()));
    for text in TEXTS {
        black_box(understand(text, &Hints::default(), now, &zone));
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            black_box(understand(black_box(text), &Hints::default(), now, &zone));
        }
        times.push(micros(begun.elapsed() / ROUNDS));
    }
    let sum: Decimal = times.iter().sum();
    let mean = sum.checked_div(Decimal::from(times.len())).unwrap_or_default();
    let most = times.iter().max().copied().unwrap_or_default();
    let mut table = Table::new("language, µs for a message", &["mean", "slowest"]);
    table.row("ten site messages in three languages", [figure(mean), figure(most)]);
    table.row("the first message of a process", [first.clone(), first]);
    Ok(table)
}
