//! The state of one search: the best schedule so far, what was tried, and the two directions.

use super::bounds::{self, Windows};
use super::decode::Decoder;
use super::effort::Meter;
use super::order::{by_start, topological};
use super::problem::Problem;
use super::project::Project;
use super::random::Random;
use super::{Found, Proof, Stage, check, genetic, proof, rules};

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
    windows: &'p Windows,
    keys: Vec<u64>,
}

/// Which way a list is decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Backward,
}

impl Way {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

impl<'c> Best<'c> {
    pub(super) fn new(meter: Meter<'c>, least: u32) -> Self {
        let (makespan, starts, trace) = (u32::MAX, Vec::new(), Vec::new());
        Self { makespan, starts, least, trace, meter, stage: Stage::Rules }
    }

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
    pub(super) fn new(
        ahead: &'p Problem,
        behind: &'p Problem,
        windows: &'p Windows,
        best: Best<'c>,
        seed: u64,
    ) -> Self {
        Self {
            forward: Decoder::new(ahead, &windows.tail),
            backward: Decoder::new(behind, &windows.lead),
            ahead,
            behind,
            best,
            random: Random::new(seed),
            windows,
            keys: Vec::new(),
        }
    }

    /// Rules, bound, search and proof, as far as the effort goes.
    pub(super) fn run(&mut self, project: &Project) -> Proof {
        let keys = rules::keys(self.ahead, self.windows);
        let made = genetic::by_rules(self, &keys);
        let mut part = self.best.meter.bounding();
        let possible = self.best.makespan;
        self.best.least = bounds::lower_bound(self.ahead, self.windows, possible, &mut part);
        self.best.stage = Stage::Search;
        genetic::breed(self, self.windows, &keys, made, 1000 - self.share_of_proof());
        if self.best.is_proved() {
            return Proof::Energetic;
        }
        if self.best.meter.is_spent(1000) {
            return Proof::None;
        }
        self.best.stage = Stage::Proof;
        if self.prove(project) {
            self.best.least = self.best.makespan;
            return Proof::Cp;
        }
        self.best.stage = Stage::Search;
        genetic::breed(self, self.windows, &keys, Vec::new(), 1000);
        if self.best.is_proved() { Proof::Energetic } else { Proof::None }
    }

    /// Thousandths of the effort that are kept for the proof. Of 30 tasks the search soon has a
    /// shortest schedule, and most proofs succeed; of 120 few do, so the search has the time.
    fn share_of_proof(&self) -> u32 {
        let tasks = self.ahead.tasks().max(1);
        if proof::is_hopeless(self.ahead, self.best.makespan) {
            return 0;
        }
        u32::try_from(625_000 / (tasks * tasks)).unwrap_or(u32::MAX).min(700)
    }

    fn prove(&mut self, project: &Project) -> bool {
        let (ahead, windows, length) = (self.ahead, self.windows, self.best.makespan);
        let mut part = self.best.meter.proving();
        proof::prove(ahead, windows, length, &mut part, |starts| {
            let unit = u64::from(ahead.unit);
            let real: Vec<u64> = starts.iter().map(|start| u64::from(*start) * unit).collect();
            check::check(project, &real).ok()?;
            let finishes = (0..).zip(starts).map(|(task, start)| ahead.finish(task, *start));
            self.best.offer(finishes.max().unwrap_or(0), starts);
            let mut list = topological(ahead, |task| starts.get(task as usize).copied());
            self.improve(&mut list);
            Some(self.best.makespan)
        })
    }

    /// Decodes a list (in the order of the links) one way and brings it into the order of the
    /// schedule; the answer is the makespan, or `u32::MAX` if that is over `most`: then the list is
    /// as it was. Schedules made forward are offered to the best.
    pub(super) fn evaluate(&mut self, list: &mut [u32], way: Way, most: u32) -> u32 {
        self.best.meter.evaluations += 1;
        match way {
            Way::Forward => {
                let Some(makespan) = self.forward.decode(list, most) else { return u32::MAX };
                self.best.offer(makespan, &self.forward.starts);
                by_start(self.ahead, list, &self.forward.starts, &mut self.keys);
                makespan
            }
            Way::Backward => {
                list.reverse();
                let makespan = self.backward.decode(list, most);
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
        let mut makespan = self.evaluate(list, Way::Forward, u32::MAX);
        loop {
            self.evaluate(list, Way::Backward, u32::MAX);
            let next = self.evaluate(list, Way::Forward, u32::MAX);
            if next >= makespan {
                return makespan;
            }
            makespan = next;
        }
    }
}
