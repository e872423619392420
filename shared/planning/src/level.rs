//! Levelling: when to do what, so that no resource is overdrawn and the project ends early.

mod bounds;
mod calendar;
pub mod check;
mod decode;
mod effort;
mod genetic;
mod network;
mod order;
mod problem;
mod profile;
pub mod progen;
mod project;
mod proof;
mod random;
mod rules;
mod search;

use serde::Serialize;

use self::bounds::Windows;
use self::decode::Decoder;
pub use self::effort::Effort;
use self::effort::Meter;
pub use self::network::{
    Broken, Delayed, LevelledPlan, MOST_LEVELLED, NetworkRefusal, Overdrawn, level_network,
};
use self::problem::{MOST_WORDS, Problem};
pub use self::project::{
    Calendar, Demand, LAST_TICK, Link, LinkKind, MOST_CAPACITY, MOST_LINKS, MOST_RESOURCES,
    MOST_TASKS, Project, Refusal, Resource, Step, Task,
};
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
    /// Schedules generated.
    pub evaluations: u64,
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

/// Levels a project: the schedule that the effort finds, checked against every rule of the
/// project by [`check::check`], which shares nothing with what made it.
///
/// Links, calendars, durations and demands are never changed. The instant answer comes from
/// priority rules; a search shortens it; below 300 tasks without calendars a constraint program
/// then tries to prove that nothing shorter exists.
///
/// # Errors
/// What has no meaning or passes a limit; no effort is too small for a schedule.
pub fn level(project: &Project, effort: Effort<'_>, seed: u64) -> Result<Levelled, Refusal> {
    let meter = Meter::new(effort);
    let problem = Problem::new(project)?;
    let too_long = || Refusal::TooLong(MOST_WORDS);
    let windows = Windows::new(&problem).ok_or_else(too_long)?;
    let mut first = Decoder::new(&problem, &[]);
    let horizon = first.decode(&problem.order, u32::MAX).ok_or_else(too_long)?;
    if problem.is_too_long(horizon) {
        return Err(too_long());
    }
    let behind = problem.mirrored(horizon);
    let mut best = Best::new(meter, windows.critical);
    best.offer(horizon, &first.starts);
    let mut search = Search::new(&problem, &behind, &windows, best, seed);
    let proof = search.run(project);
    report(project, &problem, search.best, proof, seed)
}

fn report(
    project: &Project,
    problem: &Problem,
    best: Best<'_>,
    proof: Proof,
    seed: u64,
) -> Result<Levelled, Refusal> {
    let unit = u64::from(problem.unit);
    let starts: Vec<u64> = best.starts.iter().map(|start| u64::from(*start) * unit).collect();
    let finishes = check::check(project, &starts).map_err(Refusal::Broken)?;
    let makespan = finishes.into_iter().max().unwrap_or(0);
    let lower_bound = u64::from(best.least) * unit;
    let ours = |found: Found| Found { makespan: found.makespan * unit, ..found };
    Ok(Levelled {
        makespan,
        lower_bound,
        gap_pct: gap_pct(makespan, lower_bound),
        proof,
        trace: best.trace.into_iter().map(ours).collect(),
        seed,
        evaluations: best.meter.evaluations,
        starts,
    })
}

#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "a ratio, to look at")]
fn gap_pct(makespan: u64, lower_bound: u64) -> f64 {
    let above = makespan.saturating_sub(lower_bound);
    if above == 0 { 0.0 } else { above as f64 / lower_bound.max(1) as f64 * 100.0 }
}
