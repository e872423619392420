//! The cumulative curves of a project, for charts.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::add;
use super::figure::{Figure, Undefined};
use super::performance::{Task, planned_value};
use crate::calendar::{Calendar, Moment};

/// Most moments of a curve: more than a chart shows, fourteen years of days.
pub const MOST_MOMENTS: usize = 5_000;

/// The length of a reporting period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Day,
    Week,
    #[default]
    Month,
}

/// Cumulative earned value and actual cost, as recorded at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub at: Moment,
    pub ev: Decimal,
    pub ac: Decimal,
}

/// What remains to be spent, in time: the forecast part of the curve.
#[derive(Debug, Clone, Copy)]
pub struct Rest<'a> {
    pub data_date: Moment,
    /// Actual cost at the data date.
    pub spent: Decimal,
    /// Tasks whose budgets are estimates to complete and whose dates are forecasts.
    pub tasks: &'a [Task],
}

/// A point of the curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Point {
    pub at: Moment,
    /// Cumulative planned value.
    pub planned: Figure,
    /// Cumulative earned value, where one is recorded at or before this moment and not beyond.
    pub earned: Option<Decimal>,
    /// Cumulative actual cost, likewise.
    pub spent: Option<Decimal>,
    /// Cumulative cost to come, from the data date on.
    pub forecast: Option<Figure>,
}

/// The curves at these moments. `recorded` is in order of time; after its last record nothing is
/// earned or spent yet, so the curves end there.
pub fn s_curve(
    tasks: &[Task],
    calendars: &[Calendar],
    moments: &[Moment],
    recorded: &[Recorded],
    rest: Option<Rest<'_>>,
) -> Vec<Point> {
    let last = recorded.last().map(|record| record.at);
    let point = |at: &Moment| {
        let known = recorded.iter().rev().find(|record| record.at <= *at);
        let known = known.filter(|_| last.is_some_and(|last| *at <= last));
        Point {
            at: *at,
            planned: planned_by(tasks, calendars, *at).into(),
            earned: known.map(|record| record.ev),
            spent: known.map(|record| record.ac),
            forecast: rest.filter(|rest| rest.data_date <= *at).map(|rest| {
                let to_come = planned_by(rest.tasks, calendars, *at);
                to_come.and_then(|to_come| add(rest.spent, to_come)).into()
            }),
        }
    };
    moments.iter().map(point).collect()
}

/// The cumulative planned value of these tasks at a moment.
pub fn planned_by(
    tasks: &[Task],
    calendars: &[Calendar],
    at: Moment,
) -> Result<Decimal, Undefined> {
    let clock = Calendar::around_the_clock();
    tasks.iter().try_fold(Decimal::ZERO, |sum, task| {
        let calendar = calendars.get(task.calendar).unwrap_or(&clock);
        add(sum, planned_value(task, calendar, at)?)
    })
}

/// `start`, the beginning of each period after it, and `finish`; at most [`MOST_MOMENTS`].
pub fn reporting_moments(start: Moment, finish: Moment, every: Every) -> Vec<Moment> {
    let mut moments = vec![start];
    let mut day = start.date();
    while moments.len() < MOST_MOMENTS - 1 {
        let Some(next) = next_period(day, every) else { break };
        let at = Moment::midnight(next);
        if at >= finish {
            break;
        }
        if at > start {
            moments.push(at);
        }
        day = next;
    }
    if finish > start {
        moments.push(finish);
    }
    moments
}

/// The first day of the next period: tomorrow, Monday, or the first of a month.
fn next_period(day: Date, every: Every) -> Option<Date> {
    match every {
        Every::Day => day.tomorrow().ok(),
        Every::Week => {
            let to_monday = 7 - i64::from(day.weekday().to_monday_zero_offset());
            day.checked_add(to_monday.days()).ok()
        }
        Every::Month => day.last_of_month().tomorrow().ok(),
    }
}
