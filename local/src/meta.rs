//! Meta as the poster of webhooks: signs a body and posts it through the gateway.

use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use whatsapp::{AppSecret, sign, signature};

use crate::gateway::Gateway;

/// Where Meta posts.
pub const WEBHOOK_PATH: &str = "/api/v1/webhooks/whatsapp";
/// The most read of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Posts webhooks as Meta does.
#[derive(Clone)]
pub struct Meta {
    gateway: Gateway,
    secret: AppSecret,
}

/// How a post was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub status: StatusCode,
    pub took_ms: u64,
}

impl Meta {
    pub fn new(gateway: Gateway, secret: AppSecret) -> Self {
        Self { gateway, secret }
    }

    /// The header that goes with a body.
    pub fn sign(&self, body: &[u8]) -> String {
        sign(body, &self.secret)
    }

    /// Posts a body once.
    pub async fn post(&self, body: impl Into<Bytes>) -> Posted {
        let body: Bytes = body.into();
        let request = Request::builder()
            .method("POST")
            .uri(WEBHOOK_PATH)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, body.len())
            .header(header::USER_AGENT, "facebookexternalua")
            .header(signature::HEADER, self.sign(&body))
            .body(Body::from(body));
        let begun = Instant::now();
        let status = match request {
            Ok(request) => {
                let answer = self.gateway.call(request).await;
                let status = answer.status();
                // Read to the end, as a client would.
                let _ = axum::body::to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await;
                status
            }
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Posted { status, took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX) }
    }
}
