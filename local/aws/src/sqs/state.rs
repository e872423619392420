//! All queues of the server and the log behind them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use crate::random;
use crate::sqs::deduplication::{Deduplication, Original, WINDOW_MS};
use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::journal::{Entry, Journal};
use crate::sqs::message::{Message, Millis};
use crate::sqs::queue::Queue;
use crate::sqs::settings::Settings;

/// The account every queue belongs to.
pub(crate) const ACCOUNT: &str = "000000000000";

/// The queues and their log.
///
/// Invariant: whatever changes a queue in a way that must survive also records it; the broker
/// commits the record before the request is answered.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) queues: BTreeMap<String, Queue>,
    journal: Journal,
    last_sequence: u64,
    last_receipt: u64,
    /// Why nothing is served any more.
    stopped: Option<String>,
}

impl State {
    /// The queues as the log at `path` left them, or none.
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let mut state = Self {
            queues: BTreeMap::new(),
            journal: Journal::none(),
            last_sequence: 0,
            // Receipts of an earlier process must not be valid for other messages now.
            last_receipt: u64::from_be_bytes(random::bytes()?),
            stopped: None,
        };
        if let Some(path) = path {
            state.journal = Journal::open(path, |entry| state.replay(entry))?;
        }
        Ok(state)
    }

    fn replay(&mut self, entry: Entry<'static>) -> anyhow::Result<()> {
        match entry {
            Entry::Queue { name, attributes, at } => {
                let settings = Settings::new(attributes.into_owned())
                    .map_err(|refusal| anyhow::anyhow!(refusal.message))?;
                let queue = self
                    .queues
                    .entry(name.clone().into_owned())
                    .or_insert_with(|| Queue::new(name.into_owned(), settings.clone(), at));
                queue.settings = settings;
                queue.modified_at = at;
            }
            Entry::QueueDeleted { name } => {
                self.queues.remove(name.as_ref());
            }
            Entry::Purged { queue } => self.replay_on(&queue, Queue::purge),
            Entry::Sent { queue, sequence, visible_at, message, original } => {
                self.last_sequence = self.last_sequence.max(sequence);
                self.replay_on(&queue, |queue| {
                    if original {
                        remember(queue, &message, sequence);
                    }
                    queue.insert(sequence, message.into_owned(), visible_at);
                });
            }
            Entry::Received { queue, sequences, at } => self.replay_on(&queue, |queue| {
                sequences.iter().for_each(|sequence| queue.replay_receive(*sequence, at));
            }),
            Entry::Deleted { queue, sequences } => self.replay_on(&queue, |queue| {
                sequences.iter().for_each(|sequence| drop(queue.remove(*sequence)));
            }),
            Entry::Window { queue, key, message_id, sequence, until } => {
                self.replay_on(&queue, |queue| {
                    let message_id = message_id.into_owned();
                    let original = Original { message_id, sequence, until };
                    queue.deduplication.remember(key.into_owned(), original);
                });
            }
            Entry::Sequence { last } => self.last_sequence = self.last_sequence.max(last),
        }
        Ok(())
    }

    /// Changes of a queue that was deleted later in the log go nowhere.
    fn replay_on(&mut self, name: &str, change: impl FnOnce(&mut Queue)) {
        if let Some(queue) = self.queues.get_mut(name) {
            change(queue);
        }
    }

    /// Fails once the server was closed or its log could not be written.
    pub(crate) fn check_running(&self) -> Result<()> {
        match &self.stopped {
            Some(reason) => Err(Code::InternalFailure.because(reason.clone())),
            None => Ok(()),
        }
    }

    /// Serves nothing any more, and wakes whoever waits to learn of it.
    pub(crate) fn stop(&mut self, reason: &str) {
        self.stopped.get_or_insert_with(|| reason.to_owned());
        self.wake();
    }

    pub(crate) fn wake(&self) {
        self.queues.values().for_each(|queue| queue.changed.notify_waiters());
    }

    /// The queue at a URL, as it is `now`. Only the last part of the URL counts: URLs from
    /// before a restart name another port.
    pub(crate) fn queue(&mut self, url: &str, now: Millis) -> Result<&mut Queue> {
        let name = url.rsplit('/').next().unwrap_or_default();
        let queue = self.queues.get_mut(name).ok_or_else(|| {
            Code::QueueDoesNotExist.because("The specified queue does not exist.")
        })?;
        queue.advance(now);
        Ok(queue)
    }

    /// Writes down a change of the request at hand.
    pub(crate) fn record(&mut self, entry: &Entry<'_>) -> Result<()> {
        self.journal.record(entry).map_err(|error| Refusal::internal(&error))
    }

    /// Makes the changes of the request at hand durable. A log that cannot be written stops the
    /// server: going on would promise what a restart does not keep.
    pub(crate) fn commit(&mut self) -> Result<()> {
        let mut outcome = self.journal.commit();
        if outcome.is_ok() && self.journal.wants_compaction() {
            outcome = self.compact();
        }
        outcome.map_err(|error| {
            self.stop(&format!("{error:#}"));
            Refusal::internal(&error)
        })
    }

    fn compact(&mut self) -> anyhow::Result<()> {
        let last = self.last_sequence;
        let entries = self.queues.values().flat_map(entries_of);
        self.journal.compact(std::iter::once(Entry::Sequence { last }).chain(entries))
    }

    /// The next sequence number: rising, and rising further than anything given out before the
    /// data were deleted, because it never falls behind the clock in microseconds.
    pub(crate) fn next_sequence(&mut self, now: Millis) -> u64 {
        let floor = u64::try_from(now).unwrap_or(0).saturating_mul(1_000);
        self.last_sequence = floor.max(self.last_sequence + 1);
        self.last_sequence
    }

    /// Reserves receipts for a receive of up to `count` messages and gives the first.
    pub(crate) fn reserve_receipts(&mut self, count: usize) -> u64 {
        let first = self.last_receipt.wrapping_add(1);
        self.last_receipt = self.last_receipt.wrapping_add(count as u64);
        first
    }

    /// Adds a message to a queue and records it; its sequence number.
    pub(crate) fn accept(
        &mut self,
        queue: &str,
        message: Message,
        visible_at: Millis,
        original: bool,
    ) -> Result<u64> {
        let sequence = self.next_sequence(message.sent_at);
        self.record(&Entry::Sent {
            queue: Cow::Borrowed(queue),
            sequence,
            visible_at,
            message: Cow::Borrowed(&message),
            original,
        })?;
        if let Some(queue) = self.queues.get_mut(queue) {
            if original {
                remember(queue, &message, sequence);
            }
            queue.insert(sequence, message, visible_at);
        }
        Ok(sequence)
    }
}

