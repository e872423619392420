//! Answers from what is stored.

use domain::Language;
use domain::project::Task;
use rust_decimal::Decimal;

use super::tasks::is_open;
use crate::phrases::{self, Standing};
use crate::situation::{Site, Situation};

/// Tasks named in one answer.
const NAMED_MAX: usize = 5;

/// How the project stands.
pub(super) fn status(situation: &Situation, site: &Site) -> String {
    let today = site.today(situation.now);
    let mut overdue: Vec<&Task> = site
        .tasks
        .iter()
        .filter(|task| is_open(task) && task.due_on.is_some_and(|due| due < today))
        .collect();
    overdue.sort_by_key(|task| task.due_on);
    let blocked = site
        .tasks
        .iter()
        .filter(|task| task.status == domain::project::TaskStatus::Blocked)
        .count();
    phrases::standing(
        situation.language,
        &Standing {
            project: &site.project,
            overdue: overdue.len(),
            overdue_named: overdue.into_iter().take(NAMED_MAX).collect(),
            blocked,
            budget_used: budget_used(site),
        },
    )
}

/// The open tasks, those due first in front.
pub(super) fn open_tasks(situation: &Situation, site: &Site) -> String {
    let mut open: Vec<&Task> = site.tasks.iter().filter(|task| is_open(task)).collect();
    open.sort_by_key(|task| (task.due_on.is_none(), task.due_on));
    let count = open.len();
    open.truncate(NAMED_MAX);
    phrases::open_tasks(situation.language, &site.project.name, count, &open)
}

/// What has been spent.
pub(super) fn costs(language: Language, site: &Site) -> String {
    phrases::spent(language, &site.project, budget_used(site))
}

/// Percent of the budget that confirmed costs have used, to the unit; none without a budget (C23).
fn budget_used(site: &Site) -> Option<Decimal> {
    if site.project.budget <= Decimal::ZERO {
        return None;
    }
    let share = site.project.cost_confirmed().checked_div(site.project.budget)?;
    share.checked_mul(Decimal::ONE_HUNDRED).map(|percent| percent.round())
}
