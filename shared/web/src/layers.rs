//! What happens around every handler.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Method};
use telemetry::metrics::names::{HTTP_REQUEST_DURATION, HTTP_REQUESTS};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::access::{self, SignedIn};
use crate::arrival::Arrival;
use crate::body::{BODY_BYTES_MAX, tenant_not_accepted};
use crate::creation::{self, Creation, Passed};
use crate::edge::Edge;
use crate::hosts;
use crate::limits::{self, Counted};
use crate::problem::Problem;

mod cors;
mod headers;

/// Smaller answers grow when they are compressed.
const GZIP_ABOVE_BYTES: u16 = 1_001;
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names that would choose a tenant, in members, parameters and headers (there after `x-`), in
/// whatever way they are written.
const TENANT_NAMES: [&str; 8] = [
    "tenantid",
    "tenant",
    "tid",
    "orgid",
    "organizationid",
    "organisationid",
    "businessid",
    "companyid",
];

/// The router with everything around it: limits, request ids, problem documents for whatever goes
/// wrong, security headers, CORS, compression, log and metrics.
pub fn finish(router: Router, edge: &Edge) -> Router {
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(edge.clone(), around))
        .layer(CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(GZIP_ABOVE_BYTES)))
}

async fn around(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let arrival = Arrival::of(&request, edge.clock(), edge.ids());
    request.extensions_mut().insert(arrival.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let asked = cors::Asked::of(&request, edge.origins());

    let answered = AssertUnwindSafe(answer(&edge, &arrival, &asked, request, next));
    let mut response = answered.catch_unwind().await.unwrap_or_else(|_| {
        Problem::from(domain::Error::internal("a handler panicked")).into_response()
    });

    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        let body = problem.body(Some(arrival.request_id().as_str()));
        response.headers_mut().remove(CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    if let Ok(id) = HeaderValue::from_str(arrival.request_id().as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    if let Some(standing) = arrival.standing() {
        standing.tell(response.headers_mut());
    }
    headers::secure(response.headers_mut());
    asked.allow(response.headers_mut());
    Observed { edge, arrival, method, route, started }.report(&response, problem.as_ref());
    response
}

async fn answer(
    edge: &Edge,
    arrival: &Arrival,
    asked: &cors::Asked,
    request: Request,
    next: Next,
) -> Response {
    if let Some(answer) = asked.preflight() {
        return answer;
    }
    match pass(edge, arrival, request).await {
        Err(problem) => problem.into_response(),
        Ok(Passed::Answered(response)) => response,
        Ok(Passed::On(request, creation)) => {
            let response = next.run(request).await;
            creation::end(arrival, &creation, response).await
        }
    }
}

/// To its handler, through everything that may stop a request. What matches no route goes on, to
/// be told so.
async fn pass(edge: &Edge, arrival: &Arrival, mut request: Request) -> Result<Passed, Problem> {
    let host = edge.hosts().name_of(&request).ok_or_else(|| {
        Problem::bad_request("invalid_host", "The host name is not one of this API")
    })?;
    if let Some(name) = tenant_named(&request) {
        return Err(tenant_not_accepted().with_detail(name));
    }
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return Ok(Passed::On(request, Creation::default()));
    };
    let route = access::row(request.method(), path.as_str())?;
    access::admit(edge, &mut request, route).await?;
    let counted = match request.extensions().get::<SignedIn>() {
        Some(SignedIn(caller)) => {
            hosts::hold(edge, &host, caller.scope().tenant()).await?;
            Counted::Caller(caller)
        }
        None => Counted::Network(arrival.network()),
    };
    match limits::count(edge, counted, route).await {
        Ok(standing) => arrival.note_standing(standing),
        Err((problem, standing)) => {
            arrival.note_standing(standing);
            return Err(problem);
        }
    }
    if route.creates {
        creation::begin(edge, arrival, request).await
    } else {
        Ok(Passed::On(request, Creation::default()))
    }
}

/// A header or a query parameter that would choose a tenant is refused, not ignored.
fn tenant_named(request: &Request) -> Option<String> {
    let header = request
        .headers()
        .keys()
        .find(|name| name.as_str().strip_prefix("x-").is_some_and(names_tenant));
    if let Some(header) = header {
        return Some(format!("header {header}"));
    }
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    let (name, _) = query.0.into_iter().find(|(name, _)| names_tenant(name))?;
    Some(format!("parameter {name}"))
}

/// Whether a name would choose a tenant: `tenant_id`, `tenantId`, `Tenant-ID`.
pub(crate) fn names_tenant(name: &str) -> bool {
    let bare: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .take(32)
        .collect();
    TENANT_NAMES.contains(&bare.as_str())
}

/// A request, to be told of.
struct Observed {
    edge: Edge,
    arrival: Arrival,
    method: Method,
    route: String,
    started: Instant,
}

impl Observed {
    fn report(self, response: &Response, problem: Option<&Problem>) {
        let took = self.started.elapsed();
        let status = response.status();
        let method = method_name(&self.method);
        let metrics = self.edge.metrics();
        metrics.count(&HTTP_REQUESTS, [method, self.route.as_str(), status.as_str()]);
        metrics.observe(&HTTP_REQUEST_DURATION, [method, self.route.as_str()], took);
        let tenant = self.arrival.tenant().map(|tenant| tenant.to_string());
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let cause = problem.and_then(Problem::cause);
        if status.is_server_error() {
            tracing::error!(
                request.id = %self.arrival.request_id(),
                tenant.id = tenant,
                http.method = method,
                http.route = self.route,
                http.status = status.as_u16(),
                duration_ms,
                error = cause,
                "request failed"
            );
        } else {
            tracing::info!(
                request.id = %self.arrival.request_id(),
                tenant.id = tenant,
                http.method = method,
                http.route = self.route,
                http.status = status.as_u16(),
                duration_ms,
                problem.code = problem.map(Problem::code),
                problem.cause = cause,
                "request answered"
            );
        }
        metrics.flush_emf(self.edge.now());
    }
}

/// A method as a label: a caller can invent any number of them.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
