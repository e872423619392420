//! The grammar of numbers: `1500`, `1,234.56`, `١٢٣٤٫٥`, `45 000`, `2.5 million`, `12 ألف و500`,
//! "two and a half thousand", `خمسة وعشرين`, `полторы тысячи`.

mod digits;
mod worded;

use rust_decimal::Decimal;

use super::message::{Kind, Message};
use super::sense::Sense;

/// A number and the token past it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) past: usize,
    /// The separator taken as the decimal mark.
    pub(super) plain: Decimal,
    /// The separator taken as a thousands mark, where it can be one, and which it is.
    /// `1.500` and `1,500` can be read in two ways; who knows the unit chooses.
    pub(super) grouped: Option<(char, Decimal)>,
    /// The last thousand or million: 3, 6.
    pub(super) scale: Option<u8>,
    /// It begins with digits.
    pub(super) digits: bool,
    /// A word like "half" or "million" stands for a whole number: it must count something.
    pub(super) needs_unit: bool,
}

/// The number that starts at a token.
pub(super) fn at(message: &Message<'_>, first: usize) -> Option<Figure> {
    worded::at(message, first)
}

/// The number that starts at a token, without the words for thousands behind it.
pub(super) fn digits(message: &Message<'_>, first: usize) -> Option<Figure> {
    let (past, plain, grouped) = digits::at(message, first)?;
    Some(Figure { past, plain, grouped, scale: None, digits: true, needs_unit: false })
}

/// A whole number of at most three digits, written or spelled: "3", "three", `ثلاثة`.
pub(super) fn small(message: &Message<'_>, first: usize) -> Option<(usize, i64)> {
    if let Some(number) = message.integer(first) {
        return (message.word(first).len() <= 3).then_some((first + 1, number));
    }
    let (past, number) = message.pick(first, |sense| match sense {
        Sense::Number(number) => Some(i64::from(number)),
        Sense::Couple => Some(2),
        _ => None,
    })?;
    // "twenty five", "двадцать пять".
    let dash = usize::from(message.word(past) == "-" && message.attached(past));
    let ones = |sense| match sense {
        Sense::Number(ones @ 1..=9) => Some(i64::from(ones)),
        _ => None,
    };
    if number >= 20
        && number % 10 == 0
        && let Some((past, ones)) = message.pick(past + dash, ones)
    {
        return Some((past, number + ones));
    }
    Some((past, number))
}

/// The number hangs on letters or another number: `A-101`, `#4`, `C30/37`, `@200`. In "10-15
/// bags" and "7am-5pm" the dash is a range's.
pub(super) fn touches_code(message: &Message<'_>, index: usize) -> bool {
    let Some(mark) = index.checked_sub(1).filter(|_| message.attached(index)) else {
        return false;
    };
    let first = mark.checked_sub(1);
    let number = first.filter(|first| message.is(*first, Kind::Number) && message.attached(mark));
    match message.word(mark) {
        "/" | "#" | "_" | "@" | "\\" | "№" => true,
        // "total:500", "done.500 bags".
        ":" => number.is_some(),
        // "x1.3" is no three.
        "." => {
            let coded = |first| message.word(first).ends_with(|end: char| end.is_ascii_digit());
            message.attached(mark) && first.is_some_and(coded)
        }
        "-" if !message.attached(mark) => false,
        "-" => !number.map_or_else(|| measured(message, first), |first| starts(message, first)),
        _ => false,
    }
}

/// A number that opens a word, or follows its currency: no part of a code.
fn starts(message: &Message<'_>, number: usize) -> bool {
    let money = |sense| matches!(sense, Sense::Money(_)).then_some(());
    let glued = number.checked_sub(1).filter(|_| message.attached(number));
    glued.is_none_or(|before| {
        // "6:30-18:00".
        let time = message.word(before) == ":"
            && before.checked_sub(1).is_some_and(|hour| message.is(hour, Kind::Number));
        time || message.pick(before, money).is_some() || is_preposition(message.word(before))
    })
}

/// `بـ500`: a preposition.
fn is_preposition(word: &str) -> bool {
    matches!(word, "ب" | "ل" | "و" | "ف")
}

/// A unit glued to a number: the "am" of "7am-5pm".
fn measured(message: &Message<'_>, index: Option<usize>) -> bool {
    let Some(index) = index.filter(|index| message.attached(*index)) else { return false };
    let measure = |sense| {
        let measure = matches!(
            sense,
            Sense::Unit(_) | Sense::Minutes(_) | Sense::Money(_) | Sense::Morning | Sense::Percent
        );
        (measure || sense == Sense::Afternoon).then_some(())
    };
    index.checked_sub(1).is_some_and(|number| message.is(number, Kind::Number))
        && message.pick(index, measure).is_some()
}
