//! The machine's clock and randomness.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand;
use domain::{Clock, Ids};
use jiff::Timestamp;

use crate::environment::{Environment, Setting};
use crate::metrics::Metrics;

/// What a function gets from the machine it runs on; a test gives it a moving clock.
#[derive(Clone)]
pub struct Machine {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub metrics: Metrics,
}

impl Machine {
    /// The machine of a Lambda function.
    pub fn of_lambda(environment: &Environment) -> Self {
        let stage = environment.optional(Setting::Stage).unwrap_or_default();
        Self {
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            metrics: Metrics::printed(environment.function().name(), stage),
        }
    }
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}

/// The wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // Whole milliseconds: what storage, answers and ids can tell apart.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::expect_used, reason = "without randomness no id and no token is safe to make")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the operating system gives randomness");
    }
}
