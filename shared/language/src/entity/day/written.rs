//! Dates as they are written: `12/03/2026`, `2026-03-12`, "12 March", "the 15th", `١٥ شهر ٤`.

use jiff::Span;
use jiff::civil::Date;

use super::{Found, numeric};
use crate::entity::Context;
use crate::entity::message::{Kind, Message};
use crate::entity::number::touches_code;
use crate::entity::sense::Sense;

/// A date without a year is taken up to this many days back; further back it is next year's.
const LONGEST_LOOK_BACK_DAYS: i64 = 182;

/// Years a written date may have; others are numbers of something else.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;

/// "12, 13, 15 and 20 March": how many days may wait for their month.
const MOST_DAYS: usize = 4;

pub(super) fn at(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    explicit(message, index, context, cued(message, index))
        .or_else(|| day_of_month(message, index, context.today))
}

/// A date in digits or with its month; `cued` says that a date is expected here.
pub(super) fn explicit(
    message: &Message<'_>,
    index: usize,
    context: &Context<'_>,
    cued: bool,
) -> Option<Found> {
    if touches_code(message, index) {
        return None;
    }
    numeric::at(message, index, context, cued)
        .or_else(|| day_month(message, index, context.today))
        .or_else(|| month_day(message, index, context.today))
}

/// A preposition or the word "date" stands before, perhaps with "the" or a colon.
fn cued(message: &Message<'_>, index: usize) -> bool {
    let mut before = index;
    if matches!(message.before(before), "the" | ":" | "=") {
        before -= 1;
    }
    (1..=3).filter_map(|length| before.checked_sub(length)).any(|first| {
        message
            .pick(first, |sense| matches!(sense, Sense::DateCue | Sense::DayOfMonth).then_some(()))
            .is_some_and(|(past, ())| past == before)
    })
}

/// `12 March 2026`, "12th of March", `12-го марта`, "12-15 March", `١٥ شهر ٤`.
fn day_month(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    let (past, day) = day(message, index)?;
    let mut end = past;
    for _ in 0..MOST_DAYS {
        let of = end + usize::from(matches!(message.word(end), "of" | "-" | "/" | "."));
        let of = message.past(of, Sense::Article).unwrap_or(of);
        let from = if message.word(of) == "من" { of + 1 } else { of };
        if let Some((named, month)) = month(message, from) {
            let (past_year, date) = dated(message, named, (month, day), today)?;
            // Of "12-15 March" the first day is the first number alone.
            return Some((if end == past { past_year } else { past }, date));
        }
        // "the 12th of next month".
        if let Some((named, months)) = relative_month(message, of) {
            let on = |months: i64| {
                let first = today.first_of_month().checked_add(Span::new().months(months)).ok()?;
                date(first.year().into(), first.month().into(), day)
            };
            let plain = months == 0 && named == of + 1;
            let date = on(months).filter(|date| !plain || *date >= today);
            let named = if end == past { named } else { past };
            return Some((named, date.or_else(|| on(1).filter(|_| plain))?));
        }
        // "12-15/03": the days of a month in digits.
        let joint = joint(message, end)?;
        let (next, _) = self::day(message, joint)?;
        if let Some(found) = shared_month(message, joint, (past, day), today) {
            return Some(found);
        }
        end = next;
    }
    None
}

fn joint(message: &Message<'_>, index: usize) -> Option<usize> {
    if matches!(message.word(index), "-" | "," | "&" | "на") {
        return Some(index + 1);
    }
    message
        .pick(index, |sense| matches!(sense, Sense::To | Sense::And).then_some(()))
        .map(|(past, ())| past)
}

/// The first of `12-15/03`, where the second has the month.
fn shared_month(
    message: &Message<'_>,
    second: usize,
    (past, day): (usize, i64),
    today: Date,
) -> Option<Found> {
    let slash = message.word(second + 1) == "/" && message.attached(second + 1);
    let month = message.integer(second + 2).filter(|_| slash && message.attached(second + 2))?;
    let two = message.word(second + 2).len() <= 2 && (1..=12).contains(&month);
    Some((past, without_year(month, day, today).filter(|_| two)?))
}

