//! The machine's clock, ahead of itself by as much as the queues were told to skip.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Clock;
use jiff::{SignedDuration, Timestamp};
use telemetry::SystemClock;

/// The clock of the queues and of the schedules. The functions go by the machine's.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    by_s: AtomicI64,
}

impl Ahead {
    /// Skips so many seconds.
    pub(crate) fn skip(&self, seconds: i64) {
        self.by_s.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.by_s.load(Ordering::SeqCst))
    }
}
