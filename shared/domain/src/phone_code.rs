//! The code that proves that a number is a user's: asked for, sent once, tried a few times.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::content::ProviderError;
use crate::delivery::Delivery;
use crate::error::{Error, Result};
use crate::id::{ProofId, UserId};
use crate::phone::Phone;

const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Between two codes to the same user.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// Tries of one code.
const TRIES_MAX: u32 = 5;
/// Codes of a user in a UTC day. With the tries of each, somebody who guesses has one chance in
/// forty thousand a day.
const CODES_A_DAY: u32 = 5;

/// The latest code of a user. The digits are kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCode {
    /// What the digits are made from.
    pub proof: ProofId,
    pub user: UserId,
    pub phone: Phone,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
    #[serde(default)]
    pub used_at: Option<Timestamp>,
    /// Times somebody gave digits for it, right or wrong.
    #[serde(default)]
    pub tries: u32,
    /// Codes of this user on the day of `asked_at`, this one included.
    pub asked_that_day: u32,
    /// How far its message has come: `queued`, `sending`, `unknown`, `accepted`, `failed`.
    pub delivery: Delivery,
    /// Times it was handed to the provider.
    #[serde(default)]
    pub attempts: u32,
    /// While `sending`: when the claim lapses; while `unknown`: when the answer was lost.
    #[serde(default)]
    pub claim_until: Option<Timestamp>,
    /// The provider said that the person has not written within a day, whatever we know.
    #[serde(default)]
    pub window_closed: bool,
    /// Why it did not go out.
    #[serde(default)]
    pub error: Option<ProviderError>,
    /// Raised by every change; guards the next.
    pub version: u64,
}

impl PhoneCode {
    /// A code after the `previous` one of the same user, which counts no longer.
    ///
    /// Refused: `code_sent_recently` within a minute, `too_many_codes` after five on a day.
    pub fn ask(
        previous: Option<&Self>,
        proof: ProofId,
        user: UserId,
        phone: Phone,
        now: Timestamp,
    ) -> Result<Self> {
        let today = previous.filter(|previous| day(previous.asked_at) == day(now));
        let asked = today.map_or(0, |previous| previous.asked_that_day);
        if asked >= CODES_A_DAY {
            let detail = "five codes were sent today: try again tomorrow";
            return Err(Error::refused("too_many_codes", detail));
        }
        if previous.is_some_and(|previous| now.duration_since(previous.asked_at) < PAUSE) {
            let detail = "a code was sent less than a minute ago";
            return Err(Error::refused("code_sent_recently", detail));
        }
        Ok(Self {
            proof,
            user,
            phone,
            asked_at: now,
            expires_at: now.saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX),
            used_at: None,
            tries: 0,
            asked_that_day: asked + 1,
            delivery: Delivery::Queued,
            attempts: 0,
            claim_until: None,
            window_closed: false,
            error: None,
            version: previous.map_or(1, |previous| previous.version + 1),
        })
    }

    /// Whether it could still be answered at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at && self.tries < TRIES_MAX
    }

    /// With one more try counted, to be written before the digits are compared; `None` when there
    /// is none left.
    pub fn tried(&self, now: Timestamp) -> Option<Self> {
        let counted = Self { tries: self.tries + 1, version: self.version + 1, ..self.clone() };
        self.is_open(now).then_some(counted)
    }

    /// After the right digits.
    #[must_use]
    pub fn used(&self, now: Timestamp) -> Self {
        Self { used_at: Some(now), version: self.version + 1, ..self.clone() }
    }
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::PhoneCode;
    use crate::error::{Error, Result};
    use crate::id::{ProofId, UserId};

    fn ask(previous: Option<&PhoneCode>, now: Timestamp) -> Result<PhoneCode> {
        let user = UserId::from_uuid(Uuid::from_u128(1));
        let phone = "+971500000001".parse().unwrap();
        PhoneCode::ask(previous, ProofId::from_uuid(Uuid::from_u128(2)), user, phone, now)
    }

    fn code(result: Result<PhoneCode>) -> &'static str {
        match result {
            Err(Error::Refused(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn codes_come_a_minute_apart_and_five_a_day() {
        let second = SignedDuration::from_secs(1);
        let mut now = Timestamp::UNIX_EPOCH;
        let mut last = ask(None, now).unwrap();
        for _ in 0..4 {
            assert_eq!(code(ask(Some(&last), now + second * 59)), "code_sent_recently");
            now += second * 60;
            last = ask(Some(&last), now).unwrap();
        }
        assert_eq!((last.asked_that_day, last.version), (5, 5));
        assert_eq!(code(ask(Some(&last), now + second * 3_600)), "too_many_codes");
        let tomorrow = ask(Some(&last), now + second * 86_400).unwrap();
        assert_eq!(tomorrow.asked_that_day, 1);
    }

    #[test]
    fn a_code_has_five_tries_ten_minutes_and_one_use() {
        let now = Timestamp::UNIX_EPOCH;
        let mut last = ask(None, now).unwrap();
        let end = now + SignedDuration::from_mins(10);
        assert!(last.tried(end).is_none());
        assert!(last.used(now).tried(now).is_none());
        for _ in 0..5 {
            last = last.tried(now).unwrap();
        }
        assert_eq!((last.tries, last.version), (5, 6));
        assert!(last.tried(now).is_none() && !last.is_open(now));
    }
}
