//! What a person's phone sends, in the JSON Meta would make of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Clock, Ids};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::graph::{Graph, envelope, mint_wamid};
use crate::hub::{Chat, Hub, Passed};
use crate::meta::Meta;

/// What a person does at the phone.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Words {
    Text {
        text: String,
    },
    /// A tap on a reply button.
    Button {
        id: String,
        title: String,
    },
    /// A pick from a list.
    Row {
        id: String,
        title: String,
        description: Option<String>,
    },
    /// A file attached before.
    Media {
        media: String,
        caption: Option<String>,
    },
    Location {
        latitude: f64,
        longitude: f64,
        name: Option<String>,
    },
    /// A reaction; without an emoji it is taken back.
    Reaction {
        target: String,
        emoji: Option<String>,
    },
}

/// Who says it, where, and in answer to what.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    pub chat: Chat,
    pub name: &'a str,
    pub quotes: Option<String>,
}

/// How a message was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub wamid: String,
    /// HTTP status of our webhook.
    pub status: u16,
    pub took_ms: u64,
}

impl Said<'_> {
    /// The message as an item of Meta's `messages`.
    pub fn message(&self, words: &Words, graph: &Graph, clock: &dyn Clock, ids: &dyn Ids) -> Value {
        let (kind, content) = content(words, graph);
        let mut message = json!({
            "from": self.chat.person,
            "from_user_id": user_id(&self.chat.person),
            "id": mint_wamid(ids),
            "timestamp": clock.now().as_second().to_string(),
            "type": kind,
            kind: content,
        });
        if let (Some(quoted), Some(fields)) = (&self.quotes, message.as_object_mut()) {
            let context = json!({ "from": self.chat.channel, "id": quoted });
            fields.insert("context".to_owned(), context);
        }
        message
    }

    /// The body Meta would post.
    pub fn body(&self, message: &Value) -> Value {
        let mut body = envelope(&self.chat.channel, "messages", message);
        let contact = json!({
            "profile": { "name": self.name },
            "wa_id": self.chat.person,
            "user_id": user_id(&self.chat.person),
        });
        if let Some(value) = body.pointer_mut("/entry/0/changes/0/value")
            && let Some(fields) = value.as_object_mut()
        {
            fields.insert("contacts".to_owned(), json!([contact]));
        }
        body
    }

    /// Posts a message once and logs it.
    pub async fn post(&self, message: Value, meta: &Meta, hub: &Hub, clock: &dyn Clock) -> Taken {
        let wamid = message.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = self.body(&message);
        let posted = meta.post(body.to_string()).await;
        let status = posted.status.as_u16();
        hub.add(
            clock.now(),
            Passed::Webhook {
                chat: self.chat.clone(),
                body,
                wamid: wamid.clone(),
                what: "message".to_owned(),
                status,
                took_ms: posted.took_ms,
            },
        );
        Taken { wamid, status, took_ms: posted.took_ms }
    }
}

/// The business-scoped id Meta would give a number: the country's letters and digits of its own.
pub(super) fn user_id(person: &str) -> String {
    let country = match person.get(..3) {
        Some("971") => "AE",
        Some("966") => "SA",
        _ => "GB",
    };
    let hex = blob::sha256_hex(format!("user {person}").as_bytes());
    let digits = u64::from_str_radix(hex.get(..13).unwrap_or("0"), 16).unwrap_or(0);
    format!("{country}.{digits:016}")
}

fn content(words: &Words, graph: &Graph) -> (&'static str, Value) {
    match words {
        Words::Text { text } => ("text", json!({ "body": text })),
        Words::Button { id, title } => {
            let reply = json!({ "id": id, "title": title });
            ("interactive", json!({ "type": "button_reply", "button_reply": reply }))
        }
        Words::Row { id, title, description } => {
            let reply = json!({ "id": id, "title": title, "description": description });
            ("interactive", json!({ "type": "list_reply", "list_reply": reply }))
        }
        Words::Media { media, caption } => attachment(graph, media, caption.as_deref()),
        Words::Location { latitude, longitude, name } => (
            "location",
            without_nulls(json!({ "latitude": latitude, "longitude": longitude, "name": name })),
        ),
        Words::Reaction { target, emoji } => {
            ("reaction", without_nulls(json!({ "message_id": target, "emoji": emoji })))
        }
    }
}

/// A file under the type WhatsApp would give it.
fn attachment(graph: &Graph, id: &str, caption: Option<&str>) -> (&'static str, Value) {
    let file = graph.media(id);
    let mime_type = file.as_ref().map_or("application/octet-stream", |file| &file.mime_type);
    let digest = file.as_ref().map(|file| base64_digest(&blob::sha256_hex(&file.bytes)));
    let kind = match mime_type.split('/').next() {
        Some("image") => "image",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "document",
    };
    let is_voice = kind == "audio";
    let part = json!({
        "id": id,
        "mime_type": mime_type,
        "sha256": digest,
        "caption": caption.filter(|_| !is_voice),
        "filename": file.as_ref().and_then(|f| f.file_name.clone()).filter(|_| kind == "document"),
        "voice": is_voice.then_some(true),
    });
    (kind, without_nulls(part))
}

/// Webhooks carry digests in base64.
fn base64_digest(hex: &str) -> String {
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .filter_map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect();
    STANDARD.encode(bytes)
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null());
    }
    value
}
