//! What activities need besides time: people and machines of which there is only so much.

use serde::{Deserialize, Serialize};

use super::{PlanError, plan::Plan};
use crate::calendar::Moment;

/// One whole unit of a resource, in the ten thousandths in which amounts are counted.
pub const WHOLE_UNIT: u32 = 10_000;
/// Most resources of a plan: large exports have some thousand.
pub const MOST_RESOURCES: usize = 20_000;
/// Most assignments of a plan.
pub const MOST_ASSIGNMENTS: usize = 1_000_000;

/// A resource that is there again when the work is done: a crew, a crane, a person.
///
/// The passes do not look at it; [`crate::level::level_network`] does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    pub id: String,
    pub name: String,
    /// When it works: a place in [`Plan::calendars`]. See [`Assignment::on_its_calendar`].
    #[serde(default)]
    pub calendar: Option<usize>,
    /// How much of it there is, in order of time; the first holds also before its moment, the
    /// last for ever. Without any it is not limited.
    #[serde(default)]
    pub capacity: Vec<Availability>,
}

/// So much of a resource from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    pub from: Moment,
    /// Ten thousandths of a unit: [`WHOLE_UNIT`] is one crane, or one person all day.
    pub amount: u32,
}

/// That an activity uses a resource for as long as it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// A place in [`Plan::activities`].
    pub activity: usize,
    /// A place in [`Plan::resources`].
    pub resource: usize,
    /// Ten thousandths of a unit, as [`Availability::amount`].
    pub amount: u32,
    /// Whether the activity works only when the resource does, too. What is imported already has
    /// the calendar that the other program gave it.
    #[serde(default)]
    pub on_its_calendar: bool,
}

impl Resource {
    /// A resource of which there is always as much.
    pub fn steady(id: impl Into<String>, amount: u32) -> Self {
        let id = id.into();
        let capacity = vec![Availability { from: Moment::default(), amount }];
        Self { name: id.clone(), id, calendar: None, capacity }
    }
}

/// Refuses places that do not exist and capacities out of order.
pub(super) fn check(plan: &Plan) -> Result<(), PlanError> {
    for (list, count, most) in [
        ("resources", plan.resources.len(), MOST_RESOURCES),
        ("assignments", plan.assignments.len(), MOST_ASSIGNMENTS),
    ] {
        if count > most {
            return Err(PlanError::TooMany { list, most });
        }
    }
    for resource in &plan.resources {
        if let Some(calendar) = resource.calendar {
            super::exists(&resource.id, "calendars", calendar, plan.calendars.len())?;
        }
        let steps = resource.capacity.iter().zip(resource.capacity.iter().skip(1));
        if steps.into_iter().any(|(one, next)| next.from <= one.from) {
            return Err(PlanError::Capacity(resource.id.clone()));
        }
    }
    for assignment in &plan.assignments {
        let lists = [
            ("activities", assignment.activity, plan.activities.len()),
            ("resources", assignment.resource, plan.resources.len()),
        ];
        for (list, place, count) in lists {
            super::exists("an assignment", list, place, count)?;
        }
    }
    Ok(())
}
