//! The longest path: what the last finish was driven by.

use super::schedule::Passes;
use super::{Network, ProgressRule, Project, Schedule};

impl Passes<'_> {
    /// Of each activity, whether driving links lead from it to the finish of its project.
    pub(super) fn longest_path(&self) -> Vec<bool> {
        let mut on_path = vec![false; self.facts.len()];
        let is_last = |n: &usize| {
            let (Some(facts), Some(placed)) = (self.facts.get(*n), self.placed.get(*n)) else {
                return false;
            };
            let is_external = |project: &Project| project.is_external;
            !self.network.plan.projects.get(facts.project).is_some_and(is_external)
                && self.project_finish.get(facts.project) == Some(&placed.early_finish.at)
        };
        let mut open: Vec<usize> =
            self.network.order.sequence.iter().copied().filter(is_last).collect();
        while let Some(n) = open.pop() {
            match on_path.get_mut(n) {
                Some(mark) if !*mark => *mark = true,
                _ => continue,
            }
            for link in self.network.order.into.of(n) {
                if self.driving.get(*link).copied().unwrap_or_default() {
                    open.extend(self.links.get(*link).map(|link| link.predecessor));
                }
            }
        }
        // Under progress override what is finished holds nothing.
        if self.options.progress == ProgressRule::ProgressOverride {
            for (mark, facts) in on_path.iter_mut().zip(self.facts) {
                *mark &= !facts.is_finished();
            }
        }
        on_path
    }
}

impl Schedule {
    /// The places of the activities on the longest path, by early start.
    pub fn longest_path(&self) -> Vec<usize> {
        self.by_start(|dates| dates.longest_path)
    }

    /// The places of the critical activities, by early start.
    pub fn critical(&self) -> Vec<usize> {
        self.by_start(|dates| dates.critical)
    }

    /// The places of the near-critical activities, by early start.
    pub fn near_critical(&self) -> Vec<usize> {
        self.by_start(|dates| dates.near_critical)
    }

    fn by_start(&self, keep: impl Fn(&super::Dates) -> bool) -> Vec<usize> {
        let mut found: Vec<_> = (0..)
            .zip(&self.dates)
            .filter(|(_, dates)| keep(dates))
            .map(|(n, dates)| (dates.early_start, dates.early_finish, n))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, _, n)| n).collect()
    }
}

impl Network {
    /// The activities that drive one: over its links the predecessors that set its early dates.
    pub fn drivers(&self, schedule: &Schedule, activity: usize) -> Vec<usize> {
        let is_driving = |link: &usize| schedule.driving.get(*link).copied().unwrap_or_default();
        let links = self.order.into.of(activity).iter().copied().filter(is_driving);
        links.filter_map(|link| self.plan.links.get(link)).map(|link| link.predecessor).collect()
    }
}
