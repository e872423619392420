//! A person's second factor: an app that makes codes, and codes on paper for when it is lost.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;
use crate::id::UserId;

/// Wrong codes in a row of so many minutes, after which none is looked at until they are over. A
/// stranger without the password cannot cause them.
const TRIES_MAX: u32 = 5;
const TRIES_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    pub user: UserId,
    /// The secret the app shares with us, sealed for this user.
    pub sealed: Hidden,
    pub created_at: Timestamp,
    /// When the person showed that the app works. Before that it is asked for nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was taken: neither it nor an earlier one is again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_step: Option<u64>,
    /// SHA-256 of each recovery code that is not used yet, in hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<Hidden>,
    #[serde(default)]
    pub failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    pub version: u64,
}

impl SecondFactor {
    /// One that waits for its first code.
    pub fn begin(user: UserId, sealed: Hidden, now: Timestamp) -> Self {
        Self {
            user,
            sealed,
            created_at: now,
            confirmed_at: None,
            last_step: None,
            recovery: Vec::new(),
            failures: 0,
            failing_since: None,
            version: 1,
        }
    }

    /// Whether a login asks for it.
    pub fn is_active(&self) -> bool {
        self.confirmed_at.is_some()
    }

    /// Until when no code is looked at, if that is later than `now`.
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.failing_since?.saturating_add(TRIES_WITHIN).ok()?;
        (self.failures >= TRIES_MAX && now < until).then_some(until)
    }

    /// After a wrong code.
    #[must_use]
    pub fn failed(&self, now: Timestamp) -> Self {
        let goes_on =
            self.failing_since.is_some_and(|since| now.duration_since(since) < TRIES_WITHIN);
        Self {
            failures: if goes_on { self.failures.saturating_add(1) } else { 1 },
            failing_since: if goes_on { self.failing_since } else { Some(now) },
            ..self.changed()
        }
    }

    /// After the right code of a time step.
    #[must_use]
    pub fn passed(&self, step: u64) -> Self {
        Self { last_step: Some(step), failures: 0, failing_since: None, ..self.changed() }
    }

    /// After a recovery code was used up; `None` when it is none of those left.
    #[must_use]
    pub fn recovered(&self, hash: &str) -> Option<Self> {
        let place = self.recovery.iter().position(|kept| kept.expose() == hash)?;
        let mut after = Self { failures: 0, failing_since: None, ..self.changed() };
        after.recovery.remove(place);
        Some(after)
    }

    /// With other recovery codes, and asked for from now on.
    #[must_use]
    pub fn confirmed(&self, recovery: Vec<Hidden>, now: Timestamp) -> Self {
        Self { confirmed_at: self.confirmed_at.or(Some(now)), recovery, ..self.clone() }
    }

    fn changed(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::{Hidden, SecondFactor, UserId};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_438_400 + seconds).unwrap()
    }

    fn factor() -> SecondFactor {
        SecondFactor::begin(UserId::from_uuid(Uuid::nil()), Hidden::new("sealed"), at(0))
    }

    #[test]
    fn five_wrong_codes_lock_it_for_what_is_left_of_five_minutes() {
        let mut factor = factor();
        for second in 0..4 {
            factor = factor.failed(at(second));
            assert_eq!(factor.locked_until(at(second)), None);
        }
        factor = factor.failed(at(10));
        assert_eq!(factor.locked_until(at(10)), Some(at(300)));
        assert_eq!(factor.locked_until(at(300)), None);
        let again = factor.failed(at(300));
        assert_eq!((again.failures, again.failing_since), (1, Some(at(300))));
        assert_eq!(factor.passed(7).failures, 0);
        assert_eq!(factor.version, 6);
    }

    #[test]
    fn a_recovery_code_is_used_once() {
        let codes = vec![Hidden::new("a"), Hidden::new("b")];
        let factor = factor().confirmed(codes, at(5));
        assert!(factor.is_active());
        let after = factor.recovered("a").unwrap();
        assert_eq!(after.recovery, [Hidden::new("b")]);
        assert_eq!(after.recovered("a"), None);
        assert_eq!(factor.recovered("c"), None);
    }
}