/// A day of a month: `12`, `12th`, "twelfth".
fn day(message: &Message<'_>, index: usize) -> Option<(usize, i64)> {
    // "The first week of April" is no first of April, also with the week in front.
    let week = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::Week));
    let named = |sense| match sense {
        Sense::Ordinal(day) if !week => Some(i64::from(day)),
        _ => None,
    };
    if let Some(found) = message.pick(index, named) {
        return Some(found);
    }
    let day = message.integer(index).filter(|day| (1..=31).contains(day))?;
    Some((past_ordinal_ending(message, index + 1), day))
}

/// "next month", "this month": how many months from now.
fn relative_month(message: &Message<'_>, index: usize) -> Option<(usize, i64)> {
    let offset = |index| {
        message.pick(index, |sense| match sense {
            Sense::Next | Sense::Coming => Some(1),
            Sense::This => Some(0),
            _ => None,
        })
    };
    if let Some((past, months)) = offset(index) {
        return Some((message.past(past, Sense::MonthWord)?, months));
    }
    let past = message.past(index, Sense::MonthWord)?;
    match offset(past) {
        Some((past, months)) => Some((past, months)),
        None => matches!(message.word(index), "الشهر" | "بالشهر" | "هالشهر").then_some((past, 0)),
    }
}

/// `March 12, 2026`, "March the 12th". Not "may 12 bags".
fn month_day(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    let (past, month) = month(message, index)?;
    let past = if matches!(message.word(past), "-" | "." | "the") { past + 1 } else { past };
    let day = message.integer(past).filter(|day| (1..=31).contains(day))?;
    let ordinal = past_ordinal_ending(message, past + 1);
    let counts = message.pick(ordinal, |sense| {
        let counts = matches!(
            sense,
            Sense::Money(_) | Sense::Unit(_) | Sense::Piece | Sense::Minutes(_) | Sense::Percent
        );
        (counts || matches!(sense, Sense::Scale(_))).then_some(())
    });
    // "may 12", "march 5": the month itself, not the verb, is written with a capital or an ending.
    let verb = matches!(message.word(index), "may" | "march")
        && ordinal == past + 1
        && message.slice(index, index + 1).starts_with(char::is_lowercase)
        && !cued(message, index);
    if counts.is_some() || verb {
        return None;
    }
    dated(message, ordinal, (month, day), today)
}

/// A month by name, or `شهر ٤` by number.
pub(super) fn month(message: &Message<'_>, index: usize) -> Option<(usize, i8)> {
    let named = message.pick(index, |sense| match sense {
        Sense::Month(month) => Some(month),
        _ => None,
    });
    named.map(|(past, month)| (past + usize::from(abbreviated(message, past)), month)).or_else(
        || {
            if !matches!(message.word(index), "شهر" | "الشهر") {
                return None;
            }
            let month = message.integer(index + 1).filter(|month| (1..=12).contains(month))?;
            Some((index + 2, i8::try_from(month).ok()?))
        },
    )
}

/// A full stop after a short name goes with it where the date goes on: "12 Mar. 2026".
fn abbreviated(message: &Message<'_>, past: usize) -> bool {
    message.word(past) == "."
        && message.attached(past)
        && message.integer(past + 1).is_some()
        && message.before(past).chars().count() <= 4
}

/// The year at a token.
pub(super) fn year(message: &Message<'_>, index: usize) -> Option<(usize, i64)> {
    let year = message.integer(index).filter(|year| YEARS.contains(year))?;
    let word = index + 1;
    let called = matches!(message.word(word), "г" | "года" | "год" | "году" | "م" | "ميلادي");
    let counts = message
        .pick(word, |sense| matches!(sense, Sense::Money(_) | Sense::Unit(_)).then_some(()))
        .is_some();
    (called || !counts).then_some((if called { word + 1 } else { word }, year))
}

/// The date of a day and a month whose tokens end at `past`, with the year if one follows.
fn dated(
    message: &Message<'_>,
    past: usize,
    (month, day): (i8, i64),
    today: Date,
) -> Option<Found> {
    let mark = usize::from(matches!(message.word(past), "," | "-" | "/" | "'" | "."));
    if let Some((past, year)) = year(message, past + mark) {
        return Some((past, date(year, month.into(), day)?));
    }
    let short = matches!(message.word(past), "-" | "/" | "'") && message.attached(past + 1);
    if let Some(year) = message.integer(past + 1).filter(|_| short)
        && message.word(past + 1).len() == 2
        && let Some(year) = short_year(year, today)
    {
        return Some((past + 2, date(year, month.into(), day)?));
    }
    Some((past, without_year(month.into(), day, today)?))
}

