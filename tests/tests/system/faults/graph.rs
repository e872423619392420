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
pub(crate) struct Copy {
    /// The business number it came from, by Meta's id.
    pub(crate) number: String,
    /// The person's phone, digits only.
    pub(crate) to: String,
    /// What we sent along: conversation and message.
    pub(crate) callback: String,
    pub(crate) provider_id: String,
    pub(crate) body: Value,
}

impl Copy {
    /// The ids behind its buttons.
    pub(crate) fn buttons(&self) -> Vec<String> {
        let buttons = self.body["interactive"]["action"]["buttons"].as_array();
        let ids = buttons.into_iter().flatten().filter_map(|button| button["reply"]["id"].as_str());
        ids.map(str::to_owned).collect()
    }
}

/// A Graph on loopback.
pub(crate) struct FakeGraph {
    pub(crate) url: String,
    copies: Shared,
}

type Shared = Arc<Mutex<Vec<Copy>>>;

impl FakeGraph {
    pub(crate) async fn start() -> Self {
        let copies = Shared::default();
        let router = Router::new()
            .route("/{version}/{number}/messages", post(answer))
            .with_state(Arc::clone(&copies));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, copies }
    }

    /// What it took, from the `first` on.
    pub(crate) fn copies(&self, first: usize) -> Vec<Copy> {
        self.copies.lock().unwrap()[first..].to_vec()
    }
}

async fn answer(
    State(copies): State<Shared>,
    Path((_, number)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    if body["status"] == "read" {
        return Json(json!({ "success": true })).into_response();
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let to = text("to").trim_start_matches('+').to_owned();
    let mut copies = copies.lock().unwrap();
    let provider_id = format!("wamid.OUT{}", copies.len() + 1);
    let callback = text("biz_opaque_callback_data");
    copies.push(Copy { number, to: to.clone(), callback, provider_id: provider_id.clone(), body });
    Json(json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": format!("+{to}"), "wa_id": to }],
        "messages": [{ "id": provider_id }],
    }))
    .into_response()
}
