//! Resources and assignments.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::calendars::Calendars;
use super::element::Element;
use super::tasks::Tasks;
use crate::calendar::Moment;
use crate::exchange::{Account, ImportError, units};
use crate::network::{Assignment, Availability, Resource, WHOLE_UNIT};

/// What MS Project writes for an assignment of nobody.
const NOBODY: &str = "-65535";

#[derive(Default)]
pub(super) struct Resources {
    pub(super) list: Vec<Resource>,
    pub(super) assignments: Vec<Assignment>,
}

pub(super) fn read(
    root: &Element,
    calendars: &Calendars,
    tasks: &Tasks,
    account: &mut Account,
) -> Result<Resources, ImportError> {
    let mut found = Resources::default();
    let mut places = HashMap::new();
    for element in root.list("Resources", "Resource") {
        let uid = element.text("UID");
        // The first one is the sum of all, and has no name.
        if element.flag("IsNull") == Some(true) || element.text("Name").is_empty() {
            continue;
        }
        if !matches!(element.text("Type"), "1" | "") {
            let reason = "material and cost are used up: they are not levelled";
            account.skipped(element.line, "Resource.Type", element.text("Name"), reason);
            continue;
        }
        if places.insert(uid, found.list.len()).is_some() {
            return Err(element.error("UID", &format!("`{uid}` is there twice")));
        }
        found.list.push(Resource {
            id: uid.to_owned(),
            name: element.text("Name").to_owned(),
            calendar: calendars.place(element.text("CalendarUID")).ok().flatten(),
            capacity: capacity(element)?,
        });
    }
    for element in root.list("Assignments", "Assignment") {
        let (task, resource) = (element.text("TaskUID"), element.text("ResourceUID"));
        let subject = format!("{task} by {resource}");
        let Some(activity) = tasks.places.get(task) else {
            account.skipped(element.line, "Assignment.TaskUID", &subject, "no such task");
            continue;
        };
        let Some(resource) = places.get(resource) else {
            if resource != NOBODY {
                let reason = "a resource that is not levelled";
                account.skipped(element.line, "Assignment.ResourceUID", &subject, reason);
            }
            continue;
        };
        let amount = amount(element, "Units")?.unwrap_or(WHOLE_UNIT);
        if amount > 0 {
            let (activity, resource) = (*activity, *resource);
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

/// How much there is: by dates if the file has them, and else always the same.
fn capacity(resource: &Element) -> Result<Vec<Availability>, ImportError> {
    let most = amount(resource, "MaxUnits")?.unwrap_or(WHOLE_UNIT);
    let mut periods = Vec::new();
    for period in resource.list("AvailabilityPeriods", "AvailabilityPeriod") {
        // The ends of time of MS Project.
        let from = period.moment("AvailableFrom")?.filter(|from| from.date().year() > 1984);
        let to = period.moment("AvailableTo")?.filter(|to| to.date().year() < 2049);
        periods.push((from, to, amount(period, "AvailableUnits")?.unwrap_or(most)));
    }
    periods.sort_unstable();
    let mut steps = Vec::new();
    // Before the first period, after the last and between them there is nothing.
    let mut last = None;
    for (from, to, amount) in periods {
        let start = from.unwrap_or_default();
        match last {
            _ if from.is_none() => {}
            // A period ends one minute before the next one.
            Some(end) if start - end <= 1 => {}
            Some(end) => steps.push(Availability { from: end, amount: 0 }),
            None => steps.push(Availability { from: Moment::default(), amount: 0 }),
        }
        steps.push(Availability { from: start, amount });
        last = to;
    }
    steps.extend(last.map(|from| Availability { from, amount: 0 }));
    if steps.is_empty() {
        steps.push(Availability { from: Moment::default(), amount: most });
    }
    // Periods that overlap are no capacity: the later one counts from where it begins.
    let mut ordered: Vec<Availability> = Vec::with_capacity(steps.len());
    for step in steps {
        ordered.retain(|other| other.from < step.from);
        ordered.push(step);
    }
    Ok(ordered)
}

/// Units, of which 1 is 100 %.
fn amount(element: &Element, field: &str) -> Result<Option<u32>, ImportError> {
    let text = element.text(field);
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().or_else(|_| Decimal::from_scientific(text)).ok();
    match number.and_then(units::amount) {
        Some(amount) => Ok(Some(amount)),
        None => Err(element.error(field, &format!("`{text}` is not a number of units"))),
    }
}
