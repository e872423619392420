//! A phone code on its way: as text while the person's window is open, else in the organisation's
//! authentication template.
//!
//! The same care as for messages: it is posted only under a claim, a lost answer is waited for, and
//! nothing is handed over a third time. The digits are made here and kept nowhere.

mod change;
mod way;
mod words;

use domain::phone_code::PhoneCode;
use domain::{Error, ProofId, Result, UserId};
use jiff::Timestamp;
use queue::Outcome;
use store::TenantStore;
use telemetry::metrics::names::WHATSAPP_MESSAGES_SENT;
use tenancy::proof::{ProofSecret, Proofs};
use whatsapp::SendError;

use crate::App;
use crate::code::way::Way;
use crate::errand::later;
use crate::outcome::disconnect;
use crate::step::{self, PATIENCE, Step};
use crate::tries::{Next, Terms, Tries};

/// Times a code is looked at in one invocation. Far above what waits and races can need.
const ROUNDS_MAX: u32 = 16;

/// Which code is to be sent, and for whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) user: UserId,
    pub(crate) proof: ProofId,
}

/// A code to send.
pub(crate) struct Sending<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: TenantStore,
    pub(crate) wanted: Wanted,
    /// How often the queue has handed this out.
    pub(crate) receives: u32,
    /// When this invocation began.
    pub(crate) begun: Timestamp,
}

impl Sending<'_> {
    /// Takes the code as far as it goes now.
    pub(crate) async fn run(&self) -> Result<Outcome> {
        let mut tries = Tries::default();
        for _ in 0..ROUNDS_MAX {
            let found = self.tenant.phone_code(self.wanted.user).await?;
            // Another one was asked for since: this one opens nothing any more.
            let Some(code) = found.filter(|code| code.proof == self.wanted.proof) else {
                return Ok(Outcome::Done);
            };
            let end = match change::next(&code, self.app.clock.now()) {
                Step::Settled | Step::Undecided => Some(Outcome::Done),
                Step::Wait(time) => Some(later(time)),
                Step::Lapsed { at } => {
                    self.write(&change::lost(&code, at), &code).await?;
                    None
                }
                Step::Claim => self.attempt(&code, &mut tries).await?,
            };
            if let Some(outcome) = end {
                return Ok(outcome);
            }
        }
        Err(Error::Conflict)
    }

    /// One claim and one request. `None`: look at the code again.
    async fn attempt(&self, code: &PhoneCode, tries: &mut Tries) -> Result<Option<Outcome>> {
        let way = match Way::find(self.app, &self.tenant, code).await? {
            Ok(way) => way,
            Err(barred) => return self.fail(code, code, barred.error(), barred.title()).await,
        };
        let digits = self.digits(code).await?;
        let claimed = change::claimed(code, self.app.clock.now());
        if !self.write(&claimed, code).await? {
            return Ok(None);
        }
        if !step::has_time(claimed.claim_until, self.app.clock.now()) {
            self.write(&change::released(code, &claimed), &claimed).await?;
            return Ok(None);
        }
        match way.send(self.app, code, &digits).await {
            Ok(_) => {
                self.accept(&claimed).await?;
                Ok(Some(Outcome::Done))
            }
            Err(SendError::Retry { wait, cause }) => {
                let terms = Terms {
                    pauses: &self.app.config.pauses,
                    receives: self.receives,
                    elapsed: self.app.clock.now().duration_since(self.begun),
                };
                let next = tries.refused(&wait, &terms);
                self.try_later(code, &claimed, &SendError::Retry { wait, cause }, next).await
            }
            Err(error @ SendError::Ambiguous(_)) => {
                self.write(&change::lost(&claimed, self.app.clock.now()), &claimed).await?;
                self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["unknown"]);
                let error = telemetry::chain(&error);
                tracing::warn!(proof.id = %code.proof, error, "a code's answer was lost");
                Ok(change::is_repeatable(&claimed).then(|| later(PATIENCE)))
            }
            Err(SendError::WindowClosed(_)) if !code.window_closed => {
                self.write(&change::closed(code, &claimed), &claimed).await?;
                Ok(None)
            }
            Err(error @ SendError::ChannelDown(_)) => {
                if !tries.token_replaced && way.has_other_token(self.app).await {
                    tries.token_replaced = true;
                    self.write(&change::released(code, &claimed), &claimed).await?;
                    return Ok(None);
                }
                disconnect(&self.tenant, &way.channel).await;
                self.refuse(code, &claimed, &error).await
            }
            Err(
                error @ (SendError::Invalid(_)
                | SendError::WindowClosed(_)
                | SendError::Recipient(_)
                | SendError::Fix(_)),
            ) => self.refuse(code, &claimed, &error).await,
        }
    }

    /// The provider has it. Losing this note costs a needless second message, so it is tried again.
    async fn accept(&self, claimed: &PhoneCode) -> Result<()> {
        let accepted = change::accepted(claimed);
        let mut written = self.write(&accepted, claimed).await;
        for pause in &self.app.config.pauses {
            if !matches!(&written, Err(error) if error.retryable()) {
                break;
            }
            tokio::time::sleep(*pause).await;
            written = self.write(&accepted, claimed).await;
        }
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["accepted"]);
        tracing::info!(proof.id = %claimed.proof, attempt = claimed.attempts, "a code was sent");
        // Refused: the person has answered it already, or asked for another.
        written.map(drop)
    }

    async fn try_later(
        &self,
        before: &PhoneCode,
        claimed: &PhoneCode,
        error: &SendError,
        next: Next,
    ) -> Result<Option<Outcome>> {
        match next {
            Next::GiveUp => self.refuse(before, claimed, error).await,
            Next::Pause(pause) => {
                self.write(&change::released(before, claimed), claimed).await?;
                tokio::time::sleep(pause).await;
                Ok(None)
            }
            Next::Return(wait) => {
                self.write(&change::released(before, claimed), claimed).await?;
                Ok(Some(Outcome::Later(wait)))
            }
        }
    }

    /// The provider said no for good.
    async fn refuse(
        &self,
        before: &PhoneCode,
        claimed: &PhoneCode,
        error: &SendError,
    ) -> Result<Option<Outcome>> {
        let kept = change::kept(error);
        self.fail(before, claimed, kept, &telemetry::chain(error)).await
    }

    async fn fail(
        &self,
        before: &PhoneCode,
        current: &PhoneCode,
        error: domain::content::ProviderError,
        reason: &str,
    ) -> Result<Option<Outcome>> {
        if !self.write(&change::refused(before, current, error), current).await? {
            return Ok(None);
        }
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["failed"]);
        tracing::warn!(proof.id = %current.proof, reason, "a code was not sent");
        Ok(Some(Outcome::Done))
    }

    async fn digits(&self, code: &PhoneCode) -> Result<String> {
        let secret: ProofSecret = self.app.secrets.get(&self.app.config.proof_secret).await?;
        Ok(Proofs::new(&secret)?.code(self.tenant.scope(), code.proof))
    }

    /// Writes a code over what was read; false when it has changed since. A transaction though it
    /// is alone: its token tells our own repetition from another's claim.
    async fn write(&self, code: &PhoneCode, read: &PhoneCode) -> Result<bool> {
        let fill = |transaction: &mut store::Transaction| {
            transaction.replace_phone_code(code, read.version);
        };
        Ok(self.tenant.commit_patiently(fill).await?.is_empty())
    }
}
