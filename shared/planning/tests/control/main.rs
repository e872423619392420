//! Control of projects, against numbers worked out independently (`tests/controls.json`).
#![cfg(test)]

mod curves;
mod health;
mod oracle;
mod properties;
mod quality;
mod report;
mod rules;
mod simulation;

use planning::control::Figure;
use rust_decimal::Decimal;
use serde_json::Value;

/// A decimal as it is written in a test.
fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The oracle's number, with exactly the digits it was written with.
fn number(value: &Value) -> Decimal {
    let text = value.to_string();
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// The figure, rounded to the digits of the oracle's number, is that number.
#[track_caller]
fn assert_figure(figure: Figure, expected: &Value) {
    if expected.is_null() {
        assert!(figure.value().is_none() && figure.reason().is_some(), "{figure:?} for null");
        return;
    }
    let expected = number(expected);
    assert_eq!(figure.rounded(expected.scale()), Some(expected.normalize()), "{figure:?}");
}

/// The oracle's file, or a part of it by JSON pointer.
fn oracle(pointer: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../controls.json")).unwrap();
    all.pointer(pointer).cloned().unwrap_or_else(|| panic!("no {pointer}"))
}
