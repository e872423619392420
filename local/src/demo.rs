//! A day on site by script, in memory: what came in, what came of it, and whether everything that
//! must hold held.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Result;
use domain::Clock;
use jiff::{SignedDuration, Timestamp};
use telemetry::SystemClock;

mod account;
mod invariants;
mod play;
mod report;
mod script;

pub use report::Report;

use crate::{Data, Options, System};
use account::Account;
use play::Play;

/// SQS forgets a duplicate after five minutes.
const PAST_THE_DEDUPLICATION_WINDOW: SignedDuration = SignedDuration::from_mins(6);

/// The machine's clock, moved ahead by an amount that can grow.
#[derive(Debug, Default)]
struct ShiftedClock {
    ahead_ms: AtomicI64,
}

impl ShiftedClock {
    fn jump(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(0);
        self.ahead_ms.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_ms.load(Ordering::SeqCst));
        SystemClock.now() + ahead
    }
}

/// Plays the day and accounts for it. `with_roles`: functions are held to their roles, which takes
/// time, so that the times of the report are longer.
pub async fn run(with_roles: bool) -> Result<Report> {
    let clock = Arc::new(ShiftedClock::default());
    let options = Options { clock: clock.clone(), with_roles, ..Options::new(Data::Memory, 0) };
    let system = System::start(options).await?;
    let outcome = day(&system, &clock).await;
    system.shutdown().await?;
    outcome
}

async fn day(system: &System, clock: &ShiftedClock) -> Result<Report> {
    let mut play = Play::new(system)?;
    let before = Account::read(system, play.company()).await?;
    for wave in script::DAY {
        play.wave(wave).await?;
        play.settle().await?;
    }
    play.post_poison().await;
    play.settle().await?;
    clock.jump(PAST_THE_DEDUPLICATION_WINDOW);
    system.aws().wake();
    play.repeat_first(script::REPEATED_LATE).await;
    play.settle().await?;
    let after = Account::read(system, play.company()).await?;
    Ok(Report::of(&play, &before, &after))
}

#[cfg(test)]
mod tests {
    use super::run;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_day_on_site_leaves_everything_as_it_must_be() {
        let report = run(true).await.unwrap();
        assert!(report.holds(), "{report}");
    }
}
