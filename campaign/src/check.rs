//! The invariants, checked against what is stored. Each violation begins with the invariant's name.
//!
//! I1 stored or set aside, exactly once. I2 effects and answers once. I3 counters equal a recount.
//! I4 order per person. I5 statuses only go up. I6 nothing of one firm is seen by another. I7 every
//! message reaches its person, once unless an answer was lost. I8 nothing is left waiting. I11 no
//! update of a conversation's head overwrote another. I13 every effect is told to the audit log
//! once, and every entry is in its chain once.

mod audit;
mod effects;
mod sending;

use std::collections::BTreeMap;

use domain::MessageId;
use domain::message::{Direction, Message};
use jiff::Timestamp;
use store::{PageRequest, Store, inbound_message_id};

use crate::firm::Firm;
use crate::graph::Copy;
use crate::ledger::{Ledger, Said, Want};
use crate::storage::{Owned, Storage};

/// What a campaign ended in, and what was expected of it.
pub struct Check<'a> {
    pub firms: &'a [Firm],
    pub ledger: &'a Ledger,
    pub storage: &'a Storage,
    pub copies: &'a [Copy],
    /// What queues and streams still hold.
    pub waiting: &'a [String],
}

/// What was found.
#[derive(Debug, Default)]
pub struct Findings {
    pub violations: Vec<String>,
    /// How many times each invariant was looked at.
    pub checks: BTreeMap<&'static str, usize>,
    /// Messages of one call that are stored in another order than they had in it.
    pub turned_in_call: usize,
    /// Messages that may have reached their person twice: an answer was lost.
    pub repeated: usize,
    /// Messages that reached their person twice.
    pub doubled: usize,
    /// Messages left to an operator: the answers to both tries were lost.
    pub undecided: usize,
}

impl Findings {
    /// One look at an invariant; `violation` says what is wrong where it does not hold.
    pub(crate) fn look(
        &mut self,
        invariant: &'static str,
        holds: bool,
        violation: impl FnOnce() -> String,
    ) {
        *self.checks.entry(invariant).or_default() += 1;
        if !holds {
            self.violations.push(format!("{invariant} {}", violation()));
        }
    }

    /// Violations of one invariant.
    pub fn broken(&self, invariant: &str) -> usize {
        let is_of = |violation: &&String| violation.split(' ').next() == Some(invariant);
        self.violations.iter().filter(is_of).count()
    }
}

impl Check<'_> {
    pub fn run(&self) -> Findings {
        let mut findings = self.counts();
        self.effects_once(&mut findings);
        self.order(&mut findings);
        self.statuses(&mut findings);
        self.walls(&mut findings);
        self.sent(&mut findings);
        self.nothing_waits(&mut findings);
        self.audited(&mut findings);
        findings
    }

    /// What anybody who takes messages must get right, whatever else they do: I1, I3 and I11.
    pub fn counts(&self) -> Findings {
        let mut findings = Findings::default();
        self.stored_once(&mut findings);
        self.counters(&mut findings);
        findings
    }

    fn id_of(&self, said: &Said) -> MessageId {
        inbound_message_id(&self.firms[said.firm].number, &said.wamid)
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
            findings.look("I1", !message.record.placeholder, || {
                format!("{} is a placeholder", message.record.id)
            });
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
            findings.look("I1", (stored, quarantined) == wanted, || {
                format!("{} is stored {stored} times and set aside {quarantined}", said.wamid)
            });
        }
        let (notices, sent) = (self.storage.notices, self.ledger.notices);
        findings.look("I1", notices == sent, || format!("{notices} notices are kept of {sent}"));
        findings.look("I1", left.is_empty() && set_aside == 0, || {
            format!("nobody said {left:?}, nor {set_aside} set aside")
        });
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
                let in_order = pair[0].ordinal.is_some() && pair[0].ordinal < pair[1].ordinal;
                findings.look("I4", in_order, || {
                    format!("{} and {} by the queue", pair[0].id, pair[1].id)
                });
                let of = |message: &Message| said.get(message.provider_id.as_deref()?).copied();
                let (Some(first), Some(second)) = (of(pair[0]), of(pair[1])) else { continue };
                findings.look("I4", first.call <= second.call, || {
                    format!("{} before {}", first.wamid, second.wamid)
                });
                let is_turned = first.call == second.call && first.place > second.place;
                findings.turned_in_call += usize::from(is_turned);
            }
        }
    }

    /// I6: also in what left.
    fn walls(&self, findings: &mut Findings) {
        for item in &self.storage.items {
            let text = format!("{:?}", item.attributes);
            for (other, firm) in self.firms.iter().enumerate() {
                if other != item.firm {
                    findings.look("I6", !text.contains(&firm.canary), || {
                        format!("{} in {}: {text}", firm.canary, item.table)
                    });
                }
            }
        }
        for copy in self.copies {
            let text = copy.body.to_string();
            for firm in self.firms.iter().filter(|firm| firm.number != copy.number) {
                findings.look("I6", !text.contains(&firm.canary), || {
                    format!("{} was sent from {}", firm.canary, copy.number)
                });
            }
        }
    }

    /// I8.
    fn nothing_waits(&self, findings: &mut Findings) {
        findings.look("I8", self.waiting.is_empty(), || format!("{:?}", self.waiting));
        let left = self.storage.outbox;
        findings.look("I8", left == 0, || format!("{left} outbox items"));
    }
}

/// I13: every chain holds, reckoned anew from its entries.
pub async fn chains(store: &Store, firms: &[Firm], now: Timestamp, findings: &mut Findings) {
    for firm in firms {
        let store = store.for_tenant(&firm.scope);
        let mut request = PageRequest::first(200);
        loop {
            let page = store.verify_audit(&request, None, now).await.unwrap();
            findings.look("I13", page.findings.is_empty(), || format!("{:?}", page.findings));
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
    }
}
