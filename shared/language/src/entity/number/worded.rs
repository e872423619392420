//! Numbers in words, and in digits with words behind them.

use rust_decimal::Decimal;

use super::{Figure, digits};
use crate::entity::message::{Kind, Message};
use crate::entity::sense::Sense;

/// Words of one number: "nine hundred and ninety-nine thousand nine hundred ..." has fewer.
const MOST_WORDS: usize = 16;

/// No number word is larger than a thousand billions.
const LARGEST: i64 = 1_000_000_000_000_000;

/// A number being read: `total` of the finished thousands, `group` of what may still be scaled.
struct Reader<'m, 'a> {
    message: &'m Message<'a>,
    past: usize,
    total: Option<Decimal>,
    group: Option<Decimal>,
    /// Tens, hundreds and ones fit only into a group of words.
    worded: bool,
    scale: Option<u8>,
    needs_unit: bool,
}

pub(super) fn at(message: &Message<'_>, first: usize) -> Option<Figure> {
    let mut reader = Reader {
        message,
        past: first,
        total: None,
        group: None,
        worded: true,
        scale: None,
        needs_unit: false,
    };
    let mut grouped = None;
    let mut past_digits = first;
    let opens_with_digits = message.is(first, Kind::Number) && !arabizi(message, first);
    if opens_with_digits {
        let figure = digits(message, first)?;
        grouped = figure.grouped;
        reader.group = Some(figure.plain);
        (reader.past, past_digits) = (figure.past, figure.past);
        reader.worded = false;
    } else if message.has(first, Sense::Article) {
        // "a hundred", "a couple of thousand", but not "a five".
        let round = |sense| match sense {
            Sense::Hundreds(100) | Sense::Scale(_) | Sense::Dozen | Sense::Couple => Some(()),
            _ => None,
        };
        message.pick(first + 1, round)?;
        reader.past = first + 1;
    }
    for _ in 0..MOST_WORDS {
        if !reader.step() {
            break;
        }
    }
    let plain = match (reader.total, reader.group) {
        (Some(total), Some(group)) => total.checked_add(group)?,
        (Some(value), None) | (None, Some(value)) => value,
        (None, None) => return None,
    };
    if plain > Decimal::from(LARGEST) && !opens_with_digits {
        return None;
    }
    let past = reader.past;
    let grouped = match (grouped, reader.scale) {
        (Some((mark, value)), Some(scale)) if reader.group.is_none() => {
            Some((mark, value.checked_mul(power(scale))?))
        }
        (grouped, None) if past == past_digits => grouped,
        _ => None,
    };
    let (scale, needs_unit) = (reader.scale, reader.needs_unit);
    Some(Figure { past, plain, grouped, scale, digits: opens_with_digits, needs_unit })
}

/// A figure that begins a word: "3ashra".
fn arabizi(message: &Message<'_>, index: usize) -> bool {
    let counts = |sense| matches!(sense, Sense::Number(_) | Sense::Hundreds(_) | Sense::Scale(_));
    message.pick(index, |sense| counts(sense).then_some(())).is_some()
}

impl Reader<'_, '_> {
    /// Takes one more word, with an "and" before it; false where the number ends.
    fn step(&mut self) -> bool {
        if let Some(past) = self.half() {
            self.past = past;
            return true;
        }
        let started = self.total.is_some() || self.group.is_some();
        let mut from = self.past;
        let mut joined = false;
        if started {
            if self.message.opens_line(from) {
                return false;
            }
            if let Some(past) = self.message.past(from, Sense::And) {
                (from, joined) = (past, true);
            } else if self.message.word(from) == "-" && self.message.attached(from) && self.worded {
                from += 1;
            }
        }
        self.digits(from, started, joined) || self.word(from, joined)
    }

    /// "and a half": of one, or of the thousand before it.
    fn half(&mut self) -> Option<usize> {
        let part = |sense| match sense {
            Sense::AndHalf => Some(Decimal::new(5, 1)),
            Sense::AndQuarter => Some(Decimal::new(25, 2)),
            _ => None,
        };
        let (past, part) = self.message.pick(self.past, part)?;
        if let Some(group) = self.group {
            self.group = Some(group.checked_add(part)?);
            self.worded = false;
        } else {
            let whole = power(self.scale?);
            self.total = Some(self.total?.checked_add(whole.checked_mul(part)?)?);
            self.needs_unit = false;
        }
        Some(past)
    }

    /// "2 thousand *500*", "2 million and *300* thousand".
    fn digits(&mut self, from: usize, started: bool, joined: bool) -> bool {
        let Some(scale) = self.scale.filter(|_| started && self.group.is_none()) else {
            return false;
        };
        let Some(figure) = digits(self.message, from).filter(|figure| figure.grouped.is_none())
        else {
            return false;
        };
        let smaller = |sense| match sense {
            Sense::Scale(next) if next < scale => Some(()),
            _ => None,
        };
        let scaled = self.message.pick(figure.past, smaller).is_some();
        let width = self.message.word(from).len();
        let fills = scale == 3 && figure.past == from + 1 && width <= 3 && (joined || width == 3);
        if !(scaled || fills) || figure.plain >= power(scale) {
            return false;
        }
        (self.group, self.worded, self.past) = (Some(figure.plain), false, figure.past);
        true
    }

