//! What happens when something fails.

use domain::Clock;
use queue::{Envelope, EventKind, Payload};
use serde_json::value::RawValue;
use store::PageRequest;
use telemetry::{Function, Setting, Trace};

use crate::world::{FOREMAN, STRANGER, World, app};

#[tokio::test]
async fn what_no_retry_helps_is_kept_whole_and_acknowledged_and_its_neighbours_are_stored() {
    let world = World::new().await;
    let mut poison = world.text(STRANGER, "wamid.2", "poison");
    poison["timestamp"] = serde_json::json!("not a time");
    world.take(&[world.text(STRANGER, "wamid.1", "one")]).await;
    world.take(&[poison.clone(), poison.clone(), world.text(STRANGER, "wamid.3", "three")]).await;

    let set_aside = async || {
        let mut found = world.store.quarantined(&PageRequest::first(9)).await.unwrap().items;
        assert_eq!(found.len(), 1, "one event, however often it comes");
        found.remove(0)
    };
    let first = set_aside().await;
    assert!(first.envelope.contains("poison"));
    // Long after the queue has forgotten it.
    world.cloud.advance(3_600);
    world.take(&[poison]).await;
    let again = set_aside().await;
    assert_eq!(again.id, first.id);
    // Whoever replays what he read before must not lose what came back since.
    world.store.release_quarantined(&first, world.replayed()).await.unwrap();
    assert_eq!(set_aside().await, again);
    world.store.release_quarantined(&again, world.replayed()).await.unwrap();
    assert!(world.store.quarantined(&PageRequest::first(9)).await.unwrap().items.is_empty());
    assert_eq!(world.messages(STRANGER).await.len(), 3, "two messages and one polite answer");

    let garbage = world.queued("not an envelope".to_owned(), "x");
    assert!(world.handle(vec![garbage]).await.batch_item_failures.is_empty());
}

#[tokio::test]
async fn an_event_of_nobodys_number_is_kept_once_however_often_it_comes() {
    let world = World::new().await;
    for _ in 0..2 {
        let envelope = Envelope {
            route: None,
            kind: EventKind::Unrouted,
            phone_number_id: Some("999".to_owned()),
            sender: None,
            payload: Payload::Inline(RawValue::from_string("{\"item\":1}".to_owned()).unwrap()),
            received_at: world.cloud.clock.now(),
            trace: Trace::mint(&*world.cloud.clock, &*world.cloud.ids),
        };
        let record = world.queued(envelope.to_body().unwrap(), "unrouted");
        assert!(world.handle(vec![record]).await.batch_item_failures.is_empty());
        world.cloud.advance(3_600);
    }
    let environment = world.cloud.environment(Function::Processor, &[]);
    let bucket = environment.get(Setting::MediaBucket).unwrap();
    let kept = world.cloud.aws.s3().list_objects_v2().bucket(bucket).send().await.unwrap();
    assert_eq!(kept.contents().len(), 1, "{:?}", kept.contents());
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
