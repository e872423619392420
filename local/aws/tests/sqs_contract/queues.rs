//! Queues themselves.

use aws_sdk_sqs::types::QueueAttributeName;

use crate::rig::{Rig, code};

pub(crate) async fn an_unknown_queue_is_said_to_be_unknown(rig: &Rig) {
    let url = rig.queue("known", &[]).await;
    let unknown = format!("{url}-not");
    let sent = rig.client.send_message().queue_url(&unknown).message_body("x").send().await;
    let error = sent.unwrap_err().into_service_error();
    assert!(error.is_queue_does_not_exist(), "{error:?}");
    let received = rig.client.receive_message().queue_url(&unknown).send().await;
    assert!(received.unwrap_err().into_service_error().is_queue_does_not_exist());
    let found = rig.client.get_queue_url().queue_name("never-made").send().await;
    assert!(found.unwrap_err().into_service_error().is_queue_does_not_exist());
}

pub(crate) async fn creating_again_is_fine_unless_it_differs(rig: &Rig) {
    let url = rig.queue("again", &[("VisibilityTimeout", "60")]).await;
    let name = url.rsplit('/').next().unwrap();
    let create = |visibility: &str| {
        let create = rig.client.create_queue().queue_name(name);
        create.attributes(QueueAttributeName::VisibilityTimeout, visibility).send()
    };
    assert_eq!(create("60").await.unwrap().queue_url(), Some(&*url));
    assert!(create("61").await.unwrap_err().into_service_error().is_queue_name_exists());
    let listed = rig.client.list_queues().queue_name_prefix(name).send().await.unwrap();
    assert_eq!(listed.queue_urls(), std::slice::from_ref(&url));
    if rig.is_ours() {
        for name in ["a b", "", "x.fifo"] {
            let odd = rig.client.create_queue().queue_name(name).send().await;
            assert_eq!(code(odd), "InvalidParameterValue", "{name}");
        }
    }
}

pub(crate) async fn attributes_are_shown_and_changed(rig: &Rig) {
    let url = rig.queue("shown.fifo", &[("VisibilityTimeout", "60")]).await;
    assert_eq!(rig.attribute(&url, "VisibilityTimeout").await, "60");
    assert_eq!(rig.attribute(&url, "FifoQueue").await, "true");
    assert_eq!(rig.attribute(&url, "MessageRetentionPeriod").await, "345600");
    let set = |name: &str, value: &str| {
        let set = rig.client.set_queue_attributes().queue_url(&url);
        set.attributes(QueueAttributeName::from(name), value).send()
    };
    set("VisibilityTimeout", "90").await.unwrap();
    assert_eq!(rig.attribute(&url, "VisibilityTimeout").await, "90");
    if rig.is_ours() {
        assert_eq!(code(set("VisibilityTimeout", "43201").await), "InvalidAttributeValue");
        assert_eq!(code(set("Colour", "red").await), "InvalidAttributeName");
    }
    rig.send(&url, "a", "1").await;
    rig.send(&url, "b", "2").await;
    rig.receive(&url, 1).await;
    assert_eq!(rig.attribute(&url, "ApproximateNumberOfMessages").await, "1");
    assert_eq!(rig.attribute(&url, "ApproximateNumberOfMessagesNotVisible").await, "1");
}

pub(crate) async fn purge_and_delete_empty_a_queue(rig: &Rig) {
    let url = rig.queue("purge", &[]).await;
    rig.post(&url, "a").await;
    rig.client.purge_queue().queue_url(&url).send().await.unwrap();
    assert!(rig.receive(&url, 1).await.is_empty());
    rig.post(&url, "b").await;
    assert_eq!(rig.receive(&url, 1).await.len(), 1);
    rig.client.delete_queue().queue_url(&url).send().await.unwrap();
    let gone = rig.client.receive_message().queue_url(&url).send().await;
    assert!(gone.unwrap_err().into_service_error().is_queue_does_not_exist());
}
