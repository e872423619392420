//! Numbers without a unit, which are money where the message speaks of paying.

use rust_decimal::Decimal;

use super::{Found, Reader, Reading};
use crate::entity::Findings;
use crate::entity::message::Kind;
use crate::entity::sense::Sense;

/// Digits of a number that without a currency is no amount but an account or a telephone.
const REFERENCE_DIGITS: usize = 9;

/// "Paid 3 electricity bills" pays no three: smaller numbers need a sign that they are money.
const LEAST_AMOUNT: i64 = 50;

impl Reader<'_> {
    pub(super) fn bare(&self, findings: &Findings<'_>, reading: &Reading) -> Option<Found> {
        let message = self.message;
        let figure = &reading.figure;
        if !self.paying || figure.needs_unit || !(figure.digits || figure.scale.is_some()) {
            return None;
        }
        let number = reading.first + usize::from(reading.negative);
        let raw = message.word(number);
        let digits = raw.bytes().filter(u8::is_ascii_digit).count();
        let rupees = message.word(figure.past) == "/"
            && message.word(figure.past + 1) == "-"
            && message.attached(figure.past + 1);
        let goes_on = message.attached(figure.past)
            && (message.is(figure.past, Kind::Word)
                || matches!(message.word(figure.past), "-" | "/" | ":" | "#" | "_" | "@"));
        let reference = raw.starts_with('0') && digits > 1 && !raw.contains('.')
            || digits >= REFERENCE_DIGITS && figure.scale.is_none();
        let year = message.integer(number).is_some_and(|year| (1990..=2100).contains(&year))
            && matches!(
                message.before(number),
                "in" | "since" | "year" | "of" | "في" | "سنه" | "عام" | "в" | "с" | "за"
            );
        // "12-345" is a code.
        let hangs = message.attached(number) && message.before(number) == "-" && !reading.negative;
        if hangs || (goes_on && !rupees) || reference || year {
            return None;
        }
        let past = if rupees { figure.past + 2 } else { figure.past };
        let value = figure.grouped.map_or(figure.plain, |(_, grouped)| grouped);
        if !(rupees || self.ends(findings, past, value) || self.paid(number, value)) {
            return None;
        }
        let value = self.amount(reading, None, false)?;
        Some(Found::new(reading.first, past, value))
    }

    /// Nothing that could be counted follows.
    fn ends(&self, findings: &Findings<'_>, past: usize, value: Decimal) -> bool {
        let message = self.message;
        let mark = message.is(past, Kind::Symbol) && !matches!(message.word(past), "°" | "\"");
        let closes = |sense| {
            matches!(
                sense,
                Sense::AfterAmount | Sense::DateCue | Sense::To | Sense::And
            ) || (sense == Sense::Pay && value >= Decimal::from(LEAST_AMOUNT))
        };
        let word = message.word(past);
        // "500 ومسامير": and nails. Not `وحدات`, units.
        let and = word.starts_with('و') && word.chars().nth(3).is_some() && !word.starts_with("وحد");
        if word == "the" {
            return false;
        }
        message.opens_line(past)
            || mark
            || and
            || !findings.is_free(past)
            || message.pick(past, |sense| closes(sense).then_some(())).is_some()
    }

    /// A word of paying or a price stands right before.
    fn paid(&self, number: usize, value: Decimal) -> bool {
        let message = self.message;
        let before = (1..=2).filter_map(|length| number.checked_sub(length)).any(|first| {
            message.past(first, Sense::Pay).is_some_and(|past| {
                past == number || (past + 1 == number && matches!(message.before(number), ":" | "="))
            })
        });
        let price = message.before(number) == "ب";
        (before || price) && value >= Decimal::from(LEAST_AMOUNT)
    }
}
