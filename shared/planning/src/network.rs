//! The critical path method: early and late dates, floats, the longest path.
//!
//! A [`Plan`] says what is to be done. [`Network::new`] checks it and finds an order, or reports
//! the cycle. [`Network::schedule`] computes a [`Schedule`]; [`Network::what_if`] computes one
//! under changes that are not kept.
//!
//! # The passes
//! Work is counted on each activity's own calendar, see [`crate::calendar`].
//!
//! - *Early start* is the latest of: the data date; the start-no-earlier date; over predecessors,
//!   FS `EF + lag`, SS `ES + lag`, FF `EF + lag - D`, SF `ES + lag - D`, where `D` is what remains.
//!   *Early finish* is `ES + D`: work is contiguous, so a finish link moves the start.
//! - *Late finish* is the earliest of: the project's finish (or the contract date); the
//!   finish-no-later date; over successors the same four sums backwards.
//! - *Total float* is `LF - EF` (or by starts, or the smaller: [`FloatRule`]). It may be negative,
//!   and stays so. *Free float* is the smallest slack of a link to a successor, at least 0;
//!   without successors it is what is left to the project's finish.
//! - A lag is counted on the predecessor's calendar unless [`Options::lag_calendar`] says
//!   otherwise. What has passed of a positive lag since the predecessor's actual date is spent.
//! - Under retained logic what remains of started work waits for its predecessors. A finished
//!   activity holds no work but still hands on the dates of unfinished predecessors.
//! - *Critical* is a total float up to [`Options::critical_up_to`]; the *longest path* is what is
//!   reached from the last finish by driving links. They differ under constraints and calendars.
//! - A finish that a link asks for at the start of a working period is kept there, as Primavera
//!   keeps it, though the same work is done at the end of the period before. A late start that a
//!   start-to-start or start-to-finish link without lag asks for in a gap stays before the gap.
//! - A finish milestone stays at the end of a working period, a start milestone moves to the
//!   start of the next. An as-late-as-possible activity uses up its free float.
//! - A level of effort spans from the earliest start to the latest finish it is linked to; a
//!   summary spans what is below it. Neither drives anything.
//!
//! Sources: Kelley and Walker, "Critical-Path Planning and Scheduling" (1959); Fondahl's and the
//! PMI Practice Standard for Scheduling's precedence diagrams; Primavera P6's scheduling options
//! as its exports show them.

mod backward;
mod baseline;
mod delay;
mod facts;
mod forward;
mod gantt;
mod hammock;
mod held;
mod lag;
mod order;
mod path;
mod plan;
mod quality;
mod rerun;
mod resource;
mod schedule;
mod what_if;

use std::collections::HashSet;

pub use baseline::{Baseline, BaselineActivity, Variance};
pub use delay::{Cause, Delay};
pub use gantt::{Bar, gantt};
pub(crate) use held::{Fit, Floors, Room, Spot};
pub use plan::{
    Activity, Constraint, CriticalRule, FloatRule, Kind, LagCalendar, Link, LinkKind, Options,
    Plan, ProgressRule, Project, Rule,
};
pub use quality::OpenEnds;
pub(crate) use rerun::Rerun;
pub use resource::{
    Assignment, Availability, MOST_ASSIGNMENTS, MOST_RESOURCES, Resource, WHOLE_UNIT,
};
pub use schedule::{Dates, Schedule};
pub use what_if::Change;

use facts::Facts;
use order::Order;

use crate::calendar::Calendar;

/// Most activities of a plan.
pub const MOST_ACTIVITIES: usize = 200_000;
/// Most links of a plan.
pub const MOST_LINKS: usize = 1_000_000;
/// Most summaries above each other.
pub const MOST_LEVELS: usize = 256;
/// The longest duration or lag: a mistyped date in a real file made one of 2600 years of work.
pub const MOST_MINUTES: i64 = 2_000_000_000;