/// Opens the deduplication window of a message, if it has a deduplication id.
fn remember(queue: &mut Queue, message: &Message, sequence: u64) {
    if let Some(key) = Deduplication::key(message, queue.settings.deduplicates_per_group) {
        let until = message.sent_at.saturating_add(WINDOW_MS);
        let original = Original { message_id: message.id.clone(), sequence, until };
        queue.deduplication.remember(key, original);
    }
}

/// Everything worth keeping of a queue.
fn entries_of(queue: &Queue) -> impl Iterator<Item = Entry<'_>> {
    let name = || Cow::Borrowed(queue.name.as_str());
    let settings = Entry::Queue {
        name: name(),
        attributes: Cow::Borrowed(queue.settings.given()),
        at: queue.modified_at,
    };
    let windows = queue.deduplication.iter().map(move |(key, original)| Entry::Window {
        queue: name(),
        key: Cow::Borrowed(key),
        message_id: Cow::Borrowed(&original.message_id),
        sequence: original.sequence,
        until: original.until,
    });
    let messages = queue.iter().map(move |(sequence, message, visible_at)| Entry::Sent {
        queue: name(),
        sequence,
        visible_at,
        message: Cow::Borrowed(message),
        original: false,
    });
    std::iter::once(settings).chain(windows).chain(messages)
}
