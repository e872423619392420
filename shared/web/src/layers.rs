//! What happens around every handler.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Method};
use telemetry::metrics::names::{HTTP_REQUEST_DURATION, HTTP_REQUESTS};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::access;
use crate::arrival::Arrival;
use crate::body::{BODY_BYTES_MAX, tenant_not_accepted};
use crate::edge::Edge;
use crate::problem::Problem;

mod cors;
mod headers;

/// Smaller answers grow when they are compressed.
const GZIP_ABOVE_BYTES: u16 = 1_001;
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Members and parameters that would choose a tenant.
pub(crate) const TENANT_NAMES: [&str; 5] =
    ["tenant_id", "tid", "org_id", "organization_id", "business_id"];
const TENANT_HEADERS: [&str; 3] = ["x-tenant-id", "x-org-id", "x-organization-id"];

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

    let mut response = if let Some(answer) = asked.preflight() {
        answer
    } else if names_a_tenant(&request) {
        tenant_not_accepted().into_response()
    } else {
        match pass(&edge, request).await {
            Err(problem) => problem.into_response(),
            Ok(request) => {
                AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
                    let cause = domain::Error::internal("a handler panicked");
                    Problem::from(cause).into_response()
                })
            }
        }
    };

    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        let body = problem.body(Some(arrival.request_id().as_str()));
        response.headers_mut().remove(CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    if let Ok(id) = HeaderValue::from_str(arrival.request_id().as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    headers::secure(response.headers_mut());
    asked.allow(response.headers_mut());
    Observed { edge, arrival, method, route, started }.report(&response, problem.as_ref());
    response
}

/// Through the gate. What matches no route goes on, to be told so.
async fn pass(edge: &Edge, mut request: Request) -> Result<Request, Problem> {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Ok(request) };
    let route = access::row(request.method(), path.as_str())?;
    access::admit(edge, &mut request, route).await?;
    Ok(request)
}

/// A header or a query parameter that would choose a tenant is refused, not ignored.
fn names_a_tenant(request: &Request) -> bool {
    let in_header = TENANT_HEADERS.iter().any(|name| request.headers().contains_key(*name));
    let in_query = request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .any(|name| TENANT_NAMES.contains(&name));
    in_header || in_query
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
