//! What time does to a key.

use jiff::{SignedDuration, Timestamp};

use super::{ApiKey, OVERLAP};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// A key should be changed when it is this old, and again.
const AGE_TO_CHANGE_DAYS: i64 = 90;
/// Days before its end on which the holder of a key is told, and on which people are told of a key
/// that nobody has seen.
const DAYS_BEFORE_END: [i64; 3] = [14, 7, 1];

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// Made by rotation, and not shown to anybody yet.
    Pending,
    Active,
    /// Works beside its successor for a while.
    Ending,
    /// Its time is over.
    Ended,
    Revoked,
}

/// What the schedule should do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// Nothing yet.
    Rest,
    /// Tell the holder.
    Remind,
    /// Make a successor, and tell the holder.
    Rotate,
    /// Write down that it has ended.
    Close,
}

impl KeyStatus {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending_reveal",
            Self::Active => "active",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }
}

impl ApiKey {
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if self.closed_at.is_some() || self.ends_at() <= now {
            KeyStatus::Ended
        } else if self.secret.is_none() {
            KeyStatus::Pending
        } else if self.successor.is_some() {
            KeyStatus::Ending
        } else {
            KeyStatus::Active
        }
    }

    /// When it ends by itself: at the end of its life, of its time beside a successor, or of the
    /// time it waits to be seen, whichever is first.
    pub fn ends_at(&self) -> Timestamp {
        let unseen = self.secret.is_none().then(|| self.created_at + OVERLAP);
        let early = self.overlap_ends_at.into_iter().chain(unseen);
        early.fold(self.expires_at, Ord::min)
    }

    /// Whether its end is at most two weeks away.
    pub fn is_about_to_end(&self, now: Timestamp) -> bool {
        self.ends_at().duration_since(now) <= DAY * days(DAYS_BEFORE_END[0])
    }

    /// What is to be done with the key at `now`.
    pub fn upkeep(&self, now: Timestamp) -> Upkeep {
        match self.next_upkeep() {
            // Whoever comes late does only what still makes sense.
            Some(_) if self.ends_at() <= now => Upkeep::Close,
            Some((due, what)) if due <= now => what,
            Some(_) | None => Upkeep::Rest,
        }
    }

    /// When something is to be done with the key next; `None` when nothing ever is.
    pub fn upkeep_due_at(&self) -> Option<Timestamp> {
        self.next_upkeep().map(|(due, _)| due)
    }

    /// The key after its holder was told.
    #[must_use]
    pub fn reminded(&self, now: Timestamp) -> Self {
        Self { reminded_at: Some(now), version: self.version + 1, ..self.clone() }
    }

    /// The key after its end was written down.
    #[must_use]
    pub fn closed(&self, now: Timestamp) -> Self {
        Self { closed_at: Some(now), version: self.version + 1, ..self.clone() }
    }

    fn next_upkeep(&self) -> Option<(Timestamp, Upkeep)> {
        if self.revoked_at.is_some() || self.closed_at.is_some() {
            return None;
        }
        let end = self.ends_at();
        let before_end = self.next_notice().filter(|(due, _)| *due < end);
        Some(before_end.unwrap_or((end, Upkeep::Close)))
    }

    /// What is due before the end, if anything is.
    fn next_notice(&self) -> Option<(Timestamp, Upkeep)> {
        if self.secret.is_some() && self.successor.is_some() {
            return None;
        }
        let end = self.ends_at();
        if self.secret.is_some() && self.auto_rotate {
            let due = (self.created_at + DAY * days(AGE_TO_CHANGE_DAYS))
                .min(end - DAY * days(DAYS_BEFORE_END[0]));
            return Some((due.max(self.created_at), Upkeep::Rotate));
        }
        let ages = (1..=4)
            .filter(|_| self.secret.is_some())
            .map(|times| self.created_at + DAY * days(times * AGE_TO_CHANGE_DAYS));
        let told = self.reminded_at.unwrap_or(self.created_at);
        DAYS_BEFORE_END
            .into_iter()
            .map(|before| end - DAY * days(before))
            .chain(ages)
            .filter(|due| *due > told)
            .min()
            .map(|due| (due, Upkeep::Remind))
    }
}

fn days(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
