//! `GET`: Meta asks whether this address is ours.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::App;

/// Meta sends some ten digits; the value is echoed, so it does not get to be a page.
const MAX_CHALLENGE_LEN: usize = 1_024;

#[derive(Debug, Deserialize)]
pub(crate) struct Handshake {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

/// Echoes the challenge when the token is the one we told Meta, else 403.
pub(crate) async fn verify_webhook(
    State(app): State<Arc<App>>,
    query: Result<Query<Handshake>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = query else { return StatusCode::FORBIDDEN.into_response() };
    if asked.mode != "subscribe" || asked.challenge.len() > MAX_CHALLENGE_LEN {
        return StatusCode::FORBIDDEN.into_response();
    }
    match app.check_secret(|secret| secret.is_verify_token(&asked.verify_token)).await {
        Ok(true) => {
            tracing::info!("the webhook was verified");
            asked.challenge.into_response()
        }
        Ok(false) => {
            tracing::warn!("a webhook verification carried another token");
            StatusCode::FORBIDDEN.into_response()
        }
        Err(error) => {
            tracing::error!(error = telemetry::chain(&error), "the webhook was not verified");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
