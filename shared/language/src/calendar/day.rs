//! The grammar of days.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::words::{DAY, Word};
use super::{preceding, touches_code, word};
use crate::text::{Kind, Text};

/// A date without a year is taken up to this many days back; further back it is next year's.
const LONGEST_LOOK_BACK_DAYS: i64 = 182;

/// "In 5,000 days" is no plan.
const LONGEST_OFFSET_DAYS: i64 = 3660;

/// Years a written date may have; others are numbers of something else.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;

/// Before these, `12/03` and `12.03` are a day and a month.
const BEFORE_DATES: [&str; 17] = [
    "on",
    "by",
    "before",
    "until",
    "till",
    "due",
    "date",
    "до",
    "к",
    "от",
    "قبل",
    "يوم",
    "بتاريخ",
    "تاريخ",
    "حتي",
    "لغايه",
    "بحلول",
];

/// The day named at a token, and the token past it.
pub(super) fn at(text: &Text<'_>, index: usize, today: Date) -> Option<(usize, Date)> {
    let named = match word(text, index) {
        Some((past, Word::Relative(days))) => Some((past, shift(today, days)?)),
        Some((past, Word::Weekday(weekday))) => Some(weekday_at(text, past, weekday, today)?),
        Some((past, Word::Next)) => modified(text, past, |weekday| in_next_week(today, weekday)),
        Some((past, Word::This)) => modified(text, past, |weekday| coming(today, weekday)),
        Some((past, Word::Last)) => modified(text, past, |weekday| latest(today, weekday)),
        Some((past, Word::NextWeek)) => Some((past, in_next_week(today, Weekday::Monday)?)),
        Some((past, Word::After)) => offset(text, past, today, 1),
        Some((past, Word::Month(month))) => month_day(text, past, month, today),
        Some((_, Word::Ago | Word::Half { .. } | Word::Span { .. } | Word::Two { .. })) | None => {
            None
        }
    };
    named
        .or_else(|| ago(text, index, today))
        .or_else(|| numeric(text, index, today))
        .or_else(|| day_month(text, index, today))
}

fn shift(date: Date, days: i64) -> Option<Date> {
    if days.abs() > LONGEST_OFFSET_DAYS {
        return None;
    }
    date.checked_add(days.days()).ok()
}

/// A weekday, with "القادم", "الماضي" or "next week" behind it or nothing.
fn weekday_at(
    text: &Text<'_>,
    past: usize,
    weekday: Weekday,
    today: Date,
) -> Option<(usize, Date)> {
    match word(text, past) {
        Some((past, Word::NextWeek)) => Some((past, in_next_week(today, weekday)?)),
        Some((past, Word::Last)) => Some((past, latest(today, weekday)?)),
        Some((past, Word::This)) => Some((past, coming(today, weekday)?)),
        Some(_) | None => Some((past, coming(today, weekday)?)),
    }
}

fn modified(
    text: &Text<'_>,
    past: usize,
    resolve: impl Fn(Weekday) -> Option<Date>,
) -> Option<(usize, Date)> {
    let Some((past, Word::Weekday(weekday))) = word(text, past) else { return None };
    Some((past, resolve(weekday)?))
}

/// The next such day strictly after today.
fn coming(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}

/// The latest such day strictly before today.
fn latest(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(-1, weekday).ok()
}

fn in_next_week(today: Date, weekday: Weekday) -> Option<Date> {
    let back = i64::from(today.weekday().to_monday_zero_offset());
    shift(today, 7 - back + i64::from(weekday.to_monday_zero_offset()))
}

/// "in 3 days", "через неделю", "بعد يومين"; `past` is past the "in".
fn offset(text: &Text<'_>, past: usize, today: Date, sign: i64) -> Option<(usize, Date)> {
    let article = usize::from(matches!(text.word(past), "a" | "an" | "one"));
    let (past, count, minutes) = match word(text, past + article) {
        Some((past, Word::Span { minutes } | Word::Two { minutes })) => (past, 1, minutes),
        Some(_) | None => counted(text, past)?,
    };
    let days = i64::from(minutes / DAY).checked_mul(count)?;
    if days == 0 { None } else { Some((past, shift(today, sign * days)?)) }
}

