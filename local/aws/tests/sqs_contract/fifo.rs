//! FIFO queues: order, groups, deduplication.

use aws_sdk_sqs::types::{
    MessageSystemAttributeName as System, SendMessageBatchRequestEntry, SendMessageBatchResultEntry,
};

use crate::rig::{Rig, bodies, code, system};

pub(crate) async fn a_group_keeps_its_order(rig: &Rig) {
    let url = rig.queue("order.fifo", &[]).await;
    for body in ["1", "2", "3", "4", "5"] {
        rig.send(&url, "site", body).await;
    }
    let first = rig.receive(&url, 2).await;
    assert_eq!(bodies(&first), ["1", "2"]);
    for message in &first {
        rig.delete(&url, message).await;
    }
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["3", "4", "5"]);
}

pub(crate) async fn a_group_in_flight_is_locked_and_others_flow(rig: &Rig) {
    let url = rig.queue("lock.fifo", &[]).await;
    for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")] {
        rig.send(&url, group, body).await;
    }
    let a1 = rig.receive(&url, 1).await;
    assert_eq!(bodies(&a1), ["a1"]);
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["b1", "b2"]);
    assert!(rig.receive(&url, 10).await.is_empty(), "both groups are locked");
    rig.delete(&url, &a1[0]).await;
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["a2"], "deleting unlocks the group");
}

pub(crate) async fn a_repeat_is_absorbed_for_five_minutes(rig: &Rig) {
    let url = rig.queue("repeat.fifo", &[]).await;
    let (first, _) = rig.send(&url, "site", "hello").await;
    rig.delete(&url, &rig.receive(&url, 1).await[0]).await;
    let (again, _) = rig.send(&url, "site", "hello").await;
    assert_eq!(again, first, "a repeat is answered with the message it repeats");
    assert!(rig.receive(&url, 1).await.is_empty(), "also after that one was deleted");
    if rig.is_ours() {
        rig.pass(299).await;
        assert_eq!(rig.send(&url, "site", "hello").await.0, first);
        rig.pass(1).await;
        assert_ne!(rig.send(&url, "site", "hello").await.0, first, "the window is over");
        assert_eq!(bodies(&rig.receive(&url, 1).await), ["hello"]);
    }
}

pub(crate) async fn deduplication_can_be_per_group(rig: &Rig) {
    let of_queue = rig.queue("of-queue.fifo", &[]).await;
    rig.send(&of_queue, "a", "x").await;
    rig.send(&of_queue, "b", "x").await;
    assert_eq!(rig.receive(&of_queue, 10).await.len(), 1);
    let high_throughput =
        [("DeduplicationScope", "messageGroup"), ("FifoThroughputLimit", "perMessageGroupId")];
    let of_group = rig.queue("of-group.fifo", &high_throughput).await;
    rig.send(&of_group, "a", "x").await;
    rig.send(&of_group, "b", "x").await;
    rig.send(&of_group, "b", "x").await;
    assert_eq!(rig.receive(&of_group, 10).await.len(), 2);
}

pub(crate) async fn deduplication_can_be_by_content(rig: &Rig) {
    let url = rig.queue("content.fifo", &[("ContentBasedDeduplication", "true")]).await;
    for body in ["same", "same", "other"] {
        let send = rig.client.send_message().queue_url(&url).message_body(body);
        send.message_group_id("site").send().await.unwrap();
    }
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["same", "other"]);
}

pub(crate) async fn a_group_and_a_deduplication_id_are_demanded(rig: &Rig) {
    let url = rig.queue("demands.fifo", &[]).await;
    let send = || rig.client.send_message().queue_url(&url).message_body("x");
    let without_group = send().message_deduplication_id("x").send().await;
    assert_eq!(code(without_group), "MissingParameter");
    let without_id = send().message_group_id("site").send().await;
    assert_eq!(code(without_id), "InvalidParameterValue");
    if rig.is_ours() {
        let delayed = send().message_group_id("g").message_deduplication_id("d").delay_seconds(5);
        assert_eq!(code(delayed.send().await), "InvalidParameterValue");
    }
}

pub(crate) async fn a_stale_receipt_cannot_delete(rig: &Rig) {
    let url = rig.queue("stale.fifo", &[]).await;
    rig.send(&url, "site", "x").await;
    let stale = rig.receive_for(&url, 1, 1).await;
    rig.pass(1).await;
    let delete = |message: &aws_sdk_sqs::types::Message| {
        let delete = rig.client.delete_message().queue_url(&url);
        delete.set_receipt_handle(message.receipt_handle.clone()).send()
    };
    let fresh = rig.receive(&url, 1).await;
    assert_eq!(fresh.len(), 1);
    let refused = code(delete(&stale[0]).await);
    if rig.is_ours() {
        assert_eq!(refused, "InvalidParameterValue");
        let hold = rig.client.change_message_visibility().queue_url(&url).visibility_timeout(9);
        let hold = hold.set_receipt_handle(stale[0].receipt_handle.clone());
        assert_eq!(code(hold.send().await), "InvalidParameterValue");
    }
    delete(&fresh[0]).await.unwrap();
    rig.pass(1).await;
    assert!(rig.receive(&url, 1).await.is_empty(), "the fresh receipt deleted it");
    if rig.is_ours() {
        delete(&fresh[0]).await.unwrap();
    }
}

pub(crate) async fn sequence_numbers_rise(rig: &Rig) {
    let url = rig.queue("sequence.fifo", &[]).await;
    let mut numbers = Vec::new();
    for body in ["1", "2", "3"] {
        numbers.push(rig.send(&url, "site", body).await.1);
    }
    assert!(numbers.iter().all(|number| number.len() == 20), "{numbers:?}");
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    let received = rig.receive(&url, 10).await;
    let seen: Vec<String> = received.iter().map(|m| system(m, &System::SequenceNumber)).collect();
    assert_eq!(seen, numbers);
    assert_eq!(system(&received[0], &System::MessageGroupId), "site");
    assert_eq!(system(&received[0], &System::MessageDeduplicationId), "1");
}

pub(crate) async fn a_queue_can_delay_all_its_messages(rig: &Rig) {
    let url = rig.queue("delay.fifo", &[("DelaySeconds", "1")]).await;
    rig.send(&url, "site", "1").await;
    rig.send(&url, "site", "2").await;
    assert!(rig.receive(&url, 10).await.is_empty());
    rig.pass(1).await;
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["1", "2"]);
}

pub(crate) async fn a_batch_keeps_its_order(rig: &Rig) {
    let url = rig.queue("batch.fifo", &[]).await;
    let entry = |n: usize| {
        let entry = SendMessageBatchRequestEntry::builder().id(n.to_string());
        let entry = entry.message_body(n.to_string()).message_group_id("site");
        // The last repeats the first.
        entry.message_deduplication_id((n % 5).to_string()).build().unwrap()
    };
    let batch = rig.client.send_message_batch().queue_url(&url);
    let sent = batch.set_entries(Some((0..6).map(entry).collect())).send().await.unwrap();
    let ids: Vec<&str> =
        sent.successful().iter().map(SendMessageBatchResultEntry::message_id).collect();
    assert_eq!(ids.len(), 6);
    assert_eq!(ids[5], ids[0]);
    assert_eq!(bodies(&rig.receive(&url, 10).await), ["0", "1", "2", "3", "4"]);
}
