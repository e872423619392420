//! What holds of every body.

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use whatsapp::{
    AppSecret, AppSecrets, Event, EventKind, decode_message, decode_status, parse, sign, verify,
};

use crate::fixtures;

/// Nothing to assert but that nothing panics and every event is JSON of its own.
fn read_fully(body: &[u8]) {
    for event in parse(body).unwrap_or_default() {
        serde_json::from_str::<IgnoredAny>(&event.raw).unwrap();
        let message = decode_message(&event.raw);
        let status = decode_status(&event.raw);
        if let (EventKind::Message, Ok(message)) = (event.kind, message) {
            assert_eq!(Some(message.provider_id), event.provider_id);
            assert_eq!(Some(message.sender), event.sender);
        }
        if let (EventKind::Status, Ok(status)) = (event.kind, status) {
            assert_eq!(status.name, event.name);
        }
    }
}

#[derive(Debug, Clone)]
enum Mutation {
    Set(Index, u8),
    Cut(Index, u8),
    Repeat(Index, u8),
    Insert(Index, &'static str),
}

impl Mutation {
    fn apply(&self, body: &mut Vec<u8>) {
        if body.is_empty() {
            return;
        }
        match self {
            Self::Set(place, byte) => {
                let place = place.index(body.len());
                body[place] = *byte;
            }
            Self::Cut(place, count) => {
                let start = place.index(body.len());
                let end = body.len().min(start + usize::from(*count));
                body.drain(start..end);
            }
            Self::Repeat(place, count) => {
                let start = place.index(body.len());
                let end = body.len().min(start + usize::from(*count));
                let piece = body[start..end].to_vec();
                body.splice(end..end, piece);
            }
            Self::Insert(place, text) => {
                let place = place.index(body.len());
                body.splice(place..place, text.bytes());
            }
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let places = || any::<Index>();
    prop_oneof![
        (places(), any::<u8>()).prop_map(|(place, byte)| Mutation::Set(place, byte)),
        (places(), any::<u8>()).prop_map(|(place, count)| Mutation::Cut(place, count)),
        (places(), any::<u8>()).prop_map(|(place, count)| Mutation::Repeat(place, count)),
        (
            places(),
            prop_oneof![
                Just("null"),
                Just("\"\\ud800\""),
                Just("[{"),
                Just("1e999"),
                Just(",\"id\":{}"),
                Just("\\u0000")
            ]
        )
            .prop_map(|(place, text)| Mutation::Insert(place, text)),
    ]
}

/// One update as Meta or a defect might write it.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Whole,
    NoId,
    NotAnObject,
    WrongTypes,
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let shape = prop_oneof![
        4 => Just(Shape::Whole),
        1 => Just(Shape::NoId),
        1 => Just(Shape::NotAnObject),
        1 => Just(Shape::WrongTypes),
    ];
    vec(shape, 0..4)
}

#[derive(Debug, Clone)]
enum Change {
    Messages { messages: Vec<Shape>, statuses: Vec<Shape>, has_errors: bool },
    Echoes(Vec<Shape>),
    Standby { messages: Vec<Shape>, statuses: Vec<Shape> },
    Account,
    Unheard,
    NoValue,
    NotAnObject,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (shapes(), shapes(), any::<bool>()).prop_map(|(messages, statuses, has_errors)| {
            Change::Messages { messages, statuses, has_errors }
        }),
        shapes().prop_map(Change::Echoes),
        (shapes(), shapes())
            .prop_map(|(messages, statuses)| Change::Standby { messages, statuses }),
        Just(Change::Account),
        Just(Change::Unheard),
        Just(Change::NoValue),
        Just(Change::NotAnObject),
    ]
}

/// Writes a body in which every update carries a mark of its own.
#[derive(Default)]
struct Writer {
    marks: Vec<String>,
}

impl Writer {
    fn mark(&mut self, kind: &str) -> String {
        let mark = format!("<{kind}-{}>", self.marks.len());
        self.marks.push(mark.clone());
        mark
    }

