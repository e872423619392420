//! What a campaign of faults needs whoever plays it: firms, people with a script, a Graph that
//! remembers, and the invariants checked against what is stored.
//!
//! The tests play it in one process; the binary of this crate plays it with the deployed binaries.
//! For tests only, so a set-up that fails panics.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "whatever is not as expected ends the test"
)]

pub mod check;
pub mod firm;
pub mod graph;
pub mod ledger;
pub mod phone;
pub mod script;
pub mod storage;
