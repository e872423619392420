//! Serial schedule generation: each task of a list at the first tick where its links, its
//! calendar and what is free allow it.
//!
//! Kelley (1963); a list is decoded to an active schedule, and without leads some list decodes to
//! a shortest one.

#![expect(clippy::indexing_slicing, reason = "lists hold the numbers of tasks, each once")]

use super::calendar::{FAR, Table, index};
use super::problem::{MOST_WORDS, Problem};
use super::profile::{Word, fits, fits_one};
use super::project::LinkKind;

/// Reusable memory of one problem's decoding.
pub(super) struct Decoder<'p> {
    problem: &'p Problem,
    free: Vec<Word>,
    /// Ticks of `free` that may differ from the empty profile.
    used: usize,
    /// The start of each task, of the last list.
    pub(super) starts: Vec<u32>,
    finishes: Vec<u32>,
    /// From the start of each task to the end at least.
    tail: &'p [u32],
}

impl<'p> Decoder<'p> {
    pub(super) fn new(problem: &'p Problem, tail: &'p [u32]) -> Self {
        let none = vec![0; problem.tasks()];
        Self { problem, free: Vec::new(), used: 0, starts: none.clone(), finishes: none, tail }
    }

    /// Decodes a list that keeps the links; the answer is the makespan. `None` if that is more
    /// than `most`, or if there is not the memory for so long a schedule.
    pub(super) fn decode(&mut self, list: &[u32], most: u32) -> Option<u32> {
        let problem = self.problem;
        problem.profile.fill(&mut self.free, 0, self.used);
        self.used = 0;
        if problem.plain && problem.profile.words == 1 && problem.profile.is_steady() {
            return self.decode_simple(list, most);
        }
        let mut makespan = 0;
        for task in list {
            let at = *task as usize;
            let earliest =
                if problem.plain { self.after_starts(*task) } else { self.after_points(*task) };
            let tail = self.tail.get(at).copied().unwrap_or(0);
            if earliest >= FAR || earliest + tail > most {
                return None;
            }
            let (start, finish) = if problem.profile.demand(*task).iter().all(|word| *word == 0) {
                let start = self.resting(*task, earliest);
                (start, problem.finish(*task, start))
            } else {
                self.place(*task, earliest)?
            };
            if start + tail > most {
                return None;
            }
            self.starts[at] = start;
            self.finishes[at] = finish;
            makespan = makespan.max(finish);
        }
        Some(makespan)
    }

    /// The same where no calendar works and one word holds all there is, which never changes:
    /// what the published instances are, and where the search spends its time.
    fn decode_simple(&mut self, list: &[u32], most: u32) -> Option<u32> {
        let problem = self.problem;
        let mut makespan = 0;
        for task in list {
            let at = *task as usize;
            let earliest = self.after_starts(*task);
            let tail = self.tail.get(at).copied().unwrap_or(0);
            if earliest >= FAR || earliest + tail > most {
                return None;
            }
            let (demand, duration) = (problem.demand(*task)[0], problem.duration[at]);
            let mut start = earliest;
            if demand != 0 {
                // After all that is placed there is room for anything.
                let clear = index(self.used).max(earliest) + duration;
                if clear as usize > self.free.len() {
                    self.reserve(clear)?;
                }
                start = self.place_one(demand, earliest, duration);
                if start + tail > most {
                    // Nothing was noted of this one yet.
                    self.used = self.used.max((start + duration) as usize);
                    return None;
                }
                self.used = self.used.max((start + duration) as usize);
            }
            self.starts[at] = start;
            self.finishes[at] = start + duration;
            makespan = makespan.max(start + duration);
        }
        Some(makespan)
    }

    /// The first start that links allow where all are distances between starts.
    fn after_starts(&self, task: u32) -> u32 {
        let mut earliest = i64::from(self.problem.release[task as usize]);
        for (from, lag) in self.problem.distances_into(task) {
            earliest = earliest.max(i64::from(self.starts[*from as usize]) + i64::from(*lag));
        }
        u32::try_from(earliest).unwrap_or(FAR)
    }

    /// The first start that links allow where calendars move points.
    fn after_points(&self, task: u32) -> u32 {
        let problem = self.problem;
        let (mut start, mut finish) = (problem.release[task as usize], 0);
        for arc in problem.arcs_into(task) {
            let (leaves, finishes) = match arc.kind {
                LinkKind::FinishToStart => (&self.finishes, false),
                LinkKind::StartToStart => (&self.starts, false),
                LinkKind::FinishToFinish => (&self.finishes, true),
                LinkKind::StartToFinish => (&self.starts, true),
            };
            let point = leaves[arc.from as usize];
            let reached = match arc.table {
                Some(table) => problem.tables[table as usize].moved(point, arc.lag),
                None => point.saturating_add_signed(arc.lag),
            };
            let bound = if finishes { &mut finish } else { &mut start };
            *bound = reached.max(*bound);
        }
        let duration = problem.duration[task as usize];
        start.max(match problem.table_of[task as usize] {
            Some(table) if duration > 0 => {
                problem.tables[table as usize].start_for(finish, duration)
            }
            _ => finish.saturating_sub(duration),
        })
    }

