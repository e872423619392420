//! `PROJECT` and `PROJWBS`.

use std::collections::HashMap;

use super::calendars::Calendars;
use super::row::rows;
use super::tables::Tables;
use crate::calendar::Moment;
use crate::exchange::{Account, ImportError};
use crate::network::Project;

/// Deepest work breakdown whose path is written out.
const MOST_LEVELS: usize = 64;

pub(super) struct Projects {
    pub(super) list: Vec<Project>,
    places: HashMap<String, usize>,
    pub(super) critical_minutes: Option<i64>,
    /// Whether the longest path is what the first project calls critical.
    pub(super) critical_by_path: bool,
    nodes: HashMap<String, WbsNode>,
}

struct WbsNode {
    name: String,
    parent: String,
}

impl Projects {
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(super) fn is_external(&self, place: usize) -> bool {
        self.list.get(place).is_some_and(|project| project.is_external)
    }

    /// The nodes from one up to the root.
    pub(super) fn ancestors(&self, node: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut at = self.nodes.get_key_value(node);
        while let Some((id, node)) = at.filter(|_| found.len() < MOST_LEVELS) {
            found.push(id.as_str());
            at = self.nodes.get_key_value(&node.parent);
        }
        found
    }

    /// The codes of the nodes from the root down, as `HOUSE.SITE.ROOF`.
    pub(super) fn path(&self, node: &str) -> String {
        let names = self.ancestors(node).into_iter().rev().filter_map(|id| self.nodes.get(id));
        names.map(|node| node.name.as_str()).collect::<Vec<_>>().join(".")
    }
}

pub(super) fn read(
    tables: &Tables<'_>,
    calendars: &Calendars,
    account: &mut Account,
) -> Result<Projects, ImportError> {
    let mut projects = Projects {
        list: Vec::new(),
        places: HashMap::new(),
        critical_minutes: None,
        critical_by_path: false,
        nodes: HashMap::new(),
    };
    let Some(table) = tables.get("PROJECT") else {
        let reason = "no table PROJECT".to_owned();
        return Err(ImportError::WrongFormat { expected: "a Primavera export", reason });
    };
    for row in rows(Some(table)) {
        let id = row.required("proj_id")?;
        let name = row.text("proj_short_name");
        let planned = row.date("plan_start_date")?;
        let data_date = match (row.date("last_recalc_date")?, planned) {
            (Some(at), _) => at,
            (None, Some(at)) => {
                let reason = "no data date: the planned start is taken";
                account.altered(row.line(), "PROJECT.last_recalc_date", name, reason);
                at
            }
            (None, None) => {
                let at = first_date(tables, id)?
                    .ok_or_else(|| row.error("PROJECT.last_recalc_date", "is missing"))?;
                let reason =
                    "neither a data date nor a planned start: the first date of an activity";
                account.altered(row.line(), "PROJECT.last_recalc_date", name, reason);
                at
            }
        };
        let calendar = calendars.place(row.text("clndr_id"))?;
        if calendar.is_none() && !row.text("clndr_id").is_empty() {
            let reason = "names a calendar that is not in the file: the default one is taken";
            account.altered(row.line(), "PROJECT.clndr_id", name, reason);
        }
        // A project that is exported says so; the flag is as old as the tables of links between
        // projects, so a file without the field has none of those.
        let is_external = table.has("export_flag") && row.flag("export_flag") != Some(true);
        if projects.critical_minutes.is_none() && !is_external {
            projects.critical_minutes = row.minutes("critical_drtn_hr_cnt")?;
            projects.critical_by_path = row.text("critical_path_type") == "CT_DrivPath";
        }
        projects.places.insert(id.to_owned(), projects.list.len());
        projects.list.push(Project {
            id: id.to_owned(),
            name: name.to_owned(),
            data_date,
            planned_start: planned,
            status_date: None,
            must_finish: row.date("plan_end_date")?,
            calendar: calendar.unwrap_or_else(|| calendars.default_place()),
            is_external,
        });
    }
    if projects.list.is_empty() {
        let reason = "no row in the table PROJECT".to_owned();
        return Err(ImportError::WrongFormat { expected: "a Primavera export", reason });
    }
    if projects.list.iter().all(|project| project.is_external) {
        projects.list.iter_mut().for_each(|project| project.is_external = false);
    }
    for row in rows(tables.get("PROJWBS")) {
        let node = WbsNode {
            name: row.text("wbs_short_name").to_owned(),
            parent: row.text("parent_wbs_id").to_owned(),
        };
        projects.nodes.insert(row.required("wbs_id")?.to_owned(), node);
    }
    Ok(projects)
}

/// The first date that an activity of a project has, of whatever kind.
fn first_date(tables: &Tables<'_>, project: &str) -> Result<Option<Moment>, ImportError> {
    let mut first: Option<Moment> = None;
    for row in rows(tables.get("TASK")) {
        if !row.text("proj_id").is_empty() && row.text("proj_id") != project {
            continue;
        }
        for field in ["act_start_date", "early_start_date", "target_start_date"] {
            let at = row.date(field)?;
            first = first.into_iter().chain(at).min();
        }
    }
    Ok(first)
}
