//! Meta on both sides: the bodies it posts to us, and a Graph API that takes what we send.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Meta's id of the one number there is.
pub(crate) const NUMBER: &str = "106540352242922";

/// What site people write, in their languages; each is answered or acted on in another way.
pub(crate) const TEXTS: [&str; 10] = [
    "good morning",
    "please add a task: fix the waterproofing on roof block C before thursday",
    "paid 1,500.50 AED for cement bags",
    "thank you",
    "what is the status of the project?",
    "there is a big crack in column C3, urgent, please look today",
    "أضف مهمة: فحص السقالة قبل يوم الخميس",
    "добавь задачу: проверить опалубку на третьем этаже до пятницы",
    "the concrete truck is at the gate and the crew of Hassan is waiting on level 7",
    "دفعنا ٢٥٠٠ درهم للديزل",
];

/// A message as it stands in a webhook's list.
pub(crate) fn message(
    from: &str,
    number: usize,
    at: Timestamp,
    kind: &str,
    content: &Value,
) -> Value {
    let (id, timestamp) = (wamid(number), at.as_second().to_string());
    json!({ "from": from, "id": id, "timestamp": timestamp, "type": kind, kind: content })
}

/// The webhook body with one item in the list `messages` or `statuses`.
pub(crate) fn body(list: &str, item: &Value) -> Vec<u8> {
    let from = &item["from"];
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "97145550100", "phone_number_id": NUMBER },
        "contacts": [{ "profile": { "name": "Omar Haddad" }, "wa_id": from }],
        list: [item],
    });
    let changes = json!([{ "field": "messages", "value": value }]);
    let entry = json!([{ "id": "100000000000001", "changes": changes }]);
    json!({ "object": "whatsapp_business_account", "entry": entry }).to_string().into_bytes()
}

/// A Graph API on loopback that takes everything at once.
#[derive(Clone, Default)]
pub(crate) struct FakeGraph {
    /// How many messages, and the last one.
    sent: Arc<Mutex<(usize, Value)>>,
}

impl FakeGraph {
    /// Starts it; returns its base URL too.
    pub(crate) async fn start() -> Result<(Self, String)> {
        let graph = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let route = post(take).with_state(graph.clone());
        let router = Router::new().route("/{version}/{number}/messages", route);
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok((graph, url))
    }

    /// The id given to the last message sent, and its body.
    pub(crate) fn last(&self) -> (String, Value) {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        (wamid(sent.0), sent.1.clone())
    }

    /// A tap on the first button of the last message: the `interactive` content.
    pub(crate) fn tap(&self) -> Result<Value> {
        let (_, body) = self.last();
        let button = body.pointer("/interactive/action/buttons/0/reply").context("no buttons")?;
        Ok(json!({ "type": "button_reply", "button_reply": button }))
    }
}

async fn take(State(graph): State<FakeGraph>, Json(body): Json<Value>) -> Json<Value> {
    if body["status"] == "read" {
        return Json(json!({ "success": true }));
    }
    let mut sent = graph.sent.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": body["to"], "wa_id": body["to"] }],
        "messages": [{ "id": wamid(sent.0 + 1) }],
    });
    *sent = (sent.0 + 1, body);
    Json(answer)
}

/// As long as Meta's are.
fn wamid(number: usize) -> String {
    format!("wamid.HBgMOTcxNTAxMTEwMDAxFQIAERgSQzRBRkQ2NzE4{number:020}")
}
