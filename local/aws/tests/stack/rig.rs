//! Stacks to test with.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Clock;
use embedded_aws::{Data, EmbeddedAws, Options};
use jiff::Timestamp;

/// A clock that moves when it is told to.
#[derive(Debug, Default)]
pub(crate) struct MovingClock(AtomicI64);

impl MovingClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        let start = 1_800_000_000_000;
        Timestamp::from_millisecond(start + self.0.load(Ordering::SeqCst)).unwrap()
    }
}

pub(crate) async fn in_memory() -> (EmbeddedAws, Arc<MovingClock>) {
    let clock = Arc::new(MovingClock::default());
    let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<dyn Clock> };
    (EmbeddedAws::start(options).await.unwrap(), clock)
}

pub(crate) async fn in_directory(path: &Path) -> EmbeddedAws {
    let data = Data::Directory(path.to_owned());
    let options = Options { data, clock: Arc::new(MovingClock::default()) };
    EmbeddedAws::start(options).await.unwrap()
}
