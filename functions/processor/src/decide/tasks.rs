//! Tasks by chat: created, progressed, blocked, finished, and taken back.

use domain::content::{Button, Content, Row};
use domain::project::{Priority, Task, TaskStatus, TaskUndo};
use domain::text::clip;
use domain::{Ids, Language, TaskId};
use language::{Understanding, UrgencyLevel};
use rust_decimal::prelude::ToPrimitive;
use store::ProjectDelta;
use tenancy::policy::Action;

use super::{Reading, text};
use crate::phrases;
use crate::plan::{Change, Plan};
use crate::situation::{Site, Situation};
use crate::tap::{Tap, TaskChange};

/// A title that matches at least this well, and clearly better than the next, is the one meant.
const MATCH_AT_LEAST: f64 = 0.45;
const RUNNER_UP_AT_MOST: f64 = 0.8;
/// A title that matches less is not even offered.
const OFFER_AT_LEAST: f64 = 0.2;
/// WhatsApp lists hold ten rows.
const ROWS_MAX: usize = 10;
/// Titles are cut here: one line of a list, one index-free kilobyte of an item.
const TITLE_CHARS_MAX: usize = 200;

/// A new task, with an undo button.
pub(super) fn create(
    situation: &Situation,
    site: &Site,
    reading: &Reading<'_>,
    ids: &dyn Ids,
) -> Plan {
    let language = situation.language;
    if !site.may(Action::ChangeTasks) {
        return Plan::say(text(phrases::role_forbids(language, &site.project.name)));
    }
    let title = reading.understanding.task_title().unwrap_or(reading.text).trim();
    if title.is_empty() {
        return Plan::say(text(phrases::which_work(language)));
    }
    let task = Task {
        id: TaskId::mint(ids, situation.now),
        project: site.project.id,
        title: clip(title, TITLE_CHARS_MAX),
        status: TaskStatus::NotStarted,
        priority: priority(reading.understanding),
        progress: 0,
        due_on: reading.understanding.date(),
        assignee: None,
        location: reading.location(),
        created_by: Some(site.user),
        source: Some(situation.message),
        created_at: situation.now,
        updated_at: situation.now,
        version: 1,
        undo: None,
    };
    let undo = Tap::CancelTask { project: site.project.id, task: task.id };
    let plan = Plan::say(Content::Buttons {
        body: phrases::task_created(language, &task, &site.project.name),
        buttons: vec![button(undo, phrases::undo(language))],
    })
    .effect("task_created", task.id);
    Plan {
        totals: Some((site.project.id, ProjectDelta { tasks_total: 1, ..ProjectDelta::default() })),
        new_task: Some(task),
        ..plan
    }
}

/// The change a message reports of a task it names by words.
#[expect(clippy::float_arithmetic, reason = "a likeness is a score, not a quantity")]
pub(super) fn change(
    situation: &Situation,
    site: &Site,
    reading: &Reading<'_>,
    change: TaskChange,
) -> Plan {
    let language = situation.language;
    if !site.may(Action::ChangeTasks) {
        return Plan::say(text(phrases::role_forbids(language, &site.project.name)));
    }
    let open: Vec<&Task> = site.tasks.iter().filter(|task| is_open(task)).collect();
    if open.is_empty() {
        return Plan::say(text(phrases::no_open_tasks(language, &site.project.name)));
    }
    let ranked = language::best_match(reading.text, open.iter().map(|task| task.title.as_str()));
    let best = ranked.first().copied();
    let next = ranked.get(1).map_or(0.0, |(_, score)| *score);
    if let Some((place, score)) = best
        && score >= MATCH_AT_LEAST
        && next <= score * RUNNER_UP_AT_MOST
        && let Some(task) = open.get(place)
    {
        return apply(situation, site, task, change);
    }
    let likely: Vec<&Task> = ranked
        .iter()
        .filter(|(_, score)| *score >= OFFER_AT_LEAST)
        .filter_map(|(place, _)| open.get(*place).copied())
        .collect();
    ask_task(language, site, if likely.is_empty() { &open } else { &likely }, change)
}

