//! What happens when SQS takes part of a call, none of it, or is not there.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_clients::{AwsClients, Endpoints};
use aws_lambda_events::sqs::SqsEvent;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use domain::Error;
use queue::{Entry, Outcome, QueueKind, QueueUrls, Queues};
use serde_json::{Value, json};
use telemetry::Metrics;

/// What the next calls do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// Entries whose body is this one fail.
    Entry(&'static str),
    /// The call fails as a whole.
    Call,
}

/// A queue that records what it accepts and fails as told.
#[derive(Default)]
struct Recorder {
    faults: Vec<Fault>,
    calls: usize,
    accepted: Vec<(String, String)>,
    delays: BTreeMap<String, u64>,
}

type Shared = Arc<Mutex<Recorder>>;

async fn answer(
    State(recorder): State<Shared>,
    headers: HeaderMap,
    // Sent as `application/x-amz-json-1.0`, which axum's own extractor refuses.
    body: Bytes,
) -> Response {
    let mut recorder = recorder.lock().unwrap();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let entries = request["Entries"].as_array().unwrap().clone();
    assert!(entries.len() <= 10);
    let mut successful = Vec::new();
    let mut failed = Vec::new();
    if headers["x-amz-target"] == "AmazonSQS.ChangeMessageVisibilityBatch" {
        for entry in entries {
            let receipt = entry["ReceiptHandle"].as_str().unwrap().to_owned();
            recorder.delays.insert(receipt, entry["VisibilityTimeout"].as_u64().unwrap());
            successful.push(json!({ "Id": entry["Id"] }));
        }
        return Json(json!({ "Successful": successful, "Failed": failed })).into_response();
    }
    recorder.calls += 1;
    let fault = recorder.faults.pop();
    if fault == Some(Fault::Call) {
        let body = Json(json!({ "__type": "com.amazonaws.sqs#InternalError", "message": "no" }));
        return (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
    }
    for entry in entries {
        let body = entry["MessageBody"].as_str().unwrap().to_owned();
        if fault.as_ref().is_some_and(|fault| matches!(fault, Fault::Entry(bad) if *bad == body)) {
            failed
                .push(json!({ "Id": entry["Id"], "Code": "InternalError", "SenderFault": false }));
            continue;
        }
        let dedup = entry["MessageDeduplicationId"].as_str().unwrap_or_default().to_owned();
        let known = !dedup.is_empty() && recorder.accepted.iter().any(|(id, _)| *id == dedup);
        if !known {
            recorder.accepted.push((dedup, body));
        }
        successful.push(json!({
            "Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "0",
        }));
    }
    Json(json!({ "Successful": successful, "Failed": failed })).into_response()
}

async fn recorded(faults: Vec<Fault>) -> (Queues, Shared, Metrics) {
    let recorder = Arc::new(Mutex::new(Recorder { faults, ..Recorder::default() }));
    let router = Router::new().fallback(answer).with_state(Arc::clone(&recorder));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let metrics = Metrics::new("test");
    (queues_at(&endpoint, metrics.clone()), recorder, metrics)
}

fn queues_at(endpoint: &str, metrics: Metrics) -> Queues {
    let clients =
        AwsClients::embedded(Endpoints { sqs: Some(endpoint.to_owned()), ..Endpoints::default() });
    let url = |name: &str| Some(format!("{endpoint}/0/{name}"));
    let urls = QueueUrls {
        inbound: url("inbound.fifo"),
        statuses: url("statuses"),
        outbound: url("outbound"),
    };
    Queues::new(clients, urls, metrics)
}

fn entry(group: &str, body: &str) -> Entry {
    Entry { group: group.to_owned(), dedup: Some(format!("d-{body}")), body: body.to_owned() }
}

fn bodies(recorder: &Shared) -> Vec<String> {
    recorder.lock().unwrap().accepted.iter().map(|(_, body)| body.clone()).collect()
}

#[tokio::test]
async fn a_failed_entry_is_sent_again_with_its_group_behind_it() {
    let (queues, recorder, metrics) = recorded(vec![Fault::Call, Fault::Entry("a2")]).await;
    let entries = ["a1", "a2", "a3", "b1"].map(|body| entry(&body[..1], body));
    queues.send_all(QueueKind::Inbound, entries.to_vec()).await.unwrap();
    let mut accepted = bodies(&recorder);
    accepted.sort();
    assert_eq!(accepted, ["a1", "a2", "a3", "b1"]);
    assert_eq!(recorder.lock().unwrap().calls, 3);
    let text = metrics.prometheus_text();
    // First a2 and a3, then both again after the failed call.
    assert!(text.contains("enqueue_retries_total{service=\"test\",queue=\"inbound\"} 4"), "{text}");
}

#[tokio::test]
async fn a_standard_queue_gets_only_the_failed_entry_again() {
    let (queues, recorder, _) = recorded(vec![Fault::Entry("a2")]).await;
    let entries = ["a1", "a2", "a3"].map(|body| Entry { dedup: None, ..entry("t", body) });
    queues.send_all(QueueKind::Statuses, entries.to_vec()).await.unwrap();
    assert_eq!(bodies(&recorder), ["a1", "a3", "a2"]);
}

#[tokio::test]
async fn an_entry_that_keeps_failing_is_an_error() {
    let (queues, recorder, _) = recorded(vec![Fault::Entry("a1"); 9]).await;
    let sent = queues.send_all(QueueKind::Inbound, vec![entry("a", "a1")]).await;
    assert_eq!(
        sent.unwrap_err().to_string(),
        "1 entries of one call did not reach the inbound queue"
    );
    assert_eq!(recorder.lock().unwrap().calls, 3, "one try and two retries");

    let nobody = queues_at("http://127.0.0.1:1", Metrics::new("test"));
    let error: Error =
        nobody.send_all(QueueKind::Outbound, vec![entry("a", "a1")]).await.unwrap_err().into();
    assert!(error.retryable());

    let huge = entry("a", &"x".repeat(queue::MAX_BODY_BYTES + 1));
    assert!(queues.send_all(QueueKind::Inbound, vec![huge]).await.is_err());
    assert_eq!(recorder.lock().unwrap().calls, 3, "no call is made for what cannot fit");
}

/// A batch of records `<group><place>`, received once unless the name ends in `!`: then 9 times.
fn batch(names: &[&str]) -> SqsEvent {
    let records: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "messageId": name, "receiptHandle": format!("r-{name}"), "body": name,
                "attributes": {
                    "MessageGroupId": &name[..1],
                    "ApproximateReceiveCount": if name.ends_with('!') { "9" } else { "1" },
                },
            })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

