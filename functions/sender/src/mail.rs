//! One letter on its way: looked at, written, claimed, sent, recorded.
//!
//! Invariants: a letter leaves only under a claim on its record, so that whatever the queue brings
//! twice is sent once. The one exception is an answer that was lost: nobody knows then whether the
//! letter left, and when its claim has lapsed it leaves again, three times at most. A link's token
//! exists in the letter alone.

mod compose;
mod post;
mod words;

use std::time::Duration;

use domain::letter::{CLAIM, Next, Posting};
use domain::outbox::Letter;
use domain::{Error, OutboxId, Result, UserId};
use queue::Outcome;
use store::{Commit, TenantStore};
use telemetry::metrics::names::LETTERS;

use crate::App;
use crate::errand::later;
use crate::mail::compose::Composed;
pub use crate::mail::post::Post;
use crate::mail::post::PostError;

/// Times a letter's record is looked at in one invocation.
const ROUNDS_MAX: u32 = 8;
/// The longest wait that the queue is asked for.
const PUT_OFF_MAX: Duration = Duration::from_mins(15);

/// A letter to send.
pub(crate) struct Errand<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: &'a TenantStore,
    pub(crate) outbox: OutboxId,
    pub(crate) user: UserId,
    pub(crate) letter: &'a Letter,
    /// How often the queue has handed this out.
    pub(crate) receives: u32,
}

impl Errand<'_> {
    /// Takes the letter as far as it goes now.
    pub(crate) async fn run(&self) -> Result<Outcome> {
        for _ in 0..ROUNDS_MAX {
            let now = self.app.clock.now();
            let found = self.tenant.posting(self.outbox).await?;
            let old = found.as_ref().map(|found| found.version);
            let next = match found {
                None => {
                    let letter = self.letter.clone();
                    Next::Claim(Posting::first(self.outbox, self.user, letter, now))
                }
                Some(found) => found.next(now),
            };
            match next {
                Next::Settled => return Ok(Outcome::Done),
                Next::Wait(time) => return Ok(later(time)),
                Next::GiveUp(last) => {
                    if self.write(&last, old).await? {
                        self.count("abandoned");
                        tracing::error!(outbox.id = %self.outbox, "nobody knows of a letter");
                        return Ok(Outcome::Done);
                    }
                }
                Next::Claim(claimed) => {
                    if let Some(outcome) = self.attempt(&claimed, old).await? {
                        return Ok(outcome);
                    }
                }
            }
        }
        Err(Error::Conflict)
    }

    /// One claim and one call. `None`: somebody else changed the record; look again.
    async fn attempt(&self, claimed: &Posting, old: Option<u64>) -> Result<Option<Outcome>> {
        // Written before it is claimed: a table that does not answer costs no attempt.
        let composed = compose::letter(self.app, self.tenant, self.user, self.letter).await?;
        let written = match composed {
            Composed::Letter(written) => written,
            Composed::Nothing(reason) => {
                let given_up = claimed.given_up(reason, self.app.clock.now());
                if !self.write(&Posting { version: claimed.version, ..given_up }, old).await? {
                    return Ok(None);
                }
                self.count("refused");
                tracing::warn!(outbox.id = %self.outbox, reason, "a letter is not sent");
                return Ok(Some(Outcome::Done));
            }
        };
        if !self.write(claimed, old).await? {
            return Ok(None);
        }
        match self.app.post.send(&written).await {
            Ok(provider_id) => self.record(claimed, &provider_id).await,
            Err(error) => self.fail(claimed, &error).await,
        }
        .map(Some)
    }

    /// The mail service has it. The letter is out: a record that is not written now costs a second
    /// letter later.
    async fn record(&self, claimed: &Posting, provider_id: &str) -> Result<Outcome> {
        let sent = claimed.sent(provider_id, self.app.clock.now());
        let mut written = self.write(&sent, Some(claimed.version)).await;
        for pause in &self.app.config.pauses {
            if !matches!(&written, Err(error) if error.retryable()) {
                break;
            }
            tokio::time::sleep(*pause).await;
            written = self.write(&sent, Some(claimed.version)).await;
        }
        written?;
        self.count("sent");
        tracing::info!(
            outbox.id = %self.outbox,
            user.id = %self.user,
            attempt = claimed.attempts,
            "a letter was sent"
        );
        Ok(Outcome::Done)
    }

    async fn fail(&self, claimed: &Posting, error: &PostError) -> Result<Outcome> {
        let (now, old) = (self.app.clock.now(), Some(claimed.version));
        let cause = telemetry::chain(error);
        match error {
            PostError::Throttled(_) | PostError::Blocked(_) => {
                let blocked = matches!(error, PostError::Blocked(_));
                self.write(&claimed.put_off(now), old).await?;
                if blocked {
                    self.count("blocked");
                    tracing::error!(outbox.id = %self.outbox, error = cause, "no letter leaves");
                } else {
                    self.count("put_off");
                    tracing::info!(outbox.id = %self.outbox, error = cause, "a letter waits");
                }
                Ok(Outcome::Later(self.patience()))
            }
            PostError::Refused { reason, .. } => {
                self.write(&claimed.given_up(reason, now), old).await?;
                self.count("refused");
                tracing::warn!(outbox.id = %self.outbox, reason, error = cause, "a letter is lost");
                Ok(Outcome::Done)
            }
            PostError::Unknown(_) => {
                self.count("unknown");
                tracing::warn!(outbox.id = %self.outbox, error = cause, "an answer was lost");
                Ok(later(CLAIM))
            }
        }
    }

    /// Twice as long each time: twenty receives are more than two hours.
    fn patience(&self) -> Duration {
        let seconds = 2_u64.checked_pow(self.receives).unwrap_or(u64::MAX);
        Duration::from_secs(seconds).min(PUT_OFF_MAX)
    }

    /// Writes the letter's record over version `old`, or as the first; false when somebody else
    /// was faster. A transaction even when alone: its token tells our own repetition from another's
    /// claim.
    async fn write(&self, posting: &Posting, old: Option<u64>) -> Result<bool> {
        let mut transaction = self.tenant.transaction();
        match old {
            None => transaction.insert_posting(posting),
            Some(old) => transaction.replace_posting(posting, old),
        }
        match transaction.commit().await? {
            Commit::Done => Ok(true),
            Commit::Refused(_) => Ok(false),
            Commit::Busy => Err(Error::Conflict),
        }
    }

    fn count(&self, outcome: &'static str) {
        self.app.metrics.count(&LETTERS, [outcome]);
    }
}
