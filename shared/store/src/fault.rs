//! What an SDK error means to the caller.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::Error;
use std::error::Error as StdError;

/// Errors that pass, by DynamoDB's own list of retryable codes.
const PASSING: [&str; 8] = [
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    // A write alone met a transaction at its item.
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// Unreachable, slow, throttled or 5xx → `Unavailable`; anything else is a defect of ours.
pub(crate) fn of<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let passes = if let Some(context) = error.as_service_error() {
        context.code().is_some_and(|code| PASSING.contains(&code))
            || error.raw_response().is_some_and(|raw| raw.status().is_server_error())
    } else {
        !matches!(error, SdkError::ConstructionFailure(_))
    };
    if passes { Error::unavailable(error) } else { Error::internal(error) }
}
