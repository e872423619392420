//! The grammar of written numbers: `1500`, `1,234.56`, `1.234,56`, `١٢٣٤٫٥`, `45 000`.

use rust_decimal::Decimal;

use crate::text::{Gap, Kind, Text};

/// More digits are an account or a serial number, not a figure.
const MOST_DIGITS: usize = 18;

/// A number as written. `1.500` and `1,500` can be read in two ways; who knows the unit chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    /// The separator taken as the decimal mark.
    pub(crate) plain: Decimal,
    /// The separator taken as a thousands mark, where it can be one, and which it is.
    pub(crate) grouped: Option<(char, Decimal)>,
}

/// The number that starts at a token, and the token past it. Groups of three digits apart by
/// spaces are one number.
pub(crate) fn at(text: &Text<'_>, first: usize) -> Option<(usize, Figure)> {
    if !text.is(first, Kind::Number) {
        return None;
    }
    let mut raw = text.word(first).to_owned();
    let mut past = first + 1;
    let opens_groups =
        raw.len() <= 3 && !raw.starts_with('0') && raw.bytes().all(|byte| byte.is_ascii_digit());
    while opens_groups && raw.bytes().all(|byte| byte.is_ascii_digit()) && is_group(text, past) {
        raw.push_str(text.word(past));
        past += 1;
    }
    parse(&raw, text.slice(first, past)).map(|figure| (past, figure))
}

fn is_group(text: &Text<'_>, index: usize) -> bool {
    let spaced = text.tokens.get(index).is_some_and(|token| token.gap == Gap::Space);
    let whole = text.word(index).split(['.', ',']).next();
    spaced && text.is(index, Kind::Number) && whole.is_some_and(|whole| whole.len() == 3)
}

/// Reads digits with `.` and `,` between them; `original` tells the Arabic marks apart.
fn parse(raw: &str, original: &str) -> Option<Figure> {
    if raw.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return None;
    }
    let Some((head, mark, tail)) = split_last(raw) else {
        return Some(Figure { plain: decimal(raw, "")?, grouped: None });
    };
    let repeated = head.contains(mark);
    let other = if mark == '.' { ',' } else { '.' };
    if head.contains(other) {
        // Two kinds of marks: the last one is the decimal mark.
        let plain = if repeated { None } else { decimal(&ungroup(head, other)?, tail) };
        return plain.map(|plain| Figure { plain, grouped: None });
    }
    if repeated {
        return Some(Figure { plain: decimal(&ungroup(raw, mark)?, "")?, grouped: None });
    }
    let plain = decimal(head, tail)?;
    let groupable = tail.len() == 3 && head.len() <= 3 && !head.starts_with('0');
    if !groupable || original.contains('٫') {
        return Some(Figure { plain, grouped: None });
    }
    let thousands = decimal(&format!("{head}{tail}"), "")?;
    if original.contains('٬') {
        return Some(Figure { plain: thousands, grouped: None });
    }
    Some(Figure { plain, grouped: Some((mark, thousands)) })
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
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Decimal::from_str_exact(&text).ok()
}
