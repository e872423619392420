//! The whole system in one process, for a developer's machine and for tests.
//!
//! The functions are the deployed ones, called through the same doors; the AWS SDKs are the real
//! ones; what the template says is what is wired. Only the services behind are embedded, and Meta
//! is a stand-in.
//!
//! Invariant: nothing deployed depends on this crate.

pub mod clock;
pub mod demo;
pub mod driver;
mod functions;
pub mod gateway;
pub mod graph;
pub mod hub;
mod inbox;
pub mod meta;
mod pages;
pub mod phone;
pub mod secrets;
pub mod seed;
pub mod system;

pub use clock::MovingClock;
pub use system::{DEFAULT_PORT, Data, Options, System};
