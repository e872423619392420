//! The queues behind a lock, with the clock that moves them.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Clock;

use crate::sqs::error::Result;
use crate::sqs::message::Millis;
use crate::sqs::state::{ACCOUNT, State};

/// The queue server without its protocol.
pub(crate) struct Broker {
    clock: Arc<dyn Clock>,
    endpoint: String,
    state: Mutex<State>,
}

impl Broker {
    /// A broker over the log at `path`, or in memory.
    pub(crate) fn open(
        path: Option<&Path>,
        clock: Arc<dyn Clock>,
        endpoint: String,
    ) -> anyhow::Result<Self> {
        Ok(Self { clock, endpoint, state: Mutex::new(State::open(path)?) })
    }

    /// Runs one operation alone and makes its changes durable before giving its answer.
    pub(crate) fn run<T>(
        &self,
        operation: impl FnOnce(&mut State, Millis) -> Result<T>,
    ) -> Result<T> {
        let mut state = self.lock();
        state.check_running()?;
        let answer = operation(&mut state, self.now());
        state.commit()?;
        answer
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now().as_millisecond()
    }

    /// Lets long polls look again, after a test's clock was moved.
    pub(crate) fn wake(&self) {
        self.lock().wake();
    }

    /// Answers every request from now on, and every long poll, with a failure.
    pub(crate) fn close(&self) {
        self.lock().stop("the queue server is closed");
    }

    pub(crate) fn queue_url(&self, name: &str) -> String {
        format!("{}/{ACCOUNT}/{name}", self.endpoint)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
