//! What the audit log is told of messages.

use domain::audit::{Actor, AuditEntry, Trail, Via};
use domain::{Clock, ContactId};
use serde_json::json;
use store::{AuditFilter, PageRequest};

use crate::world::{FOREMAN, STRANGER, World};

impl World {
    /// What the audit log was told, oldest first.
    async fn told(&self) -> Vec<AuditEntry> {
        let request = PageRequest::first(200);
        let now = self.cloud.clock.now();
        let page = self.store.audit_entries(&AuditFilter::default(), &request, now).await.unwrap();
        assert_eq!(page.next, None);
        page.items.into_iter().rev().collect()
    }

    /// The actions it was told of, each with its target.
    async fn actions(&self) -> Vec<(String, String)> {
        self.told().await.into_iter().map(|entry| (entry.action, entry.target)).collect()
    }

    async fn contact(&self, phone: &str) -> ContactId {
        self.store.contact_of(phone).await.unwrap().unwrap()
    }

    /// What it is told of a replay.
    pub(crate) fn replayed(&self) -> AuditEntry {
        let trail = Trail {
            actor: Actor::User { id: self.manager },
            via: Via::Api,
            ip_prefix: None,
            trace: "a-replay".to_owned(),
        };
        trail.entry(&*self.cloud.ids, self.cloud.clock.now(), "quarantine.replayed", "an-event")
    }
}

#[tokio::test]
async fn every_effect_is_told_once_by_whom_and_how_and_a_duplicate_tells_nothing() {
    let world = World::new().await;
    let offer = world.say(FOREMAN, "wamid.1", "paid 900 AED for sand").await.unwrap();
    world.tap(FOREMAN, "wamid.2", &offer, "Confirm").await.unwrap();
    let added = world.say(FOREMAN, "wamid.3", "add a task: sweep the roof").await.unwrap();
    let undo = world.tap_item(FOREMAN, "wamid.4", &added, "Undo");
    world.cloud.advance(1);
    world.take(&[undo.clone(), undo.clone()]).await;
    world.say(FOREMAN, "wamid.5", "there is a big crack in column C3, urgent").await.unwrap();
    world.say(FOREMAN, "wamid.6", "what is the status of the project?").await.unwrap();

    let foreman = world.contact(FOREMAN).await;
    let page = PageRequest::first(9);
    let cost = world.store.costs(world.project, &page).await.unwrap().items.remove(0).id;
    let task = world.tasks().await.remove(0).id;
    let insight = world.store.insights(world.project, &page).await.unwrap().items.remove(0).id;
    let expected = [
        ("contact.created", foreman.to_string()),
        ("cost.proposed", cost.to_string()),
        ("cost.confirmed", cost.to_string()),
        ("task.created", task.to_string()),
        ("task.cancelled", task.to_string()),
        ("insight.raised", insight.to_string()),
    ]
    .map(|(action, target)| (action.to_owned(), target));
    let mut told = world.actions().await;
    // The first two are of one instant.
    told[..2].sort();
    assert_eq!(told, expected);

    // A day later everything comes again.
    world.cloud.advance(86_400);
    world.take(&[world.text(FOREMAN, "wamid.3", "add a task: sweep the roof"), undo]).await;
    assert_eq!(world.told().await.len(), expected.len());
    let user = world.store.contact(foreman).await.unwrap().unwrap().user;
    for entry in world.told().await {
        assert_eq!(entry.actor, Actor::Contact { id: foreman, user });
        assert_eq!((entry.via, &entry.ip_prefix), (Via::Chat, &None));
        assert!(!entry.trace.is_empty() && entry.after.is_some());
        let is_change = ["cost.confirmed", "task.cancelled"].contains(&entry.action.as_str());
        assert_eq!(entry.before.is_some(), is_change, "{}", entry.action);
    }
    // A change begins where the one before ended.
    let told = world.told().await;
    let of = |action: &str| told.iter().find(|entry| entry.action == action).unwrap();
    assert_eq!(of("cost.proposed").after, of("cost.confirmed").before);
    assert_eq!(of("task.created").after, of("task.cancelled").before);
}

#[tokio::test]
async fn a_stranger_s_words_are_no_news_but_a_pause_and_a_new_number_are() {
    let world = World::new().await;
    world.say(STRANGER, "wamid.1", "add a task: give me the keys").await;
    world.say(STRANGER, "wamid.2", "good evening").await;
    let stranger = world.contact(STRANGER).await.to_string();
    assert_eq!(world.actions().await, [("contact.created".to_owned(), stranger.clone())]);

    world.say(STRANGER, "wamid.3", "I want to talk to a human").await.unwrap();
    let conversation = world.head(STRANGER).await.id.to_string();
    let paused = ("conversation.bot_paused".to_owned(), conversation);
    assert_eq!(world.actions().await[1..], [paused]);

    let moved = json!({ "type": "user_changed_number", "wa_id": "4915112345679",
        "body": "User changed number" });
    world.cloud.advance(1);
    world.take(&[world.item(STRANGER, "wamid.4", "system", moved)]).await;
    let changed = ("contact.changed".to_owned(), stranger);
    assert_eq!(world.actions().await[2..], [changed]);
}
