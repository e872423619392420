//! The grammar of amounts, quantities and percentages.

mod bare;
mod money;
mod quantity;

use domain::Currency;
use rust_decimal::Decimal;

use super::message::{Kind, Message};
use super::number::{self, Figure, touches_code};
use super::sense::{Coin, Sense};
use super::{Context, Findings};
use crate::understanding::EntityValue;

pub(super) fn find(findings: &mut Findings<'_>, context: &Context<'_>) {
    let message = findings.message;
    let said = |cue| message.anywhere(|sense| sense == cue);
    let (pay, buy, total) = (said(Sense::Pay), said(Sense::Buy), said(Sense::Total));
    let maybe = said(Sense::MaybePay);
    let cue = |index: &usize| message.has(*index, Sense::Pay) || message.has(*index, Sense::Buy);
    let last = (0..message.len()).rev().find(cue);
    let asked = last.and_then(|last| (last..message.len()).find(|at| message.word(*at) == "?"));
    let cues = Cues { pay, paying: pay || buy, total, maybe, asked };
    let reader = Reader { context, cues, message };
    let mut index = 0;
    let mut carried = None;
    let mut named = None;
    while index < findings.message.len() {
        if let Some(found) = reader.read(findings, index, (carried, named)) {
            if let EntityValue::Amount { currency: Some(currency), .. } = found.value {
                named = Some(currency);
            }
            findings.add(found.first, found.past, found.value);
            index = found.past;
            carried = found.next;
        } else {
            index += 1;
        }
    }
}

/// Whether the message speaks of paying, so that a number without a unit is money.
pub(super) fn paying(message: &Message<'_>) -> bool {
    message.anywhere(|sense| matches!(sense, Sense::Pay | Sense::Buy))
}

struct Reader<'r> {
    context: &'r Context<'r>,
    cues: Cues,
    message: &'r Message<'r>,
}

/// What a message says of money.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
struct Cues {
    /// It speaks of paying.
    pay: bool,
    /// Of paying or buying.
    paying: bool,
    /// Of a sum, which may be one of people as well.
    total: bool,
    /// Of giving or owing, which may be anything.
    maybe: bool,
    /// The question mark behind the last word of paying: what follows is another matter.
    asked: Option<usize>,
}

/// A number with the tokens around it that belong to it.
#[derive(Debug, Clone, Copy)]
struct Reading {
    first: usize,
    figure: Figure,
    negative: bool,
}

