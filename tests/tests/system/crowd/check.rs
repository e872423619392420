//! The invariants, checked against what is stored. Each violation begins with the invariant's name.
//!
//! I10 a request under a key has one answer, to the byte, and one effect. I11 no update is lost:
//! the versions of a record follow each other without a gap or a fork. I12 who reads a list to its
//! end sees whatever was in it all the time, once. I13 every change has an entry in the audit log,
//! and every entry its change.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::AuditEntry;
use domain::conversation::Conversation;
use domain::message::{Direction, Message};
use domain::tenant::{Tenant, User, UserStatus};
use serde::de::DeserializeOwned;
use tenancy::key::ApiKey;

use super::ledger::Ledger;
use super::site::Site;

/// What is stored when everybody has left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Storage {
    pub(crate) heads: Vec<Conversation>,
    pub(crate) messages: Vec<Message>,
    pub(crate) tenant: Vec<Tenant>,
    pub(crate) users: Vec<User>,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) audit: Vec<AuditEntry>,
}

impl Storage {
    /// Everything, read past the functions.
    pub(crate) async fn read(site: &Site) -> Self {
        let client = site.office.cloud.aws.dynamodb();
        let names = site.office.cloud.table_names();
        let mut storage = Self::default();
        for table in [&names.tenants, &names.conversations, &names.audit] {
            let mut from = None;
            loop {
                #[expect(clippy::disallowed_methods, reason = "a test may read a whole table")]
                let scan = client.scan().table_name(table).consistent_read(true);
                let page = scan.set_exclusive_start_key(from).send().await.unwrap();
                for item in page.items.unwrap_or_default() {
                    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
                    let (pk, sk) = (text("pk").unwrap(), text("sk").unwrap());
                    if let Some(doc) = item.get("doc") {
                        storage.take((*table == names.audit, pk, sk), doc);
                    }
                }
                from = page.last_evaluated_key;
                if from.is_none() {
                    break;
                }
            }
        }
        storage
    }

    fn take(&mut self, (is_audit, pk, sk): (bool, &str, &str), doc: &AttributeValue) {
        let of_conversation = pk.contains("#C#");
        if is_audit && sk.starts_with("E#") {
            self.audit.push(record(doc));
        } else if of_conversation && sk == "META" {
            self.heads.push(record(doc));
        } else if of_conversation && sk.starts_with("M#") {
            self.messages.push(record(doc));
        } else if pk.matches('#').count() == 1 {
            match sk.split('#').next() {
                Some("META") => self.tenant.push(record(doc)),
                Some("U") => self.users.push(record(doc)),
                Some("AK") => self.keys.push(record(doc)),
                _ => {}
            }
        }
    }

    fn entries(&self, action: &str, target: &str) -> Vec<&AuditEntry> {
        let is = |entry: &&AuditEntry| entry.action == action && entry.target == target;
        self.audit.iter().filter(is).collect()
    }
}

fn record<T: DeserializeOwned>(doc: &AttributeValue) -> T {
    serde_dynamo::from_attribute_value(doc.clone()).unwrap()
}

/// What is wrong.
pub(crate) fn run(ledger: &Ledger, storage: &Storage) -> Vec<String> {
    let mut found = Vec::new();
    one_answer(ledger, storage, &mut found);
    no_lost_update(ledger, storage, &mut found);
    each_item_once(ledger, &mut found);
    told(ledger, storage, &mut found);
    found
}

