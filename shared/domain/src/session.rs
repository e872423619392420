//! Sign-ins that last, each a family of refresh tokens of which one counts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;
use crate::id::{SessionId, UserId};

/// A session ends when it is not used for this long,
const IDLE_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// and in any case this long after signing in.
const LASTS_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long the token before the current one is answered with the current one once more: an answer
/// may have been lost, or two windows of a browser asked at once.
const GRACE: SignedDuration = SignedDuration::from_secs(20);
/// Sessions a person may have at once; a further one ends the oldest.
pub const SESSIONS_MAX: usize = 50;

/// One sign-in of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub created_at: Timestamp,
    /// When a token of it was last issued.
    pub last_used_at: Timestamp,
    /// When the person last proved who they are.
    pub proved_at: Timestamp,
    /// Whether that took a second factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub two_factors: bool,
    /// SHA-256 of the refresh token that counts, in hexadecimal.
    pub token_hash: Hidden,
    /// How often the token was replaced, plus one: the current token's own number.
    pub generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Replaced>,
    /// What the browser or program calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The network it signed in from: /24 of IPv4, /48 of IPv6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_prefix: Option<String>,
    pub version: u64,
}

/// The token that counted before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub token_hash: Hidden,
    pub at: Timestamp,
    /// Base64 of what its successor was made with, together with itself.
    pub salt: Hidden,
}

/// What a genuine token is to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented<'a> {
    /// It counts.
    Current,
    /// It was replaced a moment ago; its successor is made with this salt.
    JustReplaced(&'a Hidden),
    /// It was used before: whoever used it first, one of the two is a stranger.
    Reused,
    /// From a time that this record knows nothing of, as after a restored backup.
    Unknown,
}

impl Session {
    /// When it ends unless it is used before then.
    pub fn ends_at(&self) -> Timestamp {
        let idle = self.last_used_at.saturating_add(IDLE_FOR);
        let last = self.created_at.saturating_add(LASTS_FOR);
        match (idle, last) {
            (Ok(idle), Ok(last)) => idle.min(last),
            // An instant that cannot be added to is not one of ours.
            (Err(_), _) | (_, Err(_)) => Timestamp::UNIX_EPOCH,
        }
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends_at()
    }

    /// What a token with this number and hash is to the session at `now`.
    pub fn judge(&self, generation: u64, hash: &str, now: Timestamp) -> Presented<'_> {
        if generation == self.generation && hash == self.token_hash.expose() {
            return Presented::Current;
        }
        if generation >= self.generation {
            return Presented::Unknown;
        }
        match &self.previous {
            Some(previous)
                if generation.saturating_add(1) == self.generation
                    && hash == previous.token_hash.expose()
                    && now.duration_since(previous.at) <= GRACE =>
            {
                Presented::JustReplaced(&previous.salt)
            }
            Some(_) | None => Presented::Reused,
        }
    }

    /// After its token was replaced by one with this hash, made with this salt.
    #[must_use]
    pub fn rotated(&self, hash: Hidden, salt: Hidden, now: Timestamp) -> Self {
        Self {
            previous: Some(Replaced { token_hash: self.token_hash.clone(), at: now, salt }),
            token_hash: hash,
            generation: self.generation.saturating_add(1),
            last_used_at: now,
            version: self.version.saturating_add(1),
            ..self.clone()
        }
    }

    /// After the person proved again who they are.
    #[must_use]
    pub fn proved(&self, now: Timestamp, two_factors: bool) -> Self {
        let version = self.version.saturating_add(1);
        Self { proved_at: now, two_factors, version, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::{Hidden, Presented, Session, SessionId, UserId};

    const HOUR: i64 = 3_600;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_438_400 + seconds).unwrap()
    }

    fn session() -> Session {
        Session {
            id: SessionId::from_uuid(Uuid::from_u128(1)),
            user: UserId::from_uuid(Uuid::from_u128(2)),
            created_at: at(0),
            last_used_at: at(0),
            proved_at: at(0),
            two_factors: false,
            token_hash: Hidden::new("one"),
            generation: 1,
            previous: None,
            device: None,
            ip_prefix: None,
            version: 1,
        }
    }

    #[test]
    fn it_ends_seven_days_after_its_last_use_and_thirty_after_its_beginning() {
        let mut session = session();
        assert!(session.is_live(at(7 * 24 * HOUR - 1)) && !session.is_live(at(7 * 24 * HOUR)));
        for day in 1..=29 {
            let now = at(day * 24 * HOUR);
            assert!(session.is_live(now));
            session = session.rotated(Hidden::new("x"), Hidden::new("y"), now);
        }
        assert_eq!(session.ends_at(), at(0) + SignedDuration::from_hours(30 * 24));
    }

    #[test]
    fn the_token_before_the_current_one_is_good_for_twenty_seconds() {
        let first = session();
        let second = first.rotated(Hidden::new("two"), Hidden::new("salt"), at(100));
        let third = second.rotated(Hidden::new("three"), Hidden::new("grain"), at(200));
        let salt = Hidden::new("salt");
        for (session, generation, hash, now, expected) in [
            (&first, 1, "one", 0, Presented::Current),
            (&first, 1, "two", 0, Presented::Unknown),
            (&first, 2, "two", 0, Presented::Unknown),
            (&second, 2, "two", 100, Presented::Current),
            (&second, 1, "one", 120, Presented::JustReplaced(&salt)),
            (&second, 1, "one", 121, Presented::Reused),
            (&second, 1, "other", 101, Presented::Reused),
            (&third, 1, "one", 200, Presented::Reused),
        ] {
            assert_eq!(session.judge(generation, hash, at(now)), expected, "{hash} at {now}");
        }
        assert!(!format!("{third:?}").contains("three"));
    }
}
