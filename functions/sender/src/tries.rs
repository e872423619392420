//! What one invocation has tried for a message so far.

use std::time::Duration;

use jiff::SignedDuration;
use whatsapp::graph::Wait;

/// No pause inside an invocation ends later than this after its start: a last request (10 s) and
/// what follows it must fit into the function's 60 s.
const PAUSES_END: SignedDuration = SignedDuration::from_secs(35);
/// The longest wait inside an invocation; a longer one is the queue's.
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// Waits by the queue, by how often it has handed the message out. After them the message fails.
const QUEUE_WAITS: [Duration; 3] =
    [Duration::from_mins(1), Duration::from_mins(2), Duration::from_mins(3)];

/// Tries so far.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    refusals: u32,
    /// The person's message has been marked as read, or could not be.
    pub(crate) read_marked: bool,
    /// A refused token has been replaced.
    pub(crate) token_replaced: bool,
}

/// What a wait depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) pauses: &'a [Duration],
    /// How often the queue has handed the message out.
    pub(crate) receives: u32,
    /// Since the invocation began.
    pub(crate) elapsed: SignedDuration,
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
    pub(crate) fn refused(&mut self, wait: &Wait, terms: &Terms<'_>) -> Next {
        let place = usize::try_from(self.refusals).unwrap_or(usize::MAX);
        let asked = wait.before(self.refusals);
        self.refusals += 1;
        if let Some(pause) = terms.pauses.get(place).map(|pause| asked.max(*pause))
            && pause <= PAUSE_MAX
            && terms.elapsed.saturating_add(signed(pause)) <= PAUSES_END
        {
            return Next::Pause(pause);
        }
        let place = usize::try_from(terms.receives.saturating_sub(1)).unwrap_or(usize::MAX);
        QUEUE_WAITS.get(place).map_or(Next::GiveUp, |wait| Next::Return(asked.max(*wait)))
    }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::SignedDuration;
    use whatsapp::graph::Wait;

    use super::{Next, Terms, Tries};

    #[test]
    fn short_waits_are_sat_out_long_ones_are_the_queues_and_there_is_an_end() {
        let pauses = [2, 4, 8].map(Duration::from_secs);
        let terms = |receives, elapsed| Terms {
            pauses: &pauses,
            receives,
            elapsed: SignedDuration::from_secs(elapsed),
        };
        let wait = |first, factor| Wait { first: Duration::from_secs(first), factor };
        let seconds = Duration::from_secs;
        let mut tries = Tries::default();
        let steps: Vec<Next> = (0..4).map(|_| tries.refused(&wait(1, 2), &terms(1, 0))).collect();
        let pause = |time| Next::Pause(seconds(time));
        assert_eq!(steps, [pause(2), pause(4), pause(8), Next::Return(seconds(60))]);
        let first = |wait, terms| Tries::default().refused(&wait, &terms);
        assert_eq!(first(wait(5, 2), terms(1, 0)), Next::Pause(seconds(5)));
        assert_eq!(first(wait(1, 2), terms(2, 34)), Next::Return(seconds(120)));
        assert_eq!(first(wait(90, 2), terms(1, 0)), Next::Return(seconds(90)));
        assert_eq!(first(wait(90, 2), terms(3, 0)), Next::Return(seconds(180)));
        assert_eq!(first(wait(60, 2), terms(4, 0)), Next::GiveUp);
    }
}
