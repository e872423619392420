//! `TASK`, with the resource calendars of resource-dependent activities.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::calendars::Calendars;
use super::projects::Projects;
use super::row::{Row, rows};
use super::tables::Tables;
use crate::exchange::{Account, ImportError, Stored};
use crate::network::{Activity, Constraint, Kind, Rule};

pub(super) struct Activities {
    pub(super) list: Vec<Activity>,
    pub(super) stored: Vec<Stored>,
    places: HashMap<String, usize>,
}

impl Activities {
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }
}

/// What reading an activity needs besides its row.
struct Context<'c> {
    calendars: &'c Calendars,
    projects: &'c Projects,
    /// By activity: the calendars of the resources that work on it.
    resource_calendars: HashMap<&'c str, Vec<usize>>,
}

pub(super) fn read(
    tables: &Tables<'_>,
    calendars: &Calendars,
    projects: &Projects,
    account: &mut Account,
) -> Result<Activities, ImportError> {
    let Some(table) = tables.get("TASK") else {
        let reason = "no table TASK".to_owned();
        return Err(ImportError::WrongFormat { expected: "a Primavera export", reason });
    };
    let context =
        Context { calendars, projects, resource_calendars: resource_calendars(tables, calendars) };
    let mut codes: HashMap<&str, usize> = HashMap::new();
    for row in rows(Some(table)) {
        *codes.entry(row.text("task_code")).or_default() += 1;
    }
    let mut activities =
        Activities { list: Vec::new(), stored: Vec::new(), places: HashMap::new() };
    let mut nodes = Vec::new();
    let mut ids = HashSet::new();
    for row in rows(Some(table)) {
        let id = row.required("task_id")?;
        let mut activity = context.activity(&row, account)?;
        if codes.get(row.text("task_code")).is_some_and(|count| *count > 1) {
            let project = projects.list.get(activity.project).map_or("", |one| one.name.as_str());
            activity.id = format!("{project}:{}", activity.id);
            let reason = "the code is not unique in the file: the project is put before it";
            account.altered(row.line(), "TASK.task_code", &activity.id, reason);
        }
        if !ids.insert(activity.id.clone()) {
            activity.id = format!("{}#{id}", activity.id);
            let reason = "the code is not unique in the project: the number is put behind it";
            account.altered(row.line(), "TASK.task_code", &activity.id, reason);
            ids.insert(activity.id.clone());
        }
        if activities.places.insert(id.to_owned(), activities.list.len()).is_some() {
            return Err(row.error("TASK.task_id", &format!("`{id}` is there twice")));
        }
        nodes.push(row.text("wbs_id"));
        activities.stored.push(stored(&row)?);
        activities.list.push(activity);
    }
    put_below_summaries(&mut activities.list, &nodes, projects);
    Ok(activities)
}

impl Context<'_> {
    fn activity(&self, row: &Row<'_, '_>, account: &mut Account) -> Result<Activity, ImportError> {
        let code = match row.text("task_code") {
            "" => row.text("task_id"),
            code => code,
        };
        let kind = kind(row, code, account);
        let project = self.projects.place(row.text("proj_id")).unwrap_or_default();
        let duration = row.minutes("target_drtn_hr_cnt")?.unwrap_or_default().max(0);
        let mut activity = Activity {
            name: row.text("task_name").to_owned(),
            kind,
            wbs: self.projects.path(row.text("wbs_id")),
            project,
            calendar: self.calendar(row, code, project, account)?,
            remaining: row.minutes("remain_drtn_hr_cnt")?.map(|minutes| minutes.max(0)),
            actual_start: row.date("act_start_date")?,
            actual_finish: row.date("act_end_date")?,
            resume: row.date("resume_date")?,
            expected_finish: row.date("expect_end_date")?,
            constraint: constraint(row, "cstr_type", "cstr_date", account)?,
            second_constraint: constraint(row, "cstr_type2", "cstr_date2", account)?,
            external_start: row.date("external_early_start_date")?,
            external_finish: row.date("external_late_end_date")?,
            ..Activity::task(code, if kind.is_milestone() { 0 } else { duration })
        };
        settle_actual_dates(row, &mut activity, account)?;
        activity.progress_bp = progress(row, &activity)?;
        if self.projects.is_external(project) {
            hold(row, &mut activity, account)?;
        }
        Ok(activity)
    }

    fn calendar(
        &self,
        row: &Row<'_, '_>,
        code: &str,
        project: usize,
        account: &mut Account,
    ) -> Result<usize, ImportError> {
        let of_project = self.projects.list.get(project).map_or(0, |project| project.calendar);
        let own = self.calendars.place(row.text("clndr_id"))?.unwrap_or_else(|| {
            let reason = "no such calendar in the file: the project's is taken";
            account.altered(row.line(), "TASK.clndr_id", code, reason);
            of_project
        });
        if row.text("task_type") != "TT_Rsrc" {
            return Ok(own);
        }
        let of_resources = self.resource_calendars.get(row.text("task_id")).map(Vec::as_slice);
        match of_resources.unwrap_or_default() {
            [] => Ok(own),
            [one] => Ok(*one),
            [first, ..] => {
                let reason = "resources with several calendars: the first one's is taken";
                account.altered(row.line(), "TASK.task_type", code, reason);
                Ok(*first)
            }
        }
    }
}

