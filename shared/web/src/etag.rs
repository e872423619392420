//! Versions on the wire: `ETag` of what was read, `If-Match` of what is to be changed.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponseParts, ResponseParts};
use http::header::{ETAG, IF_MATCH};
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::problem::Problem;

/// The version of what is in the answer: `ETag: "v7"`.
#[derive(Debug, Clone, Copy)]
pub struct Etag(pub u64);

/// The version a change is meant for. Without one it is refused: two people who change the same
/// thing must not undo each other unseen.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(u64);

impl IfMatch {
    /// Refuses (412) when the thing has another version by now.
    pub fn check(self, version: u64) -> Result<(), Problem> {
        if self.0 == version { Ok(()) } else { Err(Self::failed(version)) }
    }

    /// The refusal, with the version there is now.
    pub fn failed(version: u64) -> Problem {
        let title = "It has changed since you read it";
        Problem::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", title)
            .with("etag", text(version))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            let title = "Send If-Match with the ETag of what you read";
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition_required",
                title,
            ));
        };
        let version = value.to_str().ok().and_then(|value| {
            value.trim().strip_prefix("\"v")?.strip_suffix('"')?.parse::<u64>().ok()
        });
        version.map(Self).ok_or_else(|| {
            Problem::bad_request("invalid_if_match", "If-Match is one ETag, as \"v7\"")
        })
    }
}

impl IntoResponseParts for Etag {
    type Error = Problem;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Problem> {
        let value = HeaderValue::from_str(&text(self.0)).map_err(domain::Error::internal)?;
        parts.headers_mut().insert(ETAG, value);
        Ok(parts)
    }
}

fn text(version: u64) -> String {
    format!("\"v{version}\"")
}
