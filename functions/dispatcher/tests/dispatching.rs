//! The dispatcher through its door: a real stream in, a real queue out.
#![cfg(test)]

use std::sync::Arc;

use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::sqs::SqsBatchResponse;
use dispatcher::{App, handle};
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::{Clock, ConversationId, MessageId, OutboxId};
use jiff::SignedDuration;
use queue::Outbound;
use store::Commit;
use telemetry::Function;
use testkit::{Cloud, Organisation};

struct World {
    cloud: Cloud,
    organisation: Organisation,
    app: App,
}

impl World {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let organisation = Organisation::found(&cloud).await;
        let app = app(&cloud, &[]);
        Self { cloud, organisation, app }
    }

    /// An outbox item, due after so many seconds.
    async fn item(&self, due_in: i64) -> OutboxItem {
        let (ids, now) = (&*self.cloud.ids, self.cloud.clock.now());
        let item = OutboxItem {
            id: OutboxId::mint(ids, now),
            tenant: self.organisation.scope.tenant(),
            due_at: now + SignedDuration::from_secs(due_in),
            effect: OutboundEffect::Message {
                conversation: ConversationId::mint(ids, now),
                message: MessageId::mint(ids, now),
                read: None,
            },
            trace: "t-1".to_owned(),
        };
        let mut transaction = self.organisation.store.transaction();
        transaction.insert_outbox(&item);
        assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
        item
    }

    async fn stream(&self) -> Event {
        self.cloud.stream("JobsTable").await
    }

    /// The items in the outbound queue, each removed.
    async fn queued(&self) -> Vec<OutboxItem> {
        let mut items = Vec::new();
        loop {
            let event = self.cloud.receive("OutboundQueue").await;
            if event.records.is_empty() {
                break;
            }
            self.cloud.acknowledge("OutboundQueue", &event, &SqsBatchResponse::default()).await;
            for record in event.records {
                let group = &record.attributes["MessageGroupId"];
                assert_eq!(*group, self.organisation.scope.tenant().to_string());
                let outbound = Outbound::parse(&record.body.unwrap()).unwrap();
                assert_eq!(outbound.scope, self.organisation.scope);
                items.push(outbound.item);
            }
        }
        items.sort_by_key(|item| item.id);
        items
    }

    /// The items still in the table.
    async fn kept(&self) -> Vec<OutboxItem> {
        let late = self.cloud.clock.now() + SignedDuration::from_hours(1);
        let due = self.cloud.store().due(late, 100).await.unwrap();
        let mut items: Vec<OutboxItem> = due.into_iter().map(|due| due.item).collect();
        items.sort_by_key(|item| item.id);
        items
    }
}

fn app(cloud: &Cloud, set: &[(&str, &str)]) -> App {
    let clock = Arc::clone(&cloud.clock) as Arc<dyn Clock>;
    let environment = cloud.environment(Function::Dispatcher, set);
    App::new(&environment, clock, cloud.metrics.clone()).unwrap()
}

#[tokio::test]
async fn what_is_due_goes_to_the_queue_and_what_is_not_stays() {
    let world = World::new().await;
    let mut due = Vec::new();
    for _ in 0..25 {
        due.push(world.item(0).await);
    }
    let later = world.item(60).await;
    let response = handle(world.stream().await, &world.app).await;

    assert!(response.batch_item_failures.is_empty());
    assert_eq!(world.queued().await, due);
    assert_eq!(world.kept().await, [later]);
    // The deletions are in the stream now, and mean nothing.
    let deletions = Event::default();
    let mut event = world.stream().await;
    event.records.retain(|record| record.event_name == "REMOVE");
    assert_eq!(event.records.len(), 25);
    assert_eq!(handle(event, &world.app).await, handle(deletions, &world.app).await);
    assert!(world.queued().await.is_empty());
}

#[tokio::test]
async fn without_a_queue_everything_from_the_first_on_comes_again_and_nothing_is_forgotten() {
    let world = World::new().await;
    let items = [world.item(0).await, world.item(0).await];
    let event = world.stream().await;
    let broken = app(&world.cloud, &[("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")]);
    let response = handle(event.clone(), &broken).await;
    let first = event.records[0].change.sequence_number.clone();
    assert_eq!(response.batch_item_failures[0].item_identifier, first);
    assert_eq!(world.kept().await, items);

    assert!(handle(event.clone(), &world.app).await.batch_item_failures.is_empty());
    // A crash between sending and forgetting looks the same: once more, for the sender to absorb.
    assert!(handle(event, &world.app).await.batch_item_failures.is_empty());
    assert_eq!(world.queued().await.len(), 4);
    assert!(world.kept().await.is_empty());
}

#[tokio::test]
async fn an_unreadable_record_holds_nobody_up() {
    let world = World::new().await;
    let item = world.item(0).await;
    let mut event = world.stream().await;
    let mut broken = event.records[0].clone();
    broken.change.new_image =
        serde_json::from_str(r#"{"pk":{"S":"J#1"},"doc":{"S":"?"}}"#).unwrap();
    event.records.insert(0, broken);
    let response = handle(event, &world.app).await;

    assert!(response.batch_item_failures.is_empty());
    assert_eq!(world.queued().await, [item]);
    let metrics = world.cloud.metrics.prometheus_text();
    assert!(metrics.contains("stream_unreadable_total"), "{metrics}");
}

#[tokio::test]
async fn the_sample_event_is_an_item_of_ours() {
    let world = World::new().await;
    let sample = include_str!("../../../events/stream/jobs-insert.json");
    world.cloud.advance(365 * 86_400);
    let response = handle(serde_json::from_str(sample).unwrap(), &world.app).await;
    assert!(response.batch_item_failures.is_empty());
    let received = world.cloud.receive("OutboundQueue").await;
    assert_eq!(received.records.len(), 1);
}
