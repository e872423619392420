//! Counts and times every call and, in Lambda, prints the metrics before the answer leaves.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use telemetry::metrics::names::{HTTP_REQUEST_DURATION, HTTP_REQUESTS};

use crate::App;

pub(crate) async fn measure(
    State(app): State<Arc<App>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = path.as_ref().map_or("unmatched", MatchedPath::as_str);
    let metrics = &app.machine.metrics;
    let labels = [method.as_str(), route];
    metrics.observe(&HTTP_REQUEST_DURATION, labels, started.elapsed());
    metrics.count(&HTTP_REQUESTS, [method.as_str(), route, response.status().as_str()]);
    metrics.flush_emf(app.machine.clock.now());
    response
}
