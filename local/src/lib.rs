//! The whole system in one process, for a developer's machine and for tests.
//!
//! The functions are the deployed ones, called through the same doors; the AWS SDKs are the real
//! ones; what the template says is what is wired. Only the services behind are embedded, and Meta
//! is a stand-in.
//!
//! Invariant: nothing deployed depends on this crate.

pub(crate) mod driver;
pub mod gateway;
pub mod graph;
pub mod hub;
pub mod meta;
