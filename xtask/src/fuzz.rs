//! Mutated texts against what must hold for any of them.

use crate::run::{Outcome, cargo};

/// Unoptimised: overflow checks are half of what it finds.
pub(crate) fn fuzz(arguments: &[&str]) -> Outcome<()> {
    cargo(&[&["run", "--example", "fuzz_language", "--"], arguments].concat(), &[])
}
