//! What is stored, how often, and in which order.

use std::slice::from_ref;

use domain::content::Content;
use domain::delivery::Delivery;
use domain::message::Direction;
use serde_json::json;

use crate::world::{FOREMAN, STRANGER, World, counted};

#[tokio::test]
async fn a_message_is_stored_understood_acted_on_and_answered_once_however_often_it_comes() {
    let world = World::new().await;
    let text = "please add a task: fix the waterproofing on roof block C before thursday";
    let item = world.text(FOREMAN, "wamid.1", text);
    // Twice in one batch, twice at once, and again after the queue has forgotten.
    world.take(&[item.clone(), item.clone()]).await;
    let (one, two) = (world.records(from_ref(&item)), world.records(from_ref(&item)));
    let (one, two) = tokio::join!(world.handle(one), world.handle(two));
    assert!(one.batch_item_failures.is_empty() && two.batch_item_failures.is_empty());
    world.cloud.advance(8 * 86_400);
    world.take(&[item]).await;

    let messages = world.messages(FOREMAN).await;
    let [question, answer] = messages.as_slice() else { panic!("{messages:#?}") };
    assert_eq!(question.content, Content::Text { body: text.to_owned() });
    assert_eq!((question.seq, answer.seq), (1, 2));
    assert_eq!((question.delivery, answer.delivery), (Delivery::Received, Delivery::Queued));
    assert_eq!(answer.reply_to.as_deref(), Some("wamid.1"));
    let proof = world.store.proof(question.conversation, question.id).await.unwrap().unwrap();
    assert!(proof.raw.unwrap().contains("waterproofing"));
    assert!(proof.understanding.unwrap().contains("task_create"));

    let tasks = world.tasks().await;
    let [task] = tasks.as_slice() else { panic!("{tasks:#?}") };
    assert_eq!(task.title, "fix the waterproofing on roof block C");
    // The clock stands on Monday 2 March 2026.
    assert_eq!(task.due_on.unwrap().to_string(), "2026-03-05");
    assert_eq!(task.source, Some(question.id));
    let effects: Vec<_> =
        question.effects.iter().map(|e| (e.kind.as_str(), e.id.clone())).collect();
    assert_eq!(effects, [("task_created", task.id.to_string())]);
    assert_eq!(counted(&world.outbox().await), (1, 0));
    assert_eq!(world.project().await.tasks_total, 1);
    let metrics = world.cloud.metrics.prometheus_text();
    assert!(metrics.contains("outcome=\"duplicate\"} 4"), "{metrics}");
}

