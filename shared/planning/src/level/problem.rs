//! The project as the search sees it: divided ticks, packed capacities, arcs, and the same seen
//! from the end.

#![expect(clippy::indexing_slicing, reason = "the project was checked: every index is in range")]

use std::collections::HashMap;

use super::calendar::{Table, gcd, index};
use super::order::topological;
use super::profile::{Profile, Word};
use super::project::{LinkKind, Project, Refusal};

/// Most words of a profile, and most ticks of all calendars' tables together: some 64 MB.
pub(super) const MOST_WORDS: usize = 1 << 22;

/// What one task waits for: `from`'s point plus `lag`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: u32,
    pub(super) lag: i32,
    pub(super) kind: LinkKind,
    pub(super) table: Option<u32>,
}

/// Invariant: `plain` problems have no tables, and all their arcs are start to start.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// Ticks of the project in one tick here.
    pub(super) unit: u32,
    pub(super) duration: Vec<u32>,
    pub(super) release: Vec<u32>,
    /// The arcs into task `t` are `arcs[first[t]..first[t + 1]]`.
    pub(super) first: Vec<u32>,
    pub(super) arcs: Vec<Arc>,
    /// Of plain problems, `from` and `lag` of each arc: what the search reads all the time.
    pub(super) distances: Vec<(u32, i32)>,
    pub(super) tables: Vec<Table>,
    pub(super) table_of: Vec<Option<u32>>,
    pub(super) profile: Profile,
    /// No calendars, so a link is a distance between starts.
    pub(super) plain: bool,
    /// Sorting by start always keeps the order of the links.
    pub(super) sorted_by_start: bool,
    /// A topological order of the tasks.
    pub(super) order: Vec<u32>,
}

impl Problem {
    pub(super) fn new(project: &Project) -> Result<Self, Refusal> {
        project.check()?;
        let unit = unit(project);
        let tasks = &project.tasks;
        let plain = tasks.iter().all(|task| task.calendar.is_none())
            && project.resources.iter().all(|resource| resource.calendar.is_none())
            && project.links.iter().all(|link| link.lag_calendar.is_none());
        let (tables, table_of) =
            if plain { (Vec::new(), vec![None; tasks.len()]) } else { tables(project, unit)? };
        let duration: Vec<u32> = tasks.iter().map(|task| task.duration / unit).collect();
        let mut arcs: Vec<(u32, Arc)> = Vec::with_capacity(project.links.len());
        for link in &project.links {
            let from = index(link.from);
            let lag = link.lag / i32::try_from(unit).unwrap_or(i32::MAX);
            let table = link.lag_calendar.map(index);
            let arc = Arc { from, lag, kind: link.kind, table };
            let to = index(link.to);
            arcs.push((to, if plain { between_starts(arc, to, &duration) } else { arc }));
        }
        let release: Vec<u32> = tasks.iter().map(|task| task.earliest / unit).collect();
        let profile = Profile::new(project, unit).ok_or(Refusal::TooLong(MOST_WORDS))?;
        let mut problem = Self {
            unit,
            duration,
            release,
            first: Vec::new(),
            arcs: Vec::new(),
            distances: Vec::new(),
            tables,
            table_of,
            profile,
            plain,
            sorted_by_start: false,
            order: Vec::new(),
        };
        problem.set_arcs(arcs);
        problem.order = topological(&problem, |task| (u64::from(task), 0));
        if problem.order.len() < tasks.len() {
            return Err(Refusal::Cycle(problem.cycle()));
        }
        Ok(problem)
    }

    pub(super) fn tasks(&self) -> usize {
        self.duration.len()
    }

    pub(super) fn arcs_into(&self, task: u32) -> &[Arc] {
        let at = task as usize;
        &self.arcs[self.first[at] as usize..self.first[at + 1] as usize]
    }

    /// The predecessors of a task of a plain problem, with the least distances between starts.
    pub(super) fn distances_into(&self, task: u32) -> &[(u32, i32)] {
        let at = task as usize;
        &self.distances[self.first[at] as usize..self.first[at + 1] as usize]
    }

    pub(super) fn demand(&self, task: u32) -> &[Word] {
        self.profile.demand(task)
    }

    /// The finish of a task that starts then.
    pub(super) fn finish(&self, task: u32, start: u32) -> u32 {
        let duration = self.duration[task as usize];
        match self.table_of[task as usize] {
            Some(table) => self.tables[table as usize].finish(start, duration),
            None => start + duration,
        }
    }

    /// Whether the tables and capacities read backwards from a horizon would be too much.
    pub(super) fn is_too_long(&self, horizon: u32) -> bool {
        let steady = self.tables.is_empty() && self.profile.is_steady();
        let copies = self.tables.len() + self.profile.words;
        !steady && (horizon as usize).saturating_mul(copies) > MOST_WORDS * 4
    }

    /// The problem read backwards from a horizon. Releases become deadlines, which it forgets, and
    /// time before tick 0 is always worked: it serves to order tasks.
    pub(super) fn mirrored(&self, horizon: u32) -> Self {
        let mut arcs: Vec<(u32, Arc)> = Vec::with_capacity(self.arcs.len());
        for to in 0..index(self.tasks()) {
            for arc in self.arcs_into(to) {
                arcs.push((arc.from, self.mirrored_arc(*arc, to)));
            }
        }
        let mut mirrored = Self {
            release: vec![0; self.tasks()],
            tables: self.tables.iter().map(|table| table.mirrored(horizon)).collect(),
            profile: self.profile.mirrored(horizon),
            order: self.order.iter().rev().copied().collect(),
            ..self.clone()
        };
        mirrored.set_arcs(arcs);
        mirrored
    }

