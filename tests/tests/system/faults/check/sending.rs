//! I5 and I7: what left, how often, and what was reported of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::delivery::Delivery;
use domain::message::Message;

use super::{Check, Findings};

impl Check<'_> {
    /// I7.
    pub(super) fn sent(&self, findings: &mut Findings) {
        let mut copies: BTreeMap<&str, usize> = BTreeMap::new();
        for copy in self.copies {
            *copies.entry(&copy.callback).or_default() += 1;
        }
        for message in self.outbound() {
            let record = &message.record;
            let copies = copies.remove(callback(record).as_str()).unwrap_or(0);
            let most = if record.attempts > 1 { 2 } else { 1 };
            findings.repeated += usize::from(record.attempts > 1);
            findings.doubled += usize::from(copies > 1);
            let undecided = record.delivery == Delivery::Unknown && record.attempts == 2;
            findings.undecided += usize::from(undecided);
            if copies > most || (copies == 0 && !undecided) {
                findings.broken(format!(
                    "I7 {copies} copies of {}, {:?} after {} attempts",
                    record.id, record.delivery, record.attempts
                ));
            }
            if matches!(record.delivery, Delivery::Queued | Delivery::Sending) {
                findings.broken(format!("I8 {} is still {:?}", record.id, record.delivery));
            }
        }
        if !copies.is_empty() {
            findings.broken(format!("I7 sent and not stored: {copies:?}"));
        }
    }

    /// I5: a message stands at the highest of what was reported of it, and nothing reported is lost.
    pub(super) fn statuses(&self, findings: &mut Findings) {
        for message in self.outbound() {
            let record = &message.record;
            let callback = callback(record);
            let about = self.ledger.reported.iter().filter(|reported| {
                let known = match &reported.callback {
                    Some(sent_along) => *sent_along == callback,
                    None => record.provider_id.as_ref() == Some(&reported.provider_id),
                };
                known && reported.firm == message.firm
            });
            let about: BTreeSet<&str> = about.map(|reported| reported.status).collect();
            let kept: BTreeSet<&str> = record.reported_at.keys().map(String::as_str).collect();
            let lost: Vec<_> = about.difference(&kept).collect();
            let highest = kept.iter().map(|name| rank(name)).max().unwrap_or(0);
            let stands = rank(&name_of(record.delivery));
            if !lost.is_empty() || stands != highest {
                let id = record.id;
                findings.broken(format!(
                    "I5 {id} is {:?}; kept {kept:?}, reported {about:?}",
                    record.delivery
                ));
            }
        }
    }
}

/// What a message is sent along with.
fn callback(message: &Message) -> String {
    format!("{}/{}", message.conversation, message.id)
}

fn name_of(delivery: Delivery) -> String {
    serde_json::to_value(delivery).unwrap().as_str().unwrap().to_owned()
}

/// The reference's order, written down a second time.
fn rank(name: &str) -> usize {
    let order = ["accepted", "sent", "failed", "delivered", "read", "played"];
    order.iter().position(|known| *known == name).map_or(0, |place| place + 1)
}
