//! The figures of the original specification, kept for those who built on them.
//!
//! They are wrong in known ways, so each has another name than the corrected figure and is only
//! shown beside it: [`super::variance`].

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use super::exact::{div, percent_over};
use super::figure::{Figure, Undefined};
use super::variance::{
    BudgetStatus, BudgetVariance, ScheduleStatus, ScheduleVariance, budget_variance,
    schedule_variance,
};

/// Rule R4 as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ElapsedVariance {
    /// `(days passed - planned days) / planned days * 100`.
    pub elapsed_variance_pct: Figure,
    pub status: Option<ScheduleStatus>,
}

/// R4: days from start to the actual end, or to today, against the planned days.
///
/// C20: before the planned end has passed this is negative, so "on track", whatever was done.
pub fn elapsed_variance(start: Date, end: Date, until: Date) -> ElapsedVariance {
    let was = schedule_variance(start, end, until);
    ElapsedVariance { elapsed_variance_pct: was.variance_pct, status: was.status }
}

/// Rule R6 as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SpendVariance {
    /// `(spent - total) / total * 100`; 0 without a budget.
    pub spend_variance_pct: Figure,
    pub status: Option<BudgetStatus>,
}

/// R6: money spent against the budget.
///
/// C21: half of the money spent is "under budget", whatever was built for it. C23: without a budget
/// everything is "on budget".
pub fn spend_variance(total: Decimal, spent: Decimal) -> SpendVariance {
    let variance = if total <= Decimal::ZERO {
        Ok(Decimal::ZERO)
    } else {
        percent_over(spent, total, Undefined::NoBudget)
    };
    SpendVariance {
        spend_variance_pct: variance.into(),
        status: variance.ok().map(BudgetStatus::of),
    }
}

/// R5: completed tasks of all tasks, percent; 0 when there are none.
pub fn completion_rate(completed: u32, tasks: u32) -> Decimal {
    let share = div(completed.into(), tasks.into(), Undefined::NotMeasured);
    share.map_or(Decimal::ZERO, |share| share * Decimal::ONE_HUNDRED)
}

/// The specification's figure and the corrected one, as a report shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Beside<L, C> {
    pub legacy: L,
    pub corrected: C,
}

/// R4 both ways. `until` is the actual end or today, `forecast` the actual or forecast finish.
pub fn schedule_beside(
    start: Date,
    end: Date,
    until: Date,
    forecast: Date,
) -> Beside<ElapsedVariance, ScheduleVariance> {
    Beside {
        legacy: elapsed_variance(start, end, until),
        corrected: schedule_variance(start, end, forecast),
    }
}

/// R6 both ways. `eac` is the estimate at completion.
pub fn budget_beside(
    total: Decimal,
    spent: Decimal,
    eac: Figure,
) -> Beside<SpendVariance, BudgetVariance> {
    Beside { legacy: spend_variance(total, spent), corrected: budget_variance(total, eac) }
}
