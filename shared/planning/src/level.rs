//! Levelling: when to do what, so that no resource is overdrawn and the project ends early.

mod bounds;
mod calendar;
pub mod check;
mod decode;
mod effort;
mod genetic;
mod order;
mod problem;
mod profile;
pub mod progen;
mod project;
mod random;
mod rules;
mod search;

use serde::Serialize;

pub use self::effort::Effort;
pub use self::project::{
    Calendar, Demand, LAST_TICK, Link, LinkKind, MOST_CAPACITY, MOST_LINKS, MOST_RESOURCES,
    MOST_TASKS, Project, Refusal, Resource, Step, Task,
};
use self::bounds::Windows;
use self::effort::Meter;
use self::problem::{MOST_WORDS, Problem};
use self::search::{Best, Search};

/// A schedule, and what is known of how good it is. Times are in the caller's ticks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Levelled {
    /// The end of the last task.
    pub makespan: u64,
    /// No schedule ends before this.
    pub lower_bound: u64,
    /// What the makespan is above the lower bound, in percent of the bound.
    pub gap_pct: f64,
    pub proof: Proof,
    /// Each schedule that was shorter than those before.
    pub trace: Vec<Found>,
    pub seed: u64,
    /// The start of each task.
    pub starts: Vec<u64>,
}

/// What proves that nothing shorter is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    None,
    /// The bound of links, work and energy.
    Energetic,
    /// A constraint program that has no solution.
    Cp,
}

/// An improvement on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    pub stage: Stage,
    /// Schedules generated until then.
    pub evaluations: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_us: Option<u64>,
    pub makespan: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Rules,
    Search,
    Proof,
}

/// Levels a project.
pub fn level(project: &Project, effort: Effort<'_>, seed: u64) -> Result<Levelled, Refusal> {
    let meter = Meter::new(effort);
    let problem = Problem::new(project)?;
    let too_long = || Refusal::TooLong(MOST_WORDS);
    let windows = Windows::new(&problem).ok_or_else(too_long)?;
    let best = Best {
        makespan: u32::MAX,
        starts: Vec::new(),
        least: windows.critical,
        trace: Vec::new(),
        meter,
        stage: Stage::Rules,
    };
    let mut first = decode::Decoder::new(&problem);
    let horizon = first.decode(&problem.order).ok_or_else(too_long)?;
    let behind = problem.mirrored(horizon);
    let mut search = Search::new(&problem, &behind, best, seed);
    search.best.offer(horizon, &first.starts);
    genetic::by_rules(&mut search, &windows, 1000);
    let mut part = search.best.meter.bounding();
    search.best.least =
        bounds::lower_bound(&problem, &windows, search.best.makespan, &mut part);
    search.best.stage = Stage::Search;
    genetic::breed(&mut search, &windows, 1000);
    let best = search.best;
    let unit = u64::from(problem.unit);
    let starts: Vec<u64> = best.starts.iter().map(|start| u64::from(*start) * unit).collect();
    check::check(project, &starts).map_err(Refusal::Broken)?;
    Ok(Levelled {
        makespan: u64::from(best.makespan) * unit,
        lower_bound: u64::from(best.least) * unit,
        gap_pct: 0.0,
        proof: if best.makespan == best.least { Proof::Energetic } else { Proof::None },
        trace: best
            .trace
            .into_iter()
            .map(|found| Found { makespan: found.makespan * unit, ..found })
            .collect(),
        seed,
        starts,
    })
}