    /// The first start of a task that needs nothing.
    fn resting(&self, task: u32, earliest: u32) -> u32 {
        match self.problem.table_of[task as usize] {
            Some(table) if self.problem.duration[task as usize] > 0 => {
                let table = &self.problem.tables[table as usize];
                table.tick(table.worked(earliest))
            }
            _ => earliest,
        }
    }

    fn place(&mut self, task: u32, earliest: u32) -> Option<(u32, u32)> {
        let problem = self.problem;
        let duration = problem.duration[task as usize];
        let quiet = self.used.max(problem.profile.early_ticks());
        if let Some(table) = problem.table_of[task as usize] {
            let table = &problem.tables[table as usize];
            let clear = u32::try_from(quiet).ok()?.max(earliest);
            self.reserve(table.finish(clear, duration))?;
            return Some(self.place_by(task, table, earliest));
        }
        let clear = u32::try_from(quiet).ok()?.max(earliest);
        self.reserve(clear.checked_add(duration)?)?;
        let start = if problem.profile.words == 1 {
            self.place_one(problem.demand(task)[0], earliest, duration)
        } else {
            self.place_many(problem.demand(task), earliest, duration)
        };
        self.used = self.used.max((start + duration) as usize);
        Some((start, start + duration))
    }

    /// The window is read from its end, so a tick that is too full moves the window past it, and
    /// what was read before is not read again.
    fn place_one(&mut self, demand: Word, earliest: u32, duration: u32) -> u32 {
        let guard = self.problem.profile.guard();
        let (mut start, length) = (earliest as usize, duration as usize);
        let mut known = start;
        loop {
            let end = start + length;
            let window = &self.free[known..end];
            let mut at = window.len();
            while at > 0 && fits_one(window[at - 1], demand, guard) {
                at -= 1;
            }
            if at == 0 {
                break;
            }
            start = known + at;
            known = end;
        }
        for free in &mut self.free[start..start + length] {
            *free -= demand;
        }
        index(start)
    }

    fn place_many(&mut self, demand: &[Word], earliest: u32, duration: u32) -> u32 {
        let (words, guard) = (self.problem.profile.words, self.problem.profile.guard());
        let (mut start, length) = (earliest as usize, duration as usize);
        let mut known = start;
        loop {
            let mut window = self.free[known * words..(start + length) * words].chunks(words);
            match window.rposition(|free| !fits(free, demand, guard)) {
                None => break,
                Some(full) => {
                    let end = start + length;
                    start = known + full + 1;
                    known = end;
                }
            }
        }
        for free in self.free[start * words..(start + length) * words].chunks_mut(words) {
            take(free, demand);
        }
        index(start)
    }

    /// The same, over the working ticks of a calendar.
    fn place_by(&mut self, task: u32, table: &Table, earliest: u32) -> (u32, u32) {
        let (words, guard) = (self.problem.profile.words, self.problem.profile.guard());
        let demand = self.problem.demand(task);
        let duration = self.problem.duration[task as usize];
        let mut first = table.worked(earliest);
        let mut known = first;
        while let Some(full) = (known..first + duration).rev().find(|count| {
            let tick = table.tick(*count) as usize;
            !fits(&self.free[tick * words..][..words], demand, guard)
        }) {
            known = first + duration;
            first = full + 1;
        }
        for count in first..first + duration {
            let tick = table.tick(count) as usize;
            take(&mut self.free[tick * words..][..words], demand);
        }
        let (start, finish) = (table.tick(first), table.tick(first + duration - 1) + 1);
        self.used = self.used.max(finish as usize);
        (start, finish)
    }

    /// Makes the profile at least so many ticks long.
    fn reserve(&mut self, ticks: u32) -> Option<()> {
        let words = self.problem.profile.words;
        let (have, need) = (self.free.len() / words, ticks as usize);
        if need > have {
            if need.checked_mul(words)? > MOST_WORDS {
                return None;
            }
            let ticks = (need + need / 2).min(MOST_WORDS / words);
            self.free.resize(ticks * words, 0);
            self.problem.profile.fill(&mut self.free, have, ticks);
        }
        Some(())
    }
}

fn take(free: &mut [Word], demand: &[Word]) {
    for (free, demand) in free.iter_mut().zip(demand) {
        *free -= demand;
    }
}
