//! Longer answers, put together from records.

use std::fmt::Write;

use domain::Language;
use domain::project::{Project, Task, TaskStatus};
use domain::text::clip;
use rust_decimal::Decimal;

use super::short;

/// How a project stands.
pub(crate) struct Standing<'a> {
    pub(crate) project: &'a Project,
    pub(crate) overdue: usize,
    pub(crate) overdue_named: Vec<&'a Task>,
    pub(crate) blocked: usize,
    /// Percent; none without a budget.
    pub(crate) budget_used: Option<Decimal>,
}

pub(crate) fn standing(language: Language, standing: &Standing<'_>) -> String {
    let Standing { project, overdue, blocked, .. } = standing;
    let (name, done, total) = (short(&project.name), project.tasks_done, project.tasks_total);
    let mut text = match language {
        Language::En => {
            format!("{name}: {done} of {total} tasks done, {overdue} overdue, {blocked} blocked.")
        }
        Language::Ar => {
            format!("{name}: أُنجز {done} من {total} مهمة، {overdue} متأخرة، {blocked} متوقفة.")
        }
        Language::Ru => format!(
            "{name}: готово {done} из {total} задач, просрочено {overdue}, стоит {blocked}."
        ),
    };
    text.push(' ');
    text.push_str(&spent(language, project, standing.budget_used));
    for task in &standing.overdue_named {
        line(&mut text, task);
    }
    text
}

pub(crate) fn spent(language: Language, project: &Project, used: Option<Decimal>) -> String {
    let (spent, currency) = (project.cost_confirmed(), project.currency);
    let budget = project.budget;
    match (language, used) {
        (Language::En, Some(used)) => {
            format!("Confirmed costs: {spent} of {budget} {currency} ({used}%).")
        }
        (Language::En, None) => format!("Confirmed costs: {spent} {currency}; no budget is set."),
        (Language::Ar, Some(used)) => {
            format!("المصاريف المؤكدة: {spent} من {budget} {currency} ({used}%).")
        }
        (Language::Ar, None) => format!("المصاريف المؤكدة: {spent} {currency}؛ لا توجد ميزانية."),
        (Language::Ru, Some(used)) => {
            format!("Подтверждённые расходы: {spent} из {budget} {currency} ({used}%).")
        }
        (Language::Ru, None) => {
            format!("Подтверждённые расходы: {spent} {currency}; бюджет не задан.")
        }
    }
}

pub(crate) fn open_tasks(
    language: Language,
    project: &str,
    count: usize,
    tasks: &[&Task],
) -> String {
    let project = short(project);
    let mut text = match language {
        Language::En => format!("{project}: {count} open tasks."),
        Language::Ar => format!("{project}: {count} مهام مفتوحة."),
        Language::Ru => format!("{project}: открытых задач {count}."),
    };
    for task in tasks {
        line(&mut text, task);
    }
    text
}

fn line(text: &mut String, task: &Task) {
    let title = clip(&task.title, 100);
    let _ = match task.due_on {
        Some(due) => write!(text, "\n• {title} ({})", due.strftime("%d.%m.%Y")),
        None => write!(text, "\n• {title}"),
    };
}

pub(super) fn status(language: Language, status: TaskStatus) -> &'static str {
    match (language, status) {
        (Language::En, TaskStatus::NotStarted) => "not started",
        (Language::En, TaskStatus::InProgress) => "in progress",
        (Language::En, TaskStatus::Blocked) => "blocked",
        (Language::En, TaskStatus::Done) => "done",
        (Language::En, TaskStatus::Cancelled) => "cancelled",
        (Language::Ar, TaskStatus::NotStarted) => "لم تبدأ",
        (Language::Ar, TaskStatus::InProgress) => "قيد التنفيذ",
        (Language::Ar, TaskStatus::Blocked) => "متوقفة",
        (Language::Ar, TaskStatus::Done) => "منجزة",
        (Language::Ar, TaskStatus::Cancelled) => "ملغاة",
        (Language::Ru, TaskStatus::NotStarted) => "не начата",
        (Language::Ru, TaskStatus::InProgress) => "в работе",
        (Language::Ru, TaskStatus::Blocked) => "стоит",
        (Language::Ru, TaskStatus::Done) => "готова",
        (Language::Ru, TaskStatus::Cancelled) => "отменена",
    }
}
