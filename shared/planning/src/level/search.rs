//! The state of one search: the best schedule so far, what was tried, and the two directions.

use super::decode::Decoder;
use super::effort::Meter;
use super::order::by_start;
use super::problem::Problem;
use super::random::Random;
use super::{Found, Stage};

/// The best schedule of a search and how it came.
pub(super) struct Best<'c> {
    pub(super) makespan: u32,
    pub(super) starts: Vec<u32>,
    /// Nothing shorter is possible.
    pub(super) least: u32,
    pub(super) trace: Vec<Found>,
    pub(super) meter: Meter<'c>,
    pub(super) stage: Stage,
}

/// Both directions of a problem, with the memory to decode them.
pub(super) struct Search<'p, 'c> {
    pub(super) forward: Decoder<'p>,
    pub(super) backward: Decoder<'p>,
    pub(super) ahead: &'p Problem,
    pub(super) behind: &'p Problem,
    pub(super) best: Best<'c>,
    pub(super) random: Random,
    keys: Vec<u64>,
}

/// Which way a list is decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Backward,
}

impl Best<'_> {
    /// Takes a schedule if it is shorter than the best.
    pub(super) fn offer(&mut self, makespan: u32, starts: &[u32]) {
        if makespan < self.makespan {
            self.makespan = makespan;
            self.starts.clear();
            self.starts.extend_from_slice(starts);
            self.trace.push(Found {
                stage: self.stage,
                evaluations: self.meter.evaluations,
                elapsed_us: self
                    .meter
                    .elapsed()
                    .map(|passed| u64::try_from(passed.as_micros()).unwrap_or(u64::MAX)),
                makespan: makespan.into(),
            });
        }
    }

    pub(super) fn is_proved(&self) -> bool {
        self.makespan <= self.least
    }
}

impl<'p, 'c> Search<'p, 'c> {
    pub(super) fn new(ahead: &'p Problem, behind: &'p Problem, best: Best<'c>, seed: u64) -> Self {
        Self {
            forward: Decoder::new(ahead),
            backward: Decoder::new(behind),
            ahead,
            behind,
            best,
            random: Random::new(seed),
            keys: Vec::new(),
        }
    }

    /// Decodes a list (in the order of the links) one way and brings it into the order of the
    /// schedule; the answer is the makespan. Schedules made forward are offered to the best.
    pub(super) fn evaluate(&mut self, list: &mut [u32], way: Way) -> u32 {
        self.best.meter.evaluations += 1;
        match way {
            Way::Forward => {
                let Some(makespan) = self.forward.decode(list) else { return u32::MAX };
                self.best.offer(makespan, &self.forward.starts);
                by_start(self.ahead, list, &self.forward.starts, &mut self.keys);
                makespan
            }
            Way::Backward => {
                list.reverse();
                let makespan = self.backward.decode(list);
                if makespan.is_some() {
                    by_start(self.behind, list, &self.backward.starts, &mut self.keys);
                }
                list.reverse();
                makespan.unwrap_or(u32::MAX)
            }
        }
    }

    /// Forward-backward improvement (Li and Willis 1992; Tormos and Lova 2001): decodes both ways
    /// in turn as long as that shortens the schedule.
    pub(super) fn improve(&mut self, list: &mut [u32]) -> u32 {
        let mut makespan = self.evaluate(list, Way::Forward);
        loop {
            self.evaluate(list, Way::Backward);
            let next = self.evaluate(list, Way::Forward);
            if next >= makespan {
                return makespan;
            }
            makespan = next;
        }
    }
}
