//! What became of a letter that was to be sent: who may send it now, and whether again.
//!
//! A mail service has no key that would make a repetition harmless, so a letter's own record
//! decides. A letter whose sending nobody knows the outcome of is sent once more: a second letter
//! is a smaller harm than none.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{OutboxId, UserId};
use crate::outbox::Letter;

/// How long one claim lasts. It covers the longest call of the mail service (10 s) and the way
/// there.
pub const CLAIM: SignedDuration = SignedDuration::from_secs(30);
/// Times a letter leaves while nobody knows what became of it.
const ATTEMPTS_MAX: u32 = 3;

/// A letter on its way. It has no address and no words: those are made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The outbox item that asks for it.
    pub id: OutboxId,
    pub user: UserId,
    pub letter: Letter,
    pub state: PostingState,
    /// Times it was handed to the mail service without a refusal.
    pub attempts: u32,
    pub updated_at: Timestamp,
    pub version: u64,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PostingState {
    /// Nobody is at it; the mail service asked to come later.
    Waiting,
    /// Somebody sends it until then.
    Claimed { until: Timestamp },
    /// The mail service has it, under its own name.
    Sent { provider_id: String },
    /// It will not be sent; why, in a word.
    GivenUp { reason: String },
}

/// What comes next for a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Settled,
    /// Somebody is at it: look again after this time.
    Wait(SignedDuration),
    /// Claim it with this record, and send it.
    Claim(Posting),
    /// Nobody knows what became of it, three times: this record says so.
    GiveUp(Posting),
}

impl Posting {
    /// A letter nobody has been at.
    pub fn first(id: OutboxId, user: UserId, letter: Letter, now: Timestamp) -> Self {
        let state = PostingState::Claimed { until: now + CLAIM };
        Self { id, user, letter, state, attempts: 1, updated_at: now, version: 1 }
    }

    /// What comes next at `now`.
    pub fn next(&self, now: Timestamp) -> Next {
        match self.state {
            PostingState::Sent { .. } | PostingState::GivenUp { .. } => Next::Settled,
            PostingState::Claimed { until } if now < until => Next::Wait(until.duration_since(now)),
            PostingState::Claimed { .. } if self.attempts >= ATTEMPTS_MAX => {
                Next::GiveUp(self.given_up("outcome_unknown", now))
            }
            PostingState::Claimed { .. } | PostingState::Waiting => {
                let state = PostingState::Claimed { until: now + CLAIM };
                Next::Claim(Self { attempts: self.attempts + 1, ..self.then(state, now) })
            }
        }
    }

    /// The mail service has it.
    #[must_use]
    pub fn sent(&self, provider_id: &str, now: Timestamp) -> Self {
        self.then(PostingState::Sent { provider_id: provider_id.to_owned() }, now)
    }

    /// It is not sent, and will not be.
    #[must_use]
    pub fn given_up(&self, reason: &str, now: Timestamp) -> Self {
        self.then(PostingState::GivenUp { reason: reason.to_owned() }, now)
    }

    /// The mail service did not take it, and asked to come later: it never left.
    #[must_use]
    pub fn put_off(&self, now: Timestamp) -> Self {
        let attempts = self.attempts.saturating_sub(1);
        Self { attempts, ..self.then(PostingState::Waiting, now) }
    }

    fn then(&self, state: PostingState, now: Timestamp) -> Self {
        Self { state, updated_at: now, version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{CLAIM, Next, Posting, PostingState};
    use crate::id::{OutboxId, UserId};
    use crate::outbox::Letter;
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::constant(1_772_438_400, 0);

    fn first() -> Posting {
        let id = OutboxId::from_uuid(Uuid::from_u128(1));
        Posting::first(id, UserId::from_uuid(Uuid::from_u128(2)), Letter::PasswordChanged, NOW)
    }

    #[test]
    fn a_letter_is_one_s_for_half_a_minute_and_settled_for_ever() {
        let letter = first();
        let second = SignedDuration::from_secs(1);
        assert_eq!(letter.next(NOW + CLAIM - second), Next::Wait(second));
        for settled in [letter.sent("m-1", NOW), letter.given_up("rejected", NOW)] {
            assert_eq!(settled.next(NOW + CLAIM * 1_000), Next::Settled);
            assert_eq!(settled.version, 2);
        }
    }

    #[test]
    fn a_lost_outcome_is_tried_twice_more_and_a_refusal_does_not_count() {
        let (mut letter, mut now) = (first(), NOW);
        for round in 0..50 {
            let Next::Claim(claimed) = letter.put_off(now).next(now) else { panic!("{round}") };
            assert_eq!(claimed.attempts, 1);
            letter = claimed;
        }
        for attempts in [2, 3] {
            now += CLAIM;
            let Next::Claim(claimed) = letter.next(now) else { panic!("{letter:?}") };
            assert_eq!(claimed.attempts, attempts);
            letter = claimed;
        }
        let Next::GiveUp(last) = letter.next(now + CLAIM) else { panic!("{letter:?}") };
        assert_eq!(last.state, PostingState::GivenUp { reason: "outcome_unknown".to_owned() });
    }
}
