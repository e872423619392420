//! The forward pass again and again with other durations, for a simulation.

use std::cell::Cell;
use std::mem::take;

use super::facts::Facts;
use super::schedule::{Passes, Placed};
use super::{MOST_MINUTES, Network, ProgressRule};
use crate::calendar::Moment;

/// A network whose early dates are computed anew after its durations were changed.
///
/// It is the pass of [`Network::schedule`], on the same calendars, links and constraints; only its
/// memory is kept from one run to the next.
pub(crate) struct Rerun<'a> {
    network: &'a Network,
    facts: Vec<Facts>,
    placed: Vec<Placed>,
    driving: Vec<bool>,
    project_finish: Vec<Moment>,
}

impl<'a> Rerun<'a> {
    pub(crate) fn new(network: &'a Network) -> Self {
        Self {
            network,
            facts: network.facts.clone(),
            placed: vec![Placed::default(); network.facts.len()],
            driving: vec![false; network.plan.links.len()],
            project_finish: Vec::with_capacity(network.plan.projects.len()),
        }
    }

    /// What remains of an activity, in working minutes. It no longer follows a promised finish.
    ///
    /// Milestones and what is finished stay as they are.
    pub(crate) fn set_remaining(&mut self, activity: usize, minutes: i64) {
        let Some(facts) = self.facts.get_mut(activity) else { return };
        if facts.is_finished() || facts.kind.is_milestone() {
            return;
        }
        let counts_from_start = self.network.plan.options.progress == ProgressRule::ActualDates;
        let done = match self.network.plan.activities.get(activity) {
            Some(one) if counts_from_start && facts.is_started() => {
                (one.duration - one.remaining_minutes()).max(0)
            }
            _ => 0,
        };
        facts.remaining = minutes.clamp(0, MOST_MINUTES) + done;
        facts.expected_finish = None;
    }

    /// Runs the pass; of each activity, whether it is on the longest path.
    pub(crate) fn run(&mut self) -> Vec<bool> {
        let network = self.network;
        let mut project_finish = take(&mut self.project_finish);
        project_finish.clear();
        project_finish.extend(network.plan.projects.iter().map(|project| project.data_date));
        let mut passes = Passes {
            network,
            facts: &self.facts,
            links: &network.plan.links,
            options: &network.plan.options,
            placed: take(&mut self.placed),
            driving: take(&mut self.driving),
            free_float: Vec::new(),
            project_finish,
            counted: network.plan.calendars.iter().map(|_| Cell::default()).collect(),
        };
        passes.forward();
        let on_path = passes.longest_path();
        let Passes { placed, driving, project_finish, .. } = passes;
        (self.placed, self.driving, self.project_finish) = (placed, driving, project_finish);
        on_path
    }

    /// The last early finish of the last run.
    pub(crate) fn finish(&self) -> Moment {
        self.project_finish.iter().copied().max().unwrap_or_default()
    }

    /// What remained of an activity in the last run, working minutes.
    pub(crate) fn remaining(&self, activity: usize) -> i64 {
        self.placed.get(activity).map_or(0, |placed| placed.remaining)
    }
}
