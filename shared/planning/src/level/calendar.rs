//! A calendar as tables: how much is worked before a tick, and which tick is the n-th worked.

#![expect(clippy::indexing_slicing, reason = "each index is brought into its table first")]

use super::project::Calendar;

/// Later than any schedule: 2^29 ticks leave room to add durations and lags in 31 bits.
pub(super) const FAR: u32 = 1 << 29;

/// Prefix sums of one calendar, in the search's own ticks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Table {
    /// Working ticks before each tick, up to and with `until`.
    before: Vec<u32>,
    /// The working ticks before `until`.
    ticks: Vec<u32>,
    cycle: u32,
}

impl Table {
    /// `unit` divides every figure of the calendar.
    pub(super) fn new(calendar: &Calendar, unit: u32) -> Self {
        let mut works = vec![false; (calendar.until / unit) as usize];
        for shift in &calendar.shifts {
            works[(shift.start / unit) as usize..(shift.end / unit) as usize].fill(true);
        }
        Self::from_ticks(works.into_iter(), calendar.cycle / unit)
    }

    fn from_ticks(works: impl Iterator<Item = bool>, cycle: u32) -> Self {
        let (mut before, mut ticks) = (vec![0], Vec::new());
        for (tick, working) in (0..).zip(works) {
            if working {
                ticks.push(tick);
            }
            before.push(index(ticks.len()));
        }
        Self { before, ticks, cycle }
    }

    /// The ticks of a table for where both work.
    pub(super) fn ticks_with(&self, other: &Self) -> Option<u32> {
        self.until().max(other.until()).checked_add(self.cycle_with(other)?)
    }

    /// Where both work. `None` if that is never the case in the end.
    pub(super) fn both(&self, other: &Self) -> Option<Self> {
        let works = |tick: u32| self.works(tick) && other.works(tick);
        let works = (0..self.ticks_with(other)?).map(works);
        let both = Self::from_ticks(works, self.cycle_with(other)?);
        (both.per_cycle() > 0).then_some(both)
    }

    fn cycle_with(&self, other: &Self) -> Option<u32> {
        (self.cycle / gcd(self.cycle, other.cycle)).checked_mul(other.cycle)
    }

    /// The same calendar seen from `horizon` backwards; beyond it every tick is worked.
    pub(super) fn mirrored(&self, horizon: u32) -> Self {
        let works = (0..horizon).rev().map(|tick| self.works(tick));
        Self::from_ticks(works.chain([true]), 1)
    }

    pub(super) fn works(&self, tick: u32) -> bool {
        self.worked(tick + 1) > self.worked(tick)
    }

    /// Working ticks before a tick.
    pub(super) fn worked(&self, tick: u32) -> u32 {
        let until = self.until();
        if tick <= until {
            return self.before[tick as usize];
        }
        let (rounds, rest) = ((tick - until) / self.cycle, (tick - until) % self.cycle);
        let first = until - self.cycle;
        let partial = self.before[(first + rest) as usize] - self.before[first as usize];
        index(self.ticks.len()) + rounds * self.per_cycle() + partial
    }

    /// The working tick that has `count` working ticks before it, or `FAR` if it is beyond.
    pub(super) fn tick(&self, count: u32) -> u32 {
        if let Some(tick) = self.ticks.get(count as usize) {
            return *tick;
        }
        let past = count - index(self.ticks.len());
        let (rounds, rest) = (past / self.per_cycle(), past % self.per_cycle());
        let first = self.ticks.len() - self.per_cycle() as usize;
        let skipped = (u64::from(rounds) + 1) * u64::from(self.cycle);
        let tick = u64::from(self.ticks[first + rest as usize]) + skipped;
        u32::try_from(tick).unwrap_or(FAR).min(FAR)
    }

    /// The end of so many working ticks from a tick on.
    pub(super) fn finish(&self, start: u32, duration: u32) -> u32 {
        match duration {
            0 => start,
            _ => self.tick(self.worked(start) + duration - 1) + 1,
        }
    }

    /// The earliest start of so much work (at least one tick) that does not end before `finish`.
    pub(super) fn start_for(&self, finish: u32, duration: u32) -> u32 {
        let last = self.worked(finish.saturating_sub(1));
        self.tick((last + 1).saturating_sub(duration))
    }

    /// The first point that has so many working ticks between itself and `tick`, or that has no
    /// more than a lead of them before it; not before tick 0.
    pub(super) fn moved(&self, tick: u32, lag: i32) -> u32 {
        if lag >= 0 {
            self.finish(tick, lag.unsigned_abs())
        } else {
            let left = self.worked(tick).saturating_sub(lag.unsigned_abs());
            if left == 0 { 0 } else { self.tick(left - 1) + 1 }
        }
    }

    fn until(&self) -> u32 {
        index(self.before.len() - 1)
    }

    fn per_cycle(&self) -> u32 {
        index(self.ticks.len()) - self.before[(self.until() - self.cycle) as usize]
    }
}

pub(super) fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Ticks and tasks are far fewer than 2^32: the project's limits say so.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
