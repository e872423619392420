//! Lambda's Runtime API on loopback, as much of it as a measurement wants.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// Emulated processors are slow; a start of our own takes milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// What a function may take for an event, as far as it is told.
const DEADLINE_MS: u64 = 4_102_444_800_000;

/// The API for one process.
pub(crate) struct RuntimeApi {
    /// What `AWS_LAMBDA_RUNTIME_API` says.
    pub(crate) address: String,
    events: UnboundedSender<Bytes>,
    heard: UnboundedReceiver<Heard>,
}

/// What a process has said.
enum Heard {
    /// It wants an event: its start is over, or the last event is.
    Asked(Instant),
    Answered(Instant, Bytes),
    Failed(String),
}

struct Shared {
    events: Mutex<UnboundedReceiver<Bytes>>,
    heard: UnboundedSender<Heard>,
    given: AtomicU64,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Result<Self> {
        let (events, waiting) = unbounded_channel();
        let (heard, hearing) = unbounded_channel();
        let shared = Shared { events: Mutex::new(waiting), heard, given: AtomicU64::new(0) };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            // `init/error` and `invocation/{id}/error`.
            .fallback(failure)
            .with_state(Arc::new(shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok(Self { address, events, heard: hearing })
    }

    /// When the process asked for an event.
    pub(crate) async fn asked(&mut self) -> Result<Instant> {
        match self.hear().await? {
            Heard::Asked(at) => Ok(at),
            Heard::Answered(..) => bail!("it answered what it was not asked"),
            Heard::Failed(said) => bail!("it failed: {said}"),
        }
    }

    pub(crate) fn give(&self, event: &Value) -> Result<()> {
        self.events.send(event.to_string().into()).context("the API is gone")
    }

    /// The answer to the event given, and when it came.
    pub(crate) async fn answered(&mut self) -> Result<(Instant, Value)> {
        match self.hear().await? {
            Heard::Answered(at, body) => Ok((at, serde_json::from_slice(&body)?)),
            Heard::Asked(_) => bail!("it asked for another event without an answer"),
            Heard::Failed(said) => bail!("it failed: {said}"),
        }
    }

    async fn hear(&mut self) -> Result<Heard> {
        let heard = timeout(PATIENCE, self.heard.recv()).await.context("it says nothing")?;
        heard.context("the API is gone")
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let asked = shared.heard.send(Heard::Asked(Instant::now()));
    let event = shared.events.lock().await.recv().await;
    let (Ok(()), Some(event)) = (asked, event) else {
        // Nobody measures any more; the process is about to be ended.
        return pending().await;
    };
    let number = shared.given.fetch_add(1, Ordering::Relaxed);
    let headers = [
        ("lambda-runtime-aws-request-id", format!("00000000-0000-4000-8000-{number:012}")),
        ("lambda-runtime-deadline-ms", DEADLINE_MS.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:bench".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn response(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.heard.send(Heard::Answered(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn failure(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> StatusCode {
    let said = String::from_utf8_lossy(&body);
    let _ = shared.heard.send(Heard::Failed(format!("{} {said}", uri.path())));
    StatusCode::ACCEPTED
}
