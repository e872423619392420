//! The five minutes in which a FIFO queue remembers what it accepted.

use std::collections::{HashMap, VecDeque};

use crate::sqs::message::{Message, Millis};

/// How long an accepted deduplication id absorbs its repeats. A limit of SQS.
pub(crate) const WINDOW_MS: Millis = 5 * 60 * 1_000;

/// What a repeat of an accepted message is answered with.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    pub(crate) message_id: String,
    pub(crate) sequence: u64,
    pub(crate) until: Millis,
}

/// The deduplication ids of one queue.
///
/// Invariant: `by_age` is ordered, because the window is constant and every id is remembered
/// when it is accepted.
#[derive(Debug, Default)]
pub(crate) struct Deduplication {
    originals: HashMap<String, Original>,
    by_age: VecDeque<(Millis, String)>,
}

impl Deduplication {
    /// The key of a message: its deduplication id, within its group when `per_group`.
    pub(crate) fn key(message: &Message, per_group: bool) -> Option<String> {
        let id = message.deduplication_id.as_deref()?;
        let group = message.group.as_deref().filter(|_| per_group).unwrap_or_default();
        Some(format!("{group}\0{id}"))
    }

    /// The accepted message that `key` repeats.
    pub(crate) fn original(&self, key: &str) -> Option<&Original> {
        self.originals.get(key)
    }

    /// Remembers an accepted message until its window ends.
    pub(crate) fn remember(&mut self, key: String, original: Original) {
        self.by_age.push_back((original.until, key.clone()));
        self.originals.insert(key, original);
    }

    /// Forgets what is older than the window.
    pub(crate) fn forget(&mut self, now: Millis) {
        while self.by_age.front().is_some_and(|(until, _)| *until <= now) {
            let Some((_, key)) = self.by_age.pop_front() else { return };
            if self.originals.get(&key).is_some_and(|original| original.until <= now) {
                self.originals.remove(&key);
            }
        }
    }

    /// Everything remembered, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Original)> {
        self.by_age.iter().filter_map(|(until, key)| {
            let original = self.originals.get(key)?;
            (original.until == *until).then_some((key, original))
        })
    }
}
