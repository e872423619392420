//! What must hold for any bytes whatever, one module for each kind of reader.
//!
//! A target is a function that panics when a promise is broken. An engine ([`main.rs`]) looks for
//! such bytes; what it ever found is kept in `found/` and read again by `cargo test`.

#![expect(
    clippy::expect_used,
    reason = "what is set up before the first input is right, or nothing can be said at all"
)]

mod chance;
mod control;
mod cursors;
mod importers;
mod language;
mod office;
mod pieces;
mod signature;
mod tokens;
mod webhook;

/// A reader and what must hold of it.
#[derive(Clone, Copy)]
pub struct Target {
    pub name: &'static str,
    /// Panics when the bytes break a promise.
    pub run: fn(&[u8]),
    /// Inputs to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words worth putting into an input, beside those that the engine sees compared.
    pub words: &'static [&'static str],
    /// Inputs are no longer than that.
    pub most_bytes: usize,
}

/// All of them. `control` is not about a reader: it breaks its promise for bytes that only an
/// engine that sees can find.
pub const TARGETS: [Target; 7] = [
    webhook::TARGET,
    signature::TARGET,
    cursors::TARGET,
    importers::TARGET,
    tokens::TARGET,
    language::TARGET,
    control::TARGET,
];

/// The target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
