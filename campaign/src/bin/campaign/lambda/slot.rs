//! The place of an environment: who it is for the proxies, and how to signal its process.

use std::sync::Mutex;

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::Notify;

use crate::chaos::locked;

/// What a process is told by the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signalled {
    Kill,
    Stop,
    Continue,
}

/// An environment as those who step in see it.
pub(crate) struct Slot {
    /// The number of its doors at the proxies.
    pub(crate) number: usize,
    pub(crate) function: &'static str,
    state: Mutex<State>,
    paused: Notify,
}

#[derive(Default)]
struct State {
    process: Option<Pid>,
    /// It has asked for an event before.
    is_warm: bool,
    is_working: bool,
    is_paused: bool,
    /// Writes of this invocation so far.
    writes: u32,
}

impl Slot {
    pub(crate) fn new(number: usize, function: &'static str) -> Self {
        Self { number, function, state: Mutex::default(), paused: Notify::new() }
    }

    pub(crate) fn started(&self, id: Option<u32>) {
        let id = id.and_then(|id| i32::try_from(id).ok());
        locked(&self.state).process = id.and_then(Pid::from_raw);
    }

    pub(crate) fn forget(&self) {
        *locked(&self.state) = State::default();
    }

    pub(crate) fn is_warm(&self) -> bool {
        locked(&self.state).is_warm
    }

    pub(crate) fn warm_up(&self) {
        locked(&self.state).is_warm = true;
    }

    pub(crate) fn begin(&self) {
        let mut state = locked(&self.state);
        state.is_working = true;
        state.writes = 0;
    }

    /// The invocation is over; whether its environment was paused meanwhile.
    pub(crate) fn end(&self) -> bool {
        let mut state = locked(&self.state);
        state.is_working = false;
        state.is_paused
    }

    /// Counts a write; which one of this invocation it is.
    pub(crate) fn count_write(&self) -> u32 {
        let mut state = locked(&self.state);
        state.writes += 1;
        state.writes
    }

    /// Sends a signal to an environment that works on an event; whether it did.
    pub(crate) fn interrupt(&self, signalled: Signalled) -> bool {
        let is_free = {
            let state = locked(&self.state);
            state.is_working && state.is_warm && !state.is_paused
        };
        is_free && self.signal(signalled)
    }

    /// Sends a signal to the process, if there is one; whether it did.
    pub(crate) fn signal(&self, signalled: Signalled) -> bool {
        let mut state = locked(&self.state);
        let Some(process) = state.process else { return false };
        let signal = match signalled {
            Signalled::Kill => Signal::KILL,
            Signalled::Stop => Signal::STOP,
            Signalled::Continue => Signal::CONT,
        };
        let is_sent = kill_process(process, signal).is_ok();
        match signalled {
            Signalled::Kill => state.process = None,
            Signalled::Stop => state.is_paused = is_sent,
            Signalled::Continue => state.is_paused = false,
        }
        if is_sent && signalled == Signalled::Stop {
            self.paused.notify_one();
        }
        is_sent
    }

    /// Ends when it is paused.
    pub(crate) async fn paused(&self) {
        loop {
            self.paused.notified().await;
            // Told of a pause that somebody ended since.
            if locked(&self.state).is_paused {
                return;
            }
        }
    }
}
