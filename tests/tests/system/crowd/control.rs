//! The check itself is checked: what is damaged on purpose must not pass.

use domain::conversation::Conversation;
use domain::message::Direction;
use domain::{AuditId, ConversationId};
use testkit::{Fault, Faults};
use uuid::Uuid;

use super::Campaign;
use super::check::{self, Storage};
use super::ledger::Ledger;
use super::site::Site;
use crate::office::company::commit;

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

#[tokio::test]
async fn a_stale_read_tells_what_was_true_before_and_a_consistent_one_does_not() {
    let site = Site::found(1, 0).await;
    let owner = &site.company.owner;
    let inbox = "/api/v1/conversations?limit=200";
    let read = async || {
        let body = site.office.get(owner, inbox).await.ok(200);
        body["conversations"].as_array().unwrap().len()
    };
    site.dynamodb.calm();
    let before = read().await;
    let head = site.company.head().await;
    let id = ConversationId::mint(&*site.office.cloud.ids, site.company.now);
    let mut write = site.company.store.transaction();
    write.insert_conversation(&Conversation { id, ..head });
    commit(write).await;
    site.dynamodb.set(Faults::always(Fault::Stale));
    assert_eq!(read().await, before, "the index lags behind");
    site.office.get(owner, &format!("/api/v1/conversations/{id}")).await.ok(200);
    site.dynamodb.calm();
    assert_eq!(read().await, before + 1);
}
