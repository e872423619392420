//! The invariants, checked against what is stored. Each violation begins with the invariant's name.
//!
//! I1 stored or set aside, exactly once. I2 effects and answers once. I3 counters equal a recount.
//! I4 order per person. I5 statuses only go up. I6 nothing of one firm is seen by another. I7 every
//! message reaches its person, once unless an answer was lost. I8 nothing is left waiting. I13 every
//! effect is told to the audit log once, and every entry is in its chain once.

mod audit;
mod effects;
mod sending;

use std::collections::BTreeMap;

use domain::MessageId;
use domain::message::{Direction, Message};
use store::inbound_message_id;

use super::graph::Copy;
use super::ledger::{Ledger, Said, Want};
use super::storage::{Owned, Storage};
use super::world::World;

/// What a campaign ended in, and what was expected of it.
pub(crate) struct Check<'a> {
    pub(crate) world: &'a World,
    pub(crate) ledger: &'a Ledger,
    pub(crate) storage: &'a Storage,
    pub(crate) copies: &'a [Copy],
    /// What queues and streams still hold.
    pub(crate) waiting: &'a [String],
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) violations: Vec<String>,
    /// Messages of one call that are stored in another order than they had in it.
    pub(crate) turned_in_call: usize,
    /// Messages that may have reached their person twice: an answer was lost.
    pub(crate) repeated: usize,
    /// Messages that reached their person twice.
    pub(crate) doubled: usize,
    /// Messages left to an operator: the answers to both tries were lost.
    pub(crate) undecided: usize,
}

impl Findings {
    pub(crate) fn broken(&mut self, violation: String) {
        self.violations.push(violation);
    }
}

impl Check<'_> {
    pub(crate) fn run(&self) -> Findings {
        let mut findings = Findings::default();
        self.stored_once(&mut findings);
        self.effects_once(&mut findings);
        self.counters(&mut findings);
        self.order(&mut findings);
        self.statuses(&mut findings);
        self.walls(&mut findings);
        self.sent(&mut findings);
        self.nothing_waits(&mut findings);
        self.audited(&mut findings);
        findings
    }

    fn id_of(&self, said: &Said) -> MessageId {
        inbound_message_id(&self.world.firms[said.firm].number, &said.wamid)
    }

    fn inbound(&self) -> impl Iterator<Item = &Owned<Message>> {
        self.storage.messages.iter().filter(|m| m.record.direction == Direction::Inbound)
    }

    fn outbound(&self) -> impl Iterator<Item = &Owned<Message>> {
        self.storage.messages.iter().filter(|m| m.record.direction == Direction::Outbound)
    }

    /// I1.
    fn stored_once(&self, findings: &mut Findings) {
        let mut left: BTreeMap<(usize, MessageId), usize> = BTreeMap::new();
        for message in self.inbound() {
            *left.entry((message.firm, message.record.id)).or_default() += 1;
            if message.record.placeholder {
                findings.broken(format!("I1 {} is a placeholder", message.record.id));
            }
        }
        let mut set_aside = self.storage.quarantined.len();
        for said in &self.ledger.said {
            let stored = left.remove(&(said.firm, self.id_of(said))).unwrap_or(0);
            let name = format!("\"{}\"", said.wamid);
            let quarantined =
                self.storage.quarantined.iter().filter(|found| {
                    found.firm == said.firm && found.record.envelope.contains(&name)
                });
            let quarantined = quarantined.count();
            set_aside = set_aside.saturating_sub(quarantined);
            let wanted = if said.want == Want::Quarantine { (0, 1) } else { (1, 0) };
            if (stored, quarantined) != wanted {
                findings.broken(format!(
                    "I1 {} is stored {stored} times and set aside {quarantined} times",
                    said.wamid
                ));
            }
        }
        let (notices, sent) = (self.storage.notices, self.ledger.notices);
        if notices != sent {
            findings.broken(format!("I1 {notices} notices are kept of {sent}"));
        }
        if !left.is_empty() || set_aside > 0 {
            findings.broken(format!("I1 nobody said {left:?}, nor {set_aside} set aside"));
        }
    }

    /// I4: by the queue's number always; by the order of calls always; within a call as far as the
    /// queue took its entries in order.
    fn order(&self, findings: &mut Findings) {
        let said: BTreeMap<&str, &Said> =
            self.ledger.said.iter().map(|said| (said.wamid.as_str(), said)).collect();
        for head in &self.storage.heads {
            let mut messages: Vec<&Message> = self
                .inbound()
                .map(|message| &message.record)
                .filter(|message| message.conversation == head.record.id)
                .collect();
            messages.sort_by_key(|message| message.seq);
            for pair in messages.windows(2) {
                if pair[0].ordinal.is_none() || pair[0].ordinal >= pair[1].ordinal {
                    findings.broken(format!("I4 {} and {} by the queue", pair[0].id, pair[1].id));
                }
                let of = |message: &Message| said.get(message.provider_id.as_deref()?).copied();
                let (Some(first), Some(second)) = (of(pair[0]), of(pair[1])) else { continue };
                if first.call > second.call {
                    findings.broken(format!("I4 {} before {}", first.wamid, second.wamid));
                } else if first.call == second.call && first.place > second.place {
                    findings.turned_in_call += 1;
                }
            }
        }
    }

    /// I6: also in what left.
    fn walls(&self, findings: &mut Findings) {
        let firms = &self.world.firms;
        for item in &self.storage.items {
            let text = format!("{:?}", item.attributes);
            for (other, firm) in firms.iter().enumerate() {
                if other != item.firm && text.contains(&firm.canary) {
                    findings.broken(format!("I6 {} in {}: {text}", firm.canary, item.table));
                }
            }
        }
        for copy in self.copies {
            for firm in firms.iter().filter(|firm| firm.number != copy.number) {
                if copy.body.to_string().contains(&firm.canary) {
                    findings.broken(format!("I6 {} was sent from {}", firm.canary, copy.number));
                }
            }
        }
    }

    /// I8.
    fn nothing_waits(&self, findings: &mut Findings) {
        for waiting in self.waiting {
            findings.broken(format!("I8 {waiting}"));
        }
        if self.storage.outbox > 0 {
            findings.broken(format!("I8 {} outbox items", self.storage.outbox));
        }
    }
}