    fn items(&mut self, kind: &str, shapes: &[Shape]) -> Vec<Value> {
        let items = shapes.iter().map(|shape| {
            let mark = self.mark(kind);
            match shape {
                Shape::Whole => json!({ "id": mark, "status": "sent", "type": "text",
                    "timestamp": "1790000000", "from": "971500000011" }),
                Shape::NoId => json!({ "status": "sent", "type": mark }),
                Shape::NotAnObject => json!(mark),
                Shape::WrongTypes => {
                    json!({ "id": [mark], "type": {}, "timestamp": [], "from": 7 })
                }
            }
        });
        items.collect()
    }

    fn change(&mut self, change: &Change) -> Value {
        match change {
            Change::Messages { messages, statuses, has_errors } => {
                let mut value = json!({
                    "statuses": self.items("status", statuses),
                    "messages": self.items("message", messages),
                });
                if *has_errors {
                    value["errors"] = json!([{ "code": 1, "title": self.mark("error") }]);
                } else if messages.is_empty() && statuses.is_empty() {
                    value["metadata"] = json!({ "display_phone_number": self.mark("empty") });
                    // Kept whole, for want of anything in it.
                    value["contacts"] = json!([]);
                }
                json!({ "field": "messages", "value": value })
            }
            Change::Echoes(shapes) => {
                let mut value = json!({ "message_echoes": self.items("echo", shapes) });
                if shapes.is_empty() {
                    value["messaging_product"] = json!(self.mark("empty"));
                }
                json!({ "value": value, "field": "smb_message_echoes" })
            }
            Change::Standby { messages, statuses } => {
                let mut value = json!({ "standby": { "statuses": self.items("status", statuses),
                    "messages": self.items("message", messages) } });
                if messages.is_empty() && statuses.is_empty() {
                    value["messaging_product"] = json!(self.mark("empty"));
                }
                json!({ "field": "standby", "value": value })
            }
            Change::Account => {
                json!({ "field": "account_update", "value": { "event": self.mark("account") } })
            }
            Change::Unheard => {
                json!({ "field": "unheard_of", "value": { "messages": [self.mark("unheard")] } })
            }
            Change::NoValue => json!({ "field": self.mark("field") }),
            Change::NotAnObject => json!(self.mark("change")),
        }
    }
}

fn count(event: &Event, mark: &str) -> usize {
    let item = event.raw.find("\"item\":").map_or("", |place| &event.raw[place..]);
    item.matches(mark).count()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(body in vec(any::<u8>(), 0..512)) {
        read_fully(&body);
    }

    #[test]
    fn mutated_fixtures_never_panic(which in any::<Index>(), mutations in vec(mutation(), 1..6)) {
        let mut body = which.get(&fixtures::all().into_values().collect::<Vec<_>>()).clone();
        for mutation in mutations {
            mutation.apply(&mut body);
        }
        read_fully(&body);
    }

    #[test]
    fn every_update_of_a_body_is_kept_exactly_once(entries in vec(vec(change(), 0..4), 0..4)) {
        let mut writer = Writer::default();
        let entries: Vec<Value> = entries
            .iter()
            .map(|changes| {
                let changes: Vec<Value> =
                    changes.iter().map(|change| writer.change(change)).collect();
                json!({ "id": "1", "changes": changes })
            })
            .collect();
        let body = json!({ "object": "whatsapp_business_account", "entry": entries }).to_string();
        let events = parse(body.as_bytes()).unwrap();
        assert_eq!(events.len(), writer.marks.len(), "{body}");
        for mark in &writer.marks {
            let places: usize = events.iter().map(|event| count(event, mark)).sum();
            assert_eq!(places, 1, "{mark} in {events:#?}");
        }
    }

    #[test]
    fn what_is_signed_verifies_under_either_secret_and_changed_does_not(
        mut body in vec(any::<u8>(), 1..256),
        flip in any::<Index>(),
        old in any::<bool>(),
    ) {
        let current = AppSecret::new("current").unwrap();
        let previous = AppSecret::new("previous").unwrap();
        let header = sign(&body, if old { &previous } else { &current });
        let both =
            AppSecrets { current: current.clone(), previous: Some(previous) };
        let only = AppSecrets { current, previous: None };
        assert!(verify(&body, Some(&header), &both));
        assert_eq!(verify(&body, Some(&header), &only), !old);
        let place = flip.index(body.len());
        body[place] ^= 1;
        assert!(!verify(&body, Some(&header), &both));
    }
}
