//! What both kinds of queue do, checked on standard queues.

use std::time::{Duration, Instant};

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry as Change, MessageAttributeValue,
    MessageSystemAttributeName as System,
};

use crate::rig::{Rig, bodies, code, deletion, system};

pub(crate) async fn a_message_comes_back_when_its_time_is_over(rig: &Rig) {
    let url = rig.queue("visibility", &[]).await;
    rig.post(&url, "x").await;
    assert_eq!(rig.receive_for(&url, 1, 2).await.len(), 1);
    assert!(rig.receive(&url, 1).await.is_empty());
    rig.pass(2).await;
    assert_eq!(bodies(&rig.receive(&url, 1).await), ["x"]);
}

pub(crate) async fn a_message_is_kept_as_long_as_the_queue_says(rig: &Rig) {
    if rig.is_ours() {
        let url = rig.queue("retention", &[("MessageRetentionPeriod", "60")]).await;
        rig.post(&url, "old").await;
        rig.pass(59).await;
        rig.post(&url, "young").await;
        rig.pass(1).await;
        assert_eq!(bodies(&rig.receive(&url, 10).await), ["young"]);
    }
}

pub(crate) async fn a_receive_counts_and_tells_when(rig: &Rig) {
    let url = rig.queue("counts", &[]).await;
    rig.post(&url, "x").await;
    let first = rig.receive_for(&url, 1, 0).await;
    rig.pass(1).await;
    let second = rig.receive(&url, 1).await;
    let count = |message| system(message, &System::ApproximateReceiveCount);
    assert_eq!((count(&first[0]), count(&second[0])), ("1".to_owned(), "2".to_owned()));
    let at = |message, name: System| system(message, &name).parse::<u64>().unwrap();
    let first_received = at(&second[0], System::ApproximateFirstReceiveTimestamp);
    assert!(first_received >= at(&second[0], System::SentTimestamp));
    assert_eq!(first_received, at(&first[0], System::ApproximateFirstReceiveTimestamp));
    assert_ne!(first[0].receipt_handle, second[0].receipt_handle);
    assert_eq!(first[0].message_id, second[0].message_id);
}

pub(crate) async fn visibility_can_be_changed(rig: &Rig) {
    let url = rig.queue("change", &[]).await;
    rig.post(&url, "a").await;
    rig.post(&url, "b").await;
    let held = rig.receive(&url, 10).await;
    let change = |n: usize, seconds| {
        let change = Change::builder().id(n.to_string()).visibility_timeout(seconds);
        change.receipt_handle(held[n].receipt_handle().unwrap()).build().unwrap()
    };
    let batch = rig.client.change_message_visibility_batch().queue_url(&url);
    let answer = batch.entries(change(0, 0)).entries(change(1, 300)).send().await.unwrap();
    assert_eq!((answer.successful().len(), answer.failed().len()), (2, 0));
    let back = rig.receive_for(&url, 10, 2).await;
    assert_eq!(bodies(&back), [held[0].body().unwrap()], "given back at once, the other kept");
    let hold = || {
        let hold = rig.client.change_message_visibility().queue_url(&url).visibility_timeout(60);
        hold.receipt_handle(back[0].receipt_handle().unwrap())
    };
    hold().send().await.unwrap();
    rig.pass(2).await;
    assert!(rig.receive(&url, 10).await.is_empty(), "held for longer than first asked");
    if rig.is_ours() {
        rig.pass(60).await;
        let gone = code(hold().send().await);
        assert_eq!(gone, "AWS.SimpleQueueService.MessageNotInflight");
    }
}

pub(crate) async fn a_delayed_message_waits(rig: &Rig) {
    let url = rig.queue("delay", &[("DelaySeconds", "300")]).await;
    let send = |body: &str, delay| {
        let send = rig.client.send_message().queue_url(&url).message_body(body);
        send.delay_seconds(delay).send()
    };
    send("later", 2).await.unwrap();
    send("now", 0).await.unwrap();
    rig.post(&url, "much later").await;
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["now"]);
    assert_eq!(rig.attribute(&url, "ApproximateNumberOfMessagesDelayed").await, "2");
    rig.pass(2).await;
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["later"]);
}

pub(crate) async fn a_long_poll_is_woken_by_a_send(rig: &Rig) {
    let url = rig.queue("poll", &[]).await;
    let poll = rig.client.receive_message().queue_url(&url).wait_time_seconds(20).send();
    let started = Instant::now();
    let (received, ()) = tokio::join!(poll, async {
        // The poll is under way, or finds the message at once: both must end it.
        tokio::task::yield_now().await;
        rig.post(&url, "x").await;
    });
    assert_eq!(bodies(received.unwrap().messages()), ["x"]);
    assert!(started.elapsed() < Duration::from_secs(5));
}

