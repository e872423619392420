//! Planning and control of projects: schedules, resources, costs, risk.
//!
//! - [`calendar`]: working time to the minute.
//! - [`network`]: the critical path, floats, the longest path, what-ifs, baselines, delays.
//! - [`level`]: schedules that respect resources.
//! - [`control`]: earned value, forecasts, simulation, quality, health.
//! - [`exchange`]: files of Primavera, MS Project and others, with an account of every row.
//!
//! ```
//! use planning::calendar::Calendar;
//! use planning::network::{Activity, Link, LinkKind, Network, Plan};
//!
//! let mut plan = Plan::new("House", "2026-03-02T08:00".parse()?, Calendar::five_days());
//! plan.activities = vec![
//!     Activity::task("DIG", 3 * 480),
//!     Activity::task("POUR", 2 * 480),
//!     Activity::task("FENCE", 480),
//! ];
//! plan.links = vec![Link::new(0, 1, LinkKind::FinishStart)];
//!
//! let schedule = Network::new(plan)?.schedule();
//! assert_eq!(schedule.finish.to_string(), "2026-03-06T17:00");
//! assert_eq!(schedule.longest_path(), [0, 1]);
//! assert_eq!(schedule.dates[2].total_float, Some(4 * 480));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Units
//! Durations, lags and floats are minutes of work on a named calendar; dates are minutes of the
//! project's wall clock ([`calendar::Moment`]) and are never converted between zones.
//!
//! # How it is known to be right
//! The critical path agrees with linear programmes on the networks of `tests/cpm.json`. Dates,
//! floats and longest paths computed from exports of Primavera were compared with those that
//! Primavera stored in them; the fixtures of `tests/` follow the same rules, derived by hand.
//!
//! Invariant: pure. No input or output, no clock, no environment, no randomness of its own: a
//! seed is an argument.

pub mod calendar;
pub mod control;
pub mod exchange;
pub mod level;
pub mod network;
