//! What happens when something fails.

use store::PageRequest;

use crate::world::{FOREMAN, STRANGER, World, app};

#[tokio::test]
async fn what_no_retry_helps_is_kept_whole_and_acknowledged_and_its_neighbours_are_stored() {
    let world = World::new().await;
    let mut poison = world.text(STRANGER, "wamid.2", "poison");
    poison["timestamp"] = serde_json::json!("not a time");
    world.take(&[world.text(STRANGER, "wamid.1", "one")]).await;
    world.take(&[poison.clone(), poison, world.text(STRANGER, "wamid.3", "three")]).await;

    let set_aside = world.store.quarantined(&PageRequest::first(9)).await.unwrap().items;
    assert!(!set_aside.is_empty());
    assert!(set_aside.iter().all(|event| event.envelope.contains("poison")));
    assert_eq!(world.messages(STRANGER).await.len(), 3, "two messages and one polite answer");

    let garbage = world.queued("not an envelope".to_owned(), "x");
    assert!(world.handle(vec![garbage]).await.batch_item_failures.is_empty());
}

#[tokio::test]
async fn a_failing_table_stops_each_group_and_returns_exactly_what_is_left() {
    let world = World::new().await;
    let app = app(&world.cloud, &[("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")]);
    let items: Vec<_> = (0..6)
        .map(|place| {
            let from = if place % 2 == 0 { STRANGER } else { FOREMAN };
            world.text(from, &format!("wamid.{place}"), "x")
        })
        .collect();
    let records = world.records(&items);
    let mut event = aws_lambda_events::sqs::SqsEvent::default();
    event.records = records.clone();
    let response = processor::handle(event, &app).await;
    assert_eq!(response.batch_item_failures.len(), 6);
    // Nothing is half there; when the table is back, everything is stored once.
    assert!(world.handle(records.clone()).await.batch_item_failures.is_empty());
    assert!(world.handle(records).await.batch_item_failures.is_empty());
    let inbound = |messages: Vec<domain::message::Message>| {
        messages.iter().filter(|m| m.direction == domain::message::Direction::Inbound).count()
    };
    assert_eq!(inbound(world.messages(STRANGER).await), 3);
    assert_eq!(inbound(world.messages(FOREMAN).await), 3);
}
