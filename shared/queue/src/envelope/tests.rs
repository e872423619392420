use domain::{ChannelId, Clock, Ids};
use jiff::Timestamp;
use serde_json::value::RawValue;
use telemetry::Trace;
use tenancy::{Routed, TenantScope};
use uuid::Uuid;

use super::{Envelope, EventKind, Outbound, Payload, Unreadable};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl Ids for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

#[test]
fn an_envelope_keeps_the_event_byte_for_byte() {
    let scope = TenantScope::found(&Fixed, &Fixed);
    let event = r#"{ "text" : {"body":"\u0645ok","x":1.0} , "new_field":[null] }"#;
    let envelope = Envelope {
        route: Some(Routed::of_channel(&scope, ChannelId::from_uuid(Uuid::from_u128(9)))),
        kind: EventKind::Message,
        phone_number_id: Some("106540352242922".to_owned()),
        sender: None,
        payload: Payload::Inline(RawValue::from_string(event.to_owned()).unwrap()),
        received_at: Fixed.now(),
        trace: Trace::parse("t-1").unwrap(),
    };
    let read = Envelope::parse(&envelope.to_body().unwrap()).unwrap();
    assert_eq!(read.route, envelope.route);
    let Payload::Inline(raw) = read.payload else { panic!("the event came inline") };
    assert_eq!(raw.get(), event);
}

#[test]
fn characters_that_sqs_refuses_travel_as_escapes() {
    let event = RawValue::from_string("\"a\u{ffff}b\u{fffe}\"".to_owned()).unwrap();
    let envelope = Envelope {
        route: None,
        kind: EventKind::Unrouted,
        phone_number_id: None,
        sender: None,
        payload: Payload::Inline(event),
        received_at: Fixed.now(),
        trace: Trace::parse("t-1").unwrap(),
    };
    let body = envelope.to_body().unwrap();
    assert!(!body.contains(['\u{fffe}', '\u{ffff}']));
    let Payload::Inline(raw) = Envelope::parse(&body).unwrap().payload else { panic!("inline") };
    assert_eq!(serde_json::from_str::<String>(raw.get()).unwrap(), "a\u{ffff}b\u{fffe}");
}

#[test]
fn what_is_no_envelope_is_unreadable_for_ever() {
    assert!(matches!(Envelope::parse(r#"{"v":2}"#), Err(Unreadable::Version(2))));
    for body in ["", "null", "[]", r#"{"v":1}"#, r#"{"v":1,"kind":"other"}"#] {
        assert!(matches!(Envelope::parse(body), Err(Unreadable::Malformed(_))), "{body}");
    }
    let neither =
        r#"{"v":1,"route":null,"kind":"notice","received_at":"2026-01-01T00:00:00Z","trace":"t"}"#;
    assert!(matches!(Envelope::parse(neither), Err(Unreadable::Contradiction(_))));
}

#[test]
fn an_outbox_item_travels_with_its_own_tenant_only() {
    let body = r#"{"v":1,"item":{"id":"out_00000000000000000000000001",
        "tenant":"ten_00000000000000000000000002","due_at":"2026-01-01T00:00:00Z","trace":"t",
        "effect":{"kind":"message","conversation":"cnv_00000000000000000000000001",
        "message":"msg_00000000000000000000000001"}}}"#;
    let outbound = Outbound::parse(body).unwrap();
    assert_eq!(outbound.scope.tenant(), outbound.item.tenant);
    assert_eq!(Outbound::parse(&outbound.to_body().unwrap()).unwrap().item, outbound.item);

    let scope = TenantScope::found(&Fixed, &Fixed);
    assert!(Outbound { scope, item: outbound.item }.to_body().is_err());
}
