//! What a body may be, and what it may not.

use domain::content::Content;
use serde_json::{Value, json};
use whatsapp::webhook::{MAX_BODY_BYTES, MAX_EVENTS};
use whatsapp::{Event, EventKind, Unparseable, decode_message, decode_status, parse};

fn body(value: &Value) -> Vec<u8> {
    let change = json!({ "field": "messages", "value": value });
    json!({ "entry": [{ "id": "1", "changes": [change] }] }).to_string().into_bytes()
}

fn texts(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            let from = 971_500_000_000_usize + n;
            json!({ "from": from.to_string(), "id": format!("wamid.{n}"), "timestamp": "1790000000",
                "type": "text", "text": { "body": "a\u{0}b" } })
        })
        .collect()
}

#[test]
fn a_thousand_updates_in_one_body_are_a_thousand_events_in_order() {
    let contacts: Vec<Value> = (0..1000)
        .rev()
        .map(|n| {
            json!({ "wa_id": (971_500_000_000_usize + n).to_string(), "user_id": format!("AE.{n}"),
            "profile": { "name": format!("P{n}") } })
        })
        .collect();
    let value = json!({ "metadata": { "phone_number_id": "77" }, "contacts": contacts,
        "messages": texts(1000) });
    let events = parse(&body(&value)).unwrap();
    assert_eq!(events.len(), 1000);
    for (n, event) in events.iter().enumerate() {
        assert_eq!(event.dedup_key, format!("77|wamid.{n}"));
        let sender = event.sender.as_ref().unwrap();
        assert_eq!(sender.identity(), Some(format!("AE.{n}")));
        assert_eq!(sender.name, Some(format!("P{n}")));
        let message = decode_message(&event.raw).unwrap();
        assert_eq!(message.content, Content::Text { body: "a\u{0}b".to_owned() });
    }
}

#[test]
fn only_bodies_without_tellable_events_are_refused_and_each_says_why() {
    let large = vec![b' '; MAX_BODY_BYTES + 1];
    let many = body(&json!({ "messages": vec![1; MAX_EVENTS + 1] }));
    assert!(matches!(parse(&large), Err(Unparseable::TooLarge)));
    assert!(matches!(parse(&many), Err(Unparseable::TooManyEvents)));
    assert!(matches!(parse(b"{\"entry\":\"\xff\xfe\"}"), Err(Unparseable::NotUtf8(_))));
    for text in ["", "[]", "7", "{", "{} {}", "null", "{\"entry\":[}"] {
        assert!(matches!(parse(text.as_bytes()), Err(Unparseable::NotAnObject(_))), "{text}");
    }
    for text in ["{}", r#"{"entry":null}"#, r#"{"entry":{}}"#] {
        assert!(matches!(parse(text.as_bytes()), Err(Unparseable::NoEntries)), "{text}");
    }
    assert_eq!(parse(br#"{"entry":[]}"#).unwrap(), []);
}

#[test]
fn depth_and_size_inside_a_body_are_bounded() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(
        r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"messages":[
            {{"id":"wamid.1","timestamp":"1","type":"text","text":{deep}}}]}}}}]}}]}}"#
    );
    let [event] = <[Event; 1]>::try_from(parse(body.as_bytes()).unwrap()).unwrap();
    let message = decode_message(&event.raw).unwrap();
    assert_eq!(message.content, Content::Unknown { kind: "text".to_owned() });

    // A huge contact is not copied a thousand times.
    let contact = json!({ "wa_id": "971500000000", "profile": { "name": "x".repeat(20_000) } });
    let mut messages = texts(1000);
    for message in &mut messages {
        message["from"] = json!("971500000000");
    }
    let events =
        parse(&self::body(&json!({ "contacts": [contact], "messages": messages }))).unwrap();
    assert_eq!(events.len(), 1000);
    assert!(events.iter().all(|event| event.raw.len() < 1000));
}

#[test]
fn a_message_comes_before_the_statuses_beside_it_and_both_without_number_survive() {
    let value = json!({
        "statuses": [{ "id": "wamid.o", "status": "read", "timestamp": 1_790_000_000 }],
        "messages": texts(1),
    });
    let events = parse(&body(&value)).unwrap();
    let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Message, EventKind::Status]);
    assert_eq!(events[0].dedup_key, "-|wamid.0");
    assert_eq!(events[1].dedup_key, "status:-|wamid.o|read|-");
}

#[test]
fn what_is_not_an_event_is_not_decoded() {
    for raw in ["", "{}", r#"{"item":{}}"#, r#"{"item":{"id":"wamid.1","status":"sent"}}"#] {
        assert!(decode_message(raw).is_err(), "{raw}");
        assert!(decode_status(raw).is_err(), "{raw}");
    }
}
