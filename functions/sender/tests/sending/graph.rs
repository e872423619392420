//! A Graph API that answers as it is told and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};

/// What comes back for a message.
pub(crate) enum Answer {
    /// Taken.
    Taken,
    /// Graph's error of this code.
    Error(u16, i64),
    /// A gateway's page.
    Page(u16),
    /// Taken, and the answer never comes.
    Lost,
    /// The other answer, once the test says so.
    Held(oneshot::Receiver<()>, Box<Answer>),
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    sent: Vec<Value>,
    order: Vec<&'static str>,
    read: Vec<String>,
    tokens: Vec<String>,
}

/// A Graph on loopback. Takes everything unless told otherwise.
pub(crate) struct FakeGraph {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
    arrived: Arc<Notify>,
}

#[derive(Clone)]
struct Shared {
    script: Arc<Mutex<Script>>,
    arrived: Arc<Notify>,
}

impl FakeGraph {
    pub(crate) async fn start() -> Self {
        let script = Arc::new(Mutex::new(Script::default()));
        let arrived = Arc::new(Notify::new());
        let shared = Shared { script: Arc::clone(&script), arrived: Arc::clone(&arrived) };
        let router =
            Router::new().route("/{version}/{number}/messages", post(answer)).with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, script, arrived }
    }

    /// The next messages are answered so.
    pub(crate) fn will(&self, answers: impl IntoIterator<Item = Answer>) {
        self.script.lock().unwrap().answers.extend(answers);
    }

    /// The next message is answered so, after the returned sender has been used.
    pub(crate) fn will_hold(&self, answer: Answer) -> oneshot::Sender<()> {
        let (go, wait) = oneshot::channel();
        self.will([Answer::Held(wait, Box::new(answer))]);
        go
    }

    /// Waits until a message has arrived.
    pub(crate) async fn arrival(&self) {
        self.arrived.notified().await;
    }

    /// The bodies of the messages so far.
    pub(crate) fn sent(&self) -> Vec<Value> {
        self.script.lock().unwrap().sent.clone()
    }

    /// Provider ids marked as read.
    pub(crate) fn read(&self) -> Vec<String> {
        self.script.lock().unwrap().read.clone()
    }

    /// `read` and `send`, as they came.
    pub(crate) fn order(&self) -> Vec<&'static str> {
        self.script.lock().unwrap().order.clone()
    }

    /// The tokens the messages came with.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.script.lock().unwrap().tokens.clone()
    }
}

/// The id the `n`th message is given, counted from 1.
pub(crate) fn provider_id(n: usize) -> String {
    format!("wamid.OUT{n}")
}

async fn answer(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let body: Value = serde_json::from_str(&body).unwrap();
    if body["status"] == "read" {
        let mut script = shared.script.lock().unwrap();
        script.read.push(body["message_id"].as_str().unwrap().to_owned());
        script.order.push("read");
        return axum::Json(json!({ "success": true })).into_response();
    }
    let (answer, number) = {
        let mut script = shared.script.lock().unwrap();
        script.sent.push(body);
        script.order.push("send");
        let token = headers["authorization"].to_str().unwrap().to_owned();
        script.tokens.push(token);
        (script.answers.pop_front().unwrap_or(Answer::Taken), script.sent.len())
    };
    shared.arrived.notify_one();
    let answer = if let Answer::Held(go, answer) = answer {
        let _ = go.await;
        *answer
    } else {
        answer
    };
    match answer {
        Answer::Taken => axum::Json(json!({
            "messaging_product": "whatsapp",
            "contacts": [{ "input": "+971500000001", "wa_id": "971500000001" }],
            "messages": [{ "id": provider_id(number) }],
        }))
        .into_response(),
        Answer::Error(status, code) => {
            let body = json!({ "error": { "message": "no", "code": code, "fbtrace_id": "A1" } });
            // So that a test does not wait for real.
            let headers = [("retry-after", "0")];
            (StatusCode::from_u16(status).unwrap(), headers, axum::Json(body)).into_response()
        }
        Answer::Page(status) => {
            (StatusCode::from_u16(status).unwrap(), Html("<html>busy</html>")).into_response()
        }
        Answer::Lost | Answer::Held(..) => std::future::pending().await,
    }
}
