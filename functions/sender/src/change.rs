//! The changes a send makes to a message's record. Every one raises the version.

use domain::content::ProviderError;
use domain::delivery::Delivery;
use domain::message::Message;
use jiff::Timestamp;

use crate::step::CLAIM;

/// Under a claim: nobody else posts it until the claim lapses.
pub(crate) fn claimed(message: &Message, now: Timestamp) -> Message {
    Message {
        delivery: Delivery::Sending,
        attempts: message.attempts + 1,
        claim_until: Some(now + CLAIM),
        version: message.version + 1,
        ..message.clone()
    }
}

/// As it was before the claim: nothing left in its time.
pub(crate) fn released(before: &Message, claimed: &Message) -> Message {
    Message { version: claimed.version + 1, ..before.clone() }
}

/// It may have gone out; the answer was lost at `at`.
pub(crate) fn lost(message: &Message, at: Timestamp) -> Message {
    Message {
        delivery: Delivery::Unknown,
        claim_until: Some(at),
        version: message.version + 1,
        ..message.clone()
    }
}

/// The provider took it as `provider_id`. Reports may have moved it further already, and of two
/// ids the first stays.
pub(crate) fn accepted(message: &Message, provider_id: &str, now: Timestamp) -> Message {
    let mut accepted = message.clone();
    accepted.version += 1;
    accepted.claim_until = None;
    accepted.provider_id.get_or_insert_with(|| provider_id.to_owned());
    accepted.reported_at.entry("accepted".to_owned()).or_insert(now);
    accepted.delivery = match message.delivery {
        Delivery::Queued | Delivery::Sending | Delivery::Unknown | Delivery::Cancelled => {
            Delivery::Accepted
        }
        reported @ (Delivery::Received
        | Delivery::Accepted
        | Delivery::Sent
        | Delivery::Delivered
        | Delivery::Read
        | Delivery::Played
        | Delivery::Failed) => reported,
    };
    accepted
}

/// It will not be sent (again). What may have gone out before stays unknown, with the error noted.
pub(crate) fn refused(
    before: &Message,
    current: &Message,
    error: ProviderError,
    now: Timestamp,
) -> Message {
    let mut refused = current.clone();
    refused.version += 1;
    refused.errors.push(error);
    if before.delivery == Delivery::Unknown {
        refused.delivery = Delivery::Unknown;
        refused.claim_until = before.claim_until;
    } else {
        refused.delivery = Delivery::Failed;
        refused.claim_until = None;
        refused.reported_at.entry("failed".to_owned()).or_insert(now);
    }
    refused
}

/// Withdrawn before it left.
pub(crate) fn cancelled(message: &Message) -> Message {
    Message {
        delivery: Delivery::Cancelled,
        claim_until: None,
        version: message.version + 1,
        ..message.clone()
    }
}
