//! The grammar of days. The rules are in the crate's documentation.

mod hijri;
mod numeric;
mod offset;
mod period;
mod written;

pub(super) use written::past_ordinal_ending;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Context;
use super::message::Message;
use super::sense::Sense;

/// "In 5,000 days" is no plan.
const LONGEST_OFFSET_DAYS: i64 = 3660;

/// A day and the token past its name.
type Found = (usize, Date);

/// The day named at a token.
pub(super) fn at(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    let today = context.today;
    relative(message, index, today)
        .or_else(|| weekday(message, index, context))
        .or_else(|| of_a_period(message, index, context))
        .or_else(|| offset::at(message, index, today))
        .or_else(|| written::at(message, index, context))
        .or_else(|| hijri::at(message, index, today))
}

/// "tomorrow", and "tomorrow, Wednesday" where it is one.
fn relative(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    // "Eight hours a day".
    // And lunch is no tomorrow.
    if matches!(message.word(index), "باليوم" | "فاليوم" | "الغدا" | "للغدا" | "والغدا")
    {
        return None;
    }
    let (past, days) = message.pick(index, |sense| match sense {
        Sense::Relative(days) => Some(days),
        _ => None,
    })?;
    let date = shift(today, days.into())?;
    let comma = past + usize::from(message.word(past) == ",");
    let next = message.past(comma, Sense::DateCue).unwrap_or(comma);
    match day_of_week(message, next) {
        Some((past, weekday)) if weekday == date.weekday() => Some((past, date)),
        _ => Some((past, date)),
    }
}

/// A weekday by its name. A short one that is another word too needs a cue before it.
fn day_of_week(message: &Message<'_>, index: usize) -> Option<(usize, Weekday)> {
    let cued = index.checked_sub(1).is_some_and(|before| {
        let cue = |sense| {
            matches!(
                sense,
                Sense::Next | Sense::This | Sense::Coming | Sense::Last | Sense::DateCue
            )
        };
        let article = matches!(message.word(before), "the" | "of" | "for" | "من" | "الي");
        !article && message.pick(before, |sense| cue(sense).then_some(())).is_some()
    });
    // "booked 4 wed", "wed 5am".
    let timed = message.integer(index + 1).is_some()
        && (message.has(index + 2, Sense::Morning) || message.has(index + 2, Sense::Afternoon));
    let four = message.before(index) == "4" && !message.word(index).ends_with("days");
    let cued = cued || timed || four;
    message.pick(index, |sense| match sense {
        Sense::Weekday(weekday) => Some(weekday),
        Sense::Weak(weekday) if cued => Some(weekday),
        _ => None,
    })
}

/// "Thursday", "Thursday 12 March", "Thursday next week", `الخميس الجاي`.
fn weekday(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    let (past, weekday) = day_of_week(message, index)?;
    let today = context.today;
    let joint = matches!(message.word(past), "," | "الموافق" | "موافق" | "بتاريخ" | "the");
    let comma = past + usize::from(joint);
    if let Some(found) = written::explicit(message, comma, context, true) {
        return Some(found);
    }
    let cue = message.past(past, Sense::DateCue).unwrap_or(past);
    if let Some((past, weeks)) = period::week(message, cue) {
        return Some((past, in_week(today, weeks, weekday)?));
    }
    let date = |sense| match sense {
        Sense::Coming | Sense::This => coming(today, weekday),
        Sense::Last => latest(today, weekday),
        Sense::AfterNext => coming(today, weekday).and_then(|date| shift(date, 7)),
        Sense::Next => in_week(today, 1, weekday),
        _ => None,
    };
    match message.pick(past, date) {
        // "Thursday next week" was read above; "Thursday this morning" is no week.
        Some((past, date)) if !message.has(past, Sense::MonthWord) => Some((past, date)),
        _ if message.before(index) == "since" => Some((past, latest(today, weekday)?)),
        _ => Some((past, coming(today, weekday)?)),
    }
}

/// "next Thursday", "next week", "end of the month", "mid March".
fn of_a_period(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    let today = context.today;
    let modified = message.pick(index, |sense| match sense {
        Sense::Next | Sense::This | Sense::Coming | Sense::Last => Some(sense),
        _ => None,
    });
    if let Some((past, modifier)) = modified
        && let Some((past, weekday)) = day_of_week(message, past)
    {
        let date = match modifier {
            Sense::Next => in_week(today, 1, weekday)?,
            Sense::Last => latest(today, weekday)?,
            _ => coming(today, weekday)?,
        };
        return Some((past, date));
    }
    period::at(message, index, context)
}

fn shift(date: Date, days: i64) -> Option<Date> {
    if days.abs() > LONGEST_OFFSET_DAYS {
        return None;
    }
    date.checked_add(days.days()).ok()
}

/// The next such day strictly after today.
fn coming(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}

/// The latest such day strictly before today.
fn latest(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(-1, weekday).ok()
}

/// The day of the week that is so many weeks after this one.
fn in_week(today: Date, weeks: i64, weekday: Weekday) -> Option<Date> {
    let back = i64::from(today.weekday().to_monday_zero_offset());
    shift(today, 7 * weeks - back + i64::from(weekday.to_monday_zero_offset()))
}

/// The second end of a range, at a token, is not before the first: "Sunday to Tuesday", "from the
/// 1st to the 30th".
pub(super) fn after(
    message: &Message<'_>,
    index: usize,
    (first, second): (Date, Date),
) -> Option<Date> {
    let late = match day_of_week(message, index) {
        Some((_, weekday)) => coming(first, weekday),
        None => second.checked_add(1.month()).ok(),
    };
    late.filter(|late| *late > first)
}
