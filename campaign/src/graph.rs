//! A Graph API that takes everything and remembers it.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A message as a person would have got it.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The business number it came from, by Meta's id.
    pub number: String,
    /// The person's phone, digits only.
    pub to: String,
    /// What we sent along: conversation and message.
    pub callback: String,
    pub provider_id: String,
    pub body: Value,
}

impl Copy {
    /// The ids behind its buttons.
    pub fn buttons(&self) -> Vec<String> {
        let buttons = self.body["interactive"]["action"]["buttons"].as_array();
        let ids = buttons.into_iter().flatten().filter_map(|button| button["reply"]["id"].as_str());
        ids.map(str::to_owned).collect()
    }
}

/// A Graph on loopback.
pub struct FakeGraph {
    pub url: String,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    copies: Vec<Copy>,
    at_next_copy: Option<Box<dyn FnOnce() + Send>>,
}

impl FakeGraph {
    pub async fn start() -> Self {
        let shared = Arc::<Mutex<Shared>>::default();
        let router = Router::new()
            .route("/{version}/{number}/messages", post(answer))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// What it took, from the `first` on.
    pub fn copies(&self, first: usize) -> Vec<Copy> {
        self.shared.lock().unwrap().copies[first..].to_vec()
    }

    /// What happens when it takes the next message, before it says so.
    pub fn at_next_copy(&self, act: impl FnOnce() + Send + 'static) {
        self.shared.lock().unwrap().at_next_copy = Some(Box::new(act));
    }
}

async fn answer(
    State(shared): State<Arc<Mutex<Shared>>>,
    Path((_, number)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    if body["status"] == "read" {
        return Json(json!({ "success": true })).into_response();
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let to = text("to").trim_start_matches('+').to_owned();
    let mut shared = shared.lock().unwrap();
    if let Some(act) = shared.at_next_copy.take() {
        act();
    }
    let provider_id = format!("wamid.OUT{}", shared.copies.len() + 1);
    let callback = text("biz_opaque_callback_data");
    let copy = Copy { number, to: to.clone(), callback, provider_id: provider_id.clone(), body };
    shared.copies.push(copy);
    Json(json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": format!("+{to}"), "wa_id": to }],
        "messages": [{ "id": provider_id }],
    }))
    .into_response()
}
