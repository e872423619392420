//! Places on site: "block C", `الطابق 3`, "в осях А-Б", "el. +3.50".

use super::Findings;
use super::day::past_ordinal_ending;
use super::document::number_sign;
use super::message::{Kind, Message};
use super::number::small;
use super::sense::Sense;
use crate::understanding::EntityValue;

/// A label is a letter, a number or a short code; longer ones are words.
const LONGEST_LABEL_CHARS: usize = 5;

/// No building has more floors or rooms side by side than this.
const LARGEST_SPELLED_LABEL: i64 = 60;

pub(super) fn find(findings: &mut Findings<'_>) {
    let message = findings.message;
    let mut index = 0;
    while index < message.len() {
        if let Some(past) = location(findings, index) {
            let value = EntityValue::Location { text: message.slice(index, past).to_owned() };
            findings.add(index, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

/// Places in a row are one: "roof block C", "3rd floor, zone A".
fn location(findings: &Findings<'_>, first: usize) -> Option<usize> {
    let mut past = part(findings, first)?;
    while let Some(next) = part(findings, past) {
        past = next;
    }
    Some(past)
}

fn part(findings: &Findings<'_>, index: usize) -> Option<usize> {
    let message = findings.message;
    if !findings.is_free(index) {
        return None;
    }
    let past = height(message, index)
        .or_else(|| message.past(index, Sense::NamedPlace))
        .or_else(|| sided(message, index))
        .or_else(|| ordered(message, index))
        .or_else(|| counted(message, index))
        .or_else(|| labelled(findings, index))?;
    findings.are_free(index, past).then_some(past)
}

/// "el. +3.50", "на отм. +3,300", `منسوب +3.50`.
fn height(message: &Message<'_>, index: usize) -> Option<usize> {
    let past = message.past(index, Sense::Elevation)?;
    let past = past + usize::from(message.word(past) == ".");
    let signed = matches!(message.word(past), "+" | "-" | "±");
    let number = past + usize::from(signed);
    let fraction = message.word(number).contains(['.', ',']);
    let meters = message
        .pick(number + 1, |sense| matches!(sense, Sense::Unit("m")).then_some(()))
        .map_or(number + 1, |(past, ())| past);
    (message.is(number, Kind::Number) && (signed || fraction)).then_some(meters)
}

/// "north wing", "east façade", `الجناح الشمالي`.
fn sided(message: &Message<'_>, index: usize) -> Option<usize> {
    if let Some(past) = message.past(index, Sense::Side) {
        return message.past(past, Sense::Place);
    }
    message.past(message.past(index, Sense::Place)?, Sense::Side)
}

fn ordinal(message: &Message<'_>, index: usize) -> Option<usize> {
    message
        .pick(index, |sense| matches!(sense, Sense::Ordinal(_)).then_some(()))
        .map(|(past, ())| past)
}

/// "third floor", `الطابق الثالث`, "на третьем этаже".
fn ordered(message: &Message<'_>, index: usize) -> Option<usize> {
    if let Some(past) = ordinal(message, index) {
        return message.past(past, Sense::Place);
    }
    // "Close the manhole first".
    let past = message.past(index, Sense::Place)?;
    ordinal(message, past).filter(|_| !message.word(past).is_ascii())
}

/// "3rd floor", "3 этаж", "3-м этаже", "3-4 этажах": only storeys and sections are counted so.
fn counted(message: &Message<'_>, index: usize) -> Option<usize> {
    let number = message.integer(index).filter(|_| message.word(index).len() <= 3)?;
    let mut past = past_ordinal_ending(message, index + 1);
    let ordered = past > index + 1;
    if message.word(past) == "-" && message.integer(past + 1).is_some() {
        past = past_ordinal_ending(message, past + 2);
    }
    let storey = |word: &str| {
        ["этаж", "секци", "корпус", "подъезд", "захватк", "уровн", "ярус"]
            .iter()
            .any(|stem| word.starts_with(stem))
            && !word.ends_with("еи")
    };
    let floor = matches!(message.word(past), "f" | "fl" | "flr") && message.attached(past);
    let named = message.past(past, Sense::Place).filter(|_| ordered || storey(message.word(past)));
    let named = named.or_else(|| floor.then_some(past + 1));
    // "40 секций" are many; only storeys go so high.
    let most = if message.word(past).starts_with("секци") { 20 } else { 200 };
    named.filter(|_| (0..=most).contains(&number))
}

/// "block C", `فيلا رقم ١٢`, "оси А-Б/1-3".
fn labelled(findings: &Findings<'_>, index: usize) -> Option<usize> {
    let message = findings.message;
    let past = message.past(index, Sense::Place)?;
    let past = past + usize::from(message.word(past) == "." && message.is(past + 1, Kind::Number));
    let sign = number_sign(message, past);
    if let Some(past) = label(findings, sign) {
        return Some(past);
    }
    // "block four", `بلوك خمسة`; not "floor one more time".
    let spelled = message.is(past, Kind::Word);
    let (end, number) = small(message, past).filter(|_| spelled)?;
    let counts = message
        .pick(end, |sense| {
            matches!(sense, Sense::Unit(_) | Sense::Money(_) | Sense::Minutes(_)).then_some(())
        })
        .is_some();
    let last = matches!(message.word(end), "more" | "of" | "by");
    let fits = (1..=LARGEST_SPELLED_LABEL).contains(&number) && !counts && !last;
    (fits && findings.are_free(past, end)).then_some(end)
}

/// The label of a place, with parts joined by dashes or slashes: `C`, `12`, `C3`, `А-Б`.
fn label(findings: &Findings<'_>, first: usize) -> Option<usize> {
    let message = findings.message;
    let mut past = first;
    while findings.is_free(past) && is_label(message, past) {
        past += 1;
        // "12B", "3A".
        if message.attached(past) && message.is(past, Kind::Word) && is_label(message, past) {
            past += 1;
        }
        let joined = matches!(message.word(past), "-" | "/")
            && message.attached(past)
            && message.attached(past + 1)
            && is_label(message, past + 1);
        let pair = message.word(past) == "&" && is_label(message, past + 1);
        if !(joined || pair) {
            return Some(past);
        }
        past += 1;
    }
    None
}

fn is_label(message: &Message<'_>, index: usize) -> bool {
    let word = message.word(index);
    if message.is(index, Kind::Number) {
        let whole = word.bytes().all(|byte| byte.is_ascii_digit());
        return word.len() <= LONGEST_LABEL_CHARS && whole && !counts(message, index + 1);
    }
    if !message.is(index, Kind::Word) || word.chars().count() > LONGEST_LABEL_CHARS {
        return false;
    }
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let single = word.chars().count() == 1;
    // "block a" may go on in small letters; `و` is Arabic for "and", and Russian has "в", "с".
    let original = message.slice(index, index + 1);
    let lone = single && word != "و" && !original.chars().any(char::is_lowercase);
    // "Gate b4 Thursday": before.
    (digits && original != "b4") || lone
}

/// "in the building 5 workers": what follows belongs to the number.
fn counts(message: &Message<'_>, index: usize) -> bool {
    message
        .pick(index, |sense| {
            let counts = matches!(
                sense,
                Sense::Money(_) | Sense::Percent | Sense::Scale(_) | Sense::Minutes(_)
            ) || matches!(sense, Sense::Unit(unit) if !matches!(unit, "m" | "t" | "l"))
                || matches!(sense, Sense::Piece);
            counts.then_some(())
        })
        .is_some()
}
