//! Monte Carlo simulation of a plan: how sure its finish and its cost are.
//!
//! Each iteration draws every uncertain duration, decides which events happen, and computes the
//! *whole network* anew with the pass of [`crate::network`]: the same calendars, link types, lags,
//! constraints and progress. So where paths merge the finish is later than on any of them, which
//! adding up percentiles or one path's variance (classic PERT) misses. Mandatory dates hold in
//! every iteration; a plan that has them hides its risk.
//!
//! Costs are lines of quantity by rate, once or for each day of the project's or an activity's
//! duration, and the impacts of events.
//!
//! *Invariant:* the result depends on the plan and the specification alone. Random numbers come from
//! a counter and a name ([`Spec::seed`]), minutes and money are summed as integers or in the order of
//! iterations, and logarithms are computed in software, so all machines agree in every byte.
//!
//! Sources: AACE 57R-09; GAO-16-89G, best practice 8; D. Vose, "Risk Analysis" (Beta-PERT);
//! T. Williams, "Criticality in Stochastic Networks", J. Opl Res. Soc. 43 (1992).

#![expect(clippy::float_arithmetic, reason = "draws, deviations and probabilities are no money")]

mod distribution;
mod model;
mod outcome;
pub mod pert;
mod random;
mod run;
mod shape;
mod spec;
mod statistics;

pub use distribution::{Distribution, DistributionError};
pub use outcome::{Chance, Cost, Finishes, Outcome, Sensitivity, Time};
pub use spec::{
    CostLine, Event, Group, ITERATIONS, MOST_LINES, MOST_STEPS, Others, Spec, SpecError, Timing,
    Uncertain,
};
pub use statistics::{Quantile, Spread};

use crate::calendar::Calendar;
use crate::network::Network;

/// Version of the draws: raised when the same specification would give other numbers.
pub const ENGINE: u32 = 1;

/// Simulates a plan.
pub fn simulate(network: &Network, spec: &Spec) -> Result<Outcome, SpecError> {
    let model = model::Model::new(network, spec)?;
    Ok(run::run(network, spec, &model))
}

fn day_minutes(calendar: Option<&Calendar>) -> f64 {
    float(calendar.map_or(1, Calendar::day_minutes).max(1))
}

#[expect(clippy::cast_precision_loss, reason = "minutes and money here are far below 2^53")]
fn float(value: i64) -> f64 {
    value as f64
}

fn float_of_count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
