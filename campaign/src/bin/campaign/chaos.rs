//! Who is killed and who is paused, when. Decided by a seed at the proxies and at the Runtime API:
//! the functions hold no point to fail at.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use testkit::{Dice, Passage, Seen, Verdict};

use crate::lambda::{IsDone, Signalled, Slot};

/// Requests that change something.
const WRITES: [&str; 9] = [
    "TransactWriteItems",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "SendMessage",
    "SendMessageBatch",
    "ChangeMessageVisibilityBatch",
    MESSAGES,
];
/// The last part of the path of a message on its way to Graph.
const MESSAGES: &str = "messages";
/// How often it is looked whether a pause has been long enough.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The longest wait for somebody else to do a paused environment's work.
const OUTLAST_MAX: Duration = Duration::from_secs(8);
/// Longer than a sender's claim on a message, 20 s.
const BEYOND_CLAIM: Duration = Duration::from_secs(24);

/// How often something happens, out of a thousand occasions each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rates {
    /// A write arrives at a service.
    pub(crate) before_write: usize,
    /// A service has written.
    pub(crate) after_write: usize,
    /// Graph has taken a message.
    pub(crate) in_send: usize,
    /// A function answers.
    pub(crate) before_ack: usize,
    /// A request passes: its environment is paused.
    pub(crate) pause: usize,
    /// Pauses of senders that are longer than a claim.
    pub(crate) long_pause: usize,
    /// A random environment is killed this often; zero for never.
    pub(crate) random_every: Duration,
    /// A stream's batch never reaches its function.
    pub(crate) lost_batch: usize,
    /// Senders are left alone: what they leave behind takes a minute to be taken up.
    pub(crate) spares_senders: bool,
}

/// Decides and counts.
pub(crate) struct Chaos {
    seed: u64,
    occasions: AtomicU64,
    rates: Mutex<Rates>,
    slots: Mutex<Vec<Arc<Slot>>>,
    counts: Mutex<Counts>,
    waiting: AtomicUsize,
}

/// What happened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Kills, by point and function.
    pub(crate) kills: BTreeMap<(&'static str, &'static str), usize>,
    /// Pauses, by where the environment was and function.
    pub(crate) pauses: BTreeMap<(&'static str, &'static str), usize>,
    /// Pauses that ended after somebody else had done the work.
    pub(crate) outlasted: usize,
    /// Pauses that were longer than a claim.
    pub(crate) beyond_claim: usize,
    pub(crate) deadlines: BTreeMap<&'static str, usize>,
    pub(crate) lost_batches: usize,
}

impl Chaos {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            seed,
            occasions: AtomicU64::new(0),
            rates: Mutex::default(),
            slots: Mutex::default(),
            counts: Mutex::default(),
            waiting: AtomicUsize::new(0),
        })
    }

    pub(crate) fn set(&self, rates: Rates) {
        *locked(&self.rates) = rates;
    }

    pub(crate) fn counts(&self) -> Counts {
        locked(&self.counts).clone()
    }

    /// Environments that are paused.
    pub(crate) fn paused(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    pub(crate) fn new_slot(&self, function: &'static str) -> Arc<Slot> {
        let mut slots = locked(&self.slots);
        // Door 0 is nobody's.
        let slot = Arc::new(Slot::new(slots.len() + 1, function));
        slots.push(Arc::clone(&slot));
        slot
    }

    /// Looks at a request and steps in or not.
    pub(crate) fn see(&self, seen: &Seen<'_>) -> Verdict {
        let place = seen.door.wrapping_sub(1);
        let Some(slot) = locked(&self.slots).get(place).cloned() else { return Verdict::Pass };
        let (rates, mut dice) = (*locked(&self.rates), self.dice());
        let writes = WRITES.contains(&seen.operation);
        let kill = match seen.passage {
            Passage::Arrived if writes => {
                let point = if slot.count_write() > 1 { "mid_batch" } else { "before_tx" };
                (point, rates.before_write)
            }
            Passage::Applied if seen.operation == MESSAGES => ("in_send", rates.in_send),
            Passage::Applied if writes => ("after_tx", rates.after_write),
            Passage::Arrived | Passage::Applied => ("", 0),
        };
        if dice.below(1_000) < kill.1 && self.kill(&slot, kill.0) {
            return Verdict::Cut;
        }
        let is_spared = rates.spares_senders && slot.function == "sender";
        if is_spared || dice.below(1_000) >= rates.pause || !slot.interrupt(Signalled::Stop) {
            return Verdict::Pass;
        }
        let at = match (seen.passage, writes) {
            (Passage::Arrived, true) => "before a write",
            (Passage::Applied, true) => "after a write",
            (Passage::Arrived | Passage::Applied, false) => "at a read",
        };
        *locked(&self.counts).pauses.entry((at, slot.function)).or_default() += 1;
        if seen.passage == Passage::Arrived && writes {
            // What it sent before the pause is on its way that long, too.
            let time = u64::try_from(200 + dice.below(2_500)).unwrap_or(0);
            return Verdict::Hold(Duration::from_millis(time));
        }
        Verdict::Pass
    }

    /// A function has answered; whether it dies before anybody hears of it.
    pub(crate) fn before_ack(&self, slot: &Slot) -> bool {
        let rate = locked(&self.rates).before_ack;
        self.dice().below(1_000) < rate && self.kill(slot, "before_ack")
    }

    /// Whether a stream's batch is lost on its way.
    pub(crate) fn loses_batch(&self) -> bool {
        let rate = locked(&self.rates).lost_batch;
        let lost = self.dice().below(1_000) < rate;
        locked(&self.counts).lost_batches += usize::from(lost);
        lost
    }

    pub(crate) fn note_deadline(&self, function: &'static str) {
        *locked(&self.counts).deadlines.entry(function).or_default() += 1;
    }

    /// Kills a random environment now and then, for as long as it is awaited.
    pub(crate) async fn strike(&self) {
        loop {
            let every = locked(&self.rates).random_every;
            if every.is_zero() {
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            tokio::time::sleep(every).await;
            let mut slots = locked(&self.slots).clone();
            self.dice().shuffle(&mut slots);
            let _ = slots.iter().any(|slot| self.kill(slot, "random"));
        }
    }

    /// Lets a pause last, mostly until somebody else has done the work, and ends it.
    pub(crate) async fn sit_out(&self, slot: &Slot, is_done: IsDone) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let (mut dice, rates) = (self.dice(), *locked(&self.rates));
        if slot.function == "sender" && dice.below(1_000) < rates.long_pause {
            locked(&self.counts).beyond_claim += 1;
            tokio::time::sleep(BEYOND_CLAIM).await;
        } else if dice.percent(75) {
            let outlast = async {
                while !is_done() {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            };
            let _ = tokio::time::timeout(OUTLAST_MAX, outlast).await;
        } else {
            let time = u64::try_from(50 + dice.below(1_500)).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(time)).await;
        }
        locked(&self.counts).outlasted += usize::from(is_done());
        slot.signal(Signalled::Continue);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    fn kill(&self, slot: &Slot, point: &'static str) -> bool {
        let is_spared = slot.function == "sender" && locked(&self.rates).spares_senders;
        let is_killed = !is_spared && slot.interrupt(Signalled::Kill);
        if is_killed {
            *locked(&self.counts).kills.entry((point, slot.function)).or_default() += 1;
        }
        is_killed
    }

    fn dice(&self) -> Dice {
        Dice::of(self.seed, self.occasions.fetch_add(1, Ordering::Relaxed))
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
