//! One message, one send: duplicates, takeovers, crashes, lost answers.

use std::sync::Arc;

use domain::delivery::{Delivery, Report, ReportEvent};
use domain::message::Author;
use domain::{Clock, UserId};
use jiff::Timestamp;
use sender::handle;
use testkit::MovingClock;

use crate::graph::{Answer, provider_id};
use crate::world::{BOT, QUEUE, World};

fn report(world: &World, report: Report) -> ReportEvent {
    ReportEvent { report, at: world.cloud.clock.now(), errors: Vec::new() }
}

#[tokio::test]
async fn fast_path_sweep_and_repetition_end_in_one_send() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    for _ in 0..3 {
        world.enqueue(&item).await;
    }
    let (one, two) = (world.cloud.receive(QUEUE).await, world.cloud.receive(QUEUE).await);
    tokio::join!(handle(one.clone(), &world.app), handle(one, &world.app), handle(two, &world.app));
    while world.work_after(361).await > 0 {}

    let sent = world.graph.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["text"]["body"], "Done");
    assert_eq!(sent[0]["to"], "+971500000001");
    assert_eq!(sent[0]["context"]["message_id"], "wamid.IN1");
    let stored = world.stored(&item).await;
    let callback = format!("{}/{}", stored.conversation, stored.id);
    assert_eq!(sent[0]["biz_opaque_callback_data"], callback);
    assert_eq!(world.graph.order()[0], "read");
    assert_eq!(world.graph.read()[0], "wamid.IN1");
    assert_eq!(stored.delivery, Delivery::Accepted);
    assert_eq!((stored.attempts, stored.claim_until), (1, None));
    let found = world.organisation.store.message_of_provider(&provider_id(1)).await.unwrap();
    assert_eq!(found, Some((stored.conversation, stored.id)));
    assert!(world.counted("status=\"accepted\"} 1"));
}

#[tokio::test]
async fn after_a_takeover_no_bot_answer_leaves_and_people_still_speak() {
    let world = World::new().await;
    let bot = world.text(BOT).await;
    let person = Author::User { id: UserId::mint(&*world.cloud.ids, world.cloud.clock.now()) };
    let person = world.text(person).await;
    world.organisation.take_over().await;
    world.enqueue(&bot).await;
    world.enqueue(&person).await;
    assert_eq!(world.work().await, 0);

    assert_eq!(world.stored(&bot).await.delivery, Delivery::Cancelled);
    assert_eq!(world.stored(&person).await.delivery, Delivery::Accepted);
    assert_eq!(world.graph.sent().len(), 1);
}

#[tokio::test]
async fn a_takeover_while_the_provider_makes_us_wait_stops_the_answer() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    let go = world.graph.will_hold(Answer::Error(400, 130_429));
    let takeover = async {
        world.graph.arrival().await;
        world.organisation.take_over().await;
        go.send(()).unwrap();
    };
    tokio::join!(world.work(), takeover);

    assert_eq!(world.graph.sent().len(), 1);
    assert_eq!(world.stored(&item).await.delivery, Delivery::Cancelled);
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_a_status() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Lost]);
    assert_eq!(world.work().await, 1);
    let mut stored = world.stored(&item).await;
    assert_eq!(stored.delivery, Delivery::Unknown);

    let old = stored.version;
    assert!(stored.take_report(&report(&world, Report::Delivered)));
    stored.provider_id = Some(provider_id(1));
    world.organisation.store.update_message(&stored, old).await.unwrap();
    assert_eq!(world.work_after(62).await, 1);
    assert_eq!(world.graph.sent().len(), 1);
    let found = world.organisation.store.message_of_provider(&provider_id(1)).await.unwrap();
    assert_eq!(found, Some((stored.conversation, stored.id)));
    assert_eq!(world.work_after(361).await, 0);
}

