//! Rule R7: what to do about a late, dear or risky project.

use rust_decimal::Decimal;
use serde::Serialize;

use super::risk::HIGH_RISK;
use super::variance::{BudgetStatus, ScheduleStatus};

/// What a recommendation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    Schedule,
    Budget,
    Risk,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    High,
    Medium,
}

/// What to do, in the specification's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    pub area: Area,
    pub priority: Priority,
    pub actions: [&'static str; 3],
}

const SCHEDULE: Recommendation = Recommendation {
    area: Area::Schedule,
    priority: Priority::High,
    actions: ["review_critical_path", "optimize_resource_allocation", "update_milestones"],
};
const BUDGET: Recommendation = Recommendation {
    area: Area::Budget,
    priority: Priority::High,
    actions: ["review_cost_items", "optimize_procurement", "update_budget_forecast"],
};
const RISK: Recommendation = Recommendation {
    area: Area::Risk,
    priority: Priority::Medium,
    actions: ["review_risk_factors", "develop_contingency_plans", "increase_monitoring"],
};

/// Delayed, over budget, and an overall risk above (not at) 0.7, in this order.
pub fn recommendations(
    schedule: Option<ScheduleStatus>,
    budget: Option<BudgetStatus>,
    overall_risk: Option<Decimal>,
) -> Vec<Recommendation> {
    let asked = [
        (schedule == Some(ScheduleStatus::Delayed)).then_some(SCHEDULE),
        (budget == Some(BudgetStatus::OverBudget)).then_some(BUDGET),
        overall_risk.is_some_and(|risk| risk > HIGH_RISK).then_some(RISK),
    ];
    asked.into_iter().flatten().collect()
}
