//! The bodies of calls as Meta makes them.

use serde_json::{Value, json};
use testkit::Dice;

use crate::firm::Firm;

/// Where they go.
pub const PATH: &str = "/api/v1/webhooks/whatsapp";
/// Meta goes on for seven days; who gets here has lost something.
pub const TRIES_MAX: usize = 60;

/// A call's body with a list of messages or statuses.
pub fn body(firm: &Firm, list: &str, items: &[Value]) -> Vec<u8> {
    body_of("messages", firm, list, items)
}

/// A call's body with a list under another field.
pub fn body_of(field: &str, firm: &Firm, list: &str, items: &[Value]) -> Vec<u8> {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "97140000000", "phone_number_id": firm.number },
        list: items,
    });
    let entry = json!({ "id": "1", "changes": [{ "field": field, "value": value }] });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

/// A message of a person.
pub fn message(from: &str, wamid: &str, at: i64, kind: &str, content: &Value) -> Value {
    json!({
        "from": from, "id": wamid, "timestamp": at.to_string(), "type": kind, kind: content,
    })
}

/// A tap on one of our buttons.
pub fn tap(button: &str) -> Value {
    json!({ "type": "button_reply", "button_reply": { "id": button, "title": "Yes" } })
}

/// What became of a message of ours.
pub fn status(provider_id: &str, callback: Option<&str>, status: &str, at: i64) -> Value {
    let mut item = json!({
        "id": provider_id, "status": status, "timestamp": at.to_string(),
        "recipient_id": "971500000000",
    });
    if let Some(callback) = callback {
        item["biz_opaque_callback_data"] = callback.into();
    }
    item
}

/// What is reported of a message: nothing of most, and in any order.
pub fn reports(dice: &mut Dice) -> Vec<&'static str> {
    let mut statuses = match dice.below(100) {
        0..60 => Vec::new(),
        60..70 => vec!["sent", "failed"],
        70..80 => vec!["failed", "delivered"],
        _ => vec!["sent", "delivered", "read"],
    };
    dice.shuffle(&mut statuses);
    statuses
}
