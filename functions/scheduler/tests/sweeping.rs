//! The sweep through its door: what the stream did not bring.
#![cfg(test)]

use std::sync::Arc;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::sqs::SqsBatchResponse;
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::{Clock, ConversationId, MessageId, OutboxId};
use jiff::SignedDuration;
use scheduler::{App, Schedule, handle};
use store::Commit;
use telemetry::{Function, Machine};
use testkit::{Cloud, Organisation};

const QUEUE: &str = "OutboundQueue";

fn tick() -> EventBridgeEvent<Schedule> {
    serde_json::from_str(include_str!("../../../events/schedule/outbox-sweep.json")).unwrap()
}

fn app(cloud: &Cloud, set: &[(&str, &str)]) -> App {
    let environment = cloud.environment(Function::Scheduler, set);
    let machine = Machine {
        clock: Arc::clone(&cloud.clock) as _,
        ids: Arc::clone(&cloud.ids) as _,
        metrics: cloud.metrics.clone(),
    };
    App::new(&environment, machine).unwrap()
}

/// Outbox items of one organisation, due after so many seconds.
async fn items(cloud: &Cloud, organisation: &Organisation, count: usize, due_in: i64) {
    let (ids, now) = (&*cloud.ids, cloud.clock.now());
    let mut transaction = organisation.store.transaction();
    for _ in 0..count {
        transaction.insert_outbox(&OutboxItem {
            id: OutboxId::mint(ids, now),
            tenant: organisation.scope.tenant(),
            due_at: now + SignedDuration::from_secs(due_in),
            effect: OutboundEffect::Message {
                conversation: ConversationId::mint(ids, now),
                message: MessageId::mint(ids, now),
                read: None,
            },
            trace: "t-1".to_owned(),
        });
    }
    assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
}

async fn queued(cloud: &Cloud) -> usize {
    let mut count = 0;
    loop {
        let event = cloud.receive(QUEUE).await;
        if event.records.is_empty() {
            return count;
        }
        cloud.acknowledge(QUEUE, &event, &SqsBatchResponse::default()).await;
        count += event.records.len();
    }
}

#[tokio::test]
async fn the_sweep_takes_what_is_overdue_of_every_tenant_and_leaves_the_rest() {
    let cloud = Cloud::start().await;
    let app = app(&cloud, &[]);
    for _ in 0..2 {
        let organisation = Organisation::found(&cloud).await;
        items(&cloud, &organisation, 30, 0).await;
        items(&cloud, &organisation, 1, 60).await;
    }
    // For five seconds they are the stream's.
    handle(tick(), &app).await.unwrap();
    assert_eq!(queued(&cloud).await, 0);

    cloud.advance(7);
    handle(tick(), &app).await.unwrap();
    assert_eq!(queued(&cloud).await, 60);
    let metrics = cloud.metrics.prometheus_text();
    assert!(
        metrics
            .lines()
            .any(|line| line.starts_with("outbox_oldest_due_seconds") && line.ends_with(" 7")),
        "{metrics}"
    );
    handle(tick(), &app).await.unwrap();
    assert_eq!(queued(&cloud).await, 0);

    cloud.advance(60);
    handle(tick(), &app).await.unwrap();
    assert_eq!(queued(&cloud).await, 2);
}

#[tokio::test]
async fn a_sweep_without_a_queue_fails_and_forgets_nothing() {
    let cloud = Cloud::start().await;
    let organisation = Organisation::found(&cloud).await;
    items(&cloud, &organisation, 3, 0).await;
    cloud.advance(10);
    let broken = app(&cloud, &[("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")]);
    assert!(handle(tick(), &broken).await.unwrap_err().retryable());

    handle(tick(), &app(&cloud, &[])).await.unwrap();
    assert_eq!(queued(&cloud).await, 3);
}
