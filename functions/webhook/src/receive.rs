//! `POST`: Meta tells what happened.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use telemetry::Trace;
use telemetry::metrics::names::{BAD_SIGNATURE, INTAKE_BYTES, INTAKE_DURATION};
use whatsapp::signature;

use crate::App;

/// A caller that joins our logs with its own names the call here; Meta does not.
const TRACE_HEADER: &str = "x-correlation-id";

/// Answers 200 when every event of a signed body is in a queue. 401 for any other signature, 413
/// above 4 MB, 500 when a queue did not take it all: then Meta sends the body again.
pub(crate) async fn receive_webhook(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let started = Instant::now();
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.status().into_response(),
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = text(signature::HEADER);
    match app.check_secret(|secret| secret.signed(&body, signature)).await {
        Ok(true) => {}
        Ok(false) => {
            app.machine.metrics.count(&BAD_SIGNATURE, []);
            tracing::warn!(bytes = body.len(), "a webhook call was not signed by Meta");
            return StatusCode::UNAUTHORIZED.into_response();
        }
        Err(error) => {
            tracing::error!(error = telemetry::chain(&error), "the app secret is not available");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
    app.machine.metrics.add(&INTAKE_BYTES, [], bytes);
    let trace = text(TRACE_HEADER).and_then(Trace::parse);
    let trace = trace.unwrap_or_else(|| Trace::mint(&*app.machine.clock, &*app.machine.ids));
    let taken = app.take_in(&body, &trace).await;
    let took = started.elapsed();
    app.machine.metrics.observe(&INTAKE_DURATION, [], took);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match taken {
        Ok(events) => {
            tracing::info!(trace.id = %trace, events, bytes, duration_ms, "a webhook call was taken in");
            (StatusCode::OK, Json(json!({ "ok": true }))).into_response()
        }
        Err(error) => {
            let error = telemetry::chain(&error);
            tracing::error!(trace.id = %trace, error, bytes, duration_ms, "a webhook call was not taken in");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
