//! A group through a real queue: in, failed, hidden, and back in order.
#![cfg(test)]

use std::sync::{Arc, Mutex};

use aws_clients::{AwsClients, Endpoints};
use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use domain::{Clock, Error};
use embedded_aws::{Data, EmbeddedAws, Options};
use jiff::{SignedDuration, Timestamp};
use queue::{Entry, Outcome, QueueKind, QueueUrls, Queues};
use serde_json::{Value, json};
use telemetry::Metrics;

struct MovingClock(Mutex<Timestamp>);

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// What a Lambda event source would hand over now.
async fn receive(aws: &EmbeddedAws, url: &str) -> SqsEvent {
    let received = aws
        .sqs()
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(10)
        .wait_time_seconds(0)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    let records: Vec<Value> = received
        .messages
        .unwrap_or_default()
        .into_iter()
        .map(|message| {
            let attributes: serde_json::Map<String, Value> = message
                .attributes
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.into()))
                .collect();
            json!({
                "messageId": message.message_id, "receiptHandle": message.receipt_handle,
                "body": message.body, "attributes": attributes,
            })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

/// Drives one batch and deletes what it does not give back, as the event source would.
async fn drive(
    (aws, queues, url): (&EmbeddedAws, &Queues, &str),
    failing: Option<&str>,
) -> Vec<String> {
    let event = receive(aws, url).await;
    let receipts: Vec<(String, String)> = event
        .records
        .iter()
        .map(|record| (record.message_id.clone().unwrap(), record.receipt_handle.clone().unwrap()))
        .collect();
    let handled = Mutex::new(Vec::new());
    let response = queues
        .drive_fifo(QueueKind::Inbound, event, |record| {
            assert_eq!(record.sequence.as_deref().map(str::len), Some(20));
            let fails = failing == Some(record.body.as_str());
            if !fails {
                handled.lock().unwrap().push(record.body.clone());
            }
            async move {
                if fails {
                    return Outcome::Transient(Error::unavailable("a throttle"));
                }
                Outcome::Done
            }
        })
        .await;
    for (id, receipt) in receipts {
        if !response.batch_item_failures.iter().any(|failure| failure.item_identifier == id) {
            aws.sqs().delete_message().queue_url(url).receipt_handle(receipt).send().await.unwrap();
        }
    }
    handled.into_inner().unwrap()
}

#[tokio::test]
async fn a_failed_group_comes_back_soon_and_in_order_while_others_go_on() {
    let clock = Arc::new(MovingClock(Mutex::new("2026-11-21T10:00:00Z".parse().unwrap())));
    let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<dyn Clock> };
    let aws = EmbeddedAws::start(options).await.unwrap();
    let queue = aws.sqs().create_queue().queue_name("inbound.fifo");
    let queue = queue.attributes(QueueAttributeName::FifoQueue, "true");
    queue.attributes(QueueAttributeName::VisibilityTimeout, "180").send().await.unwrap();
    let url = aws.queue_url("inbound.fifo");
    let sqs = Some(aws.endpoints().sqs.clone());
    let clients = AwsClients::embedded(Endpoints { sqs, ..Endpoints::default() });
    let urls = QueueUrls { inbound: Some(url.clone()), ..QueueUrls::default() };
    let queues = Queues::new(clients, urls, Metrics::new("test"));

    let entries = ["a1", "b1", "a2", "a3", "b2"].map(|body| Entry {
        group: body[..1].to_owned(),
        dedup: Some(body.to_owned()),
        body: body.to_owned(),
    });
    queues.send_all(QueueKind::Inbound, entries.to_vec()).await.unwrap();
    queues.send_all(QueueKind::Inbound, entries.to_vec()).await.unwrap();

    let rig = (&aws, &queues, url.as_str());
    let mut handled = drive(rig, Some("a2")).await;
    while !handled.contains(&"b2".to_owned()) {
        handled.extend(drive(rig, Some("a2")).await);
    }
    handled.sort();
    assert_eq!(handled, ["a1", "b1", "b2"]);
    assert!(drive(rig, None).await.is_empty(), "hidden, and a3 behind a2");
    *clock.0.lock().unwrap() += SignedDuration::from_secs(3);
    aws.wake();
    let mut rest = Vec::new();
    while rest.len() < 2 {
        let handled = drive(rig, None).await;
        assert!(!handled.is_empty(), "after 2 s, not after the queue's 180");
        rest.extend(handled);
    }
    assert_eq!(rest, ["a2", "a3"]);
    assert!(drive(rig, None).await.is_empty(), "sent twice, there once");
}
