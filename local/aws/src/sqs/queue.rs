//! One queue: its messages, who holds them and until when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::Notify;

use crate::sqs::deduplication::Deduplication;
use crate::sqs::error::{Code, Refusal, Result};
use crate::sqs::groups::Groups;
use crate::sqs::message::{Message, Millis};
use crate::sqs::settings::Settings;

/// Messages in flight per queue. A limit of SQS, the same for both kinds of queue.
const MAX_IN_FLIGHT: usize = 120_000;

/// A queue.
///
/// Invariant: no operation looks at more messages than it returns. The next message comes from
/// `groups`, the next change of visibility from `deadlines`.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
    pub(crate) deduplication: Deduplication,
    /// Wakes the long polls of this queue.
    pub(crate) changed: Arc<Notify>,
    slots: BTreeMap<u64, Slot>,
    groups: Groups,
    deadlines: BTreeSet<(Millis, u64)>,
    in_flight: usize,
    delayed: usize,
}

#[derive(Debug)]
struct Slot {
    message: Message,
    group: Arc<str>,
    visibility: Visibility,
    /// The receipt of the latest receive; zero before the first.
    receipt: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visibility {
    Ready,
    Delayed { until: Millis },
    InFlight { until: Millis },
}

/// What a receive took from a queue.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Sequence and receipt of each message now in flight.
    pub(crate) received: Vec<(u64, u64)>,
    /// Messages received too often, already removed, for the dead-letter queue.
    pub(crate) dead: Vec<(u64, Message)>,
}

/// How a receive takes messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Take {
    pub(crate) limit: usize,
    pub(crate) visibility_ms: Millis,
    pub(crate) now: Millis,
    /// Receives after which a message is dead; none without a dead-letter queue.
    pub(crate) max_receive_count: Option<u32>,
    /// The first receipt to give out; the following ones count up.
    pub(crate) first_receipt: u64,
}

/// Numbers of messages, as the queue's attributes report them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) ready: usize,
    pub(crate) in_flight: usize,
    pub(crate) delayed: usize,
}

impl Queue {
    pub(crate) fn new(name: String, settings: Settings, created_at: Millis) -> Self {
        Self {
            groups: Groups::new(settings.is_fifo),
            name,
            settings,
            created_at,
            modified_at: created_at,
            deduplication: Deduplication::default(),
            changed: Arc::default(),
            slots: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            in_flight: 0,
            delayed: 0,
        }
    }

    /// Adds a message that may be received from `visible_at` on.
    pub(crate) fn insert(&mut self, sequence: u64, message: Message, visible_at: Millis) {
        let group: Arc<str> = message.group.as_deref().unwrap_or_default().into();
        let is_ready = visible_at <= message.sent_at;
        if is_ready || self.settings.is_fifo {
            self.groups.put(&group, sequence, is_ready);
        }
        let visibility = if is_ready {
            Visibility::Ready
        } else {
            self.deadlines.insert((visible_at, sequence));
            self.delayed += 1;
            Visibility::Delayed { until: visible_at }
        };
        self.slots.insert(sequence, Slot { message, group, visibility, receipt: 0 });
        self.changed.notify_waiters();
    }

    /// Takes messages in order, each for `visibility_ms`.
    pub(crate) fn take(&mut self, take: Take) -> Result<Taken> {
        let room = MAX_IN_FLIGHT.saturating_sub(self.in_flight);
        if room == 0 && !self.settings.is_fifo {
            return Err(Code::OverLimit.because("120,000 messages are in flight"));
        }
        let limit = take.limit.min(room);
        let mut taken = Taken::default();
        while taken.received.len() < limit {
            let Some(group) = self.groups.next() else { break };
            let run = if self.settings.is_fifo { limit } else { taken.received.len() + 1 };
            while taken.received.len() < run {
                let Some(sequence) = self.groups.head(&group) else { break };
                self.take_one(sequence, take, &mut taken);
            }
        }
        Ok(taken)
    }

    fn take_one(&mut self, sequence: u64, take: Take, taken: &mut Taken) {
        let Some(slot) = self.slots.get_mut(&sequence) else { return };
        if take.max_receive_count.is_some_and(|limit| slot.message.receive_count >= limit) {
            taken.dead.extend(self.remove(sequence).map(|message| (sequence, message)));
            return;
        }
        let until = take.now.saturating_add(take.visibility_ms);
        let receipt = take.first_receipt.wrapping_add(taken.received.len() as u64);
        slot.visibility = Visibility::InFlight { until };
        slot.receipt = receipt;
        slot.message.mark_received(take.now);
        self.groups.take(&slot.group, sequence);
        self.deadlines.insert((until, sequence));
        self.in_flight += 1;
        taken.received.push((sequence, receipt));
    }

