//! A proxy on loopback between a client and a service, that fails as it is told.
//!
//! The fault of the nth request depends on the seed and on n alone. How requests under way at the
//! same time are numbered is the machine's, so two runs of one seed are alike, not equal.

mod dialect;
mod line;
mod memory;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
use self::memory::Memory;
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
    /// A read of DynamoDB that does not demand to be consistent is answered as it was when the same
    /// was asked before. No fault for any other request.
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
    /// Of the reads that may be stale, and beside the others.
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
    memory: Mutex<Memory>,
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
            memory: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(pass).with_state(Arc::clone(&proxy));
        let service = router.into_make_service_with_connect_info::<Line>();
        let serve = axum::serve(Lines(listener), service);
        tokio::spawn(serve.into_future());
        Self { url, proxy }
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

impl Proxy {
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

    /// Answers now, or as it was a while ago where that is allowed.
    async fn answer(&self, parts: &Parts, body: Bytes, number: u64, dice: &mut Dice) -> Answer {
        let Some(question) = memory::question(&parts.headers, &body) else {
            return self.forward(parts, body).await;
        };
        if dice.percent(locked(&self.faults).stale)
            && let Some(answer) = locked(&self.memory).recall(&question, number)
        {
            self.count(Fault::Stale);
            return answer;
        }
        let answer = self.forward(parts, body).await;
        locked(&self.memory).keep(question, number, &answer);
        answer
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
#[derive(Clone)]
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
    State(proxy): State<Arc<Proxy>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let number = proxy.requests.fetch_add(1, Ordering::Relaxed);
    let mut dice = Dice::of(proxy.seed, number);
    let fault = locked(&proxy.faults).choose(&mut dice);
    if fault == Some(Fault::Partial) {
        if let Some(answer) = proxy.forward_in_part(&parts, &body, &mut dice).await {
            proxy.count(Fault::Partial);
            return answer.into_response();
        }
    } else if let Some(fault) = fault {
        proxy.count(fault);
    }
    match fault {
        None | Some(Fault::Partial | Fault::Stale) => {
            proxy.answer(&parts, body, number, &mut dice).await.into_response()
        }
        Some(Fault::Refused) => line.cut(),
        Some(Fault::Throttled) => proxy.dialect.throttled(),
        Some(Fault::Broken) => proxy.dialect.broken(),
        Some(Fault::Lost) => {
            proxy.forward(&parts, body).await;
            line.cut()
        }
    }
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
