//! What was said to the firms and taken in: the expectation that storage is checked against.

use std::collections::BTreeSet;

/// What a message must lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
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
pub struct Said {
    pub firm: usize,
    pub phone: String,
    /// Meta's id of it.
    pub wamid: String,
    pub want: Want,
    /// A word in no other message.
    pub word: String,
    /// The place of its call among those of this person; calls of one album share it.
    pub call: usize,
    /// The place in its call.
    pub place: usize,
}

/// A status of a message of ours, taken in with a 200.
#[derive(Debug, Clone)]
pub struct Reported {
    pub firm: usize,
    pub provider_id: String,
    /// What the message was sent along with, if Meta gave it back.
    pub callback: Option<String>,
    pub status: &'static str,
}

/// Everything that was taken in.
#[derive(Debug, Default)]
pub struct Ledger {
    pub said: Vec<Said>,
    pub reported: Vec<Reported>,
    /// Changes that are neither.
    pub notices: usize,
    /// Calls made more than once although they were answered with 200.
    pub repeated: usize,
    /// Calls that were not answered with 200 and made again.
    pub refused: usize,
    /// Stream batches nobody dispatched, and queue records nobody acknowledged.
    pub lost_batches: usize,
    pub unacknowledged: usize,
}

impl Ledger {
    /// The ids of the buttons that were tapped.
    pub fn tapped(&self) -> BTreeSet<&str> {
        let taps = self.said.iter().filter_map(|said| match &said.want {
            Want::Tap(button) => Some(button.as_str()),
            Want::Kept | Want::Task | Want::Cost | Want::Issue | Want::Quarantine => None,
        });
        taps.collect()
    }
}
