//! What comes next for a code, and the changes a send makes to its record.

use domain::content::ProviderError;
use domain::delivery::Delivery;
use domain::phone_code::PhoneCode;
use jiff::Timestamp;
use whatsapp::SendError;

use crate::step::{self, CLAIM, Step};

/// Times a code may be handed over while it is not known what became of it.
const ATTEMPTS_MAX: u32 = 2;

/// What comes next for a code.
pub(super) fn next(code: &PhoneCode, now: Timestamp) -> Step {
    if !code.is_open(now) {
        return Step::Settled;
    }
    match step::after(code.delivery, code.claim_until, is_repeatable(code), now) {
        // Nobody decides about digits: the person asks for others.
        Step::Undecided => Step::Settled,
        next @ (Step::Settled | Step::Wait(_) | Step::Lapsed { .. } | Step::Claim) => next,
    }
}

/// Whether a code whose outcome is unknown may go out once more: the same digits twice are a
/// smaller harm than none.
pub(super) fn is_repeatable(code: &PhoneCode) -> bool {
    code.attempts < ATTEMPTS_MAX
}

/// Under a claim: nobody else posts it until the claim lapses.
pub(super) fn claimed(code: &PhoneCode, now: Timestamp) -> PhoneCode {
    PhoneCode {
        delivery: Delivery::Sending,
        attempts: code.attempts + 1,
        claim_until: Some(now + CLAIM),
        version: code.version + 1,
        ..code.clone()
    }
}

/// As it was before the claim: nothing left in its time.
pub(super) fn released(before: &PhoneCode, claimed: &PhoneCode) -> PhoneCode {
    PhoneCode { version: claimed.version + 1, ..before.clone() }
}

/// The window is closed after all; nothing left.
pub(super) fn closed(before: &PhoneCode, claimed: &PhoneCode) -> PhoneCode {
    PhoneCode { window_closed: true, ..released(before, claimed) }
}

/// It may have gone out; the answer was lost at `at`.
pub(super) fn lost(code: &PhoneCode, at: Timestamp) -> PhoneCode {
    PhoneCode {
        delivery: Delivery::Unknown,
        claim_until: Some(at),
        version: code.version + 1,
        ..code.clone()
    }
}

/// The provider took it.
pub(super) fn accepted(claimed: &PhoneCode) -> PhoneCode {
    PhoneCode {
        delivery: Delivery::Accepted,
        claim_until: None,
        version: claimed.version + 1,
        ..claimed.clone()
    }
}

/// It will not be sent (again). What may have gone out before stays unknown, with the error noted.
pub(super) fn refused(before: &PhoneCode, current: &PhoneCode, error: ProviderError) -> PhoneCode {
    let is_unknown = before.delivery == Delivery::Unknown;
    let delivery = if is_unknown { Delivery::Unknown } else { Delivery::Failed };
    PhoneCode {
        delivery,
        // Counted as handed over, so that an unknown one is not tried a third time.
        attempts: current.attempts.max(if is_unknown { ATTEMPTS_MAX } else { 0 }),
        claim_until: before.claim_until.filter(|_| is_unknown),
        error: Some(error),
        version: current.version + 1,
        ..current.clone()
    }
}

/// A refusal, as it is kept.
pub(super) fn kept(error: &SendError) -> ProviderError {
    error.provider_error().cloned().unwrap_or_else(|| ProviderError {
        code: 0,
        title: error.to_string(),
        details: None,
    })
}

#[cfg(test)]
mod tests {
    use domain::delivery::Delivery;
    use domain::phone_code::PhoneCode;
    use domain::{ProofId, UserId};
    use jiff::{SignedDuration, Timestamp};

    use super::{Step, claimed, lost, next, refused, released};
    use crate::step::{CLAIM, PATIENCE};

    #[test]
    fn a_code_is_handed_over_twice_at_most_and_never_under_anothers_claim() {
        let start = Timestamp::UNIX_EPOCH;
        let (user, proof) = (UserId::from_uuid(uuid(1)), ProofId::from_uuid(uuid(2)));
        let phone = "+971500000001".parse().unwrap();
        let code = PhoneCode::ask(None, proof, user, phone, start).unwrap();
        assert_eq!(next(&code, start), Step::Claim);
        let first = claimed(&code, start);
        assert_eq!(next(&first, start), Step::Wait(CLAIM));
        assert_eq!(next(&first, start + CLAIM), Step::Lapsed { at: start + CLAIM });
        assert_eq!(next(&released(&code, &first), start), Step::Claim);
        let unknown = lost(&first, start);
        assert_eq!(next(&unknown, start), Step::Wait(PATIENCE));
        assert_eq!(next(&unknown, start + PATIENCE), Step::Claim);
        let second = lost(&claimed(&unknown, start + PATIENCE), start + PATIENCE);
        assert_eq!(next(&second, start + PATIENCE * 2), Step::Settled);
        let failed = refused(&code, &first, super::ProviderError::default());
        assert_eq!((failed.delivery, failed.claim_until), (Delivery::Failed, None));
        let still = refused(&unknown, &unknown, super::ProviderError::default());
        assert_eq!(still.delivery, Delivery::Unknown);
        assert_eq!(next(&still, start + PATIENCE), Step::Settled);
        let old = start + SignedDuration::from_mins(10);
        assert_eq!(next(&code, old), Step::Settled);
        assert_eq!(next(&code.used(start), start), Step::Settled);
    }

    fn uuid(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }
}
