//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Clock;
use jiff::{SignedDuration, Timestamp};

/// Stands still until it is moved.
#[derive(Debug)]
pub struct MovingClock {
    now_ms: AtomicI64,
}

impl MovingClock {
    pub fn starting_at(now: Timestamp) -> Self {
        Self { now_ms: AtomicI64::new(now.as_millisecond()) }
    }

    /// Moves it forward.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(0);
        self.now_ms.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}
