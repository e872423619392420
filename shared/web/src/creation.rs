//! `Idempotency-Key`: a request that creates something, sent twice, is one request.
//!
//! The first is carried out and its answer kept for a day; the same again gets the same answer to
//! the byte. What may come out otherwise next time (5xx, 429, a lost race) is not kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error, Result};
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Begun, Claim, Once, Transaction};

use crate::access::SignedIn;
use crate::arrival::Arrival;
use crate::body;
use crate::edge::Edge;
use crate::idempotency::IdempotencyKey;
use crate::keys::Keys;
use crate::limits::principal;
use crate::problem::Problem;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Headers that are part of an answer; the others are of the request that carries it.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// The promise that a request with a key is carried out once.
///
/// The layer keeps it against whoever sends twice. A handler whose effect is one transaction can
/// keep it against a crash too, with [`Creation::seal`]. Without a key there is no promise, and
/// nothing here does anything.
#[derive(Clone, Default)]
pub struct Creation {
    promise: Option<Arc<Promise>>,
}

struct Promise {
    claim: Claim,
    edge: Edge,
    keys: Arc<Keys>,
    binding: String,
    is_sealed: AtomicBool,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Creation {
    /// The answer, to be written with the effect it tells of: `answer` is what the handler then
    /// returns as `Json`.
    pub fn seal(&self, status: StatusCode, answer: &impl Serialize) -> Result<Seal> {
        let Some(promise) = &self.promise else { return Ok(Seal(None)) };
        let kept = Kept {
            status: status.as_u16(),
            headers: vec![(CONTENT_TYPE.to_string(), "application/json".to_owned())],
            body: serde_json::to_string(answer).map_err(Error::internal)?,
        };
        Ok(Seal(Some((Arc::clone(promise), promise.sealed(&kept)?))))
    }
}

/// An answer that waits for its effect; nothing without a key.
#[must_use]
pub struct Seal(Option<(Arc<Promise>, Vec<u8>)>);

impl Seal {
    /// Makes the answer part of a transaction. A commit that is refused for [`store::Part::Once`]
    /// was overtaken by a repetition.
    pub fn keep(&self, transaction: &mut Transaction) {
        if let Some((promise, sealed)) = &self.0 {
            transaction.finish_once(&promise.claim, sealed);
            promise.is_sealed.store(true, Ordering::Relaxed);
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Creation {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> std::result::Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// A request on its way to its handler, or the answer there is already.
pub(crate) enum Passed {
    On(Request, Creation),
    Answered(Response),
}

/// Begins a request. One without a key goes on as it is.
pub(crate) async fn begin(
    edge: &Edge,
    arrival: &Arrival,
    request: Request,
) -> std::result::Result<Passed, Problem> {
    let Some(key) = IdempotencyKey::of(request.headers())? else {
        return Ok(Passed::On(request, Creation::default()));
    };
    let (mut parts, bytes) = body::whole(request).await?;
    let name = format!("{}\n{key}", parts.uri.path());
    let asked = asked(&parts, &bytes);
    let fence = edge.ids().uuid(edge.now()).to_string();
    let caller = parts.extensions.get::<SignedIn>().map(|SignedIn(caller)| caller.clone());
    let who = caller.as_ref().map(principal).unwrap_or_default();
    let once = Once { caller: &who, name: &name, asked: &asked, fence: &fence };
    let begun = match &caller {
        Some(caller) => {
            edge.store().for_tenant(caller.scope()).begin_once(once, edge.now()).await?
        }
        None => edge.store().guards().begin_once(&arrival.network(), once, edge.now()).await?,
    };
    let keys = edge.keys().current().await?;
    let tenant = caller.as_ref().map(|caller| caller.scope().tenant().to_string());
    let binding =
        format!("answer v1\n{}\n{who}\n{name}\n{asked}", tenant.as_deref().unwrap_or_default());
    match begun {
        Begun::Mine(claim) => {
            let is_sealed = AtomicBool::new(false);
            let promise = Promise { claim, edge: edge.clone(), keys, binding, is_sealed };
            let creation = Creation { promise: Some(Arc::new(promise)) };
            parts.extensions.insert(creation.clone());
            Ok(Passed::On(Request::from_parts(parts, Body::from(bytes)), creation))
        }
        Begun::Done(sealed) => replay(&keys, &sealed, &binding).map(Passed::Answered),
        Begun::Running => Err(in_flight()),
        Begun::Other => {
            let detail = "this Idempotency-Key was used for another request";
            Err(Error::refused("idempotency_key_reused", detail).into())
        }
    }
}

/// Ends a request: keeps the answer it gets, or forgets it. What cannot be kept is answered all the
/// same; its record lapses.
pub(crate) async fn end(arrival: &Arrival, creation: &Creation, response: Response) -> Response {
    let Some(promise) = &creation.promise else { return response };
    let (parts, body) = response.into_parts();
    let problem = parts.extensions.get::<Problem>();
    let passes = parts.status.is_server_error()
        || parts.status == StatusCode::TOO_MANY_REQUESTS
        || problem.is_some_and(|problem| problem.code() == "conflict");
    let bytes = match problem {
        // With the id of the request, as it will be sent: that is part of the answer.
        Some(problem) => problem.body(Some(arrival.request_id().as_str())).into_bytes().into(),
        None => to_bytes(body, usize::MAX).await.unwrap_or_default(),
    };
    let ended = if passes {
        promise.claim.release().await
    } else if promise.is_sealed.load(Ordering::Relaxed) && parts.status.is_success() {
        Ok(())
    } else {
        let kept = Kept::of(parts.status, &parts.headers, &bytes);
        match promise.sealed(&kept) {
            Ok(sealed) => promise.claim.finish(&sealed).await,
            Err(error) => Err(error),
        }
    };
    if let Err(error) = ended {
        tracing::warn!(error = telemetry::chain(&error), "an answer was not kept for repetitions");
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn replay(keys: &Keys, sealed: &[u8], binding: &str) -> std::result::Result<Response, Problem> {
    let kept = keys.answers.open(sealed, binding.as_bytes());
    let kept: Kept = kept.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| {
        // The sealing key was replaced since.
        let title = "It was carried out, but its answer can no longer be read";
        Problem::new(StatusCode::CONFLICT, "answer_lost", title)
    })?;
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(Error::internal)?;
    for (name, value) in kept.headers {
        let name = HeaderName::try_from(name).map_err(Error::internal)?;
        let value = HeaderValue::try_from(value).map_err(Error::internal)?;
        response.headers_mut().insert(name, value);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn in_flight() -> Problem {
    let title = "The same request is being carried out";
    Problem::new(StatusCode::CONFLICT, "in_flight", title).retry_in(SignedDuration::from_secs(1))
}

/// What was asked: everything that could make the outcome another.
fn asked(parts: &Parts, bytes: &[u8]) -> String {
    let mut context = Context::new(&SHA256);
    let media = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    for part in [parts.method.as_str().as_bytes(), query.as_bytes(), media] {
        context.update(part);
        context.update(b"\n");
    }
    context.update(bytes);
    URL_SAFE_NO_PAD.encode(context.finish())
}

impl Promise {
    fn sealed(&self, kept: &Kept) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(kept).map_err(Error::internal)?;
        self.keys.answers.seal(json, self.binding.as_bytes(), self.edge.ids())
    }
}

impl Kept {
    fn of(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let headers = KEPT_HEADERS
            .iter()
            .filter_map(|name| {
                let value = headers.get(name)?.to_str().ok()?;
                Some((name.to_string(), value.to_owned()))
            })
            .collect();
        let body = String::from_utf8_lossy(body).into_owned();
        Self { status: status.as_u16(), headers, body }
    }
}
