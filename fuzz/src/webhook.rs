//! Meta's webhook bodies: every update of a body is in exactly one event, as it was written.

use serde_json::Value;
use whatsapp::webhook::{self, MALFORMED};
use whatsapp::{Event, EventKind, Rotation, decode_message, decode_rotation, decode_status, parse};

use crate::Target;

mod expected;

use expected::{Expected, expected};

pub(crate) const TARGET: Target = Target {
    name: "webhook",
    run,
    seeds,
    words: &[
        "\"entry\"",
        "\"changes\"",
        "\"field\"",
        "\"value\"",
        "\"messages\"",
        "\"statuses\"",
        "\"contacts\"",
        "\"metadata\"",
        "\"phone_number_id\"",
        "\"standby\"",
        "\"calls\"",
        "\"message_echoes\"",
        "\"smb_message_echoes\"",
        "\"user_preferences\"",
        "\"user_id_update\"",
        "\"id\"",
        "\"type\"",
        "\"timestamp\"",
        "\"from\"",
        "\"edit\"",
        "\"errors\"",
        "null",
        "true",
        "{}",
        "[]",
        "[{",
        "}]",
        "1e999",
        "-0",
        "\\ud83d",
        "\\u0000",
        "\"AE.1\"",
        "\"US.ENT.1\"",
    ],
    // Below the size at which a contact is no longer copied, and far below the most events.
    most_bytes: 8_000,
};

fn run(data: &[u8]) {
    let body = serde_json::from_slice::<Value>(data).ok();
    let events = match parse(data) {
        Ok(events) => events,
        Err(refused) => {
            let entries = body.as_ref().and_then(|body| body.get("entry")?.as_array());
            assert!(entries.is_none(), "a readable body was refused: {refused}");
            return;
        }
    };
    for event in &events {
        read(event);
    }
    assert!(parse(data).is_ok_and(|again| again == events), "another reading differs");
    if let Some(expected) = body.as_ref().and_then(expected) {
        nothing_is_lost(&events, expected);
    }
}

/// An event can be read alone and says what it said in its body.
fn read(event: &Event) {
    assert!(!event.dedup_key.is_empty(), "an event without a key");
    let origin = webhook::origin_of(&event.raw);
    let has_field = serde_json::from_str::<Value>(&event.raw).is_ok_and(|raw| {
        raw.get("field").and_then(Value::as_str).is_some_and(|field| !field.is_empty())
    });
    let message = decode_message(&event.raw);
    let status = decode_status(&event.raw);
    let _: Option<Rotation> = decode_rotation(&event.raw);
    match event.kind {
        EventKind::Message => {
            assert!(origin.is_some_and(|origin| origin.kind == EventKind::Message), "its origin");
            assert_eq!(message.is_ok(), event.timestamp.is_some(), "a message with a time is read");
            if let Ok(message) = message {
                assert_eq!(Some(message.provider_id), event.provider_id);
                assert_eq!(Some(message.sender), event.sender);
                assert_eq!(message.phone_number_id, event.phone_number_id);
                assert_eq!(Some(message.timestamp), event.timestamp);
            }
        }
        EventKind::Status => {
            assert!(origin.is_some_and(|origin| origin.kind == EventKind::Status), "its origin");
            assert_eq!(status.is_ok(), event.timestamp.is_some(), "a status with a time is read");
            if let Ok(status) = status {
                assert_eq!(
                    (Some(status.provider_id), status.name),
                    (event.provider_id.clone(), event.name.clone())
                );
            }
        }
        EventKind::Notice => {
            assert!(event.sender.is_none(), "a notice has no sender");
            assert!(!has_field || origin.is_some(), "a notice without an origin");
        }
    }
}

/// What came in is what came out: as many updates, each as it was written.
fn nothing_is_lost(events: &[Event], expected: Expected) {
    let mut found: Vec<String> = events.iter().filter_map(item_of).collect();
    let mut wanted = expected.items;
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "updates differ");
    let count = |kind| events.iter().filter(|event| event.kind == kind).count();
    let messages = count(EventKind::Message);
    let statuses = count(EventKind::Status);
    assert!(expected.messages.contains(&messages), "{messages} messages");
    assert!(expected.statuses.contains(&statuses), "{statuses} statuses");
    let malformed = events.iter().filter(|event| event.name == MALFORMED);
    assert!(malformed.clone().all(|event| event.kind == EventKind::Notice), "set aside");
}

/// What an event is about. Empty things are no loss.
fn item_of(event: &Event) -> Option<String> {
    let raw: Value = serde_json::from_str(&event.raw).expect("an event is JSON of its own");
    let item = raw.get("item").expect("an event has an item");
    expected::is_something(item).then(|| item.to_string())
}

fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../events/whatsapp");
    let files = std::fs::read_dir(folder).expect("the sample events are there");
    let mut paths: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort_unstable();
    let bodies = paths.iter().filter_map(|path| std::fs::read(path).ok());
    // Without the blanks, which are a third of them.
    let packed = |body: Vec<u8>| {
        serde_json::from_slice::<Value>(&body).map_or(body, |body| body.to_string().into_bytes())
    };
    bodies.map(packed).collect()
}
