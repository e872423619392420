//! The weights of the language engine, learned anew from the data beside them.

use crate::run::{Outcome, cargo};

/// Optimised, or learning would take an hour.
pub(crate) fn train(arguments: &[&str]) -> Outcome<()> {
    cargo(&[&["run", "--release", "--bin", "training", "--"], arguments].concat(), &[])
}