pub(crate) async fn a_long_poll_is_woken_by_a_release(rig: &Rig) {
    let url = rig.queue("release.fifo", &[]).await;
    rig.send(&url, "site", "1").await;
    rig.send(&url, "site", "2").await;
    let held = rig.receive(&url, 1).await;
    let poll = rig.client.receive_message().queue_url(&url).wait_time_seconds(20).send();
    let started = Instant::now();
    let (received, ()) = tokio::join!(poll, rig.delete(&url, &held[0]));
    assert_eq!(bodies(received.unwrap().messages()), ["2"]);
    assert!(started.elapsed() < Duration::from_secs(5));
}

pub(crate) async fn a_long_poll_ends_empty(rig: &Rig) {
    let url = rig.queue("empty", &[("ReceiveMessageWaitTimeSeconds", "1")]).await;
    let poll = rig.client.receive_message().queue_url(&url).send();
    let received = rig.pass_until(poll).await;
    assert!(received.unwrap().messages().is_empty());
}

pub(crate) async fn a_group_is_accepted_and_no_group_starves(rig: &Rig) {
    let url = rig.queue("fair", &[]).await;
    let send = |group: &str, body: String| {
        let send = rig.client.send_message().queue_url(&url).message_body(body);
        send.message_group_id(group).send()
    };
    for n in 0..20 {
        send("noisy", format!("noisy {n}")).await.unwrap();
    }
    send("quiet", "quiet".to_owned()).await.unwrap();
    let first = rig.receive(&url, 10).await;
    assert_eq!(first.len(), 10, "a standard queue does not lock groups");
    assert!(!system(&first[0], &System::MessageGroupId).is_empty());
    if rig.is_ours() {
        assert!(bodies(&first).contains(&"quiet"), "the quiet group does not wait");
    }
    let with_id = rig.client.send_message().queue_url(&url).message_body("x");
    if rig.is_ours() {
        let refused = code(with_id.message_deduplication_id("x").send().await);
        assert_eq!(refused, "InvalidParameterValue");
    }
}

pub(crate) async fn attributes_travel_with_their_digest(rig: &Rig) {
    let url = rig.queue("attributes", &[]).await;
    let text = |kind: &str, value: &str| {
        let attribute = MessageAttributeValue::builder().data_type(kind).string_value(value);
        attribute.build().unwrap()
    };
    let photo = MessageAttributeValue::builder().data_type("Binary");
    let photo = photo.binary_value(Blob::new([0_u8, 255, 16])).build().unwrap();
    let send = rig.client.send_message().queue_url(&url).message_body("مرحبا");
    let send = send.message_attributes("site", text("String", "north"));
    let send = send.message_attributes("cost", text("Number.sar", "12.50"));
    let sent = send.message_attributes("photo", photo.clone()).send().await.unwrap();
    // Digests computed apart from this project, from the documented encoding.
    assert_eq!(sent.md5_of_message_body(), Some(BODY_MD5));
    assert_eq!(sent.md5_of_message_attributes(), Some(ALL_MD5));
    let received = rig.receive_for(&url, 1, 0).await;
    assert_eq!(received[0].md5_of_body(), Some(BODY_MD5));
    assert_eq!(received[0].md5_of_message_attributes(), Some(ALL_MD5));
    let attributes = received[0].message_attributes().unwrap();
    assert_eq!(attributes.len(), 3);
    assert_eq!(attributes["photo"], photo);
    if rig.is_ours() {
        let some = rig.client.receive_message().queue_url(&url).message_attribute_names("co.*");
        let some = some.send().await.unwrap();
        assert_eq!(some.messages()[0].md5_of_message_attributes(), Some(COST_MD5));
    }
}

const BODY_MD5: &str = "9530db02d3c8217be00c1aa98ec51861";
const ALL_MD5: &str = "a9db0b274d2d7efbc7d72bae9deef79a";
const COST_MD5: &str = "4826db111c9b04eaef080ee766f90099";

pub(crate) async fn a_batch_of_deletes_succeeds_entry_by_entry(rig: &Rig) {
    let url = rig.queue("deletes", &[]).await;
    for body in ["a", "b"] {
        rig.post(&url, body).await;
    }
    let held = rig.receive_for(&url, 10, 2).await;
    let batch = rig.client.delete_message_batch().queue_url(&url);
    let answer = batch
        .entries(deletion("good", held[0].receipt_handle().unwrap()))
        .entries(deletion("bad", "not-a-receipt"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.successful()[0].id(), "good");
    assert_eq!(answer.failed()[0].id(), "bad");
    assert_eq!(answer.failed()[0].code(), "ReceiptHandleIsInvalid");
    rig.pass(2).await;
    assert_eq!(bodies(&rig.receive(&url, 10).await), [held[1].body().unwrap()]);
}
