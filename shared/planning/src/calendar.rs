//! Working time: calendars in minutes, and the arithmetic of dates on them.
//!
//! A [`Calendar`] is a weekly pattern of shifts with dated exceptions. Everything else is counted
//! on one scale: [`Calendar::work_before`] is the number of working minutes before a [`Moment`],
//! so a duration is a difference on that scale and a float is one too. The way back has two
//! answers, for a working day may end long before the next one starts: [`Calendar::finish_at`]
//! gives the earlier and [`Calendar::start_at`] the later of the moments with the same count.
//!
//! A prefix table over the exceptions makes both ways `O(log exceptions)`, whatever the distance.
//!
//! Dates are wall-clock dates of the project's zone and are never converted: a working day of
//! eight hours stays eight hours when the clocks change.

mod moment;
mod shift;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use moment::Moment;
pub use shift::{MINUTES_A_DAY, Shift};

use table::Table;

/// Most dated exceptions of one calendar. Sixty years of single days.
pub const MOST_EXCEPTIONS: usize = 22_000;
/// Most shifts of one day. MS Project allows five; half-hour patterns exist in Primavera.
pub const MOST_SHIFTS: usize = 48;

/// What is wrong with a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("a shift must end after it starts, at most at minute 1440: {from}..{to}")]
    Shift { from: u16, to: u16 },
    #[error("two shifts of a day overlap at minute {at}")]
    Overlap { at: u16 },
    #[error("more than {MOST_SHIFTS} shifts in a day")]
    TooManyShifts,
    #[error("more than {MOST_EXCEPTIONS} exceptions")]
    TooManyExceptions,
    #[error("the calendar has no working time in any week")]
    NoWorkingTime,
}

/// When work is done: a week of shifts, and the days that differ.
///
/// Invariant: every week has working time, so each count of minutes has a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    name: String,
    week: [Vec<Shift>; 7],
    exceptions: BTreeMap<Date, Vec<Shift>>,
    table: Table,
}

/// A calendar as it is stored: without the table, which is computed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Written {
    name: String,
    week: [Vec<Shift>; 7],
    #[serde(default)]
    exceptions: BTreeMap<Date, Vec<Shift>>,
}

impl TryFrom<Written> for Calendar {
    type Error = CalendarError;

    fn try_from(written: Written) -> Result<Self, CalendarError> {
        Self::new(written.name, written.week, written.exceptions)
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        Self { name: calendar.name, week: calendar.week, exceptions: calendar.exceptions }
    }
}

impl Calendar {
    /// A calendar of a week, Monday first, and of exceptions: a date with no shifts is a holiday.
    pub fn new(
        name: impl Into<String>,
        week: [Vec<Shift>; 7],
        exceptions: BTreeMap<Date, Vec<Shift>>,
    ) -> Result<Self, CalendarError> {
        if exceptions.len() > MOST_EXCEPTIONS {
            return Err(CalendarError::TooManyExceptions);
        }
        let table = Table::new(&week, &exceptions)?;
        Ok(Self { name: name.into(), week, exceptions, table })
    }

    /// Every minute of every day.
    pub fn around_the_clock() -> Self {
        let all_day = vec![Shift::ALL_DAY];
        let week = std::array::from_fn(|_| all_day.clone());
        let table = Table::weekly(&week);
        Self { name: "24 hours".to_owned(), week, exceptions: BTreeMap::new(), table }
    }