fn kind(row: &Row<'_, '_>, code: &str, account: &mut Account) -> Kind {
    match row.text("task_type") {
        "TT_Task" | "TT_Rsrc" => Kind::Task,
        "TT_Mile" => Kind::StartMilestone,
        "TT_FinMile" => Kind::FinishMilestone,
        "TT_LOE" => Kind::LevelOfEffort,
        "TT_WBS" => Kind::Summary,
        other => {
            let reason = format!("`{other}` is not known: a task");
            account.altered(row.line(), "TASK.task_type", code, reason);
            Kind::Task
        }
    }
}

/// The status decides which actual dates count.
fn settle_actual_dates(
    row: &Row<'_, '_>,
    activity: &mut Activity,
    account: &mut Account,
) -> Result<(), ImportError> {
    let status = row.text("status_code");
    let mut note = |field: &str, reason: &str| {
        account.altered(row.line(), field, &activity.id, reason);
    };
    match status {
        "TK_NotStart" => {
            if activity.actual_start.take().is_some() | activity.actual_finish.take().is_some() {
                note("TASK.status_code", "not started: its actual dates are left out");
            }
        }
        "TK_Active" => {
            if activity.actual_finish.take().is_some() {
                note("TASK.status_code", "in progress: its actual finish is left out");
            }
            if activity.actual_start.is_none() {
                note("TASK.act_start_date", "in progress without an actual start: not started");
            }
        }
        "TK_Complete" => {
            if activity.actual_finish.is_none() {
                return Err(row.error("TASK.act_end_date", "is missing on a finished activity"));
            }
            if activity.actual_start.is_none() {
                note(
                    "TASK.act_start_date",
                    "finished without an actual start: the finish is taken",
                );
                activity.actual_start = activity.actual_finish;
            }
        }
        "" => {}
        other => {
            return Err(row.error("TASK.status_code", &format!("`{other}` is not known")));
        }
    }
    match (activity.actual_start, activity.actual_finish) {
        (Some(start), Some(finish)) if finish < start => {
            Err(row.error("TASK.act_end_date", "is before the actual start"))
        }
        (None, Some(_)) => Err(row.error("TASK.act_start_date", "is missing, with a finish")),
        _ => Ok(()),
    }
}

/// Percent complete by the measure the activity has, in basis points.
fn progress(row: &Row<'_, '_>, activity: &Activity) -> Result<u16, ImportError> {
    if activity.actual_finish.is_some() {
        return Ok(10_000);
    }
    let share = |done: Decimal, all: Decimal| done.checked_div(all).unwrap_or_default();
    let part = match row.text("complete_pct_type") {
        "CP_Phys" => row.decimal("phys_complete_pct")?.unwrap_or_default() / Decimal::ONE_HUNDRED,
        "CP_Units" => {
            let quantity = |field: &str| row.decimal(field).map(Option::unwrap_or_default);
            let done = quantity("act_work_qty")? + quantity("act_equip_qty")?;
            share(done, done + quantity("remain_work_qty")? + quantity("remain_equip_qty")?)
        }
        _ => {
            let left = Decimal::from(activity.remaining.unwrap_or(activity.duration));
            let all = Decimal::from(activity.duration);
            share(all - left, all)
        }
    };
    let part = part.clamp(Decimal::ZERO, Decimal::ONE);
    Ok(u16::try_from((part * Decimal::from(10_000)).round()).unwrap_or_default())
}