#[tokio::test]
async fn a_failure_stops_its_group_only() {
    let (queues, recorder, metrics) = recorded(vec![]).await;
    let seen = Mutex::new(Vec::new());
    let event = batch(&["a1", "b1", "a2", "b2!", "a3", "c1", "b3", "c2"]);
    let response = queues
        .drive_fifo(QueueKind::Inbound, event, |record| {
            seen.lock().unwrap().push(record.body.clone());
            async move {
                match record.body.as_str() {
                    "a2" => panic!("a defect"),
                    "b2!" => Outcome::Transient(Error::unavailable("a throttle")),
                    "c2" => Outcome::Later(Duration::from_mins(2)),
                    _ => Outcome::Done,
                }
            }
        })
        .await;
    let mut failures: Vec<_> = response
        .batch_item_failures
        .iter()
        .map(|failure| failure.item_identifier.as_str())
        .collect();
    failures.sort_unstable();
    assert_eq!(failures, ["a2", "a3", "b2!", "b3", "c2"]);
    let mut seen = seen.into_inner().unwrap();
    seen.sort();
    assert_eq!(seen, ["a1", "a2", "b1", "b2!", "c1", "c2"], "followers were not tried");
    let expected = [("a2", 2), ("a3", 2), ("b2!", 60), ("b3", 60), ("c2", 120)];
    let expected: BTreeMap<String, u64> =
        expected.iter().map(|(name, delay)| (format!("r-{name}"), *delay)).collect();
    assert_eq!(recorder.lock().unwrap().delays, expected);
    let text = metrics.prometheus_text();
    assert!(text.contains("messages_processed_total{service=\"test\",outcome=\"retried\"} 5"));
}

#[tokio::test]
async fn on_a_standard_queue_every_record_stands_alone() {
    let (queues, recorder, _) = recorded(vec![]).await;
    let response = queues
        .drive_standard(QueueKind::Outbound, batch(&["t1", "t2", "t3"]), |record| async move {
            if record.body == "t1" { Outcome::Later(Duration::from_mins(3)) } else { Outcome::Done }
        })
        .await;
    assert_eq!(response.batch_item_failures.len(), 1);
    assert_eq!(recorder.lock().unwrap().delays, BTreeMap::from([("r-t1".to_owned(), 180)]));
}

#[tokio::test]
async fn without_a_queue_failures_are_reported_all_the_same() {
    let queues = queues_at("http://127.0.0.1:1", Metrics::new("test"));
    let response = queues
        .drive_fifo(QueueKind::Inbound, batch(&["a1", "a2"]), |_| async {
            Outcome::Transient(Error::unavailable("down"))
        })
        .await;
    assert_eq!(response.batch_item_failures.len(), 2);
}
