//! Numbers with a unit beside them.

use domain::Language;
use rust_decimal::Decimal;

use super::{Found, Reader, Reading};
use crate::entity::Findings;
use crate::entity::message::{Kind, Message};
use crate::entity::sense::Sense;
use crate::understanding::EntityValue;

/// Words that may stand between a number and what it counts.
const BETWEEN: [&str; 24] = [
    "more",
    "extra",
    "additional",
    "new",
    "full",
    "empty",
    "big",
    "small",
    "other",
    "of",
    "local",
    "x",
    "еще",
    "новых",
    "полных",
    "больших",
    "новые",
    "больше",
    "доп",
    "дополнительных",
    "целых",
    "х",
    "لسه",
    "كامل",
];

/// What a describing word may stand before.
const COUNTED: [&str; 13] = [
    "bag", "box", "truck", "trip", "pallet", "roll", "sheet", "drum", "pcs", "person", "bundle",
    "bar", "set",
];

/// What follows "мешков 50".
const WANTED: [&str; 10] =
    ["надо", "нужно", "осталось", "есть", "привезли", "хватит", "нет", "заказать", "еще", "пришло"];

pub(super) fn value(value: Decimal, unit: &str) -> EntityValue {
    EntityValue::Quantity { value: value.normalize(), unit: unit.to_owned() }
}

/// A canonical unit, or things counted in pieces.
fn unit(message: &Message<'_>, index: usize) -> Option<(usize, &'static str)> {
    message.pick_bare(index, of_sense)
}

fn of_sense(sense: Sense) -> Option<&'static str> {
    match sense {
        Sense::Unit(unit) => Some(unit),
        Sense::Piece => Some("pcs"),
        _ => None,
    }
}

impl Reader<'_> {
    /// "50 bags", "2-inch", "3 more trucks", "half a ton".
    pub(super) fn quantity(&self, reading: &Reading) -> Option<Found> {
        let message = self.message;
        let past = reading.figure.past;
        let dash = past + usize::from(message.word(past) == "-" && message.attached(past));
        let between = dash + usize::from(BETWEEN.contains(&message.word(dash)));
        // "20 no. doors".
        let number = dash + usize::from(matches!(message.word(dash), "no" | "nr"));
        let number = number + usize::from(number > dash && message.word(number) == ".");
        let (past, unit) = unit(message, dash)
            .or_else(|| unit(message, between))
            .or_else(|| unit(message, number))
            .or_else(|| self.described(past))?;
        // "Half of the people" is no number of them.
        let whole = matches!(unit, "person" | "pcs");
        if reading.figure.needs_unit && whole && !self.plain(reading).fract().is_zero() {
            return None;
        }
        // "11 m/s", "80 kg/m3".
        let measure = matches!(unit, "m" | "km" | "kg" | "mm" | "t" | "l");
        if measure && message.word(past) == "/" && message.attached(past + 1) {
            return None;
        }
        // "20 man-hours" are hours.
        let hours = past + usize::from(message.word(past) == "-");
        if unit == "person" && matches!(message.word(hours), "hour" | "hours" | "hrs" | "hr") {
            return None;
        }
        // "3 tons and a half".
        let (past, part) = match message.past(past, Sense::AndHalf) {
            Some(past) => (past, Decimal::new(5, 1)),
            None => (past, Decimal::ZERO),
        };
        let plain = self.plain(reading).checked_add(part)?;
        let first = reading.first + usize::from(reading.negative);
        Some(Found::new(first, past, value(plain, unit)))
    }

    /// "2 broken boxes": one word that means nothing else may describe what is counted.
    fn described(&self, index: usize) -> Option<(usize, &'static str)> {
        let message = self.message;
        let unknown = message.is(index, Kind::Word)
            && message.is(index.wrapping_sub(1), Kind::Number)
            && !message.attached(index)
            && message.lexemes(index).is_empty()
            && self.context.language != Language::Ar
            && message.word(index).chars().nth(2).is_some();
        unit(message, index + 1).filter(|(_, unit)| unknown && COUNTED.contains(unit))
    }

    /// "workers: 12", "мешков - 20", `عمال ١٢`: what is counted stands before.
    pub(super) fn labelled(&self, findings: &Findings<'_>, reading: &Reading) -> Option<Found> {
        let message = self.message;
        let number = reading.first + usize::from(reading.negative);
        let mark = matches!(message.before(number), ":" | "=" | "-");
        let end = if mark { number - 1 } else { number };
        let goes_on = message.attached(reading.figure.past);
        let (first, unit) =
            (1..=2).filter_map(|length| end.checked_sub(length)).find_map(|first| {
                let (past, unit) = message.pick(first, of_sense)?;
                (past == end).then_some((first, unit))
            })?;
        // Without a mark only people are counted that way.
        let russian =
            self.context.language == Language::Ru && message.word(first).chars().nth(2).is_some();
        let inverted = russian && reading.figure.digits;
        let listed = mark || ((unit == "person" || inverted) && !reading.negative);
        let whole = self.plain(reading);
        if !listed
            || goes_on
            || (self.cues.paying && !mark && !self.listed_people(first, unit, whole))
            || !(self.ends(findings, reading.figure.past, whole)
                || WANTED.contains(&message.word(reading.figure.past)))
            || !findings.are_free(first, number)
        {
            return None;
        }
        let counted = first
            .checked_sub(1)
            .is_some_and(|before| message.is(before, Kind::Number) && findings.is_free(before));
        if counted || whole > Decimal::from(100_000) {
            return None;
        }
        Some(Found::new(first, reading.figure.past, value(whole, unit)))
    }

    /// In a message about money "людей 16" counts, and "заплатил рабочим 16000" does not.
    fn listed_people(&self, first: usize, unit: &str, value: Decimal) -> bool {
        let message = self.message;
        let given = message.word(first).starts_with("لل")
            || message.word(first).ends_with("ам")
            || message.word(first).ends_with("им")
            || first.checked_sub(1).is_some_and(|before| {
                message.has(before, Sense::Pay) || matches!(message.word(before), "to" | "for")
            });
        !given && (unit != "person" || value < Decimal::ONE_HUNDRED)
    }

    /// The number with its separator read as the language of the message does.
    fn plain(&self, reading: &Reading) -> Decimal {
        match reading.figure.grouped {
            Some((',', grouped)) if self.context.language != Language::Ru => grouped,
            Some(_) | None => reading.figure.plain,
        }
    }
}
