//! What was said and reported, written down while everybody talks at once.

use std::sync::Mutex;

use campaign::ledger::Ledger;

use crate::chaos::locked;

/// The expectation, and every call that was taken in, to be made again.
#[derive(Default)]
pub(crate) struct Books {
    pub(crate) ledger: Mutex<Ledger>,
    /// Calls to be made once more when SQS has forgotten them.
    pub(crate) late: Mutex<Vec<Vec<u8>>>,
    /// Every call.
    pub(crate) calls: Mutex<Vec<Vec<u8>>>,
}

impl Books {
    /// Messages that were taken in.
    pub(crate) fn said(&self) -> usize {
        locked(&self.ledger).said.len()
    }
}
