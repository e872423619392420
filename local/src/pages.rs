//! The pages of the embedded stack itself: what there is, where the links of letters lead, metrics.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use telemetry::Metrics;

const INDEX: &str = include_str!("pages/index.html");
const ACCOUNT: &str = include_str!("pages/account.html");
/// Its script is in the page and asks this system alone.
const ACCOUNT_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'";
/// What can be done without signing in; the frontend of a deployed system has the same paths.
const ACCOUNT_PATHS: [&str; 5] =
    ["/sign-up", "/verify-email", "/accept-invitation", "/reset-password", "/forgot-password"];

pub(crate) fn router(metrics: Metrics) -> Router {
    let pages = Router::new()
        .route("/", get(|| async { Html(INDEX) }))
        .route("/metrics", get(show_metrics));
    ACCOUNT_PATHS
        .iter()
        .fold(pages, |pages, path| pages.route(path, get(show_account)))
        .with_state(metrics)
}

async fn show_account() -> Response {
    ([(header::CONTENT_SECURITY_POLICY, ACCOUNT_POLICY)], Html(ACCOUNT)).into_response()
}

async fn show_metrics(State(metrics): State<Metrics>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, metrics.prometheus_text()).into_response()
}
