//! What the crowd asked and was told.

use std::collections::BTreeMap;

/// Everything that was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    /// Requests under an `Idempotency-Key`.
    pub(crate) promises: Vec<Promise>,
    /// Changes that were answered with success and not before: the call, and what was done.
    pub(crate) done: Vec<Done>,
    pub(crate) walks: Vec<Walk>,
    /// Calls by what was asked and what was answered.
    pub(crate) answers: BTreeMap<(&'static str, u16), usize>,
}

/// A request that is carried out once however often it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    pub(crate) what: &'static str,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) body: String,
    /// Successes: the first, then the repetitions.
    pub(crate) kept: Vec<(u16, String)>,
}

/// A change that somebody was told is made.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// The request's id.
    pub(crate) trace: String,
    pub(crate) what: &'static str,
    /// What it was done to, and the version it has since.
    pub(crate) target: String,
    pub(crate) version: Option<u64>,
}

/// A list that was read from its first page to its last.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    pub(crate) list: String,
    /// What was in it from before the first page to after the last.
    pub(crate) quiet: Vec<String>,
    pub(crate) seen: Vec<String>,
}