/// "on the 15th", `15 числа`, `к 15-му`, `يوم ١٥`: the next such day, today included.
fn day_of_month(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    if touches_code(message, index) {
        return None;
    }
    let day = message.integer(index).filter(|day| (1..=31).contains(day))?;
    let plain = index + 1;
    let ordinal = past_ordinal_ending(message, plain);
    let behind = matches!(message.word(ordinal), "числа" | "число" | "числу" | "числе");
    let called = index.checked_sub(1).is_some_and(|before| {
        matches!(message.word(before), "يوم" | "بيوم" | "ليوم") && !message.attached(index)
    });
    let past = if behind { ordinal + 1 } else { ordinal };
    let ends = ends(message, past);
    let polite = matches!(message.word(past), "pls" | "please" | "plz" | "inshallah" | "latest")
        || matches!(message.word(past), "max" | "asap" | "morning" | "evening" | "ان");
    // "с 10 по 24".
    let opens = message.before(index) == "с" && message.word(plain) == "по";
    let opens = opens && message.integer(plain + 1).is_some();
    let closes = message.before(index) == "по"
        && index
            .checked_sub(3)
            .is_some_and(|from| message.word(from) == "с" && message.integer(from + 1).is_some());
    // Of a range of floors or of metres it is the second number that tells.
    let second = if opens { plain + 2 } else { plain };
    let listed = (opens || closes) && self::ends(message, second);
    // "15-го" is a day by itself, "15-го корпуса" is not.
    let russian = message.before(ordinal) == "го" && !message.has(past, Sense::Place);
    let to = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::To));
    let ordered =
        ordinal > plain && (russian || ((ends || polite) && (cued(message, index) || to)));
    if !(behind || ordered || listed || (called && ends)) {
        return None;
    }
    // In "15-16 числа" the mark is a range's; a code would have been refused above.
    let month = |months: i32| {
        let first = today.first_of_month().checked_add(Span::new().months(months)).ok()?;
        date(first.year().into(), first.month().into(), day)
    };
    (0..=2).filter_map(month).find(|date| *date >= today).map(|date| (past, date))
}

/// Whether a number ends here, and counts nothing.
fn ends(message: &Message<'_>, past: usize) -> bool {
    let goes_on =
        |sense| matches!(sense, Sense::DateCue | Sense::TimeCue | Sense::AfterAmount | Sense::And);
    message.opens_line(past)
        || message.is(past, Kind::Symbol)
        || message.pick(past, |sense| goes_on(sense).then_some(())).is_some()
}

/// Past the ending of an ordinal number, if there is one.
pub(in crate::entity) fn past_ordinal_ending(message: &Message<'_>, past: usize) -> usize {
    let dash = past + usize::from(message.word(past) == "-" && message.attached(past));
    // "4м" are metres, "4-м" is the fourth.
    let letters = dash > past || message.word(dash).chars().count() > 1;
    let ending = letters && message.attached(dash) && message.has(dash, Sense::OrdinalEnding);
    if ending { dash + 1 } else { past }
}

pub(super) fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// The year of two digits: near today, or the numbers are no date.
pub(super) fn short_year(digits: i64, today: Date) -> Option<i64> {
    let year = 2000 + digits;
    let now = i64::from(today.year());
    (now - 10..=now + 20).contains(&year).then_some(year)
}

/// Day first, unless only month first is a date.
pub(super) fn either(year: i64, first: i64, second: i64) -> Option<Date> {
    date(year, second, first).or_else(|| date(year, first, second))
}

pub(super) fn without_year(month: i64, day: i64, today: Date) -> Option<Date> {
    in_a_fitting_year(today, |year| date(year, month, day))
}

/// The first date that a year gives and that is not too far back.
pub(super) fn in_a_fitting_year(
    today: Date,
    of_year: impl Fn(i64) -> Option<Date>,
) -> Option<Date> {
    in_a_fitting_year_from(today.year().into(), today, of_year)
}

pub(super) fn in_a_fitting_year_from(
    year: i64,
    today: Date,
    of_year: impl Fn(i64) -> Option<Date>,
) -> Option<Date> {
    let oldest = today.checked_sub(Span::new().days(LONGEST_LOOK_BACK_DAYS)).ok()?;
    // Ten tries pass a century without a leap day.
    (year..year + 9).find_map(|year| of_year(year).filter(|date| *date >= oldest))
}