fn one_answer(ledger: &Ledger, storage: &Storage, found: &mut Vec<String>) {
    let mut bodies: BTreeMap<String, usize> = BTreeMap::new();
    for message in storage.messages.iter().filter(|m| m.direction == Direction::Outbound) {
        *bodies.entry(message.content.preview()).or_default() += 1;
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for key in &storage.keys {
        *names.entry(&key.name).or_default() += 1;
    }
    for promise in &ledger.promises {
        let Some(first) = promise.kept.first() else { continue };
        if let Some(other) = promise.kept.iter().find(|kept| *kept != first) {
            found.push(format!("I10 {} {}: {first:?}, then {other:?}", promise.path, promise.key));
        }
        let body: serde_json::Value = serde_json::from_str(&promise.body).unwrap();
        let effects = match promise.what {
            "send a message" => bodies.get(body["content"].as_str().unwrap()).copied(),
            "make a key" => names.get(body["name"].as_str().unwrap()).copied(),
            _ => {
                let email = body["email"].as_str().unwrap();
                let is_it = |user: &&User| user.email.as_str() == email;
                Some(storage.users.iter().filter(is_it).count())
            }
        };
        if effects.unwrap_or_default() != 1 {
            found.push(format!("I10 {} {}: {effects:?} effects", promise.path, promise.key));
        }
    }
}

fn no_lost_update(ledger: &Ledger, storage: &Storage, found: &mut Vec<String>) {
    for tenant in &storage.tenant {
        history(storage, "organization.changed", &tenant.id.to_string(), tenant.version, found);
    }
    for user in storage.users.iter().filter(|user| user.status == UserStatus::Active) {
        history(storage, "user.role_changed", &user.id.to_string(), user.version, found);
    }
    for head in &storage.heads {
        let mut seqs: Vec<u64> = storage
            .messages
            .iter()
            .filter(|message| message.conversation == head.id)
            .map(|message| message.seq)
            .collect();
        seqs.sort_unstable();
        if !seqs.iter().copied().eq(1..=head.message_count) {
            found.push(format!("I11 {}: {} messages, {seqs:?}", head.id, head.message_count));
        }
        let id = head.id.to_string();
        let taken = storage.entries("conversation.taken_over", &id).len();
        let released = storage.entries("conversation.released", &id).len();
        let said = storage
            .messages
            .iter()
            .filter(|m| m.conversation == head.id && m.direction == Direction::Outbound);
        let changes = said.count() + taken + released;
        if head.version != u64::try_from(changes).unwrap() + 1 {
            found.push(format!("I11 {id}: version {} after {changes} changes", head.version));
        }
    }
    let mut versions = BTreeSet::new();
    for done in ledger.done.iter().filter(|done| done.version.is_some()) {
        if !versions.insert((&done.target, done.version)) {
            found.push(format!(
                "I11 {}: two were told that {:?} is theirs",
                done.target, done.version
            ));
        }
    }
}

/// The entries of a record follow each other by the hashes of its states.
fn history(storage: &Storage, action: &str, target: &str, version: u64, found: &mut Vec<String>) {
    let entries = storage.entries(action, target);
    if version != u64::try_from(entries.len()).unwrap() + 1 {
        found.push(format!("I11 {target}: version {version} after {} entries", entries.len()));
    }
    let before: BTreeSet<_> = entries.iter().map(|entry| &entry.before).collect();
    let after: BTreeSet<_> = entries.iter().map(|entry| &entry.after).collect();
    let (heads, ends) = (before.difference(&after).count(), after.difference(&before).count());
    let is_chain = before.len() == entries.len() && after.len() == entries.len();
    if !is_chain || !entries.is_empty() && (heads, ends) != (1, 1) {
        found.push(format!(
            "I11 {target}: {} entries, {heads} beginnings, {ends} ends",
            entries.len()
        ));
    }
}

fn each_item_once(ledger: &Ledger, found: &mut Vec<String>) {
    for walk in &ledger.walks {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &walk.seen {
            *times.entry(id).or_default() += 1;
        }
        for id in &walk.quiet {
            let seen = times.get(id.as_str()).copied().unwrap_or_default();
            if seen != 1 {
                found.push(format!("I12 {}: {id} was seen {seen} times", walk.list));
            }
        }
        // A conversation that somebody writes in moves up in the inbox, past who reads it.
        let moves = walk.list.ends_with("/conversations");
        if let Some((id, _)) = times.iter().find(|(_, count)| **count > 1).filter(|_| !moves) {
            found.push(format!("I12 {}: {id} was seen twice", walk.list));
        }
    }
}

fn told(ledger: &Ledger, storage: &Storage, found: &mut Vec<String>) {
    let mut traces: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &storage.audit {
        *traces.entry(&entry.trace).or_default() += 1;
    }
    for done in &ledger.done {
        let entries = traces.get(done.trace.as_str()).copied().unwrap_or_default();
        if entries != 1 {
            // A message, a key or a person may have been made by an earlier try of the same.
            let action = match done.what {
                "send a message" => "message.sent",
                "make a key" => "api_key.created",
                "invite somebody" => "user.invited",
                _ => "",
            };
            if entries > 1 || storage.entries(action, &done.target).len() != 1 {
                found.push(format!("I13 {} {}: {entries} entries", done.what, done.target));
            }
        }
    }
    let mut effects: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for message in storage.messages.iter().filter(|m| m.direction == Direction::Outbound) {
        effects.insert(("message.sent", message.id.to_string()), 1);
    }
    for key in storage.keys.iter().filter(|key| key.name.starts_with("key ")) {
        effects.insert(("api_key.created", key.id.to_string()), 1);
        if key.revoked_at.is_some() {
            effects.insert(("api_key.revoked", key.id.to_string()), 1);
        }
    }
    for user in storage.users.iter().filter(|user| user.status == UserStatus::Invited) {
        let times = usize::try_from(user.version).unwrap();
        effects.insert(("user.invited", user.id.to_string()), times);
    }
    let actions: BTreeSet<&str> = effects.keys().map(|(action, _)| *action).collect();
    let mut entries: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for entry in storage.audit.iter().filter(|entry| actions.contains(entry.action.as_str())) {
        *entries.entry((entry.action.as_str(), entry.target.clone())).or_default() += 1;
    }
    for (effect, times) in &effects {
        let entries = entries.get(effect).copied().unwrap_or_default();
        if entries != *times {
            found.push(format!("I13 {effect:?}: {entries} entries of {times}"));
        }
    }
    for entry in entries.keys().filter(|entry| !effects.contains_key(entry)) {
        found.push(format!("I13 {entry:?}: an entry of what never was"));
    }
}