/// Why a plan cannot be scheduled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("these activities wait for each other: {}", .0.join(" -> "))]
    Cycle(Vec<String>),
    #[error("two activities are called {0}")]
    DuplicateId(String),
    #[error("activity {0} is linked to itself")]
    SelfLink(String),
    #[error("{predecessor} and {successor} are linked twice in the same way")]
    DuplicateLink { predecessor: String, successor: String },
    #[error("{what} refers to {list}[{place}], which does not exist")]
    Dangling { what: String, list: &'static str, place: usize },
    #[error("{what} lasts {minutes} minutes, which is out of range")]
    Duration { what: String, minutes: i64 },
    #[error("activity {0} finished before it started, or finished without having started")]
    ActualDates(String),
    #[error("activity {0} is above itself in the work breakdown")]
    SummaryCycle(String),
    #[error("more than {most} {list}")]
    TooMany { list: &'static str, most: usize },
    #[error("the capacities of resource {0} are not in order of time")]
    Capacity(String),
}

/// A plan that can be scheduled.
///
/// Invariant: every place in it exists, ids are unique, and the links have an order.
#[derive(Clone, Debug)]
pub struct Network {
    plan: Plan,
    /// Of what the passes schedule.
    order: Order,
    /// Of everything with links, hammocks too.
    all: Order,
    facts: Vec<Facts>,
    clock: Calendar,
}

impl Network {
    /// Checks a plan and orders its activities.
    pub fn new(plan: Plan) -> Result<Self, PlanError> {
        check(&plan)?;
        let scheduled =
            |n: usize| plan.activities.get(n).is_some_and(|one| one.kind.is_scheduled());
        let order = Order::new(&plan, scheduled).map_err(PlanError::Cycle)?;
        let linked = |n: usize| plan.activities.get(n).is_some_and(|one| one.kind != Kind::Summary);
        let all = if plan.activities.iter().any(|one| one.kind == Kind::LevelOfEffort) {
            Order::new(&plan, linked).map_err(PlanError::Cycle)?
        } else {
            order.clone()
        };
        let facts = plan.activities.iter().map(|one| Facts::new(one, &plan.options)).collect();
        Ok(Self { plan, order, all, facts, clock: Calendar::around_the_clock() })
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan, given back to be changed.
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// Dates and floats of every activity.
    pub fn schedule(&self) -> Schedule {
        schedule::compute(self, &self.facts, &self.plan.links)
    }

    /// The links into an activity, as places in the plan's list.
    pub fn predecessors(&self, activity: usize) -> &[usize] {
        self.all.into.of(activity)
    }

    /// The links out of an activity, as places in the plan's list.
    pub fn successors(&self, activity: usize) -> &[usize] {
        self.all.out_of.of(activity)
    }

    /// Activities, hammocks and summaries apart, so that each comes after its predecessors.
    pub fn sequence(&self) -> &[usize] {
        &self.order.sequence
    }
}

fn check(plan: &Plan) -> Result<(), PlanError> {
    if plan.activities.len() > MOST_ACTIVITIES {
        return Err(PlanError::TooMany { list: "activities", most: MOST_ACTIVITIES });
    }
    if plan.links.len() > MOST_LINKS {
        return Err(PlanError::TooMany { list: "links", most: MOST_LINKS });
    }
    for project in &plan.projects {
        exists(&project.id, "calendars", project.calendar, plan.calendars.len())?;
    }
    let mut ids = HashSet::with_capacity(plan.activities.len());
    for activity in &plan.activities {
        if !ids.insert(activity.id.as_str()) {
            return Err(PlanError::DuplicateId(activity.id.clone()));
        }
        check_activity(plan, activity)?;
    }
    check_parents(plan)?;
    resource::check(plan)?;
    for link in &plan.links {
        check_link(plan, link)?;
    }
    let key = |link: &Link| (link.successor, link.predecessor, link.kind);
    let mut keys: Vec<_> = plan.links.iter().map(key).collect();
    keys.sort_unstable();
    let twice = keys.iter().zip(keys.iter().skip(1)).find(|(one, next)| one == next);
    if let Some(((successor, predecessor, _), _)) = twice {
        let id = |n: &usize| plan.activities.get(*n).map(|one| one.id.clone()).unwrap_or_default();
        let (predecessor, successor) = (id(predecessor), id(successor));
        return Err(PlanError::DuplicateLink { predecessor, successor });
    }
    Ok(())
}

fn check_activity(plan: &Plan, activity: &Activity) -> Result<(), PlanError> {
    let id = &activity.id;
    exists(id, "calendars", activity.calendar, plan.calendars.len())?;
    exists(id, "projects", activity.project, plan.projects.len())?;
    for minutes in [Some(activity.duration), activity.remaining].into_iter().flatten() {
        if !(0..=MOST_MINUTES).contains(&minutes) {
            return Err(PlanError::Duration { what: id.clone(), minutes });
        }
    }
    match (activity.actual_start, activity.actual_finish) {
        (None, Some(_)) => Err(PlanError::ActualDates(id.clone())),
        (Some(start), Some(finish)) if finish < start => Err(PlanError::ActualDates(id.clone())),
        _ => Ok(()),
    }
}

/// Levels are counted down from what has nothing above it; what is never reached is a cycle.
fn check_parents(plan: &Plan) -> Result<(), PlanError> {
    let mut level = vec![None; plan.activities.len()];
    let mut walk = Vec::new();
    for (n, activity) in plan.activities.iter().enumerate() {
        let mut at = Some(n);
        while let Some(place) = at {
            exists(&activity.id, "activities", place, plan.activities.len())?;
            if level.get(place).copied().flatten().is_some() {
                break;
            }
            walk.push(place);
            if walk.len() > MOST_LEVELS {
                // Round and round, or too far up.
                let mut seen = HashSet::new();
                if walk.iter().any(|place| !seen.insert(place)) {
                    return Err(PlanError::SummaryCycle(activity.id.clone()));
                }
                return Err(PlanError::TooMany { list: "levels", most: MOST_LEVELS });
            }
            at = plan.activities.get(place).and_then(|one| one.parent);
        }
        let mut above = at.and_then(|place| level.get(place).copied().flatten()).unwrap_or(0);
        while let Some(place) = walk.pop() {
            above += 1;
            if above > MOST_LEVELS {
                return Err(PlanError::TooMany { list: "levels", most: MOST_LEVELS });
            }
            if let Some(slot) = level.get_mut(place) {
                *slot = Some(above);
            }
        }
    }
    Ok(())
}

fn check_link(plan: &Plan, link: &Link) -> Result<(), PlanError> {
    let count = plan.activities.len();
    exists("a link", "activities", link.predecessor, count)?;
    exists("a link", "activities", link.successor, count)?;
    let id = || plan.activities.get(link.predecessor).map(|one| one.id.clone()).unwrap_or_default();
    if link.predecessor == link.successor {
        return Err(PlanError::SelfLink(id()));
    }
    if !(-MOST_MINUTES..=MOST_MINUTES).contains(&link.lag) {
        return Err(PlanError::Duration {
            what: format!("a lag after {}", id()),
            minutes: link.lag,
        });
    }
    Ok(())
}

fn exists(what: &str, list: &'static str, place: usize, count: usize) -> Result<(), PlanError> {
    if place < count {
        return Ok(());
    }
    Err(PlanError::Dangling { what: what.to_owned(), list, place })
}
