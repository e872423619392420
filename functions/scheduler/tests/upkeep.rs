//! The upkeep of API keys through the scheduler's door.
#![cfg(test)]

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use domain::outbox::{Letter, OutboundEffect};
use domain::role::TenantRole;
use domain::{Clock, UserId};
use jiff::SignedDuration;
use scheduler::{App, Schedule, handle};
use serde_json::Value;
use store::{Commit, PageRequest};
use telemetry::{Function, Machine};
use tenancy::key::{ApiKey, Holder, KeyStatus, KeyWish, MintedKey};
use tenancy::policy::KeyScope;
use testkit::{Cloud, Organisation};

const DAY_S: i64 = 24 * 3_600;

struct World {
    cloud: Cloud,
    organisation: Organisation,
    app: App,
}

impl World {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let organisation = Organisation::found(&cloud).await;
        let machine = Machine {
            clock: Arc::clone(&cloud.clock) as _,
            ids: Arc::clone(&cloud.ids) as _,
            metrics: cloud.metrics.clone(),
        };
        let app = App::new(&cloud.environment(Function::Scheduler, &[]), machine).unwrap();
        Self { cloud, organisation, app }
    }

    async fn key(&self, organisation: &Organisation, auto_rotate: bool) -> ApiKey {
        let (ids, now) = (&*self.cloud.ids, self.cloud.clock.now());
        let holder = Holder { user: UserId::mint(ids, now), role: TenantRole::Owner };
        let wish = KeyWish {
            name: "ERP".to_owned(),
            scopes: BTreeSet::from([KeyScope::CostsRead]),
            networks: Vec::new(),
            auto_rotate,
            life: SignedDuration::from_hours(24 * 365),
        };
        let key = ApiKey::create(wish, holder, &MintedKey::mint(ids), ids, now).unwrap();
        let mut transaction = organisation.store.transaction();
        transaction.insert_api_key(&key);
        assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
        key
    }

    /// Runs the schedule several times, some of them at once.
    async fn run(&self) {
        for _ in 0..2 {
            let (first, second) =
                tokio::join!(handle(tick(), &self.app), handle(tick(), &self.app));
            // Two at one key may get in each other's way; the next hour finds the rest.
            for outcome in [first, second] {
                assert!(outcome.is_ok() || outcome.unwrap_err().retryable());
            }
        }
        handle(tick(), &self.app).await.unwrap();
    }

    async fn read(&self, key: &ApiKey) -> ApiKey {
        self.organisation.store.api_key(key.id).await.unwrap().unwrap()
    }

    /// Keys that letters wait for, in the order they were asked for.
    async fn letters(&self) -> Vec<String> {
        let now = self.cloud.clock.now();
        let due = self.cloud.store().due(now, 100).await.unwrap();
        due.into_iter()
            .map(|due| match due.item.effect {
                OutboundEffect::Mail { letter: Letter::KeyReminder { key }, .. } => key.to_string(),
                effect @ (OutboundEffect::Message { .. }
                | OutboundEffect::NotifyInsight { .. }
                | OutboundEffect::Mail { .. }
                | OutboundEffect::PhoneCode { .. }) => panic!("{effect:?}"),
            })
            .collect()
    }

    /// Actions of the audit log about a target, in order.
    async fn audited(&self, target: &str) -> Vec<String> {
        let mut entries = Vec::new();
        for record in self.cloud.stream("AuditTable").await.records {
            let item: Value = serde_dynamo::from_item(record.change.new_image).unwrap();
            let doc = &item["doc"];
            if doc["target"] == target {
                assert_eq!(
                    (&doc["actor"]["kind"], &doc["via"]),
                    (&"system".into(), &"schedule".into())
                );
                entries.push(doc["action"].as_str().unwrap().to_owned());
            }
        }
        entries
    }
}

fn tick() -> EventBridgeEvent<Schedule> {
    serde_json::from_str(include_str!("../../../events/schedule/key-upkeep.json")).unwrap()
}

#[tokio::test]
async fn the_holder_of_an_old_key_is_told_once_and_its_end_is_written_down() {
    let world = World::new().await;
    let key = world.key(&world.organisation, false).await;
    world.cloud.advance(90 * DAY_S - 1);
    world.run().await;
    assert!(world.letters().await.is_empty());
    world.cloud.advance(1);
    world.run().await;
    assert_eq!(world.letters().await, [key.id.to_string()]);
    world.cloud.advance(275 * DAY_S);
    world.run().await;
    assert_eq!(world.letters().await.len(), 1);
    assert!(world.read(&key).await.closed_at.is_some());
    assert_eq!(world.audited(&key.id.to_string()).await, ["api_key.reminded", "api_key.ended"]);
}

#[tokio::test]
async fn a_key_gets_one_successor_that_does_not_exist_until_it_is_shown() {
    let world = World::new().await;
    let other = Organisation::found(&world.cloud).await;
    let keys = [world.key(&world.organisation, true).await, world.key(&other, true).await];
    let key = &keys[0];
    world.cloud.advance(90 * DAY_S);
    world.run().await;
    let now = world.cloud.clock.now();
    let page = world.organisation.store.api_keys(&PageRequest::first(10)).await.unwrap();
    let [successor, old] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!(
        (old.id, old.successor, successor.replaces),
        (key.id, Some(successor.id), Some(key.id))
    );
    assert_eq!((old.status(now), successor.status(now)), (KeyStatus::Ending, KeyStatus::Pending));
    assert!(successor.secret.is_none());
    let letters = world.letters().await;
    assert!(letters.len() == 2 && letters.contains(&successor.id.to_string()), "{letters:?}");
    let theirs = other.store.api_keys(&PageRequest::first(10)).await.unwrap();
    assert_eq!(theirs.items.len(), 2);

    // Nobody looks at it: two more letters, and then both have ended.
    world.cloud.advance(14 * DAY_S);
    world.run().await;
    let now = world.cloud.clock.now();
    for ended in [key, successor] {
        assert_eq!(world.read(ended).await.status(now), KeyStatus::Ended);
    }
    assert_eq!(world.audited(&key.id.to_string()).await, ["api_key.rotated", "api_key.ended"]);
    let audited = world.audited(&successor.id.to_string()).await;
    assert_eq!(audited, ["api_key.created", "api_key.ended"]);
    let page = world.organisation.store.api_keys(&PageRequest::first(10)).await.unwrap();
    assert_eq!(page.items.len(), 2);
}

#[tokio::test]
async fn a_key_that_nobody_can_read_does_not_stop_the_others() {
    let world = World::new().await;
    let broken = world.key(&world.organisation, false).await;
    let mut keys = Vec::new();
    for _ in 0..60 {
        keys.push(world.key(&world.organisation, false).await);
    }
    let table = world.cloud.environment(Function::Scheduler, &[]);
    let table = table.get(telemetry::Setting::TenantsTable).unwrap();
    let pk = world.organisation.scope.partition();
    world
        .cloud
        .aws
        .dynamodb()
        .update_item()
        .table_name(table)
        .key("pk", aws_sdk_dynamodb::types::AttributeValue::S(pk))
        .key("sk", aws_sdk_dynamodb::types::AttributeValue::S(format!("AK#{}", broken.id.key())))
        .update_expression("SET doc = :nothing")
        .expression_attribute_values(
            ":nothing",
            aws_sdk_dynamodb::types::AttributeValue::S("nothing".to_owned()),
        )
        .send()
        .await
        .unwrap();
    world.cloud.advance(90 * DAY_S);
    handle(tick(), &world.app).await.unwrap();
    assert_eq!(world.letters().await.len(), 60);
}