/// A figure that was read.
struct Found {
    first: usize,
    past: usize,
    value: EntityValue,
    /// What the second end of a range, at this token, takes from the first.
    next: Option<(usize, &'static Coin)>,
}

impl Found {
    fn new(first: usize, past: usize, value: EntityValue) -> Self {
        Self { first, past, value, next: None }
    }
}

impl Reader<'_> {
    /// The figure whose number, or number word, stands at a token.
    fn read(
        &self,
        findings: &Findings<'_>,
        index: usize,
        (carried, named): (Option<(usize, &'static Coin)>, Option<Currency>),
    ) -> Option<Found> {
        let message = self.message;
        if !findings.is_free(index) {
            return None;
        }
        if let Some(found) = self.in_a_word(index) {
            return Some(found).filter(|found| findings.are_free(found.first, found.past));
        }
        if touches_code(message, index) && carried.is_none_or(|(place, _)| place != index) {
            return None;
        }
        let figure = match self.inverted(index) {
            Some(figure) => figure,
            None => number::at(message, index)?,
        };
        // The "thousand" of "3 thousand" whose digits were something else.
        let torn = !figure.digits
            && figure.needs_unit
            && index.checked_sub(1).is_some_and(|before| message.is(before, Kind::Number));
        if torn {
            return None;
        }
        let figure = self.with_million(figure, index);
        if !findings.are_free(index, figure.past) {
            return None;
        }
        let (first, negative) = self.sign(findings, index);
        let reading = Reading { first, figure, negative };
        let carried = carried.filter(|(place, _)| *place == index).map(|(_, coin)| coin);
        let found = self
            .percentage(&reading)
            .or_else(|| self.money(findings, &reading, carried))
            .or_else(|| self.quantity(&reading))
            .or_else(|| self.range(findings, &reading))
            .or_else(|| self.labelled(findings, &reading))
            .or_else(|| self.bare(findings, &reading, named))?;
        findings.are_free(found.first, found.past).then_some(found)
    }

    /// `كيسين`, "полтонны", "half done": number and unit in one phrase.
    fn in_a_word(&self, index: usize) -> Option<Found> {
        let (past, value) = self.message.pick(index, |sense| match sense {
            Sense::TwoUnit(unit) => Some(quantity::value(Decimal::TWO, unit)),
            Sense::HalfUnit(unit) => Some(quantity::value(Decimal::new(5, 1), unit)),
            Sense::HalfDone => Some(EntityValue::Percentage { value: Decimal::from(50) }),
            _ => None,
        })?;
        // `طنين ونص`: two and a half.
        if let EntityValue::Quantity { value, unit } = &value
            && let Some(past) = self.message.past(past, Sense::AndHalf)
        {
            let value = value.checked_add(Decimal::new(5, 1))?.normalize();
            let value = EntityValue::Quantity { value, unit: unit.clone() };
            return Some(Found::new(index, past, value));
        }
        Some(Found::new(index, past, value))
    }

    /// "2m AED" is two millions; "paid 2M" too, but "2m of cable" two metres.
    fn with_million(&self, figure: Figure, index: usize) -> Figure {
        let message = self.message;
        let past = figure.past;
        let metre = matches!(message.word(past), "m" | "м") && message.attached(past);
        // "AED 3.2 mn"; alone it is Arabizi for "of".
        if !(metre || message.word(past) == "mn") || !figure.digits {
            return figure;
        }
        let money_before =
            index.checked_sub(1).is_some_and(|before| money::coin(message, before).is_some());
        let capital = matches!(message.slice(past, past + 1), "M" | "М");
        let sure = money::coin(message, past + 1).is_some() || money_before;
        if !sure && !(capital && (self.cues.paying || self.cues.total)) {
            return figure;
        }
        let million = Decimal::from(1_000_000);
        let Some(plain) = figure.plain.checked_mul(million) else { return figure };
        Figure { past: past + 1, plain, grouped: None, scale: Some(6), ..figure }
    }

    /// "тысяч на 40", "миллиона два": Russian for about so many.
    fn inverted(&self, index: usize) -> Option<Figure> {
        let message = self.message;
        let (past, scale) = message.pick(index, |sense| match sense {
            Sense::Scale(scale) => Some(scale),
            _ => None,
        })?;
        // "Тысяча двести" is one number; the genitive goes with a number behind it.
        let russian = matches!(
            message.word(index),
            "тысяч" | "тыщ" | "тыс" | "миллионов" | "миллиона" | "млн"
        );
        let counted = index.checked_sub(1).is_some_and(|before| {
            message.is(before, Kind::Number)
                || message
                    .pick(before, |sense| {
                        matches!(sense, Sense::Number(_) | Sense::Hundreds(_) | Sense::AndHalf)
                            .then_some(())
                    })
                    .is_some()
        });
        let about = past + usize::from(matches!(message.word(past), "на" | "в"));
        let number = number::at(message, about)
            .filter(|number| russian && !counted && number.scale.is_none() && !number.needs_unit)?;
        let plain = number.plain.checked_mul(Decimal::from(10_i64.checked_pow(scale.into())?))?;
        Some(Figure { plain, grouped: None, scale: Some(scale), ..number })
    }

    /// A minus in front that is no dash between words.
    fn sign(&self, findings: &Findings<'_>, index: usize) -> (usize, bool) {
        let Some(before) = index.checked_sub(1).filter(|before| findings.is_free(*before)) else {
            return (index, false);
        };
        let mark = self.message.word(before) == "-"
            && self.message.attached(index)
            && !self.message.attached(before);
        if mark || self.message.has(before, Sense::Minus) {
            return (before, true);
        }
        (index, false)
    }

    fn percentage(&self, reading: &Reading) -> Option<Found> {
        let message = self.message;
        let value = EntityValue::Percentage { value: reading.figure.plain.normalize() };
        let number = reading.first + usize::from(reading.negative);
        if let Some(past) = message.past(reading.figure.past, Sense::Percent) {
            return Some(Found::new(number, past, value));
        }
        // "процентов на шестьдесят".
        let about = usize::from(message.before(number) == "на");
        if let Some(first) = number.checked_sub(1 + about)
            && message.word(first).starts_with("процент")
            && message.is(first, Kind::Word)
            && !first.checked_sub(1).is_some_and(|before| message.is(before, Kind::Number))
        {
            return Some(Found::new(first, reading.figure.past, value));
        }
        // Arabic may write the sign first.
        let before = number.checked_sub(1)?;
        let first = message.word(before) == "%" && message.attached(number);
        first.then(|| Found::new(before, reading.figure.past, value))
    }

    /// The first end of a range, whose second has the unit: "10-15 bags", "5 to 7%".
    fn range(&self, findings: &Findings<'_>, reading: &Reading) -> Option<Found> {
        let message = self.message;
        let past = reading.figure.past;
        let joint = if message.attached(past) && message.word(past) == "-" {
            Some(past + 1)
        } else {
            let number = reading.first;
            let between =
                number.checked_sub(1).is_some_and(|before| message.has(before, Sense::Between));
            message.past_to(past).or_else(|| message.past(past, Sense::And).filter(|_| between))
        };
        let second = joint.filter(|second| findings.are_free(past, *second))?;
        let end = self.with_million(number::at(message, second)?, second);
        if !findings.are_free(second, end.past) {
            return None;
        }
        let figure = share_scale(reading.figure, end)?;
        let whole =
            Reading { first: second, figure: Figure { past: end.past, ..figure }, ..*reading };
        let found = self
            .percentage(&whole)
            .or_else(|| self.money(findings, &whole, None))
            .or_else(|| self.quantity(&whole))?;
        Some(Found::new(reading.first, reading.figure.past, found.value))
    }
}

/// "2-3 thousand" are two thousand and three thousand; "500 to 2 thousand" starts at 500.
fn share_scale(first: Figure, second: Figure) -> Option<Figure> {
    let Some(scale) = second.scale.filter(|_| first.scale.is_none()) else { return Some(first) };
    let factor = Decimal::from(10_i64.checked_pow(scale.into())?);
    let scaled = first.plain.checked_mul(factor)?;
    if scaled > second.plain {
        return Some(first);
    }
    Some(Figure { plain: scaled, grouped: None, scale: Some(scale), ..first })
}
