//! The proxy itself: what may be stale is, nothing else, and a watcher may step in.
#![cfg(test)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use testkit::{Dialect, Fault, Faults, Faulty, Passage, Verdict};
use tokio::net::TcpListener;

/// Answers every request with how many there were.
async fn counter() -> String {
    async fn answer(State(count): State<Arc<AtomicU64>>) -> Json<Value> {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let entry = |place: u64| json!({ "pk": "p", "sk": place.to_string() });
        let items: Vec<Value> = (number * 10..number * 10 + 10).map(entry).collect();
        Json(json!({ "number": number, "Items": items, "Count": 10 }))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(post(answer)).with_state(Arc::default());
    tokio::spawn(axum::serve(listener, router).into_future());
    url
}

async fn call(url: &str, operation: &str, body: Value) -> Option<Value> {
    let request = reqwest::Client::new()
        .post(url)
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .body(body.to_string());
    request.send().await.ok()?.json().await.ok()
}

#[tokio::test]
async fn only_reads_that_do_not_ask_for_consistency_are_stale() {
    let proxy = Faulty::before(&counter().await, Dialect::DynamoDb, 1).await;
    let item = json!({ "TableName": "t", "Key": {} });
    let asked = json!({ "TableName": "t", "Key": {}, "ConsistentRead": true });
    let number = |answer: Option<Value>| answer.unwrap()["number"].as_u64().unwrap();
    let ask =
        async |operation, body: &Value| number(call(proxy.url(), operation, body.clone()).await);
    assert_eq!(ask("GetItem", &item).await, 0);
    assert_eq!(ask("GetItem", &item).await, 1);
    proxy.set(Faults::always(Fault::Stale));
    assert_eq!(ask("GetItem", &item).await, 0, "what it was before the last change");
    assert_eq!(ask("GetItem", &asked).await, 2);
    assert_eq!(ask("PutItem", &item).await, 3);
    assert_eq!(proxy.injected().get(&Fault::Stale), Some(&1));
}

#[tokio::test]
async fn an_index_lacks_entries_and_keeps_some_that_are_gone() {
    let proxy = Faulty::before(&counter().await, Dialect::DynamoDb, 3).await;
    let body = json!({
        "TableName": "t", "IndexName": "gsi1",
        "KeyConditionExpression": "g1pk = :pk AND g1sk < :now",
        "ExpressionAttributeValues": { ":pk": { "S": "due" }, ":now": { "S": "1" } },
    });
    call(proxy.url(), "Query", body.clone()).await.unwrap();
    proxy.set(Faults::always(Fault::Stale));
    let answer = call(proxy.url(), "Query", body).await.unwrap();
    let items = answer["Items"].as_array().unwrap();
    let place = |item: &Value| item["sk"].as_str().unwrap().parse::<u64>().unwrap();
    let (gone, present): (Vec<u64>, Vec<u64>) =
        items.iter().map(place).partition(|place| *place < 10);
    assert!(!gone.is_empty() && !present.is_empty() && present.len() < 10, "{gone:?} {present:?}");
    assert_eq!(answer["Count"], items.len());
}

#[tokio::test]
async fn a_watcher_sees_whose_request_it_is_and_cuts_it_before_or_after() {
    let proxy = Faulty::before(&counter().await, Dialect::DynamoDb, 1).await;
    let door = proxy.door(7).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    proxy.watch(Arc::new(move |request| {
        let (door, operation) = (request.door, request.operation.to_owned());
        log.lock().unwrap().push((door, operation.clone(), request.passage));
        match (operation.as_str(), request.passage) {
            ("DeleteItem", Passage::Arrived) | ("PutItem", Passage::Applied) => Verdict::Cut,
            _ => Verdict::Pass,
        }
    }));
    assert!(call(&door, "DeleteItem", json!({})).await.is_none());
    assert!(call(&door, "PutItem", json!({})).await.is_none());
    let answer = call(proxy.url(), "GetItem", json!({})).await.unwrap();
    assert_eq!(answer["number"], 1, "the second took effect, the first did not");
    let of = |door, operation: &str, passage| (door, operation.to_owned(), passage);
    let expected = [
        of(7, "DeleteItem", Passage::Arrived),
        of(7, "PutItem", Passage::Arrived),
        of(7, "PutItem", Passage::Applied),
        of(0, "GetItem", Passage::Arrived),
        of(0, "GetItem", Passage::Applied),
    ];
    let seen = seen.lock().unwrap();
    // Whoever was cut may have tried once more.
    for one in &expected {
        assert!(seen.contains(one), "{one:?} is not among {seen:?}");
    }
}
