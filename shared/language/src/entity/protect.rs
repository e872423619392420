//! Numbers that are names or marks: telephones, addresses, codes, heights, dimensions, ratios.
//! Their tokens are kept from every other grammar.

use super::message::{Kind, Message};
use super::sense::Sense;
use super::{Findings, number};

/// Digits of a telephone or identity number, at least and at most.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

pub(super) fn find(findings: &mut Findings<'_>) {
    let message = findings.message;
    let mut index = 0;
    while index < message.len() {
        let past = address(message, index)
            .or_else(|| phone(message, index))
            .or_else(|| groups(message, index))
            .or_else(|| height(message, index))
            .or_else(|| dimensions(message, index))
            .or_else(|| ratio(message, index))
            .or_else(|| named(message, index));
        match past {
            Some(past) => {
                findings.take(index, past);
                index = past;
            }
            None => index += 1,
        }
    }
}

/// `https://...`, `www...`, `name@host`.
fn address(message: &Message<'_>, index: usize) -> Option<usize> {
    let web = matches!(message.word(index), "http" | "https" | "www")
        && message.attached(index + 1)
        && matches!(message.word(index + 1), ":" | ".");
    let mail = message.is(index, Kind::Word)
        && message.word(index + 1) == "@"
        && message.attached(index + 1)
        && message.attached(index + 2)
        && message.is(index + 2, Kind::Word);
    if !(web || mail) {
        return None;
    }
    let mut past = index + 1;
    while message.attached(past) {
        past += 1;
    }
    Some(past)
}

/// `+971 50 123 4567`, `050-123-4567`, `8 (916) 123-45-67`: a plus, a zero or an area in brackets.
fn phone(message: &Message<'_>, first: usize) -> Option<usize> {
    let plus = message.word(first) == "+" && message.attached(first + 1);
    let start = first + usize::from(plus);
    let head = message.word(start);
    let local = message.is(start, Kind::Number) && head.starts_with('0') && head.len() > 1;
    let area = matches!(head, "7" | "8") && message.word(start + 1) == "(";
    if !(plus || (local && !is_date(message, start)) || area) {
        return None;
    }
    let mut past = start;
    let mut count = 0;
    loop {
        let length = message.word(past).len();
        if message.integer(past).is_some() && count + length <= *PHONE_DIGITS.end() {
            // The last group may already be "500 AED".
            if count >= *PHONE_DIGITS.start()
                && !message.attached(past)
                && measured(message, past + 1)
            {
                break;
            }
            count += length;
            past += 1;
        } else if matches!(message.word(past), "-" | "(" | ")")
            && (message.integer(past + 1).is_some() || message.word(past + 1) == "-")
        {
            past += 1;
        } else {
            break;
        }
    }
    PHONE_DIGITS.contains(&count).then_some(past)
}

/// `01-11-2026`, which begins with a zero like a telephone.
fn is_date(message: &Message<'_>, first: usize) -> bool {
    let length = |index: usize| message.integer(index).map_or(0, |_| message.word(index).len());
    let dash = |index: usize| message.word(index) == "-" && message.attached(index);
    dash(first + 1)
        && dash(first + 3)
        && length(first) <= 2
        && matches!(length(first + 2), 1 | 2)
        && matches!(length(first + 4), 2 | 4)
        && !dash(first + 5)
}

/// A unit, a currency or a percent sign stands at a token.
fn measured(message: &Message<'_>, index: usize) -> bool {
    message
        .pick(index, |sense| {
            let measures = matches!(
                sense,
                Sense::Unit(_) | Sense::Money(_) | Sense::Percent | Sense::Piece | Sense::Scale(_)
            ) || matches!(sense, Sense::Minutes(_));
            measures.then_some(())
        })
        .is_some()
}

/// `784-1990-1234567-1`: groups of digits that are no date.
fn groups(message: &Message<'_>, first: usize) -> Option<usize> {
    if message.attached(first) {
        return None;
    }
    let mut past = first;
    let (mut count, mut lengths) = (0, 0);
    while message.integer(past).is_some() {
        count += message.word(past).len();
        lengths += 1;
        past += 1;
        let joined = message.word(past) == "-"
            && message.attached(past)
            && message.attached(past + 1)
            && message.integer(past + 1).is_some();
        if !joined {
            break;
        }
        past += 1;
    }
    // A date has three groups and at most eight digits.
    let many = lengths > 3 || (lengths == 3 && count > 8);
    (many && PHONE_DIGITS.contains(&count)).then_some(past)
}

