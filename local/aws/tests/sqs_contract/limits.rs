//! Limits of SQS, exactly.

use crate::rig::{Rig, code, entry};

const MEBIBYTE: usize = 1_048_576;

pub(crate) async fn a_batch_has_one_to_ten_distinct_entries(rig: &Rig) {
    let url = rig.queue("batch", &[]).await;
    let send = |ids: Vec<String>| {
        let entries = ids.iter().map(|id| entry(id, "x")).collect();
        rig.client.send_message_batch().queue_url(&url).set_entries(Some(entries)).send()
    };
    let numbered = |count: usize| (0..count).map(|n| n.to_string()).collect();
    let prefix = "AWS.SimpleQueueService.";
    assert_eq!(code(send(vec![]).await), format!("{prefix}EmptyBatchRequest"));
    assert_eq!(send(numbered(10)).await.unwrap().successful().len(), 10);
    let too_many = code(send(numbered(11)).await);
    assert_eq!(too_many, format!("{prefix}TooManyEntriesInBatchRequest"));
    let twice = code(send(vec!["a".to_owned(), "a".to_owned()]).await);
    assert_eq!(twice, format!("{prefix}BatchEntryIdsNotDistinct"));
    let odd = code(send(vec!["a b".to_owned()]).await);
    assert_eq!(odd, format!("{prefix}InvalidBatchEntryId"));
}

pub(crate) async fn a_message_has_at_most_one_mebibyte(rig: &Rig) {
    let url = rig.queue("size", &[]).await;
    let send = |bytes: usize| {
        rig.client.send_message().queue_url(&url).message_body("x".repeat(bytes)).send()
    };
    send(MEBIBYTE).await.unwrap();
    assert_eq!(code(send(MEBIBYTE + 1).await), "InvalidParameterValue");
    let batch = |second: usize| {
        let entries = [("a", MEBIBYTE / 2), ("b", second)];
        let entries = entries.map(|(id, bytes)| entry(id, &"x".repeat(bytes))).to_vec();
        rig.client.send_message_batch().queue_url(&url).set_entries(Some(entries)).send()
    };
    assert_eq!(batch(MEBIBYTE / 2).await.unwrap().successful().len(), 2);
    let too_long = code(batch(MEBIBYTE / 2 + 1).await);
    assert_eq!(too_long, "AWS.SimpleQueueService.BatchRequestTooLong");
}

pub(crate) async fn identifiers_have_at_most_128_characters(rig: &Rig) {
    let url = rig.queue("identifiers.fifo", &[]).await;
    let send = |group: &str, id: &str| {
        let send = rig.client.send_message().queue_url(&url).message_body("x");
        send.message_group_id(group).message_deduplication_id(id).send()
    };
    let longest = "~".repeat(128);
    let too_long = "~".repeat(129);
    send(&longest, &longest).await.unwrap();
    if !rig.is_ours() {
        // The independent server takes any identifier.
        return;
    }
    for (group, id) in [(&*too_long, "x"), ("x", &*too_long), ("a b", "x"), ("x", "é")] {
        assert_eq!(code(send(group, id).await), "InvalidParameterValue", "{group} {id}");
    }
}

pub(crate) async fn control_characters_are_refused(rig: &Rig) {
    let url = rig.queue("characters", &[]).await;
    let send = |body: &str| rig.client.send_message().queue_url(&url).message_body(body).send();
    send("tab\t, line\n, نص, 🏗").await.unwrap();
    assert_eq!(code(send("\u{1}").await), "InvalidMessageContents");
    assert_eq!(code(send("\u{FFFE}").await), "InvalidMessageContents");
}

pub(crate) async fn numbers_have_their_ranges(rig: &Rig) {
    if !rig.is_ours() {
        // The independent server takes any number.
        return;
    }
    let url = rig.queue("ranges", &[]).await;
    let receive = || rig.client.receive_message().queue_url(&url);
    let refused = [
        code(receive().max_number_of_messages(0).send().await),
        code(receive().max_number_of_messages(11).send().await),
        code(receive().wait_time_seconds(21).send().await),
        code(receive().visibility_timeout(43_201).send().await),
        code(
            rig.client
                .send_message()
                .queue_url(&url)
                .message_body("x")
                .delay_seconds(901)
                .send()
                .await,
        ),
    ];
    assert_eq!(refused, ["InvalidParameterValue"; 5]);
}
