//! Primavera P6 exports (`.xer`).
//!
//! Text of tables: `%T` names one, `%F` its fields, `%R` is a row, `%E` the end; values are
//! separated by tabs. Fields are found by name, for their order changes between versions. The
//! text is Windows-1252 or UTF-8. Durations, floats and lags are hours. Dates are wall-clock
//! dates. `PROJECT.last_recalc_date` is the data date. An empty value is none, not zero.
//!
//! An activity of a project that was not itself exported (`export_flag`) stands for a link to
//! elsewhere: it is held at the dates that the file has for it.

mod activities;
mod calendars;
mod links;
mod options;
mod projects;
mod resources;
mod row;
mod structure;
mod tables;

use super::{Account, ImportError, Imported, decode};
use crate::network::{Network, Plan};

/// Reads an export. A file may hold several projects; all are in the plan.
pub fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut account = Account::default();
    let text = decode::decode(bytes, &mut account)?;
    let tables = tables::split(&text, &mut account)?;
    let calendars = calendars::read(&tables, &mut account)?;
    let projects = projects::read(&tables, &calendars, &mut account)?;
    let options = options::read(&tables, &projects, &mut account)?;
    let activities = activities::read(&tables, &calendars, &projects, &mut account)?;
    let links = links::read(&tables, &activities, &mut account)?;
    let resources = resources::read(&tables, &calendars, &activities, &mut account)?;
    let lists = [calendars.list.len(), projects.list.len(), activities.list.len(), links.len()];
    account.taken =
        lists.into_iter().sum::<usize>() + resources.list.len() + resources.assignments.len();
    let plan = Plan {
        projects: projects.list,
        calendars: calendars.list,
        activities: activities.list,
        links,
        resources: resources.list,
        assignments: resources.assignments,
        options,
    };
    let plan = Network::new(plan)?.into_plan();
    Ok(Imported { plan, stored: activities.stored, account })
}
