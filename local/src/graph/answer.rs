//! What Graph answers: success, errors by Meta's codes, and the faults tests order.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Something that goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Refused before anything happened, with this HTTP status and Meta's code.
    Error { status: u16, code: i64 },
    /// Never answered; nothing happened.
    Hang,
    /// It took effect, and the connection broke before the answer.
    LoseAnswer,
    /// The connection breaks and nothing happened.
    Break,
}

/// A refusal in Meta's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: i64,
    pub(super) details: String,
}

impl Refusal {
    /// 400 with a code.
    pub(super) fn bad(code: i64, details: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, details: details.into() }
    }

    pub(super) fn token() -> Self {
        let details = "The access token could not be decrypted".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, code: 190, details }
    }

    pub(super) fn ordered(status: u16, code: i64) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, code, details: "Ordered by a test".to_owned() }
    }

    pub(super) fn body(&self) -> Value {
        let kind = if self.code == 190 || self.code == 0 {
            "OAuthException"
        } else {
            "GraphMethodException"
        };
        json!({
            "error": {
                "message": format!("(#{}) {}", self.code, title(self.code)),
                "type": kind,
                "code": self.code,
                "error_data": { "messaging_product": "whatsapp", "details": self.details },
                "fbtrace_id": "AStandInForMetaXYZ",
            }
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

/// Meta's title for the codes that matter here.
pub(super) fn title(code: i64) -> &'static str {
    match code {
        4 => "Application request limit reached",
        100 => "Invalid parameter",
        190 => "Invalid OAuth access token",
        131_000 => "Something went wrong",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_016 => "Service unavailable",
        131_026 => "Message undeliverable",
        131_047 => "Re-engagement message",
        131_053 => "Media upload error",
        131_056 => "(Business Account, Consumer Account) pair rate limit hit",
        130_429 => "Rate limit hit",
        _ => "Error",
    }
}
