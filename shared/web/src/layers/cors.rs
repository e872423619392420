//! Which origins a browser may call from: those of the configuration, to the letter.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// What a browser asked of us on behalf of a page.
pub(super) struct Asked {
    /// The page's origin, when it is one of ours.
    origin: Option<HeaderValue>,
    is_preflight: bool,
}

impl Asked {
    pub(super) fn of(request: &Request, origins: &[HeaderValue]) -> Self {
        let headers = request.headers();
        let origin = headers.get(ORIGIN).filter(|origin| origins.contains(origin)).cloned();
        let is_preflight = request.method() == Method::OPTIONS
            && headers.contains_key(ORIGIN)
            && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        Self { origin, is_preflight }
    }

    /// The answer to a preflight. To a foreign page it allows nothing.
    pub(super) fn preflight(&self) -> Option<Response> {
        if !self.is_preflight {
            return None;
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        if self.origin.is_some() {
            let allowed = [
                (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
                (
                    ACCESS_CONTROL_ALLOW_HEADERS,
                    "authorization, content-type, idempotency-key, if-match, if-none-match, \
                     traceparent, x-api-key",
                ),
                (ACCESS_CONTROL_MAX_AGE, "600"),
            ];
            for (name, value) in allowed {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
            }
        }
        Some(response)
    }

    /// Lets the page read the answer.
    pub(super) fn allow(self, headers: &mut HeaderMap) {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "etag, idempotency-replayed, link, location, ratelimit-limit, ratelimit-policy, \
                 ratelimit-remaining, ratelimit-reset, retry-after, x-next-cursor, x-request-id",
            ),
        );
    }
}
