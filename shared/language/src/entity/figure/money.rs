//! Numbers with a currency beside them.

use domain::Currency;
use rust_decimal::Decimal;

use super::{Found, Reader, Reading};
use crate::entity::Findings;
use crate::entity::message::{Kind, Message};
use crate::entity::number;
use crate::entity::sense::{Coin, Sense};
use crate::understanding::EntityValue;

/// The product holds no larger amount; see `domain::Money`.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

/// Currencies whose names are also words: in capitals only.
const WORDS: [&str; 6] = ["try", "mad", "gel", "sum", "le", "ro"];

/// Words of the longest name of a currency.
const LONGEST_NAME_TOKENS: usize = 4;

/// The currency named at a token.
pub(super) fn coin(message: &Message<'_>, index: usize) -> Option<(usize, &'static Coin)> {
    let (past, coin) = message.pick(index, |sense| match sense {
        Sense::Money(coin) => Some(coin),
        _ => None,
    })?;
    let word = WORDS.contains(&message.word(index)) && past == index + 1;
    let small = message.slice(index, past).chars().any(char::is_lowercase);
    // "500 le", "20 ro" are written as often as in capitals.
    let behind = matches!(message.word(index), "le" | "ro")
        && index.checked_sub(1).is_some_and(|before| message.is(before, Kind::Number));
    if word && small && !behind { None } else { Some((past, coin)) }
}

impl Reader<'_> {
    /// The amount of a number with a currency before or behind it, or carried on from the first
    /// end of a range. A currency in front wins: "AED 500 AED 600" is two amounts.
    pub(super) fn money(
        &self,
        findings: &Findings<'_>,
        reading: &Reading,
        carried: Option<&'static Coin>,
    ) -> Option<Found> {
        let message = self.message;
        // "1500/- AED", "Rs. 1500/-".
        let end = reading.figure.past;
        let dash = message.word(end) == "/"
            && message.word(end + 1) == "-"
            && message.attached(end)
            && message.attached(end + 1);
        let end = if dash { end + 2 } else { end };
        if let Some((first, coin)) = before(findings, reading.first) {
            let (past, negative) = self.credit(end);
            let value = self.amount(reading, Some(coin), negative)?;
            let mut found = Found::new(first, past.max(end), value);
            found.next = self.second_end(end, coin);
            return Some(found);
        }
        // "(500 AED)", "500 (AED)" stay positive: brackets are no bookkeeping on a site.
        let behind = coin_behind(message, end);
        let (past, coin) = behind.or_else(|| carried.map(|coin| (end, coin)))?;
        let (past, negative) = self.credit(past);
        let value = self.amount(reading, Some(coin), negative)?;
        Some(Found::new(reading.first, past, value))
    }

    /// "500 AED CR": a credit, as books write it.
    fn credit(&self, past: usize) -> (usize, bool) {
        let cr = matches!(self.message.slice(past, past + 1), "CR" | "Cr");
        (past + usize::from(cr), cr)
    }

    /// The number behind "AED 500-": the second end of a range of amounts.
    fn second_end(&self, past: usize, coin: &'static Coin) -> Option<(usize, &'static Coin)> {
        let message = self.message;
        let joint = if message.word(past) == "-" { past + 1 } else { message.past_to(past)? };
        let figure = number::at(message, joint)?;
        let unit = message.pick(figure.past, |sense| {
            matches!(sense, Sense::Unit(_) | Sense::Money(_) | Sense::Percent).then_some(())
        });
        unit.is_none().then_some((joint, coin))
    }

    /// The amount, with `1.500` read as the currency's decimals allow.
    pub(super) fn amount(
        &self,
        reading: &Reading,
        coin: Option<&Coin>,
        credit: bool,
    ) -> Option<EntityValue> {
        let hint = self.context.hints.currency;
        let currency = coin.map_or(hint, |coin| resolve(coin, hint));
        let figure = &reading.figure;
        let thousandths = currency.is_some_and(|currency| currency.minor_digits() == 3);
        let value = match figure.grouped {
            Some(('.', _)) if thousandths || figure.scale.is_some() => figure.plain,
            Some((_, grouped)) => grouped,
            None => figure.plain,
        };
        if value.is_zero() && !figure.digits || value > Decimal::from(LARGEST_AMOUNT) {
            return None;
        }
        let amount = if reading.negative == credit { value } else { -value };
        Some(EntityValue::Amount { amount: amount.normalize(), currency })
    }
}

/// A currency behind a number, or at its end: "50 т.р." are fifty thousand roubles.
fn coin_behind(message: &Message<'_>, past: usize) -> Option<(usize, &'static Coin)> {
    coin(message, past).or_else(|| {
        let last = past.checked_sub(1).filter(|last| message.word(*last) == "р")?;
        coin(message, last)
    })
}

/// A free currency right before a token, perhaps with a colon between: its first token and name.
fn before(findings: &Findings<'_>, index: usize) -> Option<(usize, &'static Coin)> {
    let message = findings.message;
    let colon = matches!(message.before(index), ":" | "=");
    let end = if colon { index - 1 } else { index };
    (1..=LONGEST_NAME_TOKENS).rev().find_map(|length| {
        let first = end.checked_sub(length)?;
        let (past, coin) = coin(message, first)?;
        // "20 р 500": a letter in front is no currency.
        let letter = length == 1
            && message.is(first, Kind::Word)
            && message.word(first).chars().nth(1).is_none();
        (past == end && !letter && findings.are_free(first, index)).then_some((first, coin))
    })
}

/// The currency meant, given the one expected.
fn resolve(coin: &Coin, hint: Option<Currency>) -> Option<Currency> {
    let hinted = hint.filter(|hint| coin.also.contains(&hint.code()));
    hinted.or_else(|| coin.usual.and_then(|code| code.parse().ok()))
}
