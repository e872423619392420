//! The pages of the embedded stack itself: what there is, and its metrics.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use telemetry::Metrics;

const INDEX: &str = include_str!("pages/index.html");

pub(crate) fn router(metrics: Metrics) -> Router {
    Router::new()
        .route("/", get(|| async { Html(INDEX) }))
        .route("/metrics", get(show_metrics))
        .with_state(metrics)
}

async fn show_metrics(State(metrics): State<Metrics>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, metrics.prometheus_text()).into_response()
}
