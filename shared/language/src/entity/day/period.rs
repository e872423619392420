//! Weeks, months and years, and their beginnings, middles and ends.

use domain::Language;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Found, day_of_week, in_week, shift, written};
use crate::entity::Context;
use crate::entity::message::Message;
use crate::entity::sense::Sense;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Week,
    Weekend,
    Month,
    Year,
    /// A month by name, of a year if one is given.
    Named(i8, Option<i64>),
}

/// A period, so many after the present one.
#[derive(Debug, Clone, Copy)]
struct Period {
    unit: Unit,
    offset: i64,
    /// Called "this" or "next": not moved on when it is over.
    fixed: bool,
}

pub(super) fn at(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    if let Some(past) = message.past(index, Sense::MonthEnd) {
        let month = Period { unit: Unit::Month, offset: 0, fixed: false };
        return Some((past, edge(month, Sense::End, context)?));
    }
    if let Some(past) = message.past(index, Sense::WeekEnd) {
        let week = Period { unit: Unit::Week, offset: 0, fixed: false };
        return Some((past, edge(week, Sense::End, context)?));
    }
    let at_edge = message.pick(index, |sense| match sense {
        Sense::Start | Sense::Middle | Sense::End => Some(sense),
        _ => None,
    });
    if let Some((past, which)) = at_edge {
        let dash = past + usize::from(message.word(past) == "-");
        let past = if message.word(dash) == "of" { dash + 1 } else { dash };
        let past = message.past(past, Sense::Article).unwrap_or(past);
        let (past, period) = period(message, past)?;
        // "Since the beginning of the year" looks back.
        let since = matches!(message.before(index), "с" | "со" | "من" | "since" | "from");
        let period = Period { fixed: period.fixed || since, ..period };
        return Some((past, edge(period, which, context)?));
    }
    let (past, period) = period(message, index)?;
    match period.unit {
        Unit::Week => {
            // "next week on Thursday", "this week Thursday".
            let cue = message.past(past, Sense::DateCue).unwrap_or(past);
            if let Some((past, weekday)) = day_of_week(message, cue).filter(|_| period.fixed) {
                return Some((past, in_week(context.today, period.offset, weekday)?));
            }
            let monday = in_week(context.today, period.offset, Weekday::Monday)?;
            (period.offset > 0).then_some((past, monday))
        }
        Unit::Month | Unit::Year if period.offset > 0 => {
            Some((past, edge(period, Sense::Start, context)?))
        }
        // "Have a nice weekend".
        Unit::Weekend if !period.fixed && !expected(message, index) => None,
        Unit::Weekend if period.offset >= 0 => Some((past, edge(period, Sense::Start, context)?)),
        _ => None,
    }
}

/// A preposition of time stands before, perhaps with "the".
fn expected(message: &Message<'_>, index: usize) -> bool {
    let the = usize::from(message.before(index) == "the");
    (index - the).checked_sub(1).is_some_and(|before| {
        !matches!(message.word(before), "the" | "since" | "of")
            && message.has(before, Sense::DateCue)
    })
}

/// A week called this, next or last one: how many weeks from now.
pub(super) fn week(message: &Message<'_>, index: usize) -> Option<(usize, i64)> {
    let (past, period) = period(message, index)?;
    (period.unit == Unit::Week && period.fixed).then_some((past, period.offset))
}

fn period(message: &Message<'_>, index: usize) -> Option<(usize, Period)> {
    let modified = |index| {
        message.pick(index, |sense| match sense {
            Sense::Next | Sense::Coming => Some(1),
            Sense::This => Some(0),
            Sense::Last => Some(-1),
            Sense::AfterNext => Some(2),
            _ => None,
        })
    };
    let index = message.past(index, Sense::Article).unwrap_or(index);
    if let Some((past, offset)) = modified(index)
        && let Some((past, unit)) = unit(message, past)
    {
        return Some((past, Period { unit, offset, fixed: true }));
    }
    let (past, unit) = unit(message, index)?;
    match modified(past) {
        Some((past, offset)) => Some((past, Period { unit, offset, fixed: true })),
        None => Some((past, Period { unit, offset: 0, fixed: false })),
    }
}

fn unit(message: &Message<'_>, index: usize) -> Option<(usize, Unit)> {
    if let Some((past, month)) = written::month(message, index) {
        return Some(match written::year(message, past) {
            Some((past, year)) => (past, Unit::Named(month, Some(year))),
            None => (past, Unit::Named(month, None)),
        });
    }
    message.pick(index, |sense| match sense {
        Sense::Week => Some(Unit::Week),
        Sense::Weekend => Some(Unit::Weekend),
        Sense::MonthWord => Some(Unit::Month),
        Sense::Year => Some(Unit::Year),
        _ => None,
    })
}

/// The day of a period's beginning, middle or end. One without "this" or "next" that is over is
/// the one after.
fn edge(period: Period, which: Sense, context: &Context<'_>) -> Option<Date> {
    let date = on(period, which, context)?;
    if period.fixed || date >= context.today || matches!(period.unit, Unit::Named(..)) {
        return Some(date);
    }
    on(Period { offset: period.offset + 1, ..period }, which, context)
}

fn on(period: Period, which: Sense, context: &Context<'_>) -> Option<Date> {
    let today = context.today;
    let arabic = context.language == Language::Ar;
    match period.unit {
        Unit::Week => {
            let weekday = match which {
                Sense::Start => Weekday::Monday,
                Sense::Middle => Weekday::Wednesday,
                _ if arabic => Weekday::Thursday,
                _ => Weekday::Friday,
            };
            in_week(today, period.offset, weekday)
        }
        Unit::Weekend => {
            let weekday = if arabic { Weekday::Friday } else { Weekday::Saturday };
            let date = in_week(today, period.offset, weekday)?;
            if which == Sense::End { shift(date, 1) } else { Some(date) }
        }
        Unit::Month => {
            let month = today.first_of_month().checked_add(period.offset.months()).ok()?;
            Some(part_of_month(month, which))
        }
        Unit::Year => {
            let year = i16::try_from(i64::from(today.year()) + period.offset).ok()?;
            match which {
                Sense::Start => Date::new(year, 1, 1).ok(),
                Sense::Middle => Date::new(year, 7, 1).ok(),
                _ => Date::new(year, 12, 31).ok(),
            }
        }
        Unit::Named(month, year) => {
            let day = |year: i64| {
                let first = Date::new(i16::try_from(year).ok()?, month, 1).ok()?;
                Some(part_of_month(first, which))
            };
            match year {
                Some(year) => day(year),
                None => written::in_a_fitting_year(today, day),
            }
        }
    }
}

fn part_of_month(first: Date, which: Sense) -> Date {
    match which {
        Sense::Start => first,
        Sense::Middle => first.checked_add(14.days()).unwrap_or(first),
        _ => first.last_of_month(),
    }
}
