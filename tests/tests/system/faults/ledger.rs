//! What was said to the firms and taken in: the expectation that storage is checked against.

use std::collections::BTreeSet;

/// What a message must lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Want {
    /// Stored; nothing else is asked of it.
    Kept,
    Task,
    Cost,
    Issue,
    /// A tap on a button of ours, by its id.
    Tap(String),
    /// No retry helps: set aside.
    Quarantine,
}

/// A message of a person, taken in with a 200.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) firm: usize,
    pub(crate) phone: String,
    /// Meta's id of it.
    pub(crate) wamid: String,
    pub(crate) want: Want,
    /// A word in no other message.
    pub(crate) word: String,
    /// The place of its call among those of this person; calls of one album share it.
    pub(crate) call: usize,
    /// The place in its call.
    pub(crate) place: usize,
}

/// A status of a message of ours, taken in with a 200.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) firm: usize,
    pub(crate) provider_id: String,
    /// What the message was sent along with, if Meta gave it back.
    pub(crate) callback: Option<String>,
    pub(crate) status: &'static str,
}

/// Everything that was taken in.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) said: Vec<Said>,
    pub(crate) reported: Vec<Reported>,
    /// Changes that are neither.
    pub(crate) notices: usize,
    /// Calls made more than once although they were answered with 200.
    pub(crate) repeated: usize,
    /// Calls that were not answered with 200 and made again.
    pub(crate) refused: usize,
    /// Stream batches nobody dispatched, and queue records nobody acknowledged.
    pub(crate) lost_batches: usize,
    pub(crate) unacknowledged: usize,
}

impl Ledger {
    /// The ids of the buttons that were tapped.
    pub(crate) fn tapped(&self) -> BTreeSet<&str> {
        let taps = self.said.iter().filter_map(|said| match &said.want {
            Want::Tap(button) => Some(button.as_str()),
            Want::Kept | Want::Task | Want::Cost | Want::Issue | Want::Quarantine => None,
        });
        taps.collect()
    }
}
