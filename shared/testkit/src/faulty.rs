//! A proxy on loopback between a client and a service, that fails as it is told.
//!
//! The fault of the nth request depends on the seed and on n alone. How requests under way at the
//! same time are numbered is the machine's, so two runs of one seed are alike, not equal.

mod dialect;
mod line;
mod stale;
mod watch;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use self::dialect::Dialect;
use self::line::{Line, Lines};
use self::stale::Answered;
use self::watch::operation_of;
pub use self::watch::{Passage, Seen, Verdict, Watch};
use crate::dice::Dice;

/// Far above what any service here takes.
const BODY_BYTES_MAX: usize = 64 << 20;
/// What belongs to one connection or one body and is not passed on.
const OWN_HEADERS: [header::HeaderName; 4] =
    [header::HOST, header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The connection is closed and the service never hears of the request.
    Refused,
    /// The service says that it is asked too much.
    Throttled,
    /// The service says that it is broken.
    Broken,
    /// The service does what it is asked, and the connection is closed before it can say so.
    Lost,
    /// SQS takes some entries of a batch and not others. No fault for any other request.
    Partial,
    /// DynamoDB has not heard of the last writes yet, where a read does not ask for consistency. No
    /// fault for any other request.
    Stale,
}

impl Fault {
    /// Those that every service has.
    pub const ANYWHERE: [Self; 4] = [Self::Refused, Self::Throttled, Self::Broken, Self::Lost];
}

/// How many of a hundred requests fail, and how. Together at most a hundred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    pub refused: u8,
    pub throttled: u8,
    pub broken: u8,
    pub lost: u8,
    pub partial: u8,
    pub stale: u8,
}

impl Faults {
    /// Every request fails in this way.
    pub fn always(fault: Fault) -> Self {
        let all = |of| if of == fault { 100 } else { 0 };
        Self {
            refused: all(Fault::Refused),
            throttled: all(Fault::Throttled),
            broken: all(Fault::Broken),
            lost: all(Fault::Lost),
            partial: all(Fault::Partial),
            stale: all(Fault::Stale),
        }
    }

    fn choose(self, dice: &mut Dice) -> Option<Fault> {
        let rolled = dice.below(100);
        let mut end = 0;
        let shares = [
            (Fault::Refused, self.refused),
            (Fault::Throttled, self.throttled),
            (Fault::Broken, self.broken),
            (Fault::Lost, self.lost),
            (Fault::Partial, self.partial),
            (Fault::Stale, self.stale),
        ];
        shares.into_iter().find_map(|(fault, share)| {
            end += usize::from(share);
            (rolled < end).then_some(fault)
        })
    }
}

/// The proxy. Calm until told otherwise; it ends with the runtime it was started in. Clones are the
/// same proxy.
#[derive(Clone)]
pub struct Faulty {
    url: String,
    proxy: Arc<Proxy>,
}

struct Proxy {
    upstream: String,
    dialect: Dialect,
    seed: u64,
    http: reqwest::Client,
    requests: AtomicU64,
    faults: Mutex<Faults>,
    injected: Mutex<BTreeMap<Fault, u64>>,
    answered: Mutex<Answered>,
    watch: OnceLock<Watch>,
}

/// One address of a proxy.
#[derive(Clone)]
struct Door {
    proxy: Arc<Proxy>,
    number: usize,
}

impl Faulty {
    /// Starts one before the service at `upstream`, as `http://127.0.0.1:8000`.
    #[expect(clippy::expect_used, reason = "a set-up that fails fails the test")]
    pub async fn before(upstream: &str, dialect: Dialect, seed: u64) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let proxy = Arc::new(Proxy {
            upstream: upstream.trim_end_matches('/').to_owned(),
            dialect,
            seed,
            http,
            requests: AtomicU64::new(0),
            faults: Mutex::default(),
            injected: Mutex::default(),
            answered: Mutex::default(),
            watch: OnceLock::new(),
        });
        let url = open(Door { proxy: Arc::clone(&proxy), number: 0 }).await;
        Self { url, proxy }
    }

    /// One more address of the same proxy, for a watcher to tell by its number who calls.
    pub async fn door(&self, number: usize) -> String {
        open(Door { proxy: Arc::clone(&self.proxy), number }).await
    }

    /// Has every request watched from now on. The first watcher stays.
    pub fn watch(&self, watch: Watch) {
        // A second one is none.
        let _ = self.proxy.watch.set(watch);
    }

    /// Where the service seems to be.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on requests fail like this.
    pub fn set(&self, faults: Faults) {
        *locked(&self.proxy.faults) = faults;
    }

    /// From now on no request fails.
    pub fn calm(&self) {
        self.set(Faults::default());
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.proxy.requests.load(Ordering::Relaxed)
    }

    /// Faults so far, by kind.
    pub fn injected(&self) -> BTreeMap<Fault, u64> {
        locked(&self.proxy.injected).clone()
    }
}

