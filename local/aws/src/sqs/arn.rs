//! Resource names of queues.

use crate::sqs::state::ACCOUNT;

const PREFIX: &str = "arn:aws:sqs:us-east-1:";

/// The ARN of a queue.
pub(crate) fn of_queue(name: &str) -> String {
    format!("{PREFIX}{ACCOUNT}:{name}")
}

/// The queue an ARN names, of whatever region and account.
pub(crate) fn queue_name(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:aws:sqs:")?.rsplit(':').next()
}