/// A whole number and a span, which may be called by number in English.
fn counted(text: &Text<'_>, index: usize) -> Option<(usize, i64, u32)> {
    let count = match text.word(index) {
        "two" | "два" | "две" => 2,
        "three" | "три" => 3,
        _ => text.integer(index)?,
    };
    match word(text, index + 1) {
        Some((past, Word::Span { minutes })) => Some((past, count, minutes)),
        Some(_) | None => None,
    }
}

/// "3 days ago", "3 дня назад", "قبل 3 أيام".
fn ago(text: &Text<'_>, index: usize, today: Date) -> Option<(usize, Date)> {
    if text.word(index) == "قبل" {
        return offset(text, index + 1, today, -1);
    }
    let (past, ..) = counted(text, index)?;
    match word(text, past) {
        Some((past, Word::Ago)) => Some((past, offset(text, index, today, -1)?.1)),
        Some(_) | None => None,
    }
}

/// `12/03/2026`, `12.03.26`, `2026-03-12`; without a year only behind "on", "by" and the like.
fn numeric(text: &Text<'_>, index: usize, today: Date) -> Option<(usize, Date)> {
    if !text.is(index, Kind::Number) || touches_code(text, index) {
        return None;
    }
    let mut parts: Vec<&str> = text.word(index).split('.').collect();
    let dotted = parts.len() > 1;
    let mut past = index + 1;
    if !dotted {
        let mark = text.word(past);
        while matches!(mark, "/" | "-" | ".")
            && text.word(past) == mark
            && text.attached(past)
            && text.attached(past + 1)
            && text.is(past + 1, Kind::Number)
            && parts.len() < 4
        {
            parts.push(text.word(past + 1));
            past += 2;
        }
    }
    let numbers: Option<Vec<i64>> = parts.iter().map(|part| part.parse().ok()).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let date = match (numbers?.as_slice(), lengths.as_slice()) {
        ([year, month, day], [4, 1..=2, 1..=2]) => date(*year, *month, *day),
        ([day, month, year], [1..=2, 1..=2, 4]) => either(*year, *day, *month),
        ([day, month, year], [1..=2, 1..=2, 2]) => either(2000 + *year, *day, *month),
        ([day, month], [1..=2, length @ 1..=2])
            if BEFORE_DATES.contains(&preceding(text, index)) && (!dotted || *length == 2) =>
        {
            without_year(*month, *day, today)
        }
        _ => None,
    };
    date.map(|date| (past, date))
}

/// `12 March 2026`, `12th of March`, `12-го марта`.
fn day_month(text: &Text<'_>, index: usize, today: Date) -> Option<(usize, Date)> {
    let day = text.integer(index).filter(|_| !touches_code(text, index))?;
    let past = ordinal(text, index + 1);
    let past = past + usize::from(matches!(text.word(past), "of" | "-" | "/"));
    let Some((past, Word::Month(month))) = word(text, past) else { return None };
    dated(text, past, (month, day), today)
}

/// `March 12, 2026`; `past` is past the month.
fn month_day(text: &Text<'_>, past: usize, month: i8, today: Date) -> Option<(usize, Date)> {
    let day = text.integer(past)?;
    dated(text, ordinal(text, past + 1), (month, day), today)
}

fn dated(
    text: &Text<'_>,
    past: usize,
    (month, day): (i8, i64),
    today: Date,
) -> Option<(usize, Date)> {
    let comma = usize::from(matches!(text.word(past), "," | "-" | "/"));
    let year = text.integer(past + comma).filter(|year| YEARS.contains(year));
    match year {
        Some(year) => Some((past + comma + 1, date(year, month.into(), day)?)),
        None => Some((past, without_year(month.into(), day, today)?)),
    }
}

/// Past the ending of an ordinal number, if there is one.
fn ordinal(text: &Text<'_>, past: usize) -> usize {
    match text.word(past) {
        "st" | "nd" | "rd" | "th" | "го" if text.attached(past) => past + 1,
        "-" if matches!(text.word(past + 1), "го" | "е") => past + 2,
        _ => past,
    }
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// Day first, unless only month first is a date.
fn either(year: i64, first: i64, second: i64) -> Option<Date> {
    date(year, second, first).or_else(|| date(year, first, second))
}

fn without_year(month: i64, day: i64, today: Date) -> Option<Date> {
    let oldest = today.checked_sub(Span::new().days(LONGEST_LOOK_BACK_DAYS)).ok()?;
    let year = i64::from(today.year());
    // Four tries reach the next leap year for 29 February.
    (year..year + 5).find_map(|year| date(year, month, day).filter(|date| *date >= oldest))
}
