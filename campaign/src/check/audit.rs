//! I13: the audit log.

use std::collections::BTreeMap;

use super::{Check, Findings};

/// What effects of messages are told as.
const OF_EFFECTS: [&str; 3] = ["task.", "cost.", "insight."];

impl Check<'_> {
    /// I13: as many entries as effects, and each of them in the chain once.
    pub(crate) fn audited(&self, findings: &mut Findings) {
        let mut balance: BTreeMap<(usize, String, String), i32> = BTreeMap::new();
        for message in self.inbound() {
            for effect in &message.record.effects {
                let action = effect.kind.replacen('_', ".", 1);
                *balance.entry((message.firm, action, effect.id.clone())).or_default() += 1;
            }
        }
        for entry in &self.storage.audit {
            let (action, target) = (&entry.record.action, &entry.record.target);
            if OF_EFFECTS.iter().any(|kind| action.starts_with(kind)) {
                *balance.entry((entry.firm, action.clone(), target.clone())).or_default() -= 1;
            }
        }
        for ((_, action, target), left) in balance {
            findings.look("I13", left == 0, || {
                format!("{action} of {target} is told {left} times too few")
            });
        }
        let contacts = self
            .storage
            .items
            .iter()
            .filter(|item| item.text("pk").contains("#N#") && item.text("sk") == "META");
        let created = self.storage.audit.iter().filter(|e| e.record.action == "contact.created");
        let (contacts, created) = (contacts.count(), created.count());
        findings.look("I13", contacts == created, || {
            format!("{created} contacts are told of, not {contacts}")
        });
        let mut linked = self.storage.linked.clone();
        linked.sort_unstable();
        let mut written: Vec<_> = self.storage.audit.iter().map(|entry| entry.record.id).collect();
        written.sort_unstable();
        findings.look("I13", linked == written, || {
            format!("{} entries in the chains, {} in the table", linked.len(), written.len())
        });
    }
}
