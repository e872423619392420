//! The sample events are what AWS would send: each parses as the type its function takes.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::sqs::SqsEvent;
use aws_lc_rs::hmac;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::tree;

/// The secret that `apigateway/webhook-receive.json` is signed with.
const APP_SECRET: &str = "example-app-secret";

fn sample<T: DeserializeOwned>(path: &str) -> T {
    let text = tree::read(&format!("events/{path}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn queue_events_carry_version_1_envelopes_and_a_group() {
    for (path, queue, kind) in [
        ("sqs/inbound-messages.json", "-inbound.fifo", Some("message")),
        ("sqs/statuses.json", "-statuses", Some("status")),
        ("sqs/outbound.json", "-outbound", None),
    ] {
        let event: SqsEvent = sample(path);
        assert!(event.records.len() >= 2, "{path}");
        for record in event.records {
            assert!(record.event_source_arn.unwrap().ends_with(queue), "{path}");
            assert!(record.attributes.contains_key("MessageGroupId"), "{path}");
            let is_ordered = record.attributes.contains_key("SequenceNumber");
            assert_eq!(is_ordered, queue == "-inbound.fifo", "{path}");
            let envelope: Value = serde_json::from_str(&record.body.unwrap()).unwrap();
            assert_eq!(envelope["v"], 1, "{path}");
            assert_eq!(envelope["kind"].as_str(), kind, "{path}");
        }
    }
}

#[test]
fn the_stream_event_is_a_new_outbox_item() {
    let event: StreamEvent = sample("stream/jobs-insert.json");
    let record = event.records.first().unwrap();
    assert_eq!(record.event_name, "INSERT");
    let image = serde_json::to_value(&record.change).unwrap();
    assert_eq!(image["NewImage"]["sk"]["S"], "OUT");
    assert_eq!(image["Keys"]["pk"], image["NewImage"]["pk"]);
}

#[test]
fn the_schedule_event_is_what_the_template_sends() {
    let event: EventBridgeEvent<Value> = sample("schedule/outbox-sweep.json");
    assert_eq!(event.source, "hndasah.schedule");
    let detail = format!("\"detail\":{}", event.detail);
    assert!(tree::read("template.yaml").contains(&detail), "{detail}");
}

#[test]
fn api_events_name_routes_of_the_template() {
    let template = tree::read("template.yaml");
    for path in [
        "apigateway/login.json",
        "apigateway/list-projects.json",
        "apigateway/list-conversations.json",
        "apigateway/webhook-verify.json",
        "apigateway/webhook-receive.json",
    ] {
        let event: ApiGatewayV2httpRequest = sample(path);
        let (method, route) = event.route_key.as_deref().unwrap().split_once(' ').unwrap();
        assert_eq!(event.raw_path.as_deref(), Some(route), "{path}");
        assert_eq!(event.request_context.stage.as_deref(), Some("$default"), "{path}");
        let written = format!("Method: {method}, Path: {route},");
        assert!(template.contains(&written), "{path}: {written}");
    }
}

#[test]
fn the_webhook_event_is_signed() {
    let event: ApiGatewayV2httpRequest = sample("apigateway/webhook-receive.json");
    let header = event.headers.get("x-hub-signature-256").unwrap().to_str().unwrap();
    let tag = from_hex(header.strip_prefix("sha256=").unwrap());
    let key = hmac::Key::new(hmac::HMAC_SHA256, APP_SECRET.as_bytes());
    hmac::verify(&key, event.body.unwrap().as_bytes(), &tag).unwrap();
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