/// Changes a task, with an undo button.
pub(super) fn apply(situation: &Situation, site: &Site, task: &Task, change: TaskChange) -> Plan {
    let language = situation.language;
    if !is_open(task) {
        return Plan::say(text(phrases::task_is_closed(language, task)));
    }
    let mut changed = task.clone();
    changed.version += 1;
    changed.updated_at = situation.now;
    changed.undo = Some(TaskUndo {
        status: task.status,
        progress: task.progress,
        of_version: changed.version,
    });
    let (status, progress, kind) = match change {
        TaskChange::Done | TaskChange::Progress(100) => (TaskStatus::Done, 100, "task_done"),
        TaskChange::Blocked => (TaskStatus::Blocked, task.progress, "task_blocked"),
        TaskChange::Progress(percent) => (TaskStatus::InProgress, percent, "task_progressed"),
    };
    changed.status = status;
    changed.progress = progress;
    let undo = Tap::UndoTask { project: site.project.id, task: task.id, version: changed.version };
    let plan = Plan::say(Content::Buttons {
        body: phrases::task_changed(language, &changed),
        buttons: vec![button(undo, phrases::undo(language))],
    })
    .effect(kind, task.id);
    Plan {
        totals: Some((site.project.id, done_delta(task.status, status))),
        changed_task: Some(Change { before: task.clone(), after: changed }),
        ..plan
    }
}

/// Takes back the creation of a task that nobody has touched since.
pub(super) fn cancel(situation: &Situation, site: &Site, task: &Task) -> Plan {
    let language = situation.language;
    if task.status == TaskStatus::Cancelled {
        return Plan::say(text(phrases::already_undone(language)));
    }
    if task.version != 1 || !site.may(Action::ChangeTasks) {
        return Plan::say(text(phrases::cannot_undo(language)));
    }
    let mut changed = task.clone();
    changed.version += 1;
    changed.updated_at = situation.now;
    changed.status = TaskStatus::Cancelled;
    let delta = ProjectDelta { tasks_total: -1, ..ProjectDelta::default() };
    Plan {
        totals: Some((site.project.id, delta)),
        changed_task: Some(Change { before: task.clone(), after: changed }),
        ..Plan::say(text(phrases::undone(language))).effect("task_cancelled", task.id)
    }
}

/// Takes back the change that made `version`, unless something came after it.
pub(super) fn undo(situation: &Situation, site: &Site, task: &Task, version: u64) -> Plan {
    let language = situation.language;
    let Some(before) = task.undo.clone().filter(|undo| undo.of_version == version) else {
        return Plan::say(text(phrases::already_undone(language)));
    };
    if task.version != version || !site.may(Action::ChangeTasks) {
        return Plan::say(text(phrases::cannot_undo(language)));
    }
    let mut changed = task.clone();
    changed.version += 1;
    changed.updated_at = situation.now;
    changed.status = before.status;
    changed.progress = before.progress;
    changed.undo = None;
    Plan {
        totals: Some((site.project.id, done_delta(task.status, before.status))),
        changed_task: Some(Change { before: task.clone(), after: changed }),
        ..Plan::say(text(phrases::undone(language))).effect("task_change_undone", task.id)
    }
}

/// The percentage a message names, as a change.
pub(super) fn percent(understanding: &Understanding) -> Option<TaskChange> {
    let percent = understanding.percentage()?.round().to_u8()?;
    (percent <= 100).then_some(TaskChange::Progress(percent))
}

pub(super) fn is_open(task: &Task) -> bool {
    !matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled)
}

fn ask_task(language: Language, site: &Site, tasks: &[&Task], change: TaskChange) -> Plan {
    let rows = tasks
        .iter()
        .take(ROWS_MAX)
        .map(|task| Row {
            id: Tap::ChangeTask { project: site.project.id, task: task.id, change }.to_string(),
            title: clip(&task.title, 24),
            description: Some(clip(&task.title, 72)),
        })
        .collect();
    Plan::say(Content::List {
        body: phrases::which_task(language).to_owned(),
        button: phrases::tasks_button(language).to_owned(),
        rows,
    })
}

fn priority(understanding: &Understanding) -> Priority {
    match understanding.urgency.level {
        UrgencyLevel::Low => Priority::Medium,
        UrgencyLevel::Medium | UrgencyLevel::High => Priority::High,
        UrgencyLevel::Critical => Priority::Critical,
    }
}

fn done_delta(before: TaskStatus, after: TaskStatus) -> ProjectDelta {
    let done = |status| i64::from(status == TaskStatus::Done);
    ProjectDelta { tasks_done: done(after) - done(before), ..ProjectDelta::default() }
}

pub(super) fn button(tap: Tap, title: &str) -> Button {
    Button { id: tap.to_string(), title: title.to_owned() }
}
