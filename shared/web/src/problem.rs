//! Everything that is not a success, as a problem document (RFC 9457).

use axum::response::{IntoResponse, Response};
use domain::{Error, FieldError};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::fields;
use crate::limits::seconds_up;

/// Refusals that say the request itself cannot be carried out, rather than that the state of
/// things is in its way: 422 instead of 409.
const UNPROCESSABLE: [&str; 2] = ["idempotency_key_reused", "window_closed"];

/// An answer that is not a success.
///
/// It becomes a response without a request id; [`crate::finish`] writes the id in and logs the
/// cause, once.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

/// Boxed, because a problem is the rare end of every result in this crate.
#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    errors: Vec<FieldError>,
    more: Map<String, Value>,
    cause: Option<String>,
    retry_after_s: Option<i64>,
}

/// The body of a problem answer, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// A URN that names the kind of problem; ends in `code`.
    #[serde(rename = "type")]
    #[schema(example = "urn:hndasah:problem:validation")]
    kind: String,
    /// The same for every problem of this kind.
    #[schema(example = "The input is invalid")]
    title: &'static str,
    #[schema(example = 422)]
    status: u16,
    /// What to know about this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// For programs.
    #[schema(example = "validation")]
    code: &'static str,
    /// Every faulty field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// Names the request in our logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(flatten)]
    #[schema(ignore)]
    more: Map<String, Value>,
}

/// One faulty field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the body, or the name of a query parameter.
    #[schema(example = "/content")]
    pointer: String,
    #[schema(example = "required")]
    code: &'static str,
    #[schema(example = "this field is required")]
    message: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title,
            detail: None,
            errors: Vec::new(),
            more: Map::new(),
            cause: None,
            retry_after_s: None,
        }))
    }

    /// 400: the request cannot be read.
    pub fn bad_request(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, title)
    }

    /// 401: no caller. The reason is for the log.
    pub fn unauthenticated(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, title)
    }

    /// 403: the caller's role does not allow it.
    /// What is asked for takes a fresh proof of identity.
    pub fn step_up_required() -> Self {
        let title = "Prove again who you are: POST /api/v1/auth/step-up";
        Self::new(StatusCode::FORBIDDEN, "step_up_required", title)
    }

    /// What is asked for takes a second factor, which the organisation wants.
    pub fn second_factor_required() -> Self {
        let title = "Your organisation wants a second factor: POST /api/v1/auth/2fa/enroll";
        Self::new(StatusCode::FORBIDDEN, "second_factor_required", title)
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed").with_detail(detail)
    }

    /// 404: absent, or somebody else's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found")
    }

    /// 405: the path is there, the method is not.
    pub(crate) fn method_not_allowed() -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, "method_not_allowed", "The path has no such method")
    }

    /// 429: come back after so long.
    pub fn too_many(retry_after: SignedDuration) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self::new(status, "too_many_requests", "Too many requests").retry_in(retry_after)
    }

    /// When it may be worth another try; at least a second.
    #[must_use]
    pub fn retry_in(mut self, after: SignedDuration) -> Self {
        self.0.retry_after_s = Some(seconds_up(after).max(1));
        self
    }

    /// A faulty field, by its name.
    #[must_use]
    pub(crate) fn with_field(mut self, name: &str, code: &'static str) -> Self {
        let pointer = fields::pointer(name);
        let message = self.0.title.to_owned();
        self.0.errors.push(FieldError { pointer, code, message });
        self
    }

    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// A member of the document beyond the standard ones.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.more.insert(name.to_owned(), value.into());
        self
    }

    /// What the log should know and the caller should not.
    #[must_use]
    pub fn caused_by(mut self, error: &(dyn std::error::Error + 'static)) -> Self {
        self.0.cause = Some(telemetry::chain(error));
        self
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    pub(crate) fn body(&self, request_id: Option<&str>) -> String {
        let document = ProblemDocument {
            kind: format!("urn:hndasah:problem:{}", self.0.code),
            title: self.0.title,
            status: self.0.status.as_u16(),
            detail: self.0.detail.clone(),
            code: self.0.code,
            errors: self.0.errors.iter().map(FieldProblem::of).collect(),
            request_id: request_id.map(str::to_owned),
            more: self.0.more.clone(),
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl FieldProblem {
    fn of(error: &FieldError) -> Self {
        Self { pointer: error.pointer.clone(), code: error.code, message: error.message.clone() }
    }
}

/// The one mapping from what went wrong to HTTP.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(errors) => {
                let title = "The input is invalid";
                let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation", title);
                problem.0.errors = errors;
                problem
            }
            Error::Refused(refusal) => {
                let status = if UNPROCESSABLE.contains(&refusal.code) {
                    StatusCode::UNPROCESSABLE_ENTITY
                } else {
                    StatusCode::CONFLICT
                };
                Self::new(status, refusal.code, "A rule forbids it").with_detail(refusal.detail)
            }
            Error::NotFound => Self::not_found(),
            Error::Conflict => {
                Self::new(StatusCode::CONFLICT, "conflict", "Changed by somebody else meanwhile")
            }
            Error::Unavailable(_) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Self::new(status, "unavailable", "Try again shortly")
                    .retry_in(SignedDuration::from_secs(1))
                    .caused_by(&error)
            }
            Error::Internal(_) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Self::new(status, "internal", "Something went wrong on our side").caused_by(&error)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, self.body(None)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.0.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
