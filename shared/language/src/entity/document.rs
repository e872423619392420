//! Names of documents: "drawing A-101", "RFI 23", "invoice #4512", "чертёж КЖ-5", "plan.pdf".

use super::Findings;
use super::message::{Kind, Message};
use super::number;
use super::sense::Sense;
use crate::understanding::EntityValue;

/// More parts than this make no document number.
const MOST_CODE_TOKENS: usize = 9;

/// Short names that are words too: in capitals, or with a dash or a number sign.
const AMBIGUOUS: [&str; 26] = [
    "po", "ms", "co", "si", "ir", "mr", "pr", "sd", "sk", "mom", "ар", "ас", "ов", "вк", "эс",
    "сс", "гп", "тх", "пос", "кр", "км", "рд", "кд", "кс", "пб", "do",
];

/// These go with a sum sooner than with a number: "receipt 780 for paint".
const UNNUMBERED: [&str; 8] =
    ["receipt", "bill", "report", "quotation", "quote", "letter", "تقرير", "كشف"];

/// Endings of file names.
const FILES: [&str; 14] = [
    "pdf", "dwg", "xlsx", "xls", "docx", "doc", "jpg", "jpeg", "png", "rvt", "mpp", "csv", "zip",
    "xer",
];

/// Documents that are named as such.
pub(super) fn find(findings: &mut Findings<'_>) {
    scan(findings, |message, index| {
        file(message, index)
            .or_else(|| coded(message, index))
            .or_else(|| message.past(index, Sense::NamedDocument))
    });
}

/// Codes that look like a drawing's, where nothing else has taken them: `A-101`, `КЖ-5`.
pub(super) fn find_bare(findings: &mut Findings<'_>) {
    scan(findings, bare);
}

fn scan(findings: &mut Findings<'_>, read: impl Fn(&Message<'_>, usize) -> Option<usize>) {
    let message = findings.message;
    let mut index = 0;
    while index < message.len() {
        let past = read(message, index).filter(|past| findings.are_free(index, *past));
        if let Some(past) = past {
            let value = EntityValue::Document { text: message.slice(index, past).to_owned() };
            findings.add(index, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

/// "Plan.pdf", "site-plan.dwg".
fn file(message: &Message<'_>, index: usize) -> Option<usize> {
    if message.is(index, Kind::Symbol) || message.attached(index) {
        return None;
    }
    (index + 1..index + MOST_CODE_TOKENS)
        .take_while(|dot| message.attached(*dot))
        .find(|dot| {
            message.word(*dot) == "."
                && message.attached(dot + 1)
                && FILES.contains(&message.word(dot + 1))
        })
        .map(|dot| dot + 2)
}

/// A noun, perhaps "No." or "#", and a code.
fn coded(message: &Message<'_>, index: usize) -> Option<usize> {
    let noun = message.pick(index, |sense| {
        matches!(sense, Sense::Document | Sense::DocumentPrefix).then_some(sense)
    });
    let (past, noun_sense) = noun?;
    // "PO-123" and "MS 4", but "po" and "ms" are other words as well.
    let upper = || !message.slice(index, past).chars().any(char::is_lowercase);
    let short = noun_sense == Sense::DocumentPrefix && AMBIGUOUS.contains(&message.word(index));
    let dash = message.word(past) == "-" && message.attached(past) && message.attached(past + 1);
    let sign = number_sign(message, past);
    if short && !(dash || sign > past || message.attached(past) || upper()) {
        return None;
    }
    let first = if dash { past + 1 } else { sign };
    let first = first + usize::from(message.word(first) == ":" && sign > past);
    let end = code(message, first)?;
    // "invoice 500 AED", "sheet 12 mm", "report 3 days", "bill 2 million".
    let plain = message.is(first, Kind::Number) && sign == past && !dash;
    let measured = message.pick(end, |sense| {
        let measures =
            matches!(sense, Sense::Unit(_) | Sense::Money(_) | Sense::Percent | Sense::Scale(_))
                || matches!(sense, Sense::Minutes(_) | Sense::Month(_) | Sense::Morning);
        let piece = sense == Sense::Piece && noun_sense == Sense::Document;
        (measures || piece || sense == Sense::Afternoon).then_some(())
    });
    // "счет 912 000 тг" is no number of a bill.
    let grouped = number::digits(message, first).is_some_and(|figure| figure.past > first + 1);
    let unnumbered = UNNUMBERED.contains(&message.word(index));
    let attached_unit = message.attached(end) && message.is(end, Kind::Word);
    let fraction = message.word(first).contains(['.', ',']) && end == first + 1;
    if plain && (grouped || unnumbered || measured.is_some() || attached_unit || fraction) {
        return None;
    }
    Some(end)
}

/// Past "No." or "#", if it stands at `index`.
pub(super) fn number_sign(message: &Message<'_>, index: usize) -> usize {
    match message.past(index, Sense::NumberSign) {
        Some(past) => past + usize::from(message.word(past) == "."),
        None => index,
    }
}

/// Attached letters, digits and marks with a digit among them: `A-101`, `4512`, `S-2/R1`.
fn code(message: &Message<'_>, first: usize) -> Option<usize> {
    let mut end = first;
    let mut digits = false;
    for past in first..first + MOST_CODE_TOKENS {
        let word = message.word(past);
        if past > first && !message.attached(past) || word.is_empty() {
            break;
        }
        let mark = matches!(word, "-" | "/" | "." | "_");
        if message.is(past, Kind::Symbol) && (!mark || past == first) {
            break;
        }
        if !mark {
            // A long word is one of the sentence: "invoice cement-50".
            if message.is(past, Kind::Word) && (word.chars().count() > 6 || is_arabizi(word)) {
                break;
            }
            digits |= word.bytes().any(|byte| byte.is_ascii_digit());
            end = past + 1;
        }
    }
    (digits && end > first).then_some(end)
}

/// "bta3": a digit that is a letter.
fn is_arabizi(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits == 1 && word.len() > 3
}

/// `A-101`, `S-2001`, `КЖ-5`: capitals, a dash and a number.
fn bare(message: &Message<'_>, index: usize) -> Option<usize> {
    let letters = message.word(index).chars().count();
    let dash = message.word(index + 1) == "-" && message.attached(index + 1);
    let digits = message.word(index + 2);
    let number = message.integer(index + 2).is_some() && message.attached(index + 2);
    let capital = !message.slice(index, index + 1).chars().any(char::is_lowercase);
    let russian = message.has(index, Sense::DocumentPrefix) && letters > 1;
    let latin = letters <= 3
        && message.word(index).bytes().all(|byte| byte.is_ascii_lowercase())
        && (3..=4).contains(&digits.len());
    let ends = !message.attached(index + 3) || message.is(index + 3, Kind::Symbol);
    let measured =
        message.pick(index + 3, |sense| matches!(sense, Sense::Unit(_)).then_some(())).is_some();
    let fits = message.is(index, Kind::Word)
        && !message.attached(index)
        && dash
        && number
        && capital
        && (russian || latin)
        && ends
        && !measured;
    fits.then_some(index + 3)
}
