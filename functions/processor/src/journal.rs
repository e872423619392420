//! What the audit log is told of a message: one entry for each record it changed.
//!
//! The message, its answer and the conversation's counters are their own record; everything else
//! that follows from a message has an entry, in the message's transaction.

use domain::Ids;
use domain::audit::{Actor, Trail, Via};
use domain::message::Effect;
use jiff::Timestamp;
use serde::Serialize;
use store::Transaction;

use crate::App;
use crate::inbound::Incoming;
use crate::plan::Plan;
use crate::write::Draft;

/// Who did it, and when.
pub(crate) struct Journal<'a> {
    trail: Trail,
    ids: &'a dyn Ids,
    now: Timestamp,
}

impl<'a> Journal<'a> {
    pub(crate) fn of(app: &'a App, draft: &Draft, incoming: &Incoming<'_>) -> Self {
        let contact = &draft.known.contact;
        let trail = Trail {
            actor: Actor::Contact { id: contact.id, user: contact.user },
            via: Via::Chat,
            ip_prefix: None,
            trace: incoming.arrived.envelope.trace.as_str().to_owned(),
        };
        Self { trail, ids: app.ids.as_ref(), now: draft.now }
    }

    pub(crate) fn ids(&self) -> &'a dyn Ids {
        self.ids
    }

    pub(crate) fn trace(&self) -> &str {
        &self.trail.trace
    }

    /// Adds an entry with a record's states before and after.
    pub(crate) fn tell<T: Serialize>(
        &self,
        transaction: &mut Transaction,
        action: &str,
        target: impl ToString,
        (before, after): (Option<&T>, Option<&T>),
    ) {
        let entry = self.trail.entry(self.ids, self.now, action, target);
        transaction.audit(entry, before, after);
    }

    /// Adds an entry for each effect: `task_created` is told as `task.created`.
    pub(crate) fn effects(&self, transaction: &mut Transaction, plan: &Plan, effects: &[Effect]) {
        for Effect { kind, id } in effects {
            let action = &kind.replacen('_', ".", 1);
            if let Some(change) = &plan.changed_task {
                let states = (Some(&change.before), Some(&change.after));
                self.tell(transaction, action, id, states);
            } else if let Some(change) = &plan.changed_cost {
                let states = (Some(&change.before), Some(&change.after));
                self.tell(transaction, action, id, states);
            } else if let Some(task) = &plan.new_task {
                self.tell(transaction, action, id, (None, Some(task)));
            } else if let Some(cost) = &plan.new_cost {
                self.tell(transaction, action, id, (None, Some(cost)));
            } else {
                self.tell(transaction, action, id, (None, plan.new_insight.as_ref()));
            }
        }
    }
}
