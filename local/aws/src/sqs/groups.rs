//! Which message is next: the message groups of one queue and their turns.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The messages of a queue that can be handed out, by group.
///
/// A FIFO queue serves the group with the oldest head and locks a group while any of its
/// messages is in flight. A standard queue serves the group with the fewest messages in flight,
/// so that one tenant's backlog does not delay the others ("fair queue").
///
/// Invariant: `turns` holds exactly the groups that can be served now; every change of a group
/// ends in `refresh`, so the next message is found without looking at the others.
#[derive(Debug)]
pub(crate) struct Groups {
    is_fifo: bool,
    by_name: HashMap<Arc<str>, Group>,
    turns: BTreeSet<Turn>,
}

/// Rank (messages in flight, for fairness), then the head's sequence, then the group.
type Turn = (u32, u64, Arc<str>);

#[derive(Debug, Default)]
struct Group {
    /// Sequences not in flight. False while delayed, which only FIFO groups hold back for.
    waiting: BTreeMap<u64, bool>,
    in_flight: u32,
    turn: Option<(u32, u64)>,
}

impl Groups {
    pub(crate) fn new(is_fifo: bool) -> Self {
        Self { is_fifo, by_name: HashMap::new(), turns: BTreeSet::new() }
    }

    /// The group to serve now.
    pub(crate) fn next(&self) -> Option<Arc<str>> {
        self.turns.first().map(|(_, _, group)| Arc::clone(group))
    }

    /// The oldest message of a group, when it is ready. Ignores the lock: a receive takes
    /// several messages of a group at once, in order.
    pub(crate) fn head(&self, group: &str) -> Option<u64> {
        let (sequence, is_ready) = self.by_name.get(group)?.waiting.first_key_value()?;
        is_ready.then_some(*sequence)
    }

    /// Adds a message or changes whether it is ready.
    pub(crate) fn put(&mut self, group: &Arc<str>, sequence: u64, is_ready: bool) {
        let entry = self.by_name.entry(Arc::clone(group)).or_default();
        entry.waiting.insert(sequence, is_ready);
        self.refresh(group);
    }

    /// Removes a message that is not in flight.
    pub(crate) fn remove(&mut self, group: &Arc<str>, sequence: u64) {
        if let Some(entry) = self.by_name.get_mut(group) {
            entry.waiting.remove(&sequence);
        }
        self.refresh(group);
    }

    /// Puts a message in flight.
    pub(crate) fn take(&mut self, group: &Arc<str>, sequence: u64) {
        if let Some(entry) = self.by_name.get_mut(group) {
            entry.waiting.remove(&sequence);
            entry.in_flight = entry.in_flight.saturating_add(1);
        }
        self.refresh(group);
    }

    /// Takes a message out of flight: deleted, or put back by a following `put`.
    pub(crate) fn land(&mut self, group: &Arc<str>) {
        if let Some(entry) = self.by_name.get_mut(group) {
            entry.in_flight = entry.in_flight.saturating_sub(1);
        }
        self.refresh(group);
    }

    fn refresh(&mut self, name: &Arc<str>) {
        let Some(group) = self.by_name.get_mut(name) else { return };
        let turn = group.next_turn(self.is_fifo, name);
        if group.turn != turn {
            if let Some((rank, head)) = group.turn {
                self.turns.remove(&(rank, head, Arc::clone(name)));
            }
            if let Some((rank, head)) = turn {
                self.turns.insert((rank, head, Arc::clone(name)));
            }
            group.turn = turn;
        }
        if group.waiting.is_empty() && group.in_flight == 0 {
            self.by_name.remove(name);
        }
    }
}

impl Group {
    fn next_turn(&self, is_fifo: bool, name: &str) -> Option<(u32, u64)> {
        let (head, is_ready) = self.waiting.first_key_value()?;
        if !is_ready || (is_fifo && self.in_flight > 0) {
            return None;
        }
        // Messages without a group belong to nobody, so nobody is noisy.
        let rank = if is_fifo || name.is_empty() { 0 } else { self.in_flight };
        Some((rank, *head))
    }
}
