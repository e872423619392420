//! `RSRC`, `RSRCRATE` and `TASKRSRC`: who works on what, and how much of them there is.

use std::collections::HashMap;

use super::activities::Activities;
use super::calendars::Calendars;
use super::row::{Row, rows};
use super::tables::Tables;
use crate::exchange::{Account, ImportError, units};
use crate::network::{Assignment, Availability, Resource};

#[derive(Default)]
pub(super) struct Resources {
    pub(super) list: Vec<Resource>,
    pub(super) assignments: Vec<Assignment>,
}

pub(super) fn read(
    tables: &Tables<'_>,
    calendars: &Calendars,
    activities: &Activities,
    account: &mut Account,
) -> Result<Resources, ImportError> {
    let mut found = Resources::default();
    let mut places = HashMap::new();
    for row in rows(tables.get("RSRC")) {
        let id = row.required("rsrc_id")?;
        let code = match row.text("rsrc_short_name") {
            "" => id,
            code => code,
        };
        if row.text("rsrc_type") == "RT_Mat" {
            let reason = "material is used up: it is not levelled";
            account.skipped(row.line(), "RSRC.rsrc_type", code, reason);
            continue;
        }
        if places.insert(id, found.list.len()).is_some() {
            return Err(row.error("RSRC.rsrc_id", &format!("`{id}` is there twice")));
        }
        found.list.push(Resource {
            id: code.to_owned(),
            name: row.text("rsrc_name").to_owned(),
            // One that makes no sense is an error where work is scheduled by it.
            calendar: calendars.place(row.text("clndr_id")).ok().flatten(),
            capacity: Vec::new(),
        });
    }
    capacities(tables, &places, &mut found.list, account)?;
    for row in rows(tables.get("TASKRSRC")) {
        let subject = row.text("task_id");
        let Some(activity) = activities.place(subject) else {
            account.skipped(row.line(), "TASKRSRC.task_id", subject, "no such activity");
            continue;
        };
        let Some(resource) = places.get(row.text("rsrc_id")) else {
            let reason = "a role, or a resource that is not levelled";
            account.skipped(row.line(), "TASKRSRC.rsrc_id", subject, reason);
            continue;
        };
        let left = amount(&row, "remain_qty_per_hr", account)?;
        let amount =
            left.map_or_else(|| amount(&row, "target_qty_per_hr", account), |one| Ok(Some(one)))?;
        if let Some(amount) = amount.filter(|amount| *amount > 0) {
            let resource = *resource;
            found.assignments.push(Assignment {
                activity,
                resource,
                amount,
                on_its_calendar: false,
            });
        }
    }
    Ok(found)
}

/// The most there is of each resource, by date. Of several shifts the largest counts.
fn capacities(
    tables: &Tables<'_>,
    places: &HashMap<&str, usize>,
    list: &mut [Resource],
    account: &mut Account,
) -> Result<(), ImportError> {
    for row in rows(tables.get("RSRCRATE")) {
        let place = places.get(row.text("rsrc_id"));
        let Some(resource) = place.and_then(|place| list.get_mut(*place)) else { continue };
        let amount = amount(&row, "max_qty_per_hr", account)?;
        let from = row.date("start_date")?.unwrap_or_default();
        if let Some(amount) = amount {
            resource.capacity.push(Availability { from, amount });
        }
    }
    for resource in list {
        resource.capacity.sort_by_key(|step| (step.from, std::cmp::Reverse(step.amount)));
        resource.capacity.dedup_by_key(|step| step.from);
        // Whoever keeps no figures of it has none, or 0.
        if resource.capacity.iter().all(|step| step.amount == 0) {
            resource.capacity.clear();
            let reason = "no units per time: it is not limited";
            account.altered(0, "RSRCRATE.max_qty_per_hr", &resource.id, reason);
        }
    }
    Ok(())
}

fn amount(
    row: &Row<'_, '_>,
    field: &str,
    account: &mut Account,
) -> Result<Option<u32>, ImportError> {
    let Some(quantity) = row.decimal(field)? else { return Ok(None) };
    let amount = units::amount(quantity);
    if amount.is_none() {
        let reason = format!("{quantity} is out of range: left out");
        account.altered(row.line(), field, row.text("rsrc_id"), reason);
    }
    Ok(amount)
}
