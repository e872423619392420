//! What to do with a message that a queue brought, decided from its record alone.

use domain::content::Content;
use domain::delivery::Delivery;
use domain::message::{Author, Message};
use jiff::{SignedDuration, Timestamp};

/// How long one claim lasts. It covers the longest request (10 s) and the way there; a takeover
/// waits this long at most for a claim to end.
pub(crate) const CLAIM: SignedDuration = SignedDuration::from_secs(20);
/// The longest request to the provider, and so the part of a claim that a request needs.
pub(crate) const REQUEST_MAX: SignedDuration = SignedDuration::from_secs(10);
/// How long a lost answer is waited for. Statuses come within seconds where they come at all.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// Times a message may be handed over while it is not known what became of it.
const ATTEMPTS_MAX: u32 = 2;

/// What comes next for a message, or for a phone code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing: it is out, refused, withdrawn, answered or too old.
    Settled,
    /// Somebody is at it, or a lost answer may still show itself: look again after this time.
    Wait(SignedDuration),
    /// Whoever claimed it is gone, and may have posted it.
    Lapsed { at: Timestamp },
    /// Lost, and not to be sent again: a status or an operator decides.
    Undecided,
    /// Claim it and post it.
    Claim,
}

/// What comes next for `message` at `now`.
pub(crate) fn next(message: &Message, now: Timestamp) -> Step {
    after(message.delivery, message.claim_until, repeatable(message), now)
}

/// What comes next for something that was claimed until an instant, or lost at it.
pub(crate) fn after(
    delivery: Delivery,
    claim_until: Option<Timestamp>,
    is_repeatable: bool,
    now: Timestamp,
) -> Step {
    match delivery {
        Delivery::Queued => Step::Claim,
        Delivery::Sending => match claim_until {
            Some(until) if now < until => Step::Wait(until.duration_since(now)),
            lapsed => Step::Lapsed { at: lapsed.unwrap_or(now) },
        },
        Delivery::Unknown if !is_repeatable => Step::Undecided,
        Delivery::Unknown => {
            let waited = claim_until.map_or(PATIENCE, |lost| now.duration_since(lost));
            if waited < PATIENCE { Step::Wait(PATIENCE - waited) } else { Step::Claim }
        }
        Delivery::Received
        | Delivery::Accepted
        | Delivery::Sent
        | Delivery::Delivered
        | Delivery::Read
        | Delivery::Played
        | Delivery::Failed
        | Delivery::Cancelled => Step::Settled,
    }
}

/// Whether a message whose outcome is unknown may go out once more: words of ours, where a double
/// is a smaller harm than a gap, and only once.
pub(crate) fn repeatable(message: &Message) -> bool {
    let ours = match message.author {
        Author::Bot { .. } | Author::User { .. } | Author::Notice => true,
        Author::Contact | Author::PhoneApp => false,
    };
    let words = matches!(
        message.content,
        Content::Text { .. } | Content::Buttons { .. } | Content::List { .. }
    );
    ours && words && message.attempts < ATTEMPTS_MAX
}

/// Whether a request that starts at `now` ends before the claim does.
pub(crate) fn has_time(claim_until: Option<Timestamp>, now: Timestamp) -> bool {
    claim_until.is_some_and(|until| now + REQUEST_MAX <= until)
}
