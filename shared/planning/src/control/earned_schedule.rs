//! Earned schedule: how late a project is, in time rather than in money.
//!
//! Source: W. Lipke, "Schedule is Different", The Measurable News, 2003. Schedule variance in money
//! returns to zero at the end of every late job; in time it does not.
//!
//! Unit of time: the reporting period of the planned values; of a baseline's tasks, the day of the
//! clock.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;

use super::exact::{add, div, mul_div, sub};
use super::figure::{Figure, Undefined};
use super::performance::Task;
use super::s_curve::planned_by;
use crate::calendar::{Calendar, MINUTES_A_DAY as DAY, Moment};

/// A gap beyond this part of what is left is worth a word: one tenth.
const NOTABLE_GAP_PARTS: i64 = 10;

/// The earned schedule at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EarnedSchedule {
    /// `AT`: periods since the start, at the data date.
    pub actual_time: Decimal,
    /// `PD`: periods until the plan has earned everything.
    pub planned_duration: Decimal,
    /// `ES = C + (EV - PV_C) / (PV_{C+1} - PV_C)`, with `C` the last period whose planned value is
    /// earned; never more than `PD`.
    pub earned_schedule: Figure,
    /// `SV(t) = ES - AT`.
    pub variance: Figure,
    /// `SPI(t) = ES / AT`.
    pub index: Figure,
    /// `IEAC(t) = PD / SPI(t)`: the duration if the rest goes as the past went.
    pub estimate_at_completion: Figure,
    /// `TSPI = (PD - ES) / (PD - AT)`: the index that would still meet the plan.
    pub to_complete_index: Figure,
}

impl EarnedSchedule {
    /// `planned` holds the cumulative planned value at the end of period 0 (the start), 1, 2...;
    /// values after the first that reaches the last one do not count. `earned` is the cumulative
    /// earned value at `actual_time`.
    pub fn of(planned: &[Decimal], earned: Decimal, actual_time: Decimal) -> Self {
        let (planned, duration) = to_the_end(planned);
        Self::of_times(earned_schedule(planned, earned, duration), actual_time, duration)
    }

    /// The same from the tasks of a baseline, in days of the clock from its start, exact to a minute.
    ///
    /// Where nothing is planned for a while, a night or a week-end, the same value is planned at many
    /// moments; the one nearest to the data date counts, so that a job on plan is on time.
    pub fn of_tasks(
        tasks: &[Task],
        calendars: &[Calendar],
        earned: Decimal,
        data_date: Moment,
    ) -> Result<Self, Undefined> {
        let start = tasks.iter().map(|task| task.start).min().ok_or(Undefined::NoDuration)?;
        let finish = tasks.iter().map(|task| task.finish).max().ok_or(Undefined::NoDuration)?;
        // The first minute from the start at which as much as this, or more than this, is planned.
        let first = |is_there: &dyn Fn(Decimal) -> bool| -> Result<i64, Undefined> {
            let (mut low, mut high) = (0, finish - start);
            while low < high {
                let middle = low + (high - low) / 2;
                if is_there(planned_by(tasks, calendars, start + middle)?) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            Ok(low)
        };
        let all = planned_by(tasks, calendars, finish)?;
        let duration = first(&|planned| planned >= all)?;
        let earliest = first(&|planned| planned >= earned)?.min(duration);
        let beyond = first(&|planned| planned > earned)?;
        let latest = if earned >= all { duration } else { (beyond - 1).max(0) };
        let passed = (data_date - start).max(0);
        let nearest = passed.min(latest).max(earliest.min(latest));
        let days = |minutes: i64| div(minutes.into(), DAY.into(), Undefined::NoDuration);
        let es = if duration == 0 { Err(Undefined::NoDuration) } else { days(nearest) };
        Ok(Self::of_times(es, days(passed)?, days(duration)?))
    }

    fn of_times(es: Result<Decimal, Undefined>, actual_time: Decimal, duration: Decimal) -> Self {
        let at = actual_time;
        let index = es.and_then(|es| div(es, at, Undefined::NoTimePassed));
        Self {
            actual_time,
            planned_duration: duration,
            earned_schedule: es.into(),
            variance: es.and_then(|es| sub(es, at)).into(),
            index: index.into(),
            estimate_at_completion: es
                .and_then(|es| mul_div(duration, at, es, Undefined::NoEarnedValue))
                .into(),
            to_complete_index: es.and_then(|es| to_complete(duration, es, at)).into(),
        }
    }
}

/// The planned values up to the first that is the final one, and their number of periods.
fn to_the_end(planned: &[Decimal]) -> (&[Decimal], Decimal) {
    let Some(last) = planned.last() else { return (planned, Decimal::ZERO) };
    let end = planned.iter().position(|value| value >= last).unwrap_or_default();
    (planned.get(..=end).unwrap_or(planned), Decimal::from(end))
}

fn earned_schedule(
    planned: &[Decimal],
    earned: Decimal,
    duration: Decimal,
) -> Result<Decimal, Undefined> {
    if duration.is_zero() {
        return Err(Undefined::NoDuration);
    }
    let Some(period) = planned.iter().rposition(|value| *value <= earned) else {
        return Ok(Decimal::ZERO);
    };
    let (Some(before), Some(after)) = (planned.get(period), planned.get(period.saturating_add(1)))
    else {
        return Ok(duration);
    };
    let part = div(sub(earned, *before)?, sub(*after, *before)?, Undefined::NoPlannedValue)?;
    add(Decimal::from(period), part)
}

fn to_complete(duration: Decimal, es: Decimal, at: Decimal) -> Result<Decimal, Undefined> {
    if es >= duration {
        return Err(Undefined::WorkComplete);
    }
    if at >= duration {
        return Err(Undefined::PlannedDurationPassed);
    }
    div(sub(duration, es)?, sub(duration, at)?, Undefined::PlannedDurationPassed)
}

/// The finish that earned schedule forecasts, beside the one that the network computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CrossCheck {
    /// From the network: remaining work, in its logic.
    pub network_finish: Moment,
    /// From what was earned: `start + IEAC(t)`.
    pub earned_finish: Moment,
    /// Minutes of the clock from the first to the second.
    pub gap_minutes: i64,
    /// The gap is more than a tenth of the remaining duration: schedule logic and earned progress
    /// disagree, and one of them is wrong.
    pub disagree: bool,
}

/// Compares the two forecasts. None when earned schedule has none.
pub fn cross_check(
    figures: &EarnedSchedule,
    baseline: (Moment, Moment),
    data_date: Moment,
    network_finish: Moment,
) -> Option<CrossCheck> {
    let (start, finish) = baseline;
    let planned = Decimal::from(finish - start);
    let forecast = figures.estimate_at_completion.0.and_then(|duration| {
        mul_div(planned, duration, figures.planned_duration, Undefined::NoDuration)
    });
    let earned_finish = start + forecast.ok()?.round().to_i64()?;
    let gap_minutes = earned_finish - network_finish;
    let left = (network_finish - data_date).max(0);
    Some(CrossCheck {
        network_finish,
        earned_finish,
        gap_minutes,
        disagree: gap_minutes.saturating_abs().saturating_mul(NOTABLE_GAP_PARTS) > left,
    })
}
