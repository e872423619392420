//! Schedule and budget variance, rules R4 and R6, on what is forecast instead of what has passed.
//!
//! The rules' thresholds are the specification's. Its operands were today's date and the money
//! spent, which cannot warn before the end date or the budget has passed (C20, C21; kept in
//! [`super::legacy`]). Here the operands are the forecast finish and the estimate at completion; at
//! the end of a project both give the specification's number.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use super::exact::{hundredths, mul, percent_over};
use super::figure::{Figure, Undefined};
use super::progress::within;

/// R4: below this it is on track.
pub const AT_RISK_PCT: Decimal = hundredths(1000);
/// R4: from this on it is delayed.
pub const DELAYED_PCT: Decimal = hundredths(2000);
/// R6: below minus this under budget, from this on over budget.
pub const BUDGET_BAND_PCT: Decimal = hundredths(500);

/// Rule R4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleStatus {
    OnTrack,
    AtRisk,
    Delayed,
}

impl ScheduleStatus {
    /// Of a variance in percent: below 10, below 20, and from there on.
    pub fn of(variance_pct: Decimal) -> Self {
        if variance_pct < AT_RISK_PCT {
            Self::OnTrack
        } else if variance_pct < DELAYED_PCT {
            Self::AtRisk
        } else {
            Self::Delayed
        }
    }
}

/// Rule R6, with a word for what it could not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetStatus {
    UnderBudget,
    OnBudget,
    OverBudget,
    /// C23: without a budget nothing is on budget.
    NoBudget,
}

impl BudgetStatus {
    /// Of a variance in percent: below -5, below 5, and from there on.
    pub fn of(variance_pct: Decimal) -> Self {
        if variance_pct < -BUDGET_BAND_PCT {
            Self::UnderBudget
        } else if variance_pct < BUDGET_BAND_PCT {
            Self::OnBudget
        } else {
            Self::OverBudget
        }
    }
}

/// How much longer than its baseline a project is forecast to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScheduleVariance {
    /// Calendar days from planned start to planned finish.
    pub baseline_days: i64,
    /// Calendar days from planned start to forecast (or actual) finish.
    pub forecast_days: i64,
    /// `(forecast - baseline) / baseline * 100`.
    pub variance_pct: Figure,
    /// None when the plan has no duration.
    pub status: Option<ScheduleStatus>,
}

/// Variance of a forecast finish, or of the actual one when there is one. A planned finish that is
/// not after the start is no plan: no variance, no status (C22).
pub fn schedule_variance(start: Date, planned: Date, forecast: Date) -> ScheduleVariance {
    let baseline_days = days(start, planned);
    let forecast_days = days(start, forecast);
    let variance = if baseline_days <= 0 {
        Err(Undefined::NoDuration)
    } else {
        percent_over(forecast_days.into(), baseline_days.into(), Undefined::NoDuration)
    };
    ScheduleVariance {
        baseline_days,
        forecast_days,
        variance_pct: variance.into(),
        status: variance.ok().map(ScheduleStatus::of),
    }
}

/// The finish of work that has no network: the unfinished share of the planned duration, counted
/// from the data date (from the planned start if that is later), whole calendar days rounded up.
///
/// `share_done` is 0 to 1. None when the plan has no duration or the date is beyond the calendar.
/// Where there is a network, its early finish is the better forecast.
pub fn plain_forecast_finish(
    start: Date,
    planned: Date,
    data_date: Date,
    share_done: Decimal,
) -> Option<Date> {
    let duration = days(start, planned);
    if duration <= 0 {
        return None;
    }
    let left = mul(Decimal::ONE - within(share_done), duration.into()).ok()?;
    let left = left.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
    let left = i64::try_from(left).ok()?;
    data_date.max(start).checked_add(jiff::SignedDuration::from_hours(left.checked_mul(24)?)).ok()
}

/// How far the estimate at completion is from the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BudgetVariance {
    /// `(EAC - BAC) / BAC * 100`.
    pub variance_pct: Figure,
    /// None when there is no estimate.
    pub status: Option<BudgetStatus>,
}

/// Variance of an estimate at completion; at completion that is the actual cost.
pub fn budget_variance(bac: Decimal, eac: Figure) -> BudgetVariance {
    if bac <= Decimal::ZERO {
        let variance_pct = Figure(Err(Undefined::NoBudget));
        return BudgetVariance { variance_pct, status: Some(BudgetStatus::NoBudget) };
    }
    let variance = eac.0.and_then(|eac| percent_over(eac, bac, Undefined::NoBudget));
    BudgetVariance { variance_pct: variance.into(), status: variance.ok().map(BudgetStatus::of) }
}

/// Whole calendar days from one date to another; negative when the other is before.
pub(crate) fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