/// Listens on a free port.
#[expect(clippy::expect_used, reason = "a set-up that fails fails the test")]
async fn open(door: Door) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(pass).with_state(door);
    let service = router.into_make_service_with_connect_info::<Line>();
    tokio::spawn(axum::serve(Lines(listener), service).into_future());
    url
}

impl Proxy {
    /// What the watcher says; true when the line is to be cut.
    async fn is_cut(&self, seen: Seen<'_>) -> bool {
        let Some(watch) = self.watch.get() else { return false };
        match watch(&seen) {
            Verdict::Pass => false,
            Verdict::Cut => true,
            Verdict::Hold(time) => {
                tokio::time::sleep(time).await;
                false
            }
        }
    }

    fn count(&self, fault: Fault) {
        *locked(&self.injected).entry(fault).or_default() += 1;
    }

    async fn forward(&self, parts: &Parts, body: Bytes) -> Answer {
        let url = format!("{}{}", self.upstream, parts.uri);
        let request = self.http.request(parts.method.clone(), url).headers(passed(&parts.headers));
        let Ok(answer) = request.body(body).send().await else { return Answer::nothing() };
        let (status, headers) = (answer.status(), passed(answer.headers()));
        match answer.bytes().await {
            Ok(body) => Answer { status, headers, body },
            Err(_) => Answer::nothing(),
        }
    }

    /// Takes some entries of a batch away and says that they failed. `None`: it is no batch.
    async fn forward_in_part(&self, parts: &Parts, body: &[u8], dice: &mut Dice) -> Option<Answer> {
        let target = parts.headers.get("x-amz-target")?.to_str().ok()?;
        if !target.ends_with(".SendMessageBatch") {
            return None;
        }
        let mut request: Value = serde_json::from_slice(body).ok()?;
        let entries = request.get("Entries")?.as_array()?.clone();
        let chosen = dice.below(entries.len());
        let (mut kept, mut failed) = (Vec::new(), Vec::new());
        for (place, entry) in entries.into_iter().enumerate() {
            if place == chosen || dice.percent(30) {
                failed.push(json!({
                    "Id": entry.get("Id"), "Code": "InternalError", "SenderFault": false,
                }));
            } else {
                kept.push(entry);
            }
        }
        let mut answer = Answer::json(&json!({}));
        if !kept.is_empty() {
            *request.get_mut("Entries")? = kept.into();
            answer = self.forward(parts, request.to_string().into()).await;
        }
        let mut said: Value = serde_json::from_slice(&answer.body).ok()?;
        let fields = said.as_object_mut()?;
        fields.entry("Successful").or_insert_with(|| json!([]));
        fields.entry("Failed").or_insert_with(|| json!([])).as_array_mut()?.append(&mut failed);
        answer.body = said.to_string().into();
        Some(answer)
    }
}

/// What the service said.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn nothing() -> Self {
        Self {
            status: StatusCode::BAD_GATEWAY,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"the service is not there"),
        }
    }

    fn json(body: &Value) -> Self {
        Self { status: StatusCode::OK, headers: HeaderMap::new(), body: body.to_string().into() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, Body::from(self.body)).into_response()
    }
}

async fn pass(
    State(Door { proxy, number: door }): State<Door>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let operation = operation_of(&parts);
    if proxy.is_cut(Seen { door, operation, passage: Passage::Arrived }).await {
        return line.cut();
    }
    let number = proxy.requests.fetch_add(1, Ordering::Relaxed);
    let mut dice = Dice::of(proxy.seed, number);
    let fault = locked(&proxy.faults).choose(&mut dice);
    let changed = match fault {
        Some(Fault::Partial) => proxy.forward_in_part(&parts, &body, &mut dice).await,
        Some(Fault::Stale) => {
            proxy.answer_stale(&parts, operation, (number, &body), &mut dice).await
        }
        None | Some(Fault::Refused | Fault::Throttled | Fault::Broken | Fault::Lost) => None,
    };
    let as_it_is = matches!(fault, Some(Fault::Partial | Fault::Stale)) && changed.is_none();
    if let Some(fault) = fault.filter(|_| !as_it_is) {
        proxy.count(fault);
    }
    let answer = match (fault, changed) {
        (_, Some(answer)) => answer,
        (Some(Fault::Refused), None) => return line.cut(),
        (Some(Fault::Throttled), None) => return proxy.dialect.throttled(),
        (Some(Fault::Broken), None) => return proxy.dialect.broken(),
        (None | Some(Fault::Lost | Fault::Partial | Fault::Stale), None) => {
            let answer = proxy.forward(&parts, body.clone()).await;
            proxy.remember(operation, (number, &body), &answer);
            answer
        }
    };
    let is_cut = proxy.is_cut(Seen { door, operation, passage: Passage::Applied }).await;
    if is_cut || fault == Some(Fault::Lost) { line.cut() } else { answer.into_response() }
}

fn passed(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for own in OWN_HEADERS {
        headers.remove(own);
    }
    headers
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