fn constraint(
    row: &Row<'_, '_>,
    kind: &str,
    date: &str,
    account: &mut Account,
) -> Result<Option<Constraint>, ImportError> {
    let rule = match row.text(kind) {
        "" => return Ok(None),
        "CS_ALAP" => Rule::AsLateAsPossible,
        "CS_MSO" => Rule::StartOn,
        "CS_MSOA" => Rule::StartNoEarlier,
        "CS_MSOB" => Rule::StartNoLater,
        "CS_MEO" => Rule::FinishOn,
        "CS_MEOA" => Rule::FinishNoEarlier,
        "CS_MEOB" => Rule::FinishNoLater,
        "CS_MANDSTART" => Rule::MandatoryStart,
        "CS_MANDFIN" => Rule::MandatoryFinish,
        other => {
            let reason = format!("`{other}` is not known: the constraint is left out");
            account.altered(row.line(), &format!("TASK.{kind}"), row.text("task_code"), reason);
            return Ok(None);
        }
    };
    let at = row.date(date)?;
    if at.is_none() && rule != Rule::AsLateAsPossible {
        let reason = "a constraint without a date is left out";
        account.altered(row.line(), &format!("TASK.{date}"), row.text("task_code"), reason);
        return Ok(None);
    }
    Ok(Some(Constraint { rule, date: at.unwrap_or_default() }))
}

/// An activity of a project that is not in the file keeps the dates it has there.
fn hold(
    row: &Row<'_, '_>,
    activity: &mut Activity,
    account: &mut Account,
) -> Result<(), ImportError> {
    let held = row.date("early_start_date")?;
    activity.constraint = held.map(|date| Constraint { rule: Rule::StartNoEarlier, date });
    activity.second_constraint = None;
    activity.external_finish = row.date("late_end_date")?;
    let reason = "its project was not exported: held at the dates the file has for it";
    account.altered(row.line(), "TASK.proj_id", &activity.id, reason);
    Ok(())
}

fn stored(row: &Row<'_, '_>) -> Result<Stored, ImportError> {
    let (early_start, early_finish) = (row.date("early_start_date")?, row.date("early_end_date")?);
    Ok(Stored {
        start: row.date("act_start_date")?.or(early_start),
        finish: row.date("act_end_date")?.or(early_finish),
        early_start,
        early_finish,
        late_start: row.date("late_start_date")?,
        late_finish: row.date("late_end_date")?,
        total_float: row.minutes("total_float_hr_cnt")?,
        free_float: row.minutes("free_float_hr_cnt")?,
        critical: None,
        longest_path: row.flag("driving_path_flag"),
        baseline_start: row.date("target_start_date")?,
        baseline_finish: row.date("target_end_date")?,
        baseline_duration: row.minutes("target_drtn_hr_cnt")?,
    })
}

fn resource_calendars<'a>(
    tables: &Tables<'a>,
    calendars: &Calendars,
) -> HashMap<&'a str, Vec<usize>> {
    let of_resource: HashMap<&str, usize> = rows(tables.get("RSRC"))
        .filter(|row| row.text("rsrc_type") != "RT_Mat")
        .filter_map(|row| {
            let calendar = calendars.place(row.text("clndr_id")).ok().flatten()?;
            Some((row.text("rsrc_id"), calendar))
        })
        .collect();
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    for row in rows(tables.get("TASKRSRC")) {
        if let Some(calendar) = of_resource.get(row.text("rsrc_id")) {
            let list = found.entry(row.text("task_id")).or_default();
            if !list.contains(calendar) {
                list.push(*calendar);
            }
        }
    }
    found
}

/// A WBS summary activity spans what stands in its node and below.
fn put_below_summaries(list: &mut [Activity], nodes: &[&str], projects: &Projects) {
    let mut of_node: HashMap<&str, Vec<usize>> = HashMap::new();
    for ((place, activity), node) in (0..).zip(list.iter()).zip(nodes) {
        if activity.kind == Kind::Summary {
            of_node.entry(node).or_default().push(place);
        }
    }
    if of_node.is_empty() {
        return;
    }
    for ((place, activity), node) in (0..).zip(list.iter_mut()).zip(nodes) {
        let ancestors = projects.ancestors(node);
        let first = |id: &&str| of_node.get(*id).and_then(|list| list.first().copied());
        activity.parent = if activity.kind == Kind::Summary {
            // Several summaries of one node stand below each other.
            let own = of_node.get(node).map(Vec::as_slice).unwrap_or_default();
            let next = own.get(own.partition_point(|other| *other <= place)).copied();
            next.or_else(|| ancestors.iter().skip(1).find_map(first))
        } else {
            ancestors.iter().find_map(first)
        };
    }
}