#[tokio::test]
async fn a_lost_answer_is_sent_again_once_after_a_minute_and_never_a_third_time() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    // The outbox brings it a second time: that must not shorten the wait.
    world.enqueue(&item).await;
    world.graph.will([Answer::Lost, Answer::Lost]);
    world.work().await;
    world.work_after(30).await;
    assert_eq!(world.graph.sent().len(), 1);
    for _ in 0..8 {
        world.work_after(62).await;
    }

    assert_eq!(world.graph.sent().len(), 2);
    let stored = world.stored(&item).await;
    assert_eq!((stored.delivery, stored.attempts), (Delivery::Unknown, 2));
    assert!(world.counted("status=\"undecided\""));
    assert_eq!(world.work_after(361).await, 0);
}

#[tokio::test]
async fn a_lost_answer_is_not_repeated_after_a_takeover() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Lost]);
    world.work().await;
    world.organisation.take_over().await;
    world.work_after(62).await;

    assert_eq!(world.graph.sent().len(), 1);
    // It may have gone out, so it is not called withdrawn.
    assert_eq!(world.stored(&item).await.delivery, Delivery::Unknown);
}

#[tokio::test]
async fn a_crash_after_the_claim_costs_at_most_one_more_send() {
    let world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    world.graph.will([Answer::Lost, Answer::Lost]);
    for crash in 1..=2 {
        let event = world.cloud.receive(QUEUE).await;
        tokio::select! {
            _ = handle(event, &world.app) => panic!("it should have been stopped"),
            () = world.graph.arrival() => {}
        }
        let stored = world.stored(&item).await;
        assert_eq!((stored.delivery, stored.attempts), (Delivery::Sending, crash));
        // A second worker leaves a live claim alone.
        world.enqueue(&item).await;
        assert_eq!(world.work().await, 1);
        world.cloud.advance(361);
    }
    while world.work_after(361).await > 0 {}

    assert_eq!(world.graph.sent().len(), 2);
    assert_eq!(world.stored(&item).await.delivery, Delivery::Unknown);
}

/// Time flies: 15 seconds between any two looks at it.
struct Hasty(Arc<MovingClock>);

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        self.0.advance(15);
        self.0.now()
    }
}

#[tokio::test]
async fn a_request_that_could_outlast_its_claim_is_not_begun() {
    let mut world = World::new().await;
    let item = world.text(BOT).await;
    world.enqueue(&item).await;
    let calm = std::mem::replace(&mut world.app.clock, Arc::new(Hasty(world.cloud.clock.clone())));
    assert_eq!(world.work().await, 1);
    assert!(world.graph.sent().is_empty());
    let stored = world.stored(&item).await;
    assert_eq!((stored.delivery, stored.attempts), (Delivery::Queued, 0));

    world.app.clock = calm;
    assert_eq!(world.work_after(361).await, 1);
    assert_eq!(world.stored(&item).await.delivery, Delivery::Accepted);
}

#[tokio::test]
async fn a_status_may_come_before_the_answer() {
    for by_callback in [false, true] {
        let world = World::new().await;
        let item = world.text(BOT).await;
        world.enqueue(&item).await;
        let go = world.graph.will_hold(Answer::Taken);
        let status = async {
            world.graph.arrival().await;
            let event = report(&world, Report::Delivered);
            let store = &world.organisation.store;
            if by_callback {
                let mut stored = world.stored(&item).await;
                let old = stored.version;
                assert!(stored.take_report(&event));
                store.update_message(&stored, old).await.unwrap();
            } else {
                let name = event.report.name();
                store.keep_early_report(&provider_id(1), name, &event).await.unwrap();
            }
            go.send(()).unwrap();
        };
        tokio::join!(world.work(), status);

        let stored = world.stored(&item).await;
        assert_eq!(stored.delivery, Delivery::Delivered);
        assert_eq!(stored.provider_id, Some(provider_id(1)));
        let found = world.organisation.store.message_of_provider(&provider_id(1)).await.unwrap();
        assert_eq!(found, Some((stored.conversation, stored.id)));
    }
}
