//! The checker of schedules: every rule of the project, read from the project itself.
//!
//! Invariant: it shares no code with what makes schedules. Where that uses tables, this walks
//! shifts; where that packs capacities into words, this sorts events.

use thiserror::Error;

use super::project::{Calendar, Link, LinkKind, Project, Task};

/// The first rule that a schedule breaks.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Violation {
    #[error("{starts} starts for {tasks} tasks")]
    Count { starts: usize, tasks: usize },
    #[error("task {0} starts before it may")]
    TooEarly(usize),
    #[error("task {0} starts when it cannot work")]
    NotWorking(usize),
    #[error("link {0} is broken")]
    Link(usize),
    #[error("resource {resource} is overdrawn at tick {tick}")]
    Overdrawn { resource: usize, tick: u64 },
}

/// Proves that the starts keep every link, calendar, earliest start and capacity.
///
/// The answer is the finish of every task.
///
/// # Errors
/// The first rule that is broken.
pub fn check(project: &Project, starts: &[u64]) -> Result<Vec<u64>, Violation> {
    let tasks = &project.tasks;
    if starts.len() != tasks.len() {
        return Err(Violation::Count { starts: starts.len(), tasks: tasks.len() });
    }
    let mut runs = Vec::with_capacity(tasks.len());
    for (index, (task, start)) in tasks.iter().zip(starts).enumerate() {
        if *start < u64::from(task.earliest) {
            return Err(Violation::TooEarly(index));
        }
        let run = run(project, task, *start);
        if task.duration > 0 && run.first().is_none_or(|piece| piece.0 != *start) {
            return Err(Violation::NotWorking(index));
        }
        runs.push(run);
    }
    let finishes: Vec<u64> = starts
        .iter()
        .zip(&runs)
        .map(|(start, run)| run.last().map_or(*start, |piece| piece.1))
        .collect();
    for (index, link) in project.links.iter().enumerate() {
        if !holds(project, link, starts, &finishes) {
            return Err(Violation::Link(index));
        }
    }
    for resource in 0..project.resources.len() {
        check_resource(project, resource, &runs)?;
    }
    Ok(finishes)
}

/// The pieces of time in which a task that starts then works.
fn run(project: &Project, task: &Task, start: u64) -> Vec<(u64, u64)> {
    let used = task.demands.iter().filter(|demand| demand.amount > 0);
    let theirs = used.filter_map(|demand| project.resources.get(demand.resource)?.calendar);
    let calendars: Vec<&Calendar> = task
        .calendar
        .into_iter()
        .chain(theirs)
        .filter_map(|index| project.calendars.get(index))
        .collect();
    let mut left = u64::from(task.duration);
    let mut at = start;
    let mut pieces: Vec<(u64, u64)> = Vec::new();
    while left > 0 {
        // All work until the first of them stops, or rest until the last of them works.
        let states = calendars.iter().map(|calendar| state(calendar, at));
        let (mut works, mut change) = (true, u64::MAX);
        for (working, until) in states {
            if works == working {
                change = change.min(until);
            } else if works {
                (works, change) = (false, until);
            }
        }
        let end = if works { change.min(at + left) } else { change };
        if works {
            left -= end - at;
            match pieces.last_mut() {
                Some(last) if last.1 == at => last.1 = end,
                _ => pieces.push((at, end)),
            }
        }
        at = end;
    }
    pieces
}

/// Whether the calendar works at a tick, and until when at least that lasts.
fn state(calendar: &Calendar, tick: u64) -> (bool, u64) {
    let (until, cycle) = (u64::from(calendar.until), u64::from(calendar.cycle));
    let skipped = if tick < until { 0 } else { ((tick - until) / cycle + 1) * cycle };
    let seen = tick - skipped;
    for shift in &calendar.shifts {
        let (start, end) = (u64::from(shift.start), u64::from(shift.end));
        if seen < start {
            return (false, start + skipped);
        }
        if seen < end {
            return (true, end + skipped);
        }
    }
    (false, until + skipped)
}

fn holds(project: &Project, link: &Link, starts: &[u64], finishes: &[u64]) -> bool {
    let (leaves, reaches) = match link.kind {
        LinkKind::FinishToStart => (finishes.get(link.from), starts.get(link.to)),
        LinkKind::StartToStart => (starts.get(link.from), starts.get(link.to)),
        LinkKind::FinishToFinish => (finishes.get(link.from), finishes.get(link.to)),
        LinkKind::StartToFinish => (starts.get(link.from), finishes.get(link.to)),
    };
    let (Some(leaves), Some(reaches)) = (leaves, reaches) else { return false };
    let (from, to) = (i128::from(*leaves), i128::from(*reaches));
    let lag = i128::from(link.lag);
    let Some(calendar) = link.lag_calendar.and_then(|index| project.calendars.get(index)) else {
        return from + lag <= to;
    };
    if lag >= 0 {
        to >= from && i128::from(worked(calendar, *leaves, *reaches)) >= lag
    } else {
        // A lead: at most so much working time lies between.
        to >= from || i128::from(worked(calendar, *reaches, *leaves)) <= -lag
    }
}

/// Working ticks from one tick to another.
fn worked(calendar: &Calendar, from: u64, to: u64) -> u64 {
    let (mut at, mut sum) = (from, 0);
    while at < to {
        let (working, until) = state(calendar, at);
        let end = until.min(to);
        if working {
            sum += end - at;
        }
        at = end;
    }
    sum
}

fn check_resource(
    project: &Project,
    resource: usize,
    runs: &[Vec<(u64, u64)>],
) -> Result<(), Violation> {
    // What is free changes at these ticks by so much; what is given back comes first.
    let mut changes: Vec<(u64, i64)> = Vec::new();
    let mut before = 0;
    for step in project.resources.get(resource).map_or(&[][..], |found| &found.capacity) {
        changes.push((u64::from(step.from), i64::from(step.capacity) - before));
        before = i64::from(step.capacity);
    }
    for (task, run) in project.tasks.iter().zip(runs) {
        let demands = task.demands.iter().filter(|demand| demand.resource == resource);
        let amount: i64 = demands.map(|demand| i64::from(demand.amount)).sum();
        if amount > 0 {
            changes.extend(run.iter().flat_map(|(start, end)| [(*start, -amount), (*end, amount)]));
        }
    }
    changes.sort_unstable();
    let mut free = 0;
    let mut left = changes.into_iter().peekable();
    while let Some((tick, change)) = left.next() {
        free += change;
        if free < 0 && left.peek().is_none_or(|next| next.0 != tick) {
            return Err(Violation::Overdrawn { resource, tick });
        }
    }
    Ok(())
}
