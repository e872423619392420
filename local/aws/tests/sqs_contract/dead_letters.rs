//! Dead-letter queues.

use aws_sdk_sqs::types::{MessageSystemAttributeName as System, QueueAttributeName};

use crate::rig::{Rig, bodies, system};

async fn with_dead_letters(rig: &Rig, suffix: &str) -> (String, String) {
    let dead = rig.queue(&format!("dead{suffix}"), &[]).await;
    let arn = rig.attribute(&dead, "QueueArn").await;
    let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"2"}}"#);
    let source = rig.queue(&format!("source{suffix}"), &[("RedrivePolicy", &policy)]).await;
    (source, dead)
}

pub(crate) async fn a_message_received_too_often_moves(rig: &Rig) {
    let (source, dead) = with_dead_letters(rig, "").await;
    rig.post(&source, "poison").await;
    for _ in 0..2 {
        assert_eq!(rig.receive_for(&source, 1, 1).await.len(), 1);
        assert!(rig.receive(&dead, 1).await.is_empty());
        rig.pass(1).await;
    }
    assert!(rig.receive(&source, 1).await.is_empty());
    let buried = rig.receive(&dead, 1).await;
    assert_eq!(bodies(&buried), ["poison"]);
    if rig.is_ours() {
        let source_arn = rig.attribute(&source, "QueueArn").await;
        assert_eq!(system(&buried[0], &System::DeadLetterQueueSourceArn), source_arn);
    }
}

pub(crate) async fn a_poisoned_group_goes_on(rig: &Rig) {
    let (source, dead) = with_dead_letters(rig, ".fifo").await;
    rig.send(&source, "site", "poison").await;
    rig.send(&source, "site", "next").await;
    for _ in 0..2 {
        assert_eq!(bodies(&rig.receive_for(&source, 1, 1).await), ["poison"]);
        rig.pass(1).await;
    }
    assert_eq!(bodies(&rig.receive(&source, 10).await), ["next"]);
    assert_eq!(bodies(&rig.receive(&dead, 10).await), ["poison"]);
}

pub(crate) async fn a_move_task_brings_messages_back(rig: &Rig) {
    if !rig.is_ours() {
        // The independent server has no move tasks.
        return;
    }
    let (source, dead) = with_dead_letters(rig, "").await;
    rig.post(&source, "poison").await;
    for _ in 0..2 {
        rig.receive_for(&source, 1, 1).await;
        rig.pass(1).await;
    }
    assert!(rig.receive(&source, 1).await.is_empty());
    let arn = rig.attribute(&dead, QueueAttributeName::QueueArn.as_str()).await;
    let task = rig.client.start_message_move_task().source_arn(arn).send().await.unwrap();
    assert!(task.task_handle().is_some());
    rig.pass(1).await;
    let back = rig.receive(&source, 1).await;
    assert_eq!(bodies(&back), ["poison"]);
    assert!(rig.receive(&dead, 1).await.is_empty());
    let count = system(&back[0], &System::ApproximateReceiveCount);
    assert_eq!(count, "1", "a moved message begins anew");
    let not_dead = rig.attribute(&source, "QueueArn").await;
    let refused = rig.client.start_message_move_task().source_arn(not_dead).send().await;
    assert!(refused.is_err());
}
