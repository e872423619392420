//! The processor through its door, on an embedded AWS.
#![cfg(test)]

mod acting;
mod auditing;
mod faults;
mod identities;
mod storing;
mod world;
