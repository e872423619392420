//! Learns the weights of `language` from the data beside it, and measures what was learned.
//!
//! Nothing that is deployed uses this crate. All of it is the same on every machine: seeded
//! chance, one thread, and only the four operations and roots on numbers.

#![expect(clippy::indexing_slicing, reason = "a tool for people at a terminal may stop")]

mod chance;
pub mod corpus;
mod cross;
mod dataset;
mod generator;
mod learner;
mod measure;
mod noise;
mod pack;
mod report;
pub mod say;
pub mod stamp;
mod train;
mod tune;
mod variants;

pub use train::train;
