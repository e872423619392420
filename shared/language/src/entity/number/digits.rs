//! Numbers in digits.

use rust_decimal::Decimal;

use crate::entity::message::{Kind, Message};

/// More digits are an account or a serial number, not a figure.
const MOST_DIGITS: usize = 18;

/// Groups of three digits apart by spaces: a million millions has five.
const MOST_GROUPS: usize = 5;

/// The token past the digits, their value with the separator taken as the decimal mark, and
/// with it taken as a thousands mark where it can be one.
pub(super) type Read = (usize, Decimal, Option<(char, Decimal)>);

/// Groups of three digits apart by spaces are one number.
pub(super) fn at(message: &Message<'_>, first: usize) -> Option<Read> {
    if !message.is(first, Kind::Number) {
        return None;
    }
    let head = message.word(first);
    let opens_groups = head.len() <= 3 && !head.starts_with('0') && whole(head);
    let mut past = first + 1;
    while opens_groups
        && past - first < MOST_GROUPS
        && whole(message.word(past - 1))
        && is_group(message, past)
    {
        past += 1;
    }
    let original = message.slice(first, past);
    if past == first + 1 {
        return parse(head, original).map(|(plain, grouped)| (past, plain, grouped));
    }
    let raw: String = (first..past).map(|index| message.word(index)).collect();
    parse(&raw, original).map(|(plain, grouped)| (past, plain, grouped))
}

fn whole(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_group(message: &Message<'_>, index: usize) -> bool {
    let whole = message.word(index).split(['.', ',']).next();
    message.spaced(index)
        && message.is(index, Kind::Number)
        && whole.is_some_and(|whole| whole.len() == 3)
}

/// Reads digits with `.` and `,` between them; `original` tells the Arabic marks apart.
fn parse(raw: &str, original: &str) -> Option<(Decimal, Option<(char, Decimal)>)> {
    if raw.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return None;
    }
    let Some((head, mark, tail)) = split_last(raw) else {
        return Some((decimal(raw, "")?, None));
    };
    let repeated = head.contains(mark);
    let other = if mark == '.' { ',' } else { '.' };
    if head.contains(other) {
        // Two kinds of marks: the last one is the decimal mark.
        let plain = if repeated { None } else { decimal(&ungroup(head, other)?, tail) };
        return plain.map(|plain| (plain, None));
    }
    if repeated {
        return Some((decimal(&ungroup(raw, mark)?, "")?, None));
    }
    let plain = decimal(head, tail)?;
    let groupable = tail.len() == 3 && head.len() <= 3 && !head.starts_with('0');
    if !groupable || original.contains('٫') {
        return Some((plain, None));
    }
    let thousands = decimal(&format!("{head}{tail}"), "")?;
    if original.contains('٬') {
        return Some((thousands, None));
    }
    Some((plain, Some((mark, thousands))))
}

fn split_last(raw: &str) -> Option<(&str, char, &str)> {
    let place = raw.rfind(['.', ','])?;
    let mark = if raw.get(place..)?.starts_with('.') { '.' } else { ',' };
    Some((raw.get(..place)?, mark, raw.get(place + 1..)?))
}

/// The digits of groups: one to three, then two or three (the Indian lakh), at last three.
fn ungroup(text: &str, mark: char) -> Option<String> {
    let groups: Vec<&str> = text.split(mark).collect();
    let (last, rest) = groups.split_last()?;
    let (first, middle) = rest.split_first()?;
    let well_formed = last.len() == 3
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && middle.iter().all(|group| (2..=3).contains(&group.len()));
    well_formed.then(|| groups.concat())
}

fn decimal(whole: &str, fraction: &str) -> Option<Decimal> {
    if fraction.is_empty() {
        return Decimal::from_str_exact(whole).ok();
    }
    Decimal::from_str_exact(&format!("{whole}.{fraction}")).ok()
}
