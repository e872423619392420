//! Calls as Meta makes them: signed, and made again until they are answered with 200.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use whatsapp::{AppSecret, sign};

use super::firm::Firm;
use super::world::{APP_SECRET, World};

const PATH: &str = "/api/v1/webhooks/whatsapp";
/// Meta goes on for seven days; a test that gets here has lost something.
const TRIES_MAX: usize = 60;

/// A call's body with a list of messages or statuses.
pub(crate) fn body(firm: &Firm, list: &str, items: &[Value]) -> Vec<u8> {
    body_of("messages", firm, list, items)
}

/// A call's body with a list under another field.
pub(crate) fn body_of(field: &str, firm: &Firm, list: &str, items: &[Value]) -> Vec<u8> {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "97140000000", "phone_number_id": firm.number },
        list: items,
    });
    let entry = json!({ "id": "1", "changes": [{ "field": field, "value": value }] });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

/// One call.
pub(crate) async fn call(world: &World, body: &[u8]) -> StatusCode {
    let signature = sign(body, &AppSecret::new(APP_SECRET).unwrap());
    let request = Request::builder()
        .method(Method::POST)
        .uri(PATH)
        .header("X-Hub-Signature-256", signature)
        .body(Body::from(body.to_vec()))
        .unwrap();
    world.webhook.clone().oneshot(request).await.unwrap().status()
}

/// Calls until it is taken in; how often it was not.
pub(crate) async fn deliver(world: &World, body: &[u8]) -> usize {
    for refused in 0..TRIES_MAX {
        let status = call(world, body).await;
        if status == StatusCode::OK {
            return refused;
        }
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "Meta would stop trying");
    }
    panic!("a call was refused {TRIES_MAX} times")
}

/// A message of a person.
pub(crate) fn message(from: &str, wamid: &str, at: i64, kind: &str, content: &Value) -> Value {
    json!({
        "from": from, "id": wamid, "timestamp": at.to_string(), "type": kind, kind: content,
    })
}

/// A tap on one of our buttons.
pub(crate) fn tap(button: &str) -> Value {
    json!({ "type": "button_reply", "button_reply": { "id": button, "title": "Yes" } })
}
