//! A project as answers show it.

use domain::project::{Project, ProjectStatus};
use domain::{Money, ProjectId};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use utoipa::ToSchema;

use crate::amount::Amount;

/// A project and its running totals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectAnswer {
    #[schema(value_type = String, example = "prj_01jv8z0c9q0000000000000000")]
    id: ProjectId,
    #[schema(example = "Marina Tower")]
    name: String,
    #[schema(value_type = String, example = "active")]
    status: ProjectStatus,
    /// IANA; dates of the plan are wall-clock dates of this zone.
    #[schema(example = "Asia/Dubai")]
    time_zone: String,
    #[schema(value_type = Option<String>, example = "2026-01-05")]
    starts_on: Option<Date>,
    #[schema(value_type = Option<String>, example = "2026-12-20")]
    ends_on: Option<Date>,
    budget: Option<Amount>,
    /// Confirmed costs.
    spent: Option<Amount>,
    /// Confirmed costs in per cent of the budget, to one decimal; absent without a budget.
    #[schema(value_type = Option<String>, example = "12.5")]
    budget_used_percent: Option<Decimal>,
    /// Tasks done in per cent of tasks that are not cancelled.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    progress: u8,
    totals: Totals,
    #[schema(value_type = String, example = "2026-01-02T08:00:00Z")]
    created_at: Timestamp,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    updated_at: Timestamp,
}

/// Counts, equal to a recount.
#[derive(Debug, Serialize, ToSchema)]
struct Totals {
    /// Without cancelled ones.
    #[schema(example = 25)]
    tasks: u64,
    #[schema(example = 10)]
    tasks_done: u64,
    #[schema(example = 2)]
    insights_open: u64,
}

impl From<Project> for ProjectAnswer {
    fn from(project: Project) -> Self {
        let spent = project.cost_confirmed();
        let money = |amount| Money::new(amount, project.currency).ok().map(Amount::from);
        Self {
            id: project.id,
            status: project.status,
            budget: money(project.budget),
            spent: money(spent),
            budget_used_percent: percent(spent, project.budget),
            progress: progress(project.tasks_done, project.tasks_total),
            totals: Totals {
                tasks: project.tasks_total,
                tasks_done: project.tasks_done,
                insights_open: project.insights_open,
            },
            starts_on: project.starts_on,
            ends_on: project.ends_on,
            created_at: project.created_at,
            updated_at: project.updated_at,
            name: project.name,
            time_zone: project.time_zone,
        }
    }
}

fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    let share = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
    Some(share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
}

/// Rounded down: 100 means that nothing is left.
fn progress(done: u64, total: u64) -> u8 {
    let percent = done.saturating_mul(100).checked_div(total).unwrap_or(0);
    u8::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{percent, progress};

    #[test]
    fn shares_are_rounded_and_nothing_is_divided_by_zero() {
        assert_eq!((progress(0, 0), progress(1, 3), progress(299, 300)), (0, 33, 99));
        assert_eq!((progress(3, 3), progress(5, 3)), (100, 100));
        let of = |part, whole| percent(Decimal::from(part), Decimal::from(whole));
        assert_eq!(of(1, 8).unwrap().to_string(), "12.5");
        assert_eq!(of(3, 2).unwrap().to_string(), "150");
        assert_eq!(of(1, 0), None);
    }
}
