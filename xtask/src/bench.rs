//! The benchmark, optimised as what is deployed.

use crate::run::{Outcome, cargo};

/// Without a package's name: one package alone would resolve other features.
pub(crate) fn bench(arguments: &[&str]) -> Outcome<()> {
    cargo(&[&["run", "--release", "--bin", "bench", "--"], arguments].concat(), &[])
}
