//! The check itself is checked: what is damaged on purpose must not pass.

use domain::AuditId;
use domain::message::Direction;
use uuid::Uuid;

use super::Campaign;
use super::check::{self, Storage};
use super::ledger::Ledger;

/// A kind of damage, the invariant it must be seen to break, and how it is done.
type Kind = (&'static str, &'static str, fn(&mut Ledger, &mut Storage));

const KINDS: [Kind; 12] = [
    ("a repetition is answered otherwise", "I10", |ledger, _| {
        let again = ledger.promises.iter_mut().find(|promise| promise.kept.len() > 1).unwrap();
        again.kept[1].1.push(' ');
    }),
    ("a repetition is answered with another status", "I10", |ledger, _| {
        let again = ledger.promises.iter_mut().find(|promise| promise.kept.len() > 1).unwrap();
        again.kept[1].0 = 200;
    }),
    ("a message is there twice", "I10", |_, storage| {
        let message = storage.messages.iter().find(|m| m.direction == Direction::Outbound);
        let copy = message.unwrap().clone();
        storage.messages.push(copy);
    }),
    ("a message is gone", "I11", |_, storage| {
        let last = storage.messages.iter().position(|m| m.direction == Direction::Outbound);
        storage.messages.remove(last.unwrap());
    }),
    ("a conversation was written over", "I11", |_, storage| {
        storage.heads.iter_mut().find(|head| head.version > 2).unwrap().version -= 1;
    }),
    ("a name was written over", "I11", |_, storage| {
        storage.tenant[0].version -= 1;
    }),
    ("two changes began with the same version", "I11", |_, storage| {
        let mut changes =
            storage.audit.iter_mut().filter(|entry| entry.action == "organization.changed");
        let first = changes.next().unwrap().before.clone();
        changes.next().unwrap().before = first;
    }),
    ("two were told of the same version", "I11", |ledger, _| {
        let done = ledger.done.iter().find(|done| done.version.is_some()).unwrap().clone();
        ledger.done.push(done);
    }),
    ("an item is passed over", "I12", |ledger, _| {
        let walk = ledger.walks.iter_mut().find(|walk| !walk.quiet.is_empty()).unwrap();
        let quiet = walk.quiet[0].clone();
        walk.seen.retain(|id| *id != quiet);
    }),
    ("an item comes twice", "I12", |ledger, _| {
        let walk = ledger.walks.iter_mut().find(|walk| walk.list.ends_with("/tasks")).unwrap();
        let last = walk.seen.last().unwrap().clone();
        walk.seen.push(last);
    }),
    ("a change has no entry", "I13", |_, storage| {
        let of_message = storage.audit.iter().position(|entry| entry.action == "message.sent");
        storage.audit.remove(of_message.unwrap());
    }),
    ("an entry tells of nothing", "I13", |_, storage| {
        let of_key = storage.audit.iter().find(|entry| entry.action == "api_key.created");
        let mut entry = of_key.unwrap().clone();
        entry.id = AuditId::from_uuid(Uuid::max());
        entry.target = "key_00000000000000000000000000".to_owned();
        storage.audit.push(entry);
    }),
];

/// Damages what a campaign left in every way there is.
pub(crate) fn every_kind_of_damage_is_found(campaign: &Campaign) {
    for (kind, invariant, damage) in KINDS {
        let (mut ledger, mut storage) = (campaign.ledger.clone(), campaign.storage.clone());
        damage(&mut ledger, &mut storage);
        let found = check::run(&ledger, &storage);
        assert!(found.iter().any(|line| line.starts_with(invariant)), "{kind}: {found:?}");
    }
}
