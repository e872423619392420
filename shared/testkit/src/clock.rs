//! Time that moves when told to, and ids that come out the same every time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Clock, Ids};
use jiff::{SignedDuration, Timestamp};

/// 2 March 2026, 08:00 UTC: where every test begins.
const BEGINNING_S: i64 = 1_772_438_400;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct MovingClock(Mutex<Timestamp>);

impl Default for MovingClock {
    fn default() -> Self {
        Self(Mutex::new(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(BEGINNING_S)))
    }
}

impl MovingClock {
    /// Moves on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += SignedDuration::from_secs(seconds);
    }
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Ids by counting.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn fill(&self, bytes: &mut [u8]) {
        // In digits below 62, so that texts made of letters and digits differ as well.
        let mut count = self.0.fetch_add(1, Ordering::Relaxed);
        for byte in bytes.iter_mut().rev() {
            *byte = u8::try_from(count % 62).unwrap_or(0);
            count /= 62;
        }
    }
}
