//! Numbers without a unit, which are money where the message speaks of paying.

use domain::Currency;
use rust_decimal::Decimal;

use super::{Found, Reader, Reading};
use crate::entity::Findings;
use crate::entity::message::Kind;
use crate::entity::sense::Sense;
use crate::understanding::EntityValue;

/// Digits of a number that without a currency is no amount but an account or a telephone.
const REFERENCE_DIGITS: usize = 9;

/// A number alone is no amount below this.
const SMALLEST_AMOUNT: i64 = 10;

/// A sum below this may be one of people or days.
const LEAST_TOTAL: i64 = 500;

/// "Paid 3 electricity bills" pays no three: smaller numbers need a sign that they are money.
const LEAST_AMOUNT: i64 = 50;

impl Reader<'_> {
    /// `named` is the currency of the amount before this one.
    pub(super) fn bare(
        &self,
        findings: &Findings<'_>,
        reading: &Reading,
        named: Option<Currency>,
    ) -> Option<Found> {
        let message = self.message;
        let figure = &reading.figure;
        let cues = self.cues;
        // Thousands that count nothing are money anyway: "30k now".
        let spoken = cues.paying || cues.total || figure.scale.is_some();
        if !spoken || figure.needs_unit || !(figure.digits || figure.scale.is_some()) {
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
                "in" | "since" | "year" | "في" | "سنه" | "عام" | "в" | "с" | "за"
            );
        // "12-345" is a code.
        let hangs = message.attached(number) && message.before(number) == "-" && !reading.negative;
        // "How much is a bag? We need 100."
        let apart = cues.asked.is_some_and(|asked| number > asked);
        let more = apart || (message.before(number) == "+" && figure.scale.is_none());
        if more || hangs || (goes_on && !rupees) || reference || year {
            return None;
        }
        let past = if rupees { figure.past + 2 } else { figure.past };
        let value = figure.grouped.map_or(figure.plain, |(_, grouped)| grouped);
        // "Twenty thousand" is no number of things where money is paid.
        let unknown = message.is(past, Kind::Word) && message.lexemes(past).is_empty();
        let thousands = figure.scale.is_some() && (cues.pay || cues.maybe || !unknown);
        let thousands = thousands && (figure.digits || cues.paying || cues.total || cues.maybe);
        if !(rupees || thousands || self.ends(findings, past, value) || self.paid(number, value)) {
            return None;
        }
        // "Paid in 5 days" and "total 88 on site" are told apart by their size only.
        let least = if cues.paying { SMALLEST_AMOUNT } else { LEAST_TOTAL };
        let now = message.integer(number).is_some_and(|year| (2020..=2030).contains(&year));
        if value < Decimal::from(least) && figure.scale.is_none()
            || (now && !self.paid(number, value))
        {
            return None;
        }
        let mut value = self.amount(reading, None, false)?;
        if let (EntityValue::Amount { currency, .. }, Some(named)) = (&mut value, named) {
            *currency = Some(named);
        }
        Some(Found::new(reading.first, past, value))
    }

    /// Nothing that could be counted follows.
    pub(super) fn ends(&self, findings: &Findings<'_>, past: usize, value: Decimal) -> bool {
        let message = self.message;
        let mark = message.is(past, Kind::Symbol) && !matches!(message.word(past), "°" | "\"");
        let closes = |sense| {
            matches!(sense, Sense::AfterAmount | Sense::DateCue | Sense::To | Sense::And)
                || (sense == Sense::Pay && value >= Decimal::from(LEAST_AMOUNT))
        };
        let word = message.word(past);
        // "500 ومسامير": and nails. Not `وحدات`, units.
        let long = word.chars().nth(3).is_some();
        let and = word.starts_with('و') && long && !word.starts_with("وحد");
        // `للمتر`, `بالشهر`: for each, or for somebody.
        let per = (word.starts_with("لل") || word.starts_with("بال")) && long;
        if word == "the" {
            return false;
        }
        message.opens_line(past)
            || mark
            || and
            || per
            || !findings.is_free(past)
            || message.pick(past, |sense| closes(sense).then_some(())).is_some()
    }

    /// A word of paying or a price stands right before.
    fn paid(&self, number: usize, value: Decimal) -> bool {
        let message = self.message;
        let before = (1..=2).filter_map(|length| number.checked_sub(length)).any(|first| {
            let cue = message.past(first, Sense::Pay).or_else(|| message.past(first, Sense::Total));
            cue.is_some_and(|past| {
                past == number
                    || (past + 1 == number && matches!(message.before(number), ":" | "="))
            })
        });
        let price = message.before(number) == "ب"
            || (matches!(
                message.before(number),
                "is" | "was" | "about" | "around" | "حوالي" | "около"
            ) && number
                .checked_sub(2)
                .is_some_and(|cue| message.has(cue, Sense::Pay) || message.has(cue, Sense::Buy)));
        (before || price) && value >= Decimal::from(LEAST_AMOUNT)
    }
}
