//! What each kind of answer does to a message, its channel and its place in the queue.

use domain::content::{Content, Media};
use domain::delivery::Delivery;
use domain::tenant::ChannelStatus;
use jiff::SignedDuration;

use crate::graph::Answer;
use crate::world::{BOT, QUEUE, World, client};

#[tokio::test]
async fn refusals_for_good_fail_the_message_with_their_code() {
    for code in [131_047, 131_026, 100] {
        let world = World::new().await;
        let item = world.text(BOT).await;
        world.enqueue(&item).await;
        world.graph.will([Answer::Error(400, code)]);
        assert_eq!(world.work().await, 0);

        let stored = world.stored(&item).await;
        assert_eq!(stored.delivery, Delivery::Failed, "{code}");
        assert_eq!(stored.errors[0].code, code);
        assert_eq!(world.graph.sent().len(), 1);
        assert!(world.counted("status=\"failed\""));
    }
}

#[tokio::test]
async fn answers_that_say_nothing_leave_the_outcome_unknown() {
    for answer in [Answer::Error(500, 2), Answer::Page(502)] {
        let world = World::new().await;
        let item = world.text(BOT).await;
        world.enqueue(&item).await;
        world.graph.will([answer]);
        assert_eq!(world.work().await, 1);
        assert_eq!(world.stored(&item).await.delivery, Delivery::Unknown);
        // Nobody saw anything for a minute: once more, and this time it is taken.
        assert_eq!(world.work_after(62).await, 1);
        let stored = world.stored(&item).await;
        assert_eq!((stored.delivery, stored.attempts), (Delivery::Accepted, 2));
    }
}

#[tokio::test]
async fn a_picture_with_an_unknown_outcome_is_not_sent_twice() {
    let world = World::new().await;
    let picture =
        Media { id: "77".to_owned(), mime_type: "image/png".to_owned(), ..Media::default() };
    let item = world.message(BOT, Content::Image(picture)).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Page(502)]);
    assert_eq!(world.work().await, 0);
    assert_eq!(world.work_after(361).await, 0);
    assert_eq!(world.graph.sent().len(), 1);
    assert_eq!(world.stored(&item).await.delivery, Delivery::Unknown);
}

#[tokio::test]
async fn a_rate_limit_is_sat_out() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Error(400, 130_429), Answer::Error(400, 131_056)]);
    assert_eq!(world.work().await, 0);
    let stored = world.stored(&item).await;
    assert_eq!((stored.delivery, stored.attempts), (Delivery::Accepted, 1));
    assert_eq!(world.graph.sent().len(), 3);
    assert_eq!(world.graph.read().len(), 1);
}

#[tokio::test]
async fn while_graph_is_down_messages_wait_longer_and_longer_and_lose_nothing() {
    let mut world = World::new().await;
    world.app.config.pauses.clear();
    let up = std::mem::replace(&mut world.app.graph, client("http://127.0.0.1:1"));
    let (patient, hopeless) = (world.text(BOT).await, world.text(BOT).await);
    world.enqueue(&hopeless).await;
    for wait in [0, 60, 120] {
        assert_eq!(world.work_after(wait).await, 1, "{wait}");
        assert_eq!(world.stored(&hopeless).await.delivery, Delivery::Queued);
        assert_eq!(world.work_after(1).await, 0);
    }
    assert_eq!(world.work_after(180).await, 1);
    assert_eq!(world.stored(&hopeless).await.delivery, Delivery::Failed);

    world.enqueue(&patient).await;
    assert_eq!(world.work().await, 1);
    world.app.graph = up;
    assert_eq!(world.work_after(60).await, 1);
    assert_eq!(world.stored(&patient).await.delivery, Delivery::Accepted);
    assert_eq!(world.graph.sent().len(), 1);
}

#[tokio::test]
async fn a_refused_token_disconnects_the_channel_until_a_message_leaves() {
    let world = World::new().await;
    let status = async || {
        let channel = world.organisation.store.channel(world.organisation.channel).await;
        channel.unwrap().unwrap().status
    };
    let first = world.text(BOT).await;
    world.enqueue(&first).await;
    world.graph.will([Answer::Error(401, 190)]);
    assert_eq!(world.work().await, 0);
    assert_eq!(world.stored(&first).await.delivery, Delivery::Failed);
    assert_eq!(status().await, ChannelStatus::Disconnected);

    let second = world.text(BOT).await;
    world.enqueue(&second).await;
    world.work().await;
    assert_eq!(status().await, ChannelStatus::Connected);
}

#[tokio::test]
async fn a_token_replaced_behind_our_back_is_read_again() {
    let world = World::new().await;
    let before = world.text(BOT).await;
    world.enqueue(&before).await;
    world.work().await;
    world.set_token("token-2").await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Error(401, 190)]);
    assert_eq!(world.work_after(60).await, 1);

    let stored = world.stored(&item).await;
    assert_eq!((stored.delivery, stored.attempts), (Delivery::Accepted, 1));
    assert_eq!(world.graph.tokens(), ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn outside_the_window_nothing_leaves() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    let day = SignedDuration::from_hours(24);
    world
        .organisation
        .change_head(|head| head.last_inbound_at = head.last_inbound_at.map(|at| at - day))
        .await;
    world.enqueue(&item).await;
    assert_eq!(world.work().await, 0);

    let stored = world.stored(&item).await;
    assert_eq!(stored.delivery, Delivery::Failed);
    assert_eq!(stored.errors[0].title, "window_closed");
    assert!(world.graph.order().is_empty());
}

#[tokio::test]
async fn an_unreadable_body_stays_in_the_queue_for_the_dead_letters() {
    let world = World::new().await;
    let mut event = world.cloud.receive(QUEUE).await;
    let mut record = aws_lambda_events::sqs::SqsMessage::default();
    record.message_id = Some("m-1".to_owned());
    record.body = Some("{\"v\":9}".to_owned());
    event.records.push(record);
    let response = sender::handle(event, &world.app).await;
    assert_eq!(response.batch_item_failures[0].item_identifier, "m-1");
}

#[tokio::test]
async fn the_sample_event_is_read() {
    let world = World::new().await;
    let sample = include_str!("../../../../events/sqs/outbound.json");
    let response = sender::handle(serde_json::from_str(sample).unwrap(), &world.app).await;
    // Nothing of it is stored here, and trying again would not change that.
    assert_eq!(response.batch_item_failures.len(), 0);
}