    fn mirrored_arc(&self, arc: Arc, to: u32) -> Arc {
        let kind = match arc.kind {
            LinkKind::StartToStart if self.plain => {
                let ends = (self.duration[to as usize], self.duration[arc.from as usize]);
                let lag = arc.lag + signed(ends.0) - signed(ends.1);
                return Arc { from: to, lag, ..arc };
            }
            LinkKind::StartToStart => LinkKind::FinishToFinish,
            LinkKind::FinishToFinish => LinkKind::StartToStart,
            LinkKind::FinishToStart => LinkKind::FinishToStart,
            LinkKind::StartToFinish => LinkKind::StartToFinish,
        };
        Arc { from: to, kind, ..arc }
    }

    fn set_arcs(&mut self, mut arcs: Vec<(u32, Arc)>) {
        arcs.sort_by_key(|(to, arc)| (*to, arc.from));
        let mut first = vec![0; self.tasks() + 1];
        for (to, _) in &arcs {
            first[*to as usize + 1] += 1;
        }
        for at in 0..self.tasks() {
            first[at + 1] += first[at];
        }
        self.sorted_by_start = self.plain && arcs.iter().all(|(_, arc)| arc.lag >= 0);
        self.first = first;
        self.arcs = arcs.into_iter().map(|(_, arc)| arc).collect();
        self.distances = self.arcs.iter().map(|arc| (arc.from, arc.lag)).collect();
    }

    /// One cycle of a network that has no topological order.
    fn cycle(&self) -> Vec<usize> {
        let sorted: std::collections::HashSet<u32> = self.order.iter().copied().collect();
        let inside = |task: u32| !sorted.contains(&task);
        // Every task left over has a predecessor left over: walk back until one repeats.
        let mut path = Vec::new();
        let mut at = (0..index(self.tasks())).find(|task| inside(*task)).unwrap_or(0);
        while !path.contains(&at) {
            path.push(at);
            let back = self.arcs_into(at).iter().map(|arc| arc.from).find(|from| inside(*from));
            at = back.unwrap_or(at);
        }
        let from = path.iter().position(|task| *task == at).unwrap_or(0);
        path[from..].iter().rev().map(|task| *task as usize).collect()
    }
}

/// A link without calendars as a distance between starts: with durations `a` and `b`,
/// finish-to-start is `a + lag`, start-to-start `lag`, finish-to-finish `a - b + lag`,
/// start-to-finish `lag - b`.
fn between_starts(arc: Arc, to: u32, duration: &[u32]) -> Arc {
    let (a, b) = (signed(duration[arc.from as usize]), signed(duration[to as usize]));
    let offset = match arc.kind {
        LinkKind::FinishToStart => a,
        LinkKind::StartToStart => 0,
        LinkKind::FinishToFinish => a - b,
        LinkKind::StartToFinish => -b,
    };
    Arc { lag: arc.lag + offset, kind: LinkKind::StartToStart, ..arc }
}

/// Limited by `LAST_TICK`, so nothing is lost.
pub(super) fn signed(ticks: u32) -> i32 {
    i32::try_from(ticks).unwrap_or(i32::MAX)
}

/// The greatest common divisor of all times.
fn unit(project: &Project) -> u32 {
    let tasks = project.tasks.iter().flat_map(|task| [task.duration, task.earliest]);
    let links = project.links.iter().map(|link| link.lag.unsigned_abs());
    let steps = project.resources.iter().flat_map(|resource| &resource.capacity);
    let ends = project.calendars.iter().flat_map(|calendar| [calendar.until, calendar.cycle]);
    let shifts = project.calendars.iter().flat_map(|calendar| &calendar.shifts);
    let times = tasks
        .chain(links)
        .chain(steps.map(|step| step.from))
        .chain(ends)
        .chain(shifts.flat_map(|shift| [shift.start, shift.end]));
    times.fold(0, gcd).max(1)
}

/// A table for each calendar of the project, and the one each task works by: those of the task
/// and its resources together.
fn tables(project: &Project, unit: u32) -> Result<(Vec<Table>, Vec<Option<u32>>), Refusal> {
    let mut left = index(MOST_WORDS);
    let mut tables = Vec::new();
    for calendar in &project.calendars {
        let rest = left.checked_sub(calendar.until / unit);
        left = rest.ok_or(Refusal::TooLong(MOST_WORDS))?;
        tables.push(Table::new(calendar, unit));
    }
    let mut joined: HashMap<Vec<usize>, u32> = HashMap::new();
    let mut table_of = Vec::with_capacity(project.tasks.len());
    for (number, task) in project.tasks.iter().enumerate() {
        let used = task.demands.iter().filter(|demand| demand.amount > 0);
        let theirs = used.filter_map(|demand| project.resources[demand.resource].calendar);
        let mut names: Vec<usize> = task.calendar.into_iter().chain(theirs).collect();
        names.sort_unstable();
        names.dedup();
        let table = match (names.as_slice(), joined.get(&names)) {
            ([], _) => None,
            ([only], _) => Some(index(*only)),
            (_, Some(known)) => Some(*known),
            ([first, rest @ ..], None) => {
                let mut both = tables[*first].clone();
                for other in rest {
                    let other = &tables[*other];
                    let rest = both.ticks_with(other).and_then(|ticks| left.checked_sub(ticks));
                    left = rest.ok_or(Refusal::TooLong(MOST_WORDS))?;
                    both = both.both(other).ok_or(Refusal::NeverWorks(number))?;
                }
                tables.push(both);
                let table = index(tables.len() - 1);
                joined.insert(names, table);
                Some(table)
            }
        };
        table_of.push(table);
    }
    Ok((tables, table_of))
}