#[tokio::test]
async fn an_album_of_ten_parallel_calls_is_one_conversation_in_a_dense_order() {
    let world = World::new().await;
    let calls = (0..10).map(|place| {
        let image = json!({ "id": format!("m{place}"), "mime_type": "image/jpeg", "sha256": "" });
        let records =
            world.records(&[world.item(STRANGER, &format!("wamid.{place}"), "image", image)]);
        async {
            // As the queue would: what was not taken comes again.
            let mut records = records;
            for _ in 0..10 {
                let response = world.handle(records.clone()).await;
                if response.batch_item_failures.is_empty() {
                    records.clear();
                    break;
                }
            }
            assert!(records.is_empty());
        }
    });
    futures::future::join_all(calls).await;
    let messages = world.messages(STRANGER).await;
    assert_eq!(messages.len(), 10);
    let seqs: Vec<u64> = messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
    assert!(messages.iter().all(|message| matches!(message.content, Content::Image(_))));
    let page = store::PageRequest::first(10);
    assert_eq!(world.store.conversations(&page).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_batch_keeps_each_persons_order() {
    let world = World::new().await;
    let items: Vec<_> = (0..40)
        .map(|place| {
            let from = if place % 2 == 0 { STRANGER } else { FOREMAN };
            world.text(from, &format!("wamid.{place}"), &format!("note {place}"))
        })
        .collect();
    for batch in items.chunks(10) {
        world.take(batch).await;
    }
    for (from, odd) in [(STRANGER, 0), (FOREMAN, 1)] {
        let inbound: Vec<String> = world
            .messages(from)
            .await
            .into_iter()
            .filter(|message| message.direction == Direction::Inbound)
            .map(|message| message.content.text().to_owned())
            .collect();
        let expected: Vec<String> =
            (0..40).filter(|place| place % 2 == odd).map(|place| format!("note {place}")).collect();
        assert_eq!(inbound, expected);
    }
}

#[tokio::test]
async fn an_edit_or_a_revocation_may_come_before_its_message() {
    let world = World::new().await;
    let revoke = json!({ "original_message_id": "wamid.a" });
    world.take(&[world.item(FOREMAN, "wamid.r", "revoke", revoke)]).await;
    world.take(&[world.text(FOREMAN, "wamid.a", "add a task: never mind")]).await;
    let edit = json!({
        "original_message_id": "wamid.b",
        "message": { "type": "text", "text": { "body": "add a task: paint the gate" } },
    });
    world.take(&[world.item(FOREMAN, "wamid.e", "edit", edit)]).await;
    let original = world.text(FOREMAN, "wamid.b", "add a task: paint the date");
    world.take(from_ref(&original)).await;
    world.take(&[original]).await;

    let messages = world.messages(FOREMAN).await;
    let by = |id: &str| messages.iter().find(|m| m.provider_id.as_deref() == Some(id)).unwrap();
    assert!(by("wamid.a").revoked_at.is_some() && !by("wamid.a").placeholder);
    assert!(by("wamid.b").edited_at.is_some() && !by("wamid.b").placeholder);
    let titles: Vec<String> = world.tasks().await.into_iter().map(|task| task.title).collect();
    assert_eq!(titles, ["paint the gate"], "what was revoked does nothing, what was edited once");
    // And the other way round.
    world.take(&[world.text(FOREMAN, "wamid.c", "hello")]).await;
    let revoke = json!({ "original_message_id": "wamid.c" });
    world.take(&[world.item(FOREMAN, "wamid.r2", "revoke", revoke)]).await;
    let messages = world.messages(FOREMAN).await;
    let revoked = messages.iter().find(|m| m.provider_id.as_deref() == Some("wamid.c")).unwrap();
    assert!(revoked.revoked_at.is_some());
}

#[tokio::test]
async fn statuses_move_an_answer_up_in_any_order_and_wait_for_one_that_is_not_known() {
    let world = World::new().await;
    let answer = world.say(FOREMAN, "wamid.1", "what is the status?").await.unwrap();
    let callback = format!("{}/{}", answer.conversation, answer.id);
    let status = |name: &str, second: u64| {
        json!({
            "id": "wamid.out", "status": name, "timestamp": (1_772_438_500 + second).to_string(),
            "recipient_id": FOREMAN, "biz_opaque_callback_data": callback,
        })
    };
    for name in ["read", "sent", "delivered", "read", "sent"] {
        let records = world.records_of("statuses", &[status(name, 1)]);
        assert!(world.handle(records).await.batch_item_failures.is_empty());
    }
    let stored = world.store.message(answer.conversation, answer.id).await.unwrap().unwrap();
    assert_eq!(stored.delivery, Delivery::Read);
    assert_eq!(stored.reported_at.len(), 3);
    assert_eq!(stored.provider_id.as_deref(), Some("wamid.out"));

    let mut early = status("delivered", 2);
    early["id"] = json!("wamid.unknown");
    early.as_object_mut().unwrap().remove("biz_opaque_callback_data");
    let records = world.records_of("statuses", &[early]);
    assert!(world.handle(records).await.batch_item_failures.is_empty());
    let kept: Vec<domain::delivery::ReportEvent> =
        world.store.early_reports("wamid.unknown").await.unwrap();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn every_sample_of_the_provider_is_stored_in_its_form_or_kept_as_a_notice() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/whatsapp");
    let world = World::new().await;
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 50);
    let mut taken = 0;
    for path in paths {
        let body = std::fs::read(&path).unwrap();
        let Ok(events) = whatsapp::parse(&body) else { continue };
        let records = world.records_of_body(&body);
        assert_eq!(records.len(), events.len());
        for batch in records.chunks(10) {
            let response = world.handle(batch.to_vec()).await;
            assert!(response.batch_item_failures.is_empty(), "{}", path.display());
        }
        taken += events.iter().filter(|event| event.kind == whatsapp::EventKind::Message).count();
    }
    // Everything stored can be read again, whatever it says.
    let page = store::PageRequest::first(200);
    let mut read = std::collections::BTreeSet::new();
    for head in world.store.conversations(&page).await.unwrap().items {
        let messages = world.store.messages(head.id, &page).await.unwrap().items;
        assert_eq!(u64::try_from(messages.len()).unwrap(), head.message_count);
        let inbound = messages.into_iter().filter(|m| m.direction == Direction::Inbound);
        read.extend(inbound.map(|message| message.id));
    }
    assert!(read.len() > 40 && read.len() <= taken, "{} of {taken}", read.len());
    let page = store::PageRequest::first(50);
    let set_aside = world.store.quarantined(&page).await.unwrap().items;
    let mut reasons: Vec<_> = set_aside.iter().map(|event| event.reason.as_str()).collect();
    reasons.sort_unstable();
    // The sample of malformed items: kept whole beside its neighbours.
    assert_eq!(reasons, ["the event has no readable id", "the event has no readable item"]);
}
