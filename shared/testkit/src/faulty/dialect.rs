//! How each service words its failures.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The service whose failures are imitated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    DynamoDb,
    Sqs,
    /// Meta's.
    Graph,
}

const AMAZON_JSON: &str = "application/x-amz-json-1.0";

impl Dialect {
    pub(super) fn throttled(self) -> Response {
        match self {
            Self::DynamoDb => amazon(
                StatusCode::BAD_REQUEST,
                "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                None,
            ),
            Self::Sqs => amazon(
                StatusCode::BAD_REQUEST,
                "com.amazonaws.sqs#RequestThrottled",
                Some("RequestThrottled;Sender"),
            ),
            // A zero wait, so that a test does not sit it out.
            Self::Graph => ([(header::RETRY_AFTER, "0")], graph(StatusCode::BAD_REQUEST, 130_429))
                .into_response(),
        }
    }

    pub(super) fn broken(self) -> Response {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        match self {
            Self::DynamoDb => {
                amazon(status, "com.amazonaws.dynamodb.v20120810#InternalServerError", None)
            }
            Self::Sqs => amazon(
                status,
                "com.amazonaws.sqs#InternalFailure",
                Some("InternalFailure;Receiver"),
            ),
            Self::Graph => graph(status, 2),
        }
    }
}

/// An error of AWS. SQS names its errors a second time, as its older protocol did.
fn amazon(status: StatusCode, kind: &str, query: Option<&'static str>) -> Response {
    let body = json!({ "__type": kind, "message": "made up by a test" }).to_string();
    let mut response = (status, [(header::CONTENT_TYPE, AMAZON_JSON)], body).into_response();
    if let Some(query) = query {
        let value = header::HeaderValue::from_static(query);
        response.headers_mut().insert("x-amzn-query-error", value);
    }
    response
}

fn graph(status: StatusCode, code: i64) -> Response {
    let error = json!({ "message": "made up by a test", "code": code, "fbtrace_id": "A1" });
    (status, axum::Json(json!({ "error": error }))).into_response()
}
