//! Request bodies, as the Cloud API wants them.

use domain::content::{Card, Content, Media};
use serde_json::{Map, Value, json};

use crate::graph::{CodeMessage, Outgoing, Recipient, Typing};

/// The body that sends a message. The content has passed the limits; kinds that are never sent
/// come out without a body and are refused there.
pub(super) fn message(message: &Outgoing<'_>) -> Value {
    let mut body = Map::new();
    body.insert("messaging_product".to_owned(), json!("whatsapp"));
    body.insert("recipient_type".to_owned(), json!("individual"));
    match message.to {
        // With the `+`: without it Meta would put our own country code in front.
        Recipient::Phone(phone) => body.insert("to".to_owned(), json!(phone.to_string())),
        Recipient::Bsuid(bsuid) => body.insert("recipient".to_owned(), json!(bsuid.as_str())),
    };
    if let Some(quoted) = message.reply_to
        && !matches!(message.content, Content::Reaction { .. })
    {
        body.insert("context".to_owned(), json!({ "message_id": quoted }));
    }
    body.insert("biz_opaque_callback_data".to_owned(), json!(message.callback));
    if let Some((kind, part)) = content(message.content) {
        body.insert("type".to_owned(), json!(kind));
        body.insert(kind.to_owned(), part);
    }
    Value::Object(body)
}

/// The body that sends a code: once in the template's text, once in its button.
pub(super) fn code(message: &CodeMessage<'_>) -> Value {
    let parameters = json!([{ "type": "text", "text": message.code }]);
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.to_string(),
        "biz_opaque_callback_data": message.callback,
        "type": "template",
        "template": {
            "name": message.template.name,
            "language": { "code": message.template.language },
            "components": [
                { "type": "body", "parameters": parameters },
                { "type": "button", "sub_type": "url", "index": "0", "parameters": parameters },
            ],
        },
    })
}

/// The body that marks a message, and all before it, as read.
pub(super) fn read(provider_id: &str, typing: Typing) -> Value {
    let mut body = json!({
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": provider_id,
    });
    if let (Typing::Shown, Some(fields)) = (typing, body.as_object_mut()) {
        fields.insert("typing_indicator".to_owned(), json!({ "type": "text" }));
    }
    body
}

/// The type and the object under it; `None` for what only ever comes in.
pub(super) fn content(content: &Content) -> Option<(&'static str, Value)> {
    Some(match content {
        Content::Text { body } => ("text", json!({ "body": body, "preview_url": false })),
        Content::Image(media) => ("image", captioned(media)),
        Content::Video(media) => ("video", captioned(media)),
        Content::Audio(media) if media.voice => ("audio", json!({ "id": media.id, "voice": true })),
        Content::Audio(media) => ("audio", json!({ "id": media.id })),
        Content::Document(media) => ("document", captioned(media)),
        Content::Sticker(media) => ("sticker", json!({ "id": media.id })),
        Content::Location(location) => {
            let mut part = json!({
                "latitude": location.latitude.to_string(),
                "longitude": location.longitude.to_string(),
            });
            insert(&mut part, "name", location.name.as_deref());
            insert(&mut part, "address", location.address.as_deref());
            ("location", part)
        }
        Content::Contacts { contacts } => ("contacts", contacts.iter().map(card).collect()),
        Content::Reaction { target, emoji } => {
            let emoji = emoji.as_deref().unwrap_or("");
            ("reaction", json!({ "message_id": target, "emoji": emoji }))
        }
        Content::Buttons { body, buttons } => {
            let buttons: Value =
                buttons.iter().map(|button| json!({ "type": "reply", "reply": button })).collect();
            (
                "interactive",
                json!({
                    "type": "button",
                    "body": { "text": body },
                    "action": { "buttons": buttons },
                }),
            )
        }
        Content::List { body, button, rows } => (
            "interactive",
            json!({
                "type": "list",
                "body": { "text": body },
                "action": { "button": button, "sections": [{ "rows": rows }] },
            }),
        ),
        Content::Choice(_)
        | Content::TemplateButton { .. }
        | Content::FlowReply { .. }
        | Content::Order { .. }
        | Content::System(_)
        | Content::Edit { .. }
        | Content::Revoke { .. }
        | Content::Welcome
        | Content::Unsupported { .. }
        | Content::Unknown { .. } => return None,
    })
}

fn captioned(media: &Media) -> Value {
    let mut part = json!({ "id": media.id });
    insert(&mut part, "caption", media.caption.as_deref());
    insert(&mut part, "filename", media.file_name.as_deref());
    part
}

/// Meta wants one more part of the name beside the whole.
fn card(card: &Card) -> Value {
    let name = card.name.as_deref().unwrap_or("");
    let phones: Value = card.phones.iter().map(|phone| json!({ "phone": phone })).collect();
    let emails: Value = card.emails.iter().map(|email| json!({ "email": email })).collect();
    json!({
        "name": { "formatted_name": name, "first_name": name },
        "phones": phones,
        "emails": emails,
    })
}

fn insert(part: &mut Value, key: &str, value: Option<&str>) {
    if let (Some(value), Some(fields)) = (value, part.as_object_mut()) {
        fields.insert(key.to_owned(), json!(value));
    }
}
