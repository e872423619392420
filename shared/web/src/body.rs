//! Request bodies.

use axum::Form;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::response::IntoResponse;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use serde_json::{Map, Value};

use crate::fields::{Fields, Input};
use crate::layers::names_tenant;
use crate::problem::Problem;
use crate::strict;

/// The largest body a route reads.
pub(crate) const BODY_BYTES_MAX: usize = 256 * 1_024;

/// A JSON object. No body at all is an empty object.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// A JSON object or an HTML form, as OAuth 2 clients send.
#[derive(Debug)]
pub struct FormOrJson<T>(pub T);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    Json,
    Form,
    Absent,
    Other,
}

impl<S: Send + Sync, T: Input> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media = media_of(&request);
        let bytes = read(request, state).await?;
        match media {
            Media::Json => {}
            Media::Absent if bytes.is_empty() => {}
            Media::Absent | Media::Form | Media::Other => return Err(unsupported()),
        }
        Ok(Self(json_object(&bytes)?.finish()?))
    }
}

impl<S: Send + Sync, T: Input> FromRequest<S> for FormOrJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let fields = match media_of(&request) {
            Media::Json => json_object(&read(request, state).await?)?,
            Media::Form => {
                let form = Form::<Vec<(String, String)>>::from_request(request, state);
                let Form(pairs) =
                    form.await.map_err(|error| unreadable(error.into_response().status()))?;
                object(pairs.into_iter().map(|(name, text)| (name, Value::String(text))).collect())?
            }
            Media::Absent | Media::Other => return Err(unsupported()),
        };
        Ok(Self(fields.finish()?))
    }
}

/// A request's body, read before its handler is; the handler gets it again.
pub(crate) async fn whole(mut request: Request) -> Result<(Parts, Bytes), Problem> {
    DefaultBodyLimit::max(BODY_BYTES_MAX).apply(&mut request);
    let (parts, body) = request.into_parts();
    let mut copy = Request::new(body);
    *copy.extensions_mut() = parts.extensions.clone();
    Ok((parts, read(copy, &()).await?))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let encoding = request.headers().get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported());
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|error: BytesRejection| unreadable(error.status()))
}

fn media_of(request: &Request) -> Media {
    let Some(value) = request.headers().get(CONTENT_TYPE) else { return Media::Absent };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/json" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        _ => Media::Other,
    }
}

fn json_object(bytes: &[u8]) -> Result<Fields, Problem> {
    if bytes.is_empty() {
        return object(Map::new());
    }
    match strict::parse(bytes) {
        Ok(Value::Object(members)) => object(members),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Err(Problem::bad_request("malformed_body", "The body must be a JSON object")),
        // The parser's words may quote the body; ours, which are of its `Data` kind, do not.
        Err(error) => {
            let problem = Problem::bad_request("malformed_body", "The body is not JSON");
            let place = format!("line {} column {}", error.line(), error.column());
            Err(if error.is_data() {
                problem.with_detail(error.to_string())
            } else {
                problem.with_detail(place)
            })
        }
    }
}

/// The tenant is the token's: a body that names one is refused, not ignored.
fn object(members: Map<String, Value>) -> Result<Fields, Problem> {
    match members.keys().find(|name| names_tenant(name)) {
        Some(name) => Err(tenant_not_accepted().with_field(name, "not_accepted")),
        None => Ok(Fields::new(members)),
    }
}

pub(crate) fn tenant_not_accepted() -> Problem {
    Problem::bad_request("tenant_not_accepted", "The organisation follows from the token")
}

fn unreadable(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(status, "too_large", "The body is over 256 KB")
    } else {
        Problem::bad_request("malformed_body", "The body cannot be read")
    }
}

fn unsupported() -> Problem {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Problem::new(status, "unsupported_media_type", "Send application/json")
}
