//! Mutated texts against what must hold for any of them.

use crate::run::{Outcome, cargo};

/// What a development build checks and an optimised one leaves out: half of what is found.
const CHECKS: [(&str, &str); 2] = [
    ("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true"),
    ("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true"),
];

pub(crate) fn fuzz(arguments: &[&str]) -> Outcome<()> {
    let run = ["run", "--release", "--example", "fuzz_language", "--"];
    cargo(&[&run, arguments].concat(), &CHECKS)
}
