//! A schedule under changes that are not kept.

use super::facts::Facts;
use super::{Constraint, MOST_MINUTES, Network, PlanError, Schedule, schedule};
use crate::calendar::Moment;

/// A change of one figure of a plan. What adds or removes links or activities needs a new
/// [`Network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What remains of an activity, in working minutes.
    Remaining {
        activity: usize,
        minutes: i64,
    },
    Constraint {
        activity: usize,
        constraint: Option<Constraint>,
    },
    ActualStart {
        activity: usize,
        at: Option<Moment>,
    },
    ActualFinish {
        activity: usize,
        at: Option<Moment>,
    },
    /// The lag of a link, in working minutes.
    Lag {
        link: usize,
        minutes: i64,
    },
}

impl Network {
    /// The schedule if `changes` were made, one after the other.
    ///
    /// It copies the figures of the plan and runs the passes; the order of activities is reused.
    pub fn what_if(&self, changes: &[Change]) -> Result<Schedule, PlanError> {
        let mut facts = self.facts.clone();
        let mut links = None;
        for change in changes {
            if let Change::Lag { link, minutes } = *change {
                in_range(-MOST_MINUTES, minutes)?;
                let links = links.get_or_insert_with(|| self.plan.links.clone());
                match links.get_mut(link) {
                    Some(slot) => slot.lag = minutes,
                    None => return Err(missing("links", link)),
                }
            } else {
                apply(&mut facts, change)?;
            }
        }
        let started = facts.iter().zip(&self.plan.activities);
        for (facts, activity) in started {
            let is_wrong = match (facts.actual_start, facts.actual_finish) {
                (None, Some(_)) => true,
                (Some(start), Some(finish)) => finish < start,
                (_, None) => false,
            };
            if is_wrong {
                return Err(PlanError::ActualDates(activity.id.clone()));
            }
        }
        Ok(schedule::compute(self, &facts, links.as_deref().unwrap_or(&self.plan.links)))
    }
}

fn apply(facts: &mut [Facts], change: &Change) -> Result<(), PlanError> {
    let (Change::Remaining { activity, .. }
    | Change::Constraint { activity, .. }
    | Change::ActualStart { activity, .. }
    | Change::ActualFinish { activity, .. }
    | Change::Lag { link: activity, .. }) = *change;
    let Some(facts) = facts.get_mut(activity) else { return Err(missing("activities", activity)) };
    match *change {
        Change::Remaining { minutes, .. } => {
            in_range(0, minutes)?;
            if !facts.kind.is_milestone() {
                facts.remaining = minutes;
            }
        }
        Change::Constraint { constraint, .. } => {
            let [first, _] = &mut facts.constraints;
            *first = constraint;
        }
        Change::ActualStart { at, .. } => facts.actual_start = at,
        Change::ActualFinish { at, .. } => {
            facts.actual_finish = at;
            if at.is_some() {
                facts.remaining = 0;
            }
        }
        Change::Lag { .. } => {}
    }
    Ok(())
}

fn missing(list: &'static str, place: usize) -> PlanError {
    PlanError::Dangling { what: "a change".to_owned(), list, place }
}

fn in_range(least: i64, minutes: i64) -> Result<(), PlanError> {
    if (least..=MOST_MINUTES).contains(&minutes) {
        return Ok(());
    }
    Err(PlanError::Duration { what: "a change".to_owned(), minutes })
}