    /// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00.
    pub fn five_days() -> Self {
        let day = vec![Shift::MORNING, Shift::AFTERNOON];
        let week = std::array::from_fn(|n| if n < 5 { day.clone() } else { Vec::new() });
        let table = Table::weekly(&week);
        Self { name: "Standard".to_owned(), week, exceptions: BTreeMap::new(), table }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shifts of each day of the week, Monday first.
    pub fn week(&self) -> &[Vec<Shift>; 7] {
        &self.week
    }

    /// The days that differ from the week, with their own shifts.
    pub fn exceptions(&self) -> &BTreeMap<Date, Vec<Shift>> {
        &self.exceptions
    }

    /// Working minutes of the longest day of the week: what "a day" of work means in a display.
    pub fn day_minutes(&self) -> i64 {
        self.table.longest_day()
    }

    /// Working minutes of a week without exceptions.
    pub fn week_minutes(&self) -> i64 {
        self.table.week_minutes()
    }

    /// Working minutes between the start of the scale, which is arbitrary, and `at`.
    pub fn work_before(&self, at: Moment) -> i64 {
        self.table.work_before(at)
    }

    /// The earliest moment with `work` minutes before it: the end of working minute `work`.
    pub fn finish_at(&self, work: i64) -> Moment {
        self.table.finish_at(work)
    }

    /// The latest moment with `work` minutes before it: the start of the next working minute.
    pub fn start_at(&self, work: i64) -> Moment {
        self.table.finish_at(work + 1) - 1
    }

    /// The first moment at or after `at` from which work is done.
    pub fn next_start(&self, at: Moment) -> Moment {
        self.start_at(self.work_before(at))
    }

    /// The last moment at or before `at` up to which work is done.
    pub fn previous_finish(&self, at: Moment) -> Moment {
        self.finish_at(self.work_before(at))
    }

    /// Whether work is done just before or just after `at`.
    pub fn touches_work(&self, at: Moment) -> bool {
        let work = self.work_before(at);
        self.finish_at(work) == at || self.start_at(work) <= at
    }

    /// The stretches of working time from `from` to `to`, each until work next stops.
    pub fn periods(&self, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        let mut found: Vec<(Moment, Moment)> = Vec::new();
        let mut day = from.split().0;
        while Moment::from_minutes(day.saturating_mul(MINUTES_A_DAY)) < to {
            let midnight = Moment::from_minutes(day.saturating_mul(MINUTES_A_DAY));
            for shift in self.table.shifts(day) {
                let start = (midnight + i64::from(shift.from())).max(from);
                let end = (midnight + i64::from(shift.to())).min(to);
                match found.last_mut() {
                    Some((_, last)) if *last == start && start < end => *last = end,
                    _ if start < end => found.push((start, end)),
                    _ => {}
                }
            }
            day += 1;
        }
        found
    }

    /// The time that both calendars work.
    pub fn common(&self, other: &Self) -> Result<Self, CalendarError> {
        let both = |one: &[Shift], other: &[Shift]| -> Vec<Shift> {
            let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
            let shared = pairs.map(|(a, b)| (a.from().max(b.from()), a.to().min(b.to())));
            shared.filter_map(|(from, to)| Shift::new(from, to).ok()).collect()
        };
        let days = self.week.iter().zip(&other.week);
        let mut days = days.map(|(one, other)| both(one, other));
        let week = std::array::from_fn(|_| days.next().unwrap_or_default());
        let dates = self.exceptions.keys().chain(other.exceptions.keys());
        let exceptions = dates
            .map(|date| {
                let day = Moment::midnight(*date).split().0;
                (*date, both(self.table.shifts(day), other.table.shifts(day)))
            })
            .collect();
        Self::new(format!("{} and {}", self.name, other.name), week, exceptions)
    }

    /// Working minutes from `from` to `to`, negative when `to` is the earlier.
    pub fn between(&self, from: Moment, to: Moment) -> i64 {
        self.work_before(to) - self.work_before(from)
    }

    /// `at` moved by `minutes` of work: later to the end of the last minute worked, earlier to
    /// the start of the first. By zero minutes it stays where it is, even outside working time.
    pub fn add(&self, at: Moment, minutes: i64) -> Moment {
        match minutes {
            0 => at,
            1.. => self.finish_at(self.work_before(at) + minutes),
            _ => self.start_at(self.work_before(at) + minutes),
        }
    }
}