    /// Deletes the message a receipt stands for; whether there was anything to delete.
    ///
    /// FIFO refuses a receipt that is not current, because the message may already be with
    /// somebody else. Standard ignores an outdated one, as SQS does.
    pub(crate) fn delete(&mut self, sequence: u64, receipt: u64) -> Result<bool> {
        let Some(slot) = self.slots.get(&sequence) else { return Ok(false) };
        let is_current = slot.receipt == receipt;
        let is_held = matches!(slot.visibility, Visibility::InFlight { .. });
        if self.settings.is_fifo && !(is_current && is_held) {
            return Err(Refusal::value("ReceiptHandle", "", "The receipt handle has expired."));
        }
        Ok(is_current && self.remove(sequence).is_some())
    }

    /// Changes until when the holder of `receipt` keeps its message.
    pub(crate) fn hold_until(&mut self, sequence: u64, receipt: u64, until: Millis) -> Result<()> {
        let unavailable = || {
            let reason =
                "Message does not exist or is not available for visibility timeout change.";
            Refusal::value("ReceiptHandle", "", reason)
        };
        let slot = self.slots.get_mut(&sequence).ok_or_else(unavailable)?;
        if slot.receipt != receipt {
            return Err(unavailable());
        }
        let Visibility::InFlight { until: before } = slot.visibility else {
            return Err(Code::MessageNotInflight.because("The message is not in flight."));
        };
        slot.visibility = Visibility::InFlight { until };
        self.deadlines.remove(&(before, sequence));
        self.deadlines.insert((until, sequence));
        self.changed.notify_waiters();
        Ok(())
    }

    /// Lets time pass: delays and visibility timeouts end, old messages and ids are dropped.
    pub(crate) fn advance(&mut self, now: Millis) {
        self.deduplication.forget(now);
        while let Some((until, sequence)) = self.deadlines.first().copied() {
            if until > now {
                break;
            }
            self.deadlines.pop_first();
            self.release(sequence);
        }
        let retention_ms = self.settings.retention_s.saturating_mul(1_000);
        while let Some((sequence, slot)) = self.slots.first_key_value() {
            if slot.message.sent_at.saturating_add(retention_ms) > now {
                break;
            }
            let sequence = *sequence;
            self.remove(sequence);
        }
    }

    fn release(&mut self, sequence: u64) {
        let Some(slot) = self.slots.get_mut(&sequence) else { return };
        match slot.visibility {
            Visibility::Ready => return,
            Visibility::Delayed { .. } => self.delayed = self.delayed.saturating_sub(1),
            Visibility::InFlight { .. } => {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.groups.land(&slot.group);
            }
        }
        slot.visibility = Visibility::Ready;
        self.groups.put(&slot.group, sequence, true);
        self.changed.notify_waiters();
    }

    /// Removes a message wherever it is.
    pub(crate) fn remove(&mut self, sequence: u64) -> Option<Message> {
        let slot = self.slots.remove(&sequence)?;
        match slot.visibility {
            Visibility::Ready => self.groups.remove(&slot.group, sequence),
            Visibility::Delayed { until } => {
                self.deadlines.remove(&(until, sequence));
                self.delayed = self.delayed.saturating_sub(1);
                self.groups.remove(&slot.group, sequence);
            }
            Visibility::InFlight { until } => {
                self.deadlines.remove(&(until, sequence));
                self.in_flight = self.in_flight.saturating_sub(1);
                self.groups.land(&slot.group);
                // The group's next message may be received now.
                self.changed.notify_waiters();
            }
        }
        Some(slot.message)
    }

    /// Removes every message; remembered deduplication ids stay.
    pub(crate) fn purge(&mut self) {
        self.groups = Groups::new(self.settings.is_fifo);
        self.slots.clear();
        self.deadlines.clear();
        self.in_flight = 0;
        self.delayed = 0;
    }

    pub(crate) fn message(&self, sequence: u64) -> Option<&Message> {
        self.slots.get(&sequence).map(|slot| &slot.message)
    }

    /// Counts a receive that an earlier process handed out.
    pub(crate) fn replay_receive(&mut self, sequence: u64, at: Millis) {
        if let Some(slot) = self.slots.get_mut(&sequence) {
            slot.message.mark_received(at);
        }
    }

    /// Every message in order, with the instant from which it may be received.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Message, Millis)> {
        self.slots.iter().map(|(sequence, slot)| {
            let visible_at = match slot.visibility {
                Visibility::Delayed { until } => until,
                Visibility::Ready | Visibility::InFlight { .. } => slot.message.sent_at,
            };
            (*sequence, &slot.message, visible_at)
        })
    }

    /// The messages nobody holds, in order.
    pub(crate) fn unheld(&self) -> Vec<u64> {
        let is_unheld = |slot: &Slot| !matches!(slot.visibility, Visibility::InFlight { .. });
        self.slots.iter().filter(|(_, slot)| is_unheld(slot)).map(|(seq, _)| *seq).collect()
    }

    /// When the next delay or visibility timeout ends.
    pub(crate) fn next_deadline(&self) -> Option<Millis> {
        self.deadlines.first().map(|(until, _)| *until)
    }

    pub(crate) fn counts(&self) -> Counts {
        let ready = self.slots.len().saturating_sub(self.in_flight + self.delayed);
        Counts { ready, in_flight: self.in_flight, delayed: self.delayed }
    }
}