/// `+3.50`, `+0,000`: a height without its word.
fn height(message: &Message<'_>, index: usize) -> Option<usize> {
    let signed = matches!(message.word(index), "+" | "±") && message.attached(index + 1);
    let fraction = message.word(index + 1).contains(['.', ',']);
    let called = (1..=2)
        .filter_map(|length| index.checked_sub(length))
        .any(|first| message.past(first, Sense::Elevation).is_some_and(|past| past == index));
    let height = signed && fraction && !called && !measured(message, index + 2);
    height.then_some(index + 2)
}

/// `20x30`, `300 х 600`, `2*4*6`: but "5 x 20 bags" counts and "8 x 150 AED" pays.
fn dimensions(message: &Message<'_>, first: usize) -> Option<usize> {
    if !message.is(first, Kind::Number) {
        return None;
    }
    let mut past = first + 1;
    let mut sides = 1;
    loop {
        let word = message.word(past);
        let glued = message.attached(past)
            && word
                .strip_prefix(['x', 'х'])
                .is_some_and(|side| side.starts_with(|letter: char| letter.is_ascii_digit()));
        let apart = matches!(word, "x" | "х" | "*" | "×") && message.is(past + 1, Kind::Number);
        if glued {
            past += 1;
            // "57х3.5"
            if matches!(message.word(past), "." | ",")
                && message.attached(past)
                && message.attached(past + 1)
                && message.is(past + 1, Kind::Number)
            {
                past += 2;
            }
        } else if apart {
            past += 2;
        } else {
            break;
        }
        sides += 1;
    }
    let counts = message
        .pick(past, |sense| {
            let counts = matches!(
                sense,
                Sense::Money(_) | Sense::Scale(_) | Sense::Minutes(_) | Sense::Piece
            ) || matches!(sense, Sense::Unit(unit) if !matches!(unit, "mm" | "cm" | "m" | "in" | "ft"));
            counts.then_some(())
        })
        .is_some();
    if sides < 2 || counts {
        return None;
    }
    let unit = message.pick(past, |sense| matches!(sense, Sense::Unit(_)).then_some(()));
    Some(unit.map_or(past, |(past, ())| past))
}

/// `1:2:4`, `1:100`: not a time.
fn ratio(message: &Message<'_>, first: usize) -> Option<usize> {
    let part = |index: usize| {
        message.word(index) == ":"
            && message.attached(index)
            && message.attached(index + 1)
            && message.integer(index + 1).is_some()
    };
    message.integer(first)?;
    if !part(first + 1) || (message.attached(first) && message.before(first) == ":") {
        return None;
    }
    let three = part(first + 3);
    let time = message.word(first + 2).len() == 2 && message.word(first).len() <= 2;
    let seconds = three && time && message.word(first + 4).len() == 2;
    let past = if three { first + 5 } else { first + 3 };
    (!time || (three && !seconds)).then_some(past)
}

/// "No. 4512", "tel 0501234567", "grade 60", "scale 1:50": a number that names.
fn named(message: &Message<'_>, index: usize) -> Option<usize> {
    // "Plot no. 17" is a place.
    let owned = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::Place));
    let mut past = message.past(index, Sense::Naming).filter(|_| !owned)?;
    while matches!(message.word(past), "." | ":" | "=") {
        past += 1;
    }
    let figure = number::digits(message, past)?;
    let is_word = matches!(message.word(index), "no" | "call" | "type" | "id" | "o" | "v");
    let mut end = past + 1;
    if measured(message, figure.past) || (is_word && message.word(past).len() < 2) {
        return None;
    }
    while message.attached(end)
        && (message.is(end, Kind::Number) || matches!(message.word(end), "-" | "/" | ":" | "."))
        && message.attached(end + 1)
    {
        end += 1;
    }
    Some(if message.attached(end) && message.is(end, Kind::Number) { end + 1 } else { end })
}
