//! I5 and I7: what left, how often, and what was reported of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::delivery::Delivery;
use domain::message::Message;

use super::{Check, Findings};

impl Check<'_> {
    /// I7.
    pub(crate) fn sent(&self, findings: &mut Findings) {
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
            findings.look("I7", copies <= most && (copies > 0 || undecided), || {
                let (delivery, attempts) = (record.delivery, record.attempts);
                format!("{copies} copies of {}, {delivery:?} after {attempts} attempts", record.id)
            });
            let waits = matches!(record.delivery, Delivery::Queued | Delivery::Sending);
            findings.look("I8", !waits, || format!("{} is {:?}", record.id, record.delivery));
        }
        findings.look("I7", copies.is_empty(), || format!("sent and not stored: {copies:?}"));
    }

    /// I5: a message stands at the highest of what was reported of it, and nothing reported is lost.
    pub(crate) fn statuses(&self, findings: &mut Findings) {
        let mut reported: BTreeMap<(usize, &str), BTreeSet<&'static str>> = BTreeMap::new();
        for report in &self.ledger.reported {
            let name = report.callback.as_deref().unwrap_or(&report.provider_id);
            reported.entry((report.firm, name)).or_default().insert(report.status);
        }
        for message in self.outbound() {
            let record = &message.record;
            let about = |name: &str| reported.get(&(message.firm, name)).cloned();
            let mut all = about(&callback(record)).unwrap_or_default();
            all.extend(record.provider_id.as_deref().and_then(about).into_iter().flatten());
            let about: BTreeSet<&str> = all;
            let kept: BTreeSet<&str> = record.reported_at.keys().map(String::as_str).collect();
            let highest = kept.iter().map(|name| rank(name)).max().unwrap_or(0);
            let stands = rank(&name_of(record.delivery));
            findings.look("I5", about.is_subset(&kept) && stands == highest, || {
                let (id, delivery) = (record.id, record.delivery);
                format!("{id} is {delivery:?}; kept {kept:?}, reported {about:?}")
            });
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