    fn word(&mut self, from: usize, joined: bool) -> bool {
        // "45к" is 45,000; "45 к" is 45 and the preposition.
        // "2mn" are millions, "2 mn" is Arabizi for "2 of".
        let attached = self.message.attached(from);
        let short = match self.message.word(from) {
            "k" => Some(3),
            "к" if attached => Some(3),
            "mn" if attached => Some(6),
            _ => None,
        };
        if let Some(scale) = short.filter(|_| !joined && from == self.past)
            && self.group.is_some()
        {
            let scaled = self.scaled(scale, from + 1);
            return scaled.is_some_and(|past| {
                self.past = past;
                true
            });
        }
        for lexeme in self.message.lexemes(from) {
            let past = from + lexeme.tokens();
            let joined = joined || lexeme.joined;
            if let Some(past) = self.take(lexeme.sense, joined, past) {
                self.past = past;
                return true;
            }
        }
        false
    }

    /// Adds a word to the number, if it can follow.
    fn take(&mut self, sense: Sense, joined: bool, past: usize) -> Option<usize> {
        let group = self.group.filter(|_| self.worded).and_then(|group| i64::try_from(group).ok());
        let fresh = self.group.is_none();
        let next = match sense {
            Sense::Number(number @ 1..) => {
                let number = i64::from(number);
                let group = if fresh { 0 } else { group? };
                let fits = match number {
                    1..=9 => group % 10 == 0 && group % 100 != 10,
                    // Arabic says five and twenty.
                    20.. if joined && (1..=9).contains(&(group % 100)) => true,
                    _ => group % 100 == 0,
                };
                Decimal::from(fits.then_some(group + number)?)
            }
            Sense::Hundreds(100) if matches!(group, Some(1..=99)) && !joined => {
                Decimal::from(group? * 100)
            }
            Sense::Hundreds(100)
                if !fresh && !self.worded && !joined && self.group < Some(Decimal::ONE_HUNDRED) =>
            {
                self.group?.checked_mul(Decimal::ONE_HUNDRED)?
            }
            Sense::Hundreds(number) if fresh => Decimal::from(number),
            Sense::OneAndHalf if fresh && self.total.is_none() => Decimal::new(15, 1),
            Sense::Couple if fresh && self.total.is_none() => {
                self.needs_unit = true;
                Decimal::TWO
            }
            Sense::Dozen => {
                self.needs_unit |= fresh;
                self.group.unwrap_or(Decimal::ONE).checked_mul(Decimal::from(12))?
            }
            Sense::Half | Sense::Quarter if fresh && self.total.is_none() => {
                return Some(self.part(sense, past));
            }
            Sense::Scale(scale) => return self.scaled(scale, past),
            Sense::TwoScale(scale) if fresh && self.fits(scale) => {
                self.add(Decimal::TWO.checked_mul(power(scale))?, scale)?;
                return Some(past);
            }
            Sense::HalfScale(scale) if fresh && self.total.is_none() => {
                self.add(Decimal::new(5, 1).checked_mul(power(scale))?, scale)?;
                return Some(past);
            }
            _ => return None,
        };
        if fresh {
            self.worded = !matches!(sense, Sense::OneAndHalf | Sense::Dozen | Sense::Couple);
        }
        self.group = Some(next);
        Some(past)
    }

    /// "half a million", "half a ton".
    fn part(&mut self, sense: Sense, past: usize) -> usize {
        let part = if sense == Sense::Half { Decimal::new(5, 1) } else { Decimal::new(25, 2) };
        let past = if self.message.word(past) == "of" { past + 1 } else { past };
        let article = matches!(self.message.word(past), "a" | "an");
        let past = past + usize::from(article);
        (self.group, self.worded, self.needs_unit) = (Some(part), false, true);
        past
    }

    fn fits(&self, scale: u8) -> bool {
        self.scale.is_none_or(|last| scale < last)
    }

    fn scaled(&mut self, scale: u8, past: usize) -> Option<usize> {
        if !self.fits(scale) {
            return None;
        }
        if self.group.is_none() {
            // "a thousand", `ألف`; after "two million" only with its own number.
            if self.total.is_some() {
                return None;
            }
            self.needs_unit = true;
        }
        let value = self.group.unwrap_or(Decimal::ONE).checked_mul(power(scale))?;
        self.group = None;
        self.needs_unit &= self.total.is_none() && value == power(scale);
        self.add(value, scale)?;
        Some(past)
    }

    fn add(&mut self, value: Decimal, scale: u8) -> Option<()> {
        self.total = Some(self.total.unwrap_or(Decimal::ZERO).checked_add(value)?);
        self.scale = Some(scale);
        // What follows is a new group.
        self.worded = true;
        Some(())
    }
}

fn power(scale: u8) -> Decimal {
    Decimal::from(10_i64.checked_pow(scale.into()).unwrap_or(1))
}
