//! The grammar of amounts, quantities and percentages.

mod words;

use domain::{Currency, Language};
use rust_decimal::Decimal;

use crate::calendar::touches_code;
use crate::entity::{Context, Findings};
use crate::lexicon::{Concept, Hit};
use crate::number::{self, Figure};
use crate::text::{Kind, Text};
use crate::understanding::EntityValue;
use words::{CURRENCIES, MULTIPLIERS, Name, PERCENT, UNITS};

/// The product holds no larger amount; see `domain::Money`.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

/// Digits of a telephone number, at least.
const PHONE_DIGITS: usize = 7;

/// Digits of a number that without a currency is no amount but an account or a telephone.
const REFERENCE_DIGITS: usize = 9;

pub(crate) fn find(findings: &mut Findings<'_, '_>, hits: &[Hit], context: &Context<'_>) {
    let reader = Reader {
        context,
        paying: hits.iter().any(|hit| matches!(hit.concept, Concept::Paid | Concept::Cost)),
        hits,
    };
    let mut index = 0;
    while index < findings.text.tokens.len() {
        if let Some(past) = phone(findings.text, index) {
            findings.take(index, past);
            index = past;
        } else if let Some((first, past, value)) = reader.read(findings, index) {
            findings.add(first, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

/// `+971 50 123 4567`, `050-123-4567`: a plus or a zero, then digits in groups.
fn phone(text: &Text<'_>, first: usize) -> Option<usize> {
    let plus = text.word(first) == "+" && text.attached(first + 1);
    let digits = first + usize::from(plus);
    let local = text.is(first, Kind::Number) && text.word(first).starts_with('0');
    if !plus && !local {
        return None;
    }
    let mut past = digits;
    let mut count = 0;
    loop {
        if text.integer(past).is_some() {
            count += text.word(past).len();
            past += 1;
        } else if text.word(past) == "-" && text.attached(past) && text.attached(past + 1) {
            past += 1;
        } else {
            break;
        }
    }
    (count >= PHONE_DIGITS).then_some(past)
}

struct Reader<'a> {
    context: &'a Context<'a>,
    /// The message speaks of paying, so a number without a unit is money.
    paying: bool,
    hits: &'a [Hit],
}

/// A number with the tokens around it that belong to it.
struct Reading {
    first: usize,
    past: usize,
    figure: Figure,
    factor: Option<Decimal>,
}

impl Reader<'_> {
    /// The figure whose number, or number word, stands at a token: its tokens and its value.
    fn read(
        &self,
        findings: &Findings<'_, '_>,
        index: usize,
    ) -> Option<(usize, usize, EntityValue)> {
        let text = findings.text;
        if !findings.is_free(index) || touches_code(text, index) {
            return None;
        }
        let reading = number(text, index)?;
        if let Some(value) = percentage(text, &reading) {
            return Some(value);
        }
        // A currency in front wins: "AED 500 AED 600" is two amounts.
        let before = currency_before(findings, index);
        let currency = before.or_else(|| {
            let (tokens, name) = CURRENCIES.first(text, reading.past)?;
            Some((reading.first, reading.past + tokens, name))
        });
        if let Some((first, past, name)) = currency {
            let currency = name.resolve(self.context.hints.currency);
            let amount = amount(&reading, currency)?;
            let (first, past) = (first.min(reading.first), past.max(reading.past));
            return Some((first, past, EntityValue::Amount { amount, currency }));
        }
        self.quantity(text, &reading).or_else(|| self.bare_amount(text, &reading))
    }

    fn quantity(&self, text: &Text<'_>, reading: &Reading) -> Option<(usize, usize, EntityValue)> {
        let unit = reading.past + usize::from(text.word(reading.past) == "-");
        let measured = UNITS.first(text, unit).map(|(tokens, name)| (unit + tokens, name));
        let counted = || {
            let material = |hit: &&Hit| hit.concept == Concept::Material && hit.first == unit;
            self.hits.iter().find(material).map(|hit| (hit.past, "pcs"))
        };
        let (past, unit) = measured.or_else(counted)?;
        let value = match reading.figure.grouped {
            Some((',', grouped)) if self.context.language != Language::Ru => grouped,
            Some(_) | None => reading.figure.plain,
        };
        let value = scaled(value, reading.factor)?;
        Some((reading.first, past, EntityValue::Quantity { value, unit: unit.to_owned() }))
    }

    fn bare_amount(
        &self,
        text: &Text<'_>,
        reading: &Reading,
    ) -> Option<(usize, usize, EntityValue)> {
        let raw = text.word(reading.first);
        let digits = raw.bytes().filter(u8::is_ascii_digit).count();
        let goes_on = text.attached(reading.past)
            && (text.is(reading.past, Kind::Word)
                || matches!(text.word(reading.past), "-" | "/" | ":" | "#" | "_" | "@"));
        let reference = raw.starts_with('0') || digits >= REFERENCE_DIGITS;
        let counted = self.hits.iter().any(|hit| {
            hit.first == reading.past && matches!(hit.concept, Concept::Element | Concept::Work)
        });
        let before = reading.first.checked_sub(1).map_or("", |before| text.word(before));
        let year = text.integer(reading.first).is_some_and(|year| (1990..=2100).contains(&year))
            && matches!(before, "in" | "since" | "year" | "في" | "سنه" | "عام" | "в" | "с");
        if !self.paying || goes_on || counted || reference || year {
            return None;
        }
        let currency = self.context.hints.currency;
        let amount = amount(reading, currency)?;
        Some((reading.first, reading.past, EntityValue::Amount { amount, currency }))
    }
}

/// The digits at a token, or a word like "مليون" standing for itself, and the multiplier.
fn number(text: &Text<'_>, index: usize) -> Option<Reading> {
    let Some((past, figure)) = number::at(text, index) else {
        let (tokens, factor) = MULTIPLIERS.first(text, index)?;
        let past = index + tokens;
        let alone = Figure { plain: Decimal::ONE, grouped: None };
        // Only before a currency: "тысяча проблем" is no figure.
        CURRENCIES.find(text, past)?;
        let factor = Some(Decimal::from(factor));
        return Some(Reading { first: index, past, figure: alone, factor });
    };
    let multiplier = MULTIPLIERS.first(text, past).filter(|_| {
        // "45к" is 45,000; "45 к" is 45 and the preposition.
        text.word(past) != "к" || text.attached(past)
    });
    let millions = matches!(text.word(past), "m" | "м")
        && text.attached(past)
        && (CURRENCIES.find(text, past + 1).is_some() || follows_currency(text, index));
    let multiplier = if millions { Some((1, 1_000_000)) } else { multiplier };
    let (past, factor) =
        multiplier.map_or((past, None), |(tokens, factor)| (past + tokens, Some(factor.into())));
    Some(Reading { first: index, past, figure, factor })
}

fn follows_currency(text: &Text<'_>, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| CURRENCIES.find(text, before).is_some())
}

fn percentage(text: &Text<'_>, reading: &Reading) -> Option<(usize, usize, EntityValue)> {
    let value = EntityValue::Percentage { value: reading.figure.plain };
    if let Some((tokens, ())) = PERCENT.first(text, reading.past) {
        return Some((reading.first, reading.past + tokens, value));
    }
    // Arabic may write the sign first.
    let before = reading.first.checked_sub(1)?;
    (text.word(before) == "%" && text.attached(reading.first)).then_some((
        before,
        reading.past,
        value,
    ))
}

/// A free currency right before a token: its first token, the token itself, and the name.
fn currency_before(findings: &Findings<'_, '_>, index: usize) -> Option<(usize, usize, Name)> {
    (1..=3).rev().find_map(|length| {
        let first = index.checked_sub(length)?;
        let (tokens, name) = CURRENCIES.first(findings.text, first)?;
        let free = (first..index).all(|token| findings.is_free(token));
        (tokens == length && free).then_some((first, index, name))
    })
}

/// The amount, with `1.500` read as the currency's decimals allow.
fn amount(reading: &Reading, currency: Option<Currency>) -> Option<Decimal> {
    let thousandths = currency.is_some_and(|currency| currency.minor_digits() == 3);
    let value = match reading.figure.grouped {
        Some(('.', _)) if thousandths || reading.factor.is_some() => reading.figure.plain,
        Some((_, grouped)) => grouped,
        None => reading.figure.plain,
    };
    scaled(value, reading.factor).filter(|amount| *amount <= Decimal::from(LARGEST_AMOUNT))
}

fn scaled(value: Decimal, factor: Option<Decimal>) -> Option<Decimal> {
    factor.map_or(Some(value), |factor| value.checked_mul(factor)).map(|value| value.normalize())
}
