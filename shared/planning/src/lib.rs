//! Planning and control of projects: schedules, resources, costs, risk.
//!
//! Pure: no IO, no clock, no randomness of its own.

pub mod calendar;
pub mod control;
pub mod exchange;
pub mod level;
pub mod network;
