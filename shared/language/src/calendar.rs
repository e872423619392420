//! The grammar of days, times of day and durations. The rules are in the crate's documentation.

mod day;
mod words;

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::entity::Findings;
use crate::number;
use crate::text::Text;
use crate::understanding::EntityValue;
use words::{CALENDAR, Word};

/// Takes every date, then what looks like a time or a duration in the rest.
pub(crate) fn find(findings: &mut Findings<'_, '_>, today: Date) {
    let text = findings.text;
    let mut index = 0;
    while index < text.tokens.len() {
        let date =
            day::at(text, index, today).map(|(past, date)| (past, EntityValue::Date { date }));
        let value = date
            .or_else(|| time(text, index).map(|(past, time)| (past, EntityValue::Time { time })))
            .or_else(|| {
                let (past, minutes) = duration(text, index)?;
                Some((past, EntityValue::Duration { minutes }))
            });
        if let Some((past, value)) = value {
            findings.add(index, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

fn word(text: &Text<'_>, index: usize) -> Option<(usize, Word)> {
    CALENDAR.first(text, index).map(|(tokens, word)| (index + tokens, word))
}

/// `17:30`, `5 pm`, `5:30 مساء`, `الساعة 5`, `8 o'clock`, `в 8 часов`.
fn time(text: &Text<'_>, index: usize) -> Option<(usize, Time)> {
    if text.word(index) == "الساعه" {
        let (past, (hour, minute)) = clock(text, index + 1)?;
        let half = half_of_day(text, past);
        let past = half.map_or(past, |(past, _)| past);
        return Some((past, civil(hour, minute, half.map(|(_, pm)| pm))?));
    }
    let (past, (hour, minute)) = clock(text, index)?;
    if let Some((past, pm)) = half_of_day(text, past) {
        return Some((past, civil(hour, minute, Some(pm))?));
    }
    let hourly = matches!(text.word(past), "o'clock" | "часов" | "часа")
        && (text.word(past) == "o'clock" || matches!(preceding(text, index), "в" | "к" | "до"));
    let colon = past > index + 1;
    (hourly || colon)
        .then(|| civil(hour, minute, None).map(|time| (past + usize::from(hourly), time)))?
}

/// An hour, alone or with minutes after a colon.
fn clock(text: &Text<'_>, index: usize) -> Option<(usize, (i64, i64))> {
    let hour = text.integer(index)?;
    let colon = text.word(index + 1) == ":" && text.attached(index + 1) && text.attached(index + 2);
    match text.integer(index + 2).filter(|_| colon) {
        Some(minute) if text.word(index + 2).len() == 2 => Some((index + 3, (hour, minute))),
        Some(_) => None,
        None => Some((index + 1, (hour, 0))),
    }
}

fn half_of_day(text: &Text<'_>, index: usize) -> Option<(usize, bool)> {
    match word(text, index) {
        Some((past, Word::Half { pm })) => Some((past, pm)),
        Some(_) | None => None,
    }
}

fn civil(hour: i64, minute: i64, pm: Option<bool>) -> Option<Time> {
    let hour = match pm {
        Some(true) if (1..12).contains(&hour) => hour + 12,
        Some(false) if hour == 12 => 0,
        Some(_) | None => hour,
    };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

/// `8 hours`, `1.5 h`, `3-day`, `ساعتين`.
fn duration(text: &Text<'_>, index: usize) -> Option<(usize, u32)> {
    if let Some((past, Word::Two { minutes })) = word(text, index) {
        return Some((past, minutes));
    }
    if touches_code(text, index) {
        return None;
    }
    let (past, figure) = number::at(text, index)?;
    let unit = past + usize::from(text.word(past) == "-" && text.attached(past));
    let Some((past, Word::Span { minutes })) = word(text, unit) else { return None };
    let minutes = figure.plain.checked_mul(Decimal::from(minutes))?.round().to_u32()?;
    Some((past, minutes))
}

/// The number hangs on letters or another number: `A-101`, `#4`, `C30/37`.
pub(crate) fn touches_code(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|_| text.attached(index)) else { return false };
    match text.word(before) {
        "/" | "#" | ":" | "_" | "@" | "\\" | "№" | "." => true,
        "-" => text.attached(before),
        _ => false,
    }
}

fn preceding<'t>(text: &'t Text<'_>, index: usize) -> &'t str {
    index.checked_sub(1).map_or("", |before| text.word(before))
}
