//! Time and chance as arguments.

use jiff::Timestamp;
use uuid::Uuid;

/// The current instant. Two implementations: the machine's clock and a test's moving clock.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A source of randomness. Two implementations: the operating system's and a test's seeded one.
pub trait Ids: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// A fresh version 7 UUID for an object that comes to be at `at`.
    fn uuid(&self, at: Timestamp) -> Uuid {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
