//! The sample events are what AWS would send: each parses as the type its function takes.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::dynamodb::Event as StreamEvent;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::sqs::SqsEvent;
use aws_lc_rs::hmac;
use queue::{Envelope, EventKind, Outbound, Payload, keys};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Due, Streamed};

use crate::tree;

/// The secret that `apigateway/webhook-receive.json` is signed with.
const APP_SECRET: &str = "example-app-secret";

fn sample<T: DeserializeOwned>(path: &str) -> T {
    let text = tree::read(&format!("events/{path}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn inbound_events_are_envelopes_in_their_contact_s_group() {
    let event: SqsEvent = sample("sqs/inbound-messages.json");
    assert!(event.records.len() >= 2);
    for record in event.records {
        let envelope = Envelope::parse(&record.body.unwrap()).unwrap();
        let scope = envelope.route.unwrap().scope();
        let identity = envelope.sender.unwrap().identity().unwrap();
        assert_eq!(envelope.kind, EventKind::Message);
        assert_eq!(record.attributes["MessageGroupId"], keys::contact_group(&scope, &identity));
        let Payload::Inline(raw) = envelope.payload else { panic!("a claim") };
        let message = whatsapp::decode_message(raw.get()).unwrap();
        let number = envelope.phone_number_id.unwrap();
        let dedup = keys::dedup(&format!("{number}|{}", message.provider_id));
        assert_eq!(record.attributes["MessageDeduplicationId"], dedup);
        assert!(record.attributes.contains_key("SequenceNumber"));
    }
}

#[test]
fn status_and_outbound_events_are_envelopes_in_their_tenant_s_group() {
    let statuses: SqsEvent = sample("sqs/statuses.json");
    for record in statuses.records {
        let envelope = Envelope::parse(&record.body.unwrap()).unwrap();
        assert_eq!(envelope.kind, EventKind::Status);
        let group = keys::tenant_group(&envelope.route.unwrap().scope());
        assert_eq!(record.attributes["MessageGroupId"], group);
    }
    let outbound: SqsEvent = sample("sqs/outbound.json");
    for record in outbound.records {
        let outbound = Outbound::parse(&record.body.unwrap()).unwrap();
        let group = keys::tenant_group(&outbound.scope);
        assert_eq!(record.attributes["MessageGroupId"], group);
    }
}

#[test]
fn the_stream_event_is_a_new_outbox_item() {
    let event: StreamEvent = sample("stream/jobs-insert.json");
    let record = event.records.into_iter().next().unwrap();
    assert_eq!(record.event_name, "INSERT");
    let image = serde_json::to_value(&record.change).unwrap()["NewImage"].clone();
    assert_eq!(image["sk"]["S"], "OUT");
    let doc: Value = serde_dynamo::from_item(record.change.new_image)
        .map(|item: Value| item["doc"].clone())
        .unwrap();
    let due = Due::of_stream(image["pk"]["S"].as_str().unwrap(), doc).unwrap();
    assert_eq!(image["t"]["S"].as_str().unwrap(), due.scope.tenant().key());
    assert!(image["g1sk"]["S"].as_str().unwrap().ends_with(&due.item.id.key()));
}

#[test]
fn the_stream_event_of_the_audit_log_is_an_entry_that_can_be_linked() {
    let event: StreamEvent = sample("stream/audit-insert.json");
    let record = event.records.into_iter().next().unwrap();
    assert_eq!(record.event_name, "INSERT");
    let image: Value = serde_dynamo::from_item(record.change.new_image).unwrap();
    let (pk, sk) = (image["pk"].as_str().unwrap(), image["sk"].as_str().unwrap());
    let read = Streamed::read(pk, sk, image["doc"].clone());
    let Some(Streamed::Entry(entry)) = read else { panic!("{read:?}") };
    assert_eq!(image["t"], entry.scope.tenant().key());
    assert_eq!(image["doc"]["id"], entry.id.to_string());
    assert!(image["g1sk"].as_str().unwrap().ends_with(&entry.id.key()));
    // The template's filter lets nothing else through.
    assert!(tree::read("template.yaml").contains("\"sk\":{\"S\":[{\"prefix\":\"E#\"}]}"));
}

#[test]
fn the_schedule_events_are_what_the_template_sends() {
    for path in
        ["schedule/outbox-sweep.json", "schedule/audit-sweep.json", "schedule/key-upkeep.json"]
    {
        let event: EventBridgeEvent<Value> = sample(path);
        assert_eq!(event.source, "hndasah.schedule");
        let detail = format!("\"detail\":{}", event.detail);
        assert!(tree::read("template.yaml").contains(&detail), "{detail}");
    }
}

#[test]
fn the_order_to_erase_is_one_and_names_nobody() {
    let order: eraser::Order = sample("erasure/order.json");
    assert_eq!(order.tenant_id.uuid().as_u128(), 0);
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
