//! What one invocation has tried for a message so far.

use std::time::Duration;

use whatsapp::graph::Wait;

/// The longest wait inside an invocation; a longer one is the queue's.
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// Waits by the queue, by how often it has handed the message out. After them the message fails.
const QUEUE_WAITS: [Duration; 3] =
    [Duration::from_secs(60), Duration::from_secs(120), Duration::from_secs(180)];

/// Tries so far.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    refusals: u32,
    /// The person's message has been marked as read, or could not be.
    pub(crate) read_marked: bool,
    /// A refused token has been replaced.
    pub(crate) token_replaced: bool,
}

/// What to do after a safe refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Pause(Duration),
    Return(Duration),
    GiveUp,
}

impl Tries {
    /// Counts a safe refusal and says how to go on.
    pub(crate) fn refused(&mut self, wait: &Wait, pauses: &[Duration], receives: u32) -> Next {
        let place = usize::try_from(self.refusals).unwrap_or(usize::MAX);
        let asked = wait.before(self.refusals);
        self.refusals += 1;
        if let Some(pause) = pauses.get(place).map(|pause| asked.max(*pause))
            && pause <= PAUSE_MAX
        {
            return Next::Pause(pause);
        }
        let place = usize::try_from(receives.saturating_sub(1)).unwrap_or(usize::MAX);
        QUEUE_WAITS.get(place).map_or(Next::GiveUp, |wait| Next::Return(asked.max(*wait)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use whatsapp::graph::Wait;

    use super::{Next, Tries};

    #[test]
    fn short_waits_are_sat_out_long_ones_are_the_queues_and_there_is_an_end() {
        let pauses = [2, 4, 8].map(Duration::from_secs);
        let wait = |first, factor| Wait { first: Duration::from_secs(first), factor };
        let mut tries = Tries::default();
        let steps: Vec<Next> = (0..4).map(|_| tries.refused(&wait(1, 2), &pauses, 1)).collect();
        let seconds = Duration::from_secs;
        assert_eq!(
            steps,
            [
                Next::Pause(seconds(2)),
                Next::Pause(seconds(4)),
                Next::Pause(seconds(8)),
                Next::Return(seconds(60))
            ]
        );
        let first = |wait, receives| Tries::default().refused(&wait, &pauses, receives);
        assert_eq!(first(wait(5, 2), 1), Next::Pause(seconds(5)));
        assert_eq!(first(wait(90, 2), 1), Next::Return(seconds(90)));
        assert_eq!(first(wait(90, 2), 3), Next::Return(seconds(180)));
        assert_eq!(first(wait(60, 2), 4), Next::GiveUp);
    }
}
