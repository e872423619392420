//! The functions among faults, kills and pauses.

use crate::run::{Outcome, cargo};

/// Those a message meets.
const FUNCTIONS: [&str; 5] = ["webhook", "processor", "sender", "dispatcher", "scheduler"];

/// Built as for development: an optimised build takes longer than the campaign.
pub(crate) fn campaign(arguments: &[&str]) -> Outcome<()> {
    if !arguments.contains(&"--bins") {
        let bins: Vec<&str> = FUNCTIONS.iter().flat_map(|name| ["--bin", *name]).collect();
        cargo(&[&["build", "--bin", "campaign"], bins.as_slice()].concat(), &[])?;
    }
    cargo(&[&["run", "--bin", "campaign", "--"], arguments].concat(), &[])
}
