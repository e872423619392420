//! MS Project's XML (`MSPDI`).
//!
//! Durations are `PT8H0M0S` of working time; slacks and lags are tenths of a minute; a link's
//! type is 0 FF, 1 FS, 2 SF, 3 SS; a lag counts on the successor's calendar. A task or lag in
//! elapsed units counts on the clock. Dates are wall-clock dates.
//!
//! Activities are called by the text field that carries their codes, if the file has one called
//! [`ID_ALIAS`], and by their unique number (`UID`) if not.
//!
//! What has started is scheduled as MS Project does it: from its actual start, whatever the
//! status date ([`ProgressRule::ActualDates`]).

mod calendars;
mod element;
mod links;
mod recurrence;
mod resources;
mod tasks;
mod units;
mod write;

use element::Element;

use super::{Account, ImportError, Imported, decode};
use crate::calendar::Moment;
use crate::network::{FloatRule, LagCalendar, Network, Options, Plan, ProgressRule, Project};

pub use write::write;

/// What the field is called that carries the ids of activities.
pub const ID_ALIAS: &str = "Activity ID";

/// Reads a project.
pub fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut account = Account::default();
    let text = decode::decode_xml(bytes, &mut account)?;
    let root = element::read(&text, &mut account)?;
    if root.name != "Project" {
        let reason = format!("the root element is `{}`, not `Project`", root.name);
        return Err(ImportError::WrongFormat { expected: "an MS Project file", reason });
    }
    let mut calendars = calendars::read(&root, &mut account)?;
    let default = calendars.default_place(&root, &mut account)?;
    let project = project(&root, default)?;
    let options = options(&root, &mut account)?;
    let tasks = tasks::read(&root, &mut calendars, &options, &mut account)?;
    let resources = resources::read(&root, &calendars, &tasks, &mut account)?;
    account.taken = 1 + calendars.list.len() + tasks.list.len() + tasks.links.len();
    account.taken += resources.list.len() + resources.assignments.len();
    let plan = Plan {
        projects: vec![project],
        calendars: calendars.list,
        activities: tasks.list,
        links: tasks.links,
        resources: resources.list,
        assignments: resources.assignments,
        options,
    };
    let plan = Network::new(plan)?.into_plan();
    Ok(Imported { plan, stored: tasks.stored, account })
}

fn project(root: &Element, calendar: usize) -> Result<Project, ImportError> {
    let start = root.moment("StartDate")?;
    let earliest = || -> Result<Option<Moment>, ImportError> {
        let tasks = root.list("Tasks", "Task");
        let starts: Result<Vec<_>, _> = tasks.map(|task| task.moment("Start")).collect();
        Ok(starts?.into_iter().flatten().min())
    };
    let data_date = match start {
        Some(at) => at,
        None => earliest()?.ok_or_else(|| root.error("StartDate", "is missing"))?,
    };
    let name = match root.text("Title") {
        "" => root.text("Name"),
        title => title,
    };
    Ok(Project {
        id: root.text("UID").to_owned(),
        name: name.to_owned(),
        data_date,
        planned_start: None,
        status_date: root.moment("StatusDate")?,
        must_finish: None,
        calendar,
        is_external: false,
    })
}

fn options(root: &Element, account: &mut Account) -> Result<Options, ImportError> {
    let day = root.whole("MinutesPerDay")?.unwrap_or(480);
    let critical_days = root.whole("CriticalSlackLimit")?.unwrap_or_default();
    if root.flag("ScheduleFromStart") == Some(false) {
        let reason = "scheduled back from its finish; here it is scheduled from its start";
        account.altered(root.line, "ScheduleFromStart", "Project", reason);
    }
    Ok(Options {
        progress: ProgressRule::ActualDates,
        lag_calendar: LagCalendar::Successor,
        float: FloatRule::Smaller,
        critical_up_to: critical_days.saturating_mul(day),
        near_critical_up_to: 5 * day,
        constraints_over_links: root.flag("HonorConstraints").unwrap_or(true),
        expected_finish: false,
        ..Options::default()
    })
}
