//! What the queue server refuses, under the names the AWS SDKs know.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(crate) type Result<T> = std::result::Result<T, Refusal>;

/// A refused request or batch entry.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
}

/// Error codes of the SQS API. SDKs read the code of the older query protocol from a header and
/// fall back to the shape in the body; both are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    BatchEntryIdsNotDistinct,
    BatchRequestTooLong,
    EmptyBatchRequest,
    InternalFailure,
    InvalidAttributeName,
    InvalidAttributeValue,
    InvalidBatchEntryId,
    InvalidMessageContents,
    InvalidParameterValue,
    MessageNotInflight,
    MissingParameter,
    OverLimit,
    QueueDoesNotExist,
    QueueNameExists,
    ReceiptHandleIsInvalid,
    ResourceNotFound,
    TooManyEntries,
    UnknownOperation,
}

impl Code {
    /// The error's name in the JSON protocol.
    fn shape(self) -> &'static str {
        match self {
            Self::BatchEntryIdsNotDistinct => "BatchEntryIdsNotDistinct",
            Self::BatchRequestTooLong => "BatchRequestTooLong",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::InternalFailure => "InternalFailure",
            Self::InvalidAttributeName => "InvalidAttributeName",
            Self::InvalidAttributeValue => "InvalidAttributeValue",
            Self::InvalidBatchEntryId => "InvalidBatchEntryId",
            Self::InvalidMessageContents => "InvalidMessageContents",
            Self::InvalidParameterValue => "InvalidParameterValueException",
            Self::MessageNotInflight => "MessageNotInflight",
            Self::MissingParameter => "MissingParameterException",
            Self::OverLimit => "OverLimit",
            Self::QueueDoesNotExist => "QueueDoesNotExist",
            Self::QueueNameExists => "QueueNameExists",
            Self::ReceiptHandleIsInvalid => "ReceiptHandleIsInvalid",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::TooManyEntries => "TooManyEntriesInBatchRequest",
            Self::UnknownOperation => "UnknownOperationException",
        }
    }

    /// The error's name in the query protocol, which is the code an SDK reports.
    pub(crate) fn query(self) -> &'static str {
        match self {
            Self::BatchEntryIdsNotDistinct => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            Self::BatchRequestTooLong => "AWS.SimpleQueueService.BatchRequestTooLong",
            Self::EmptyBatchRequest => "AWS.SimpleQueueService.EmptyBatchRequest",
            Self::InvalidBatchEntryId => "AWS.SimpleQueueService.InvalidBatchEntryId",
            Self::InvalidParameterValue => "InvalidParameterValue",
            Self::MessageNotInflight => "AWS.SimpleQueueService.MessageNotInflight",
            Self::MissingParameter => "MissingParameter",
            Self::QueueDoesNotExist => "AWS.SimpleQueueService.NonExistentQueue",
            Self::QueueNameExists => "QueueAlreadyExists",
            Self::TooManyEntries => "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            Self::InternalFailure
            | Self::InvalidAttributeName
            | Self::InvalidAttributeValue
            | Self::InvalidMessageContents
            | Self::OverLimit
            | Self::ReceiptHandleIsInvalid
            | Self::ResourceNotFound
            | Self::UnknownOperation => self.shape(),
        }
    }

    fn status(self) -> StatusCode {
        if self == Self::InternalFailure {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::BAD_REQUEST
        }
    }

    /// Whose fault it is, as the query protocol says it.
    fn fault(self) -> &'static str {
        if self == Self::InternalFailure { "Receiver" } else { "Sender" }
    }

    /// A refusal with this code.
    pub(crate) fn because(self, message: impl Into<String>) -> Refusal {
        Refusal { code: self, message: message.into() }
    }
}

impl Refusal {
    /// A value outside of its allowed range or form.
    pub(crate) fn value(parameter: &str, value: impl std::fmt::Display, reason: &str) -> Self {
        Code::InvalidParameterValue.because(format!(
            "Value {value} for parameter {parameter} is invalid. Reason: {reason}"
        ))
    }

    /// A required parameter is absent.
    pub(crate) fn missing(parameter: &str) -> Self {
        Code::MissingParameter
            .because(format!("The request must contain the parameter {parameter}."))
    }

    /// The server itself failed.
    pub(crate) fn internal(error: &anyhow::Error) -> Self {
        Code::InternalFailure.because(format!("{error:#}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({
            "__type": format!("com.amazonaws.sqs#{}", self.code.shape()),
            "message": self.message,
        });
        let mut response = (self.code.status(), body.to_string()).into_response();
        let query_error = format!("{};{}", self.code.query(), self.code.fault());
        let headers = response.headers_mut();
        headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
        if let Ok(value) = HeaderValue::try_from(query_error) {
            headers.insert("x-amzn-query-error", value);
        }
        response
    }
}
