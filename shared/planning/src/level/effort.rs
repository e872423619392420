//! How long a search may take. The crate has no clock: the caller lends one, or counts.

use std::time::Duration;

/// What a search may spend.
#[derive(Clone, Copy)]
pub enum Effort<'c> {
    /// So many schedules generated and steps of the proof. The same project, effort and seed give
    /// the same bytes.
    Evaluations(u64),
    /// So much time, by the caller's clock, which tells what has passed since some fixed moment.
    Time { limit: Duration, clock: &'c dyn Fn() -> Duration },
}

/// The part of the time that the energetic bound may take, and its most.
const BOUND_SHARE: u32 = 10;
const BOUND_MOST: Duration = Duration::from_millis(50);
/// More time than this is not taken: what a search has not found in a day it will not find.
const MOST_TIME: Duration = Duration::from_hours(24);
/// Intervals of the bound that one counted evaluation is worth.
const BOUND_STEPS: u64 = 50;

/// An effort being spent.
pub(super) struct Meter<'c> {
    effort: Effort<'c>,
    began: Duration,
    pub(super) evaluations: u64,
}

/// A part of the effort with its own end.
pub(super) struct Part<'c> {
    clock: Option<(&'c dyn Fn() -> Duration, Duration)>,
    steps: u64,
}

impl<'c> Meter<'c> {
    pub(super) fn new(effort: Effort<'c>) -> Self {
        let (effort, began) = match effort {
            Effort::Evaluations(_) => (effort, Duration::ZERO),
            Effort::Time { limit, clock } => {
                (Effort::Time { limit: limit.min(MOST_TIME), clock }, clock())
            }
        };
        Self { effort, began, evaluations: 0 }
    }

    /// What has passed, where there is a clock.
    pub(super) fn elapsed(&self) -> Option<Duration> {
        match self.effort {
            Effort::Evaluations(_) => None,
            Effort::Time { clock, .. } => Some(clock().saturating_sub(self.began)),
        }
    }

    /// Whether so many thousandths of the effort are spent.
    pub(super) fn is_spent(&self, thousandths: u32) -> bool {
        match (self.effort, self.elapsed()) {
            (Effort::Time { limit, .. }, Some(elapsed)) => elapsed >= limit * thousandths / 1000,
            (Effort::Evaluations(most), _) => {
                self.evaluations >= most.saturating_mul(u64::from(thousandths)) / 1000
            }
            (Effort::Time { .. }, None) => true,
        }
    }

    pub(super) fn bounding(&self) -> Part<'c> {
        match self.effort {
            Effort::Evaluations(most) => {
                Part { clock: None, steps: most.saturating_mul(BOUND_STEPS) }
            }
            Effort::Time { limit, clock } => {
                let end = clock() + (limit / BOUND_SHARE).min(BOUND_MOST);
                Part { clock: Some((clock, end)), steps: u64::MAX }
            }
        }
    }

    /// What is left, for the proof.
    pub(super) fn proving(&self) -> Part<'c> {
        match self.effort {
            Effort::Evaluations(most) => {
                Part { clock: None, steps: most.saturating_sub(self.evaluations) }
            }
            Effort::Time { limit, clock } => {
                Part { clock: Some((clock, self.began + limit)), steps: u64::MAX }
            }
        }
    }
}

impl Part<'_> {
    /// Counts a step; false when the part is spent.
    pub(super) fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0 && self.clock.is_none_or(|(clock, end)| clock() < end)
    }
}
