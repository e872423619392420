//! What the passes read of an activity: small, so that a what-if copies it cheaply.

use super::{Activity, Constraint, Kind, Options};
use crate::calendar::Moment;

#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) kind: Kind,
    pub(super) calendar: usize,
    pub(super) project: usize,
    /// Working minutes the passes place.
    pub(super) remaining: i64,
    pub(super) duration: i64,
    pub(super) deadline: Option<Moment>,
    pub(super) actual_start: Option<Moment>,
    pub(super) actual_finish: Option<Moment>,
    pub(super) resume: Option<Moment>,
    pub(super) expected_finish: Option<Moment>,
    pub(super) constraints: [Option<Constraint>; 2],
    pub(super) external_start: Option<Moment>,
    pub(super) external_finish: Option<Moment>,
}

impl Facts {
    pub(super) fn new(activity: &Activity, options: &Options) -> Self {
        let outside = |at: Option<Moment>| at.filter(|_| !options.ignore_external_dates);
        let is_milestone = activity.kind.is_milestone();
        let remaining = if is_milestone { 0 } else { activity.remaining_minutes() };
        Self {
            kind: activity.kind,
            calendar: activity.calendar,
            project: activity.project,
            remaining,
            duration: if is_milestone { 0 } else { activity.duration },
            deadline: activity.deadline,
            actual_start: activity.actual_start,
            actual_finish: activity.actual_finish,
            resume: activity.resume,
            expected_finish: activity.expected_finish,
            constraints: [activity.constraint, activity.second_constraint],
            external_start: outside(activity.external_start),
            external_finish: outside(activity.external_finish),
        }
    }

    pub(super) fn is_started(&self) -> bool {
        self.actual_start.is_some()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.actual_finish.is_some()
    }

    pub(super) fn constraints(&self) -> impl Iterator<Item = Constraint> + use<> {
        self.constraints.into_iter().flatten()
    }
}
