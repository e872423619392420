//! One message on its way: looked at, claimed, posted, recorded.

use domain::delivery::Delivery;
use domain::message::Message;
use domain::{ConversationId, Error, MessageId, Result};
use jiff::{SignedDuration, Timestamp};
use queue::Outcome;
use store::TenantStore;
use whatsapp::SendError;
use whatsapp::graph::{Outgoing, Typing};

use crate::claim::Claim;
use crate::route::{Barred, Route};
use crate::step::{self, Step};
use crate::tries::{Next, Terms, Tries};
use crate::{App, change};

/// Times a message is looked at in one invocation. Far above what waits and races can need.
const ROUNDS_MAX: u32 = 16;

/// A message to send.
pub(crate) struct Errand<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: TenantStore,
    pub(crate) conversation: ConversationId,
    pub(crate) message: MessageId,
    /// The provider's id of the person's message to mark as read first.
    pub(crate) read: Option<String>,
    /// How often the queue has handed this out.
    pub(crate) receives: u32,
    /// When this invocation began.
    pub(crate) begun: Timestamp,
}

impl Errand<'_> {
    /// Takes the message as far as it goes now.
    pub(crate) async fn run(&self) -> Result<Outcome> {
        let mut tries = Tries::default();
        for _ in 0..ROUNDS_MAX {
            let Some(message) = self.load().await? else {
                // Written together with what brought us here, so it cannot be on its way.
                tracing::error!(message.id = %self.message, "a message to send is not there");
                return Ok(Outcome::Done);
            };
            let end = match step::next(&message, self.app.clock.now()) {
                Step::Settled => {
                    self.complete(message).await?;
                    Some(Outcome::Done)
                }
                Step::Wait(time) => Some(later(time)),
                Step::Lapsed { at } => {
                    self.write(&change::lost(&message, at), message.version).await?;
                    None
                }
                Step::Undecided => {
                    self.leave_undecided(&message);
                    Some(Outcome::Done)
                }
                Step::Claim => self.attempt(&message, &mut tries).await?,
            };
            if let Some(outcome) = end {
                return Ok(outcome);
            }
        }
        Err(Error::Conflict)
    }

    pub(crate) async fn load(&self) -> Result<Option<Message>> {
        self.tenant.message(self.conversation, self.message).await
    }

    /// One claim and one request. `None`: look at the message again.
    async fn attempt(&self, message: &Message, tries: &mut Tries) -> Result<Option<Outcome>> {
        let route = match self.route(message).await? {
            Ok(route) => route,
            Err(barred) => return self.bar(message, barred).await,
        };
        self.mark_read(&route, tries).await;
        let claimed = match self.claim(message).await? {
            Claim::Held(claimed) => claimed,
            Claim::Changed => return Ok(None),
            Claim::Withdrawn => return self.bar(message, Barred::Withdrawn).await,
        };
        let started = self.app.clock.now();
        if !step::has_time(claimed.claim_until, started) {
            self.release(message, &claimed).await?;
            return Ok(None);
        }
        let callback = format!("{}/{}", claimed.conversation, claimed.id);
        let outgoing = Outgoing {
            to: &route.recipient,
            content: &claimed.content,
            reply_to: claimed.reply_to.as_deref(),
            callback: &callback,
        };
        match self.app.graph.send(&route.line(), &outgoing).await {
            Ok(sent) => {
                self.accept(&route, &claimed, &sent, started).await?;
                Ok(Some(Outcome::Done))
            }
            Err(SendError::Retry { wait, cause }) => {
                let terms = Terms {
                    pauses: &self.app.config.pauses,
                    receives: self.receives,
                    elapsed: self.app.clock.now().duration_since(self.begun),
                };
                let next = tries.refused(&wait, &terms);
                let error = SendError::Retry { wait, cause };
                self.try_later(message, &claimed, &error, next).await
            }
            Err(error @ SendError::Ambiguous(_)) => self.lose(&claimed, &error).await,
            Err(error @ SendError::ChannelDown(_)) => {
                if !tries.token_replaced && self.replace_token(&route, &error).await {
                    tries.token_replaced = true;
                    self.release(message, &claimed).await?;
                    return Ok(None);
                }
                let ended = self.refuse(message, &claimed, &error).await?;
                self.disconnect(&route).await;
                Ok(ended)
            }
            Err(
                error @ (SendError::Invalid(_)
                | SendError::WindowClosed(_)
                | SendError::Recipient(_)
                | SendError::Fix(_)),
            ) => self.refuse(message, &claimed, &error).await,
        }
    }

    /// The person sees that the message was read, whatever becomes of the answer.
    async fn mark_read(&self, route: &Route, tries: &mut Tries) {
        let Some(read) = self.read.as_deref().filter(|_| !tries.read_marked) else { return };
        tries.read_marked = true;
        if let Err(error) = self.app.graph.mark_read(&route.line(), read, Typing::Hidden).await {
            let error = telemetry::chain(&error);
            tracing::warn!(message.id = %self.message, error, "a message was not marked as read");
        }
    }

    /// Gives the claim back: nothing left under it.
    async fn release(&self, before: &Message, claimed: &Message) -> Result<bool> {
        self.write(&change::released(before, claimed), claimed.version).await
    }

    async fn try_later(
        &self,
        before: &Message,
        claimed: &Message,
        error: &SendError,
        next: Next,
    ) -> Result<Option<Outcome>> {
        if next == Next::GiveUp {
            return self.refuse(before, claimed, error).await;
        }
        self.release(before, claimed).await?;
        tracing::info!(
            message.id = %self.message,
            error = telemetry::chain(error),
            receives = self.receives,
            "the provider asks to try again later"
        );
        match next {
            Next::Pause(pause) => {
                tokio::time::sleep(pause).await;
                Ok(None)
            }
            Next::Return(wait) => Ok(Some(Outcome::Later(wait))),
            Next::GiveUp => Ok(Some(Outcome::Done)),
        }
    }

    /// The token may have been replaced since it was read. Whether there is another one now.
    async fn replace_token(&self, route: &Route, error: &SendError) -> bool {
        let about_token = error.answer().is_none_or(|answer| matches!(answer.error.code, 0 | 190));
        if !about_token {
            return false;
        }
        let name = self.secret_name(route.channel.id);
        match self.app.secrets.changed(&name, &route.secret).await {
            Ok(changed) => changed.is_some(),
            Err(error) => {
                let error = telemetry::chain(&error);
                tracing::warn!(channel.id = %route.channel.id, error, "no token was read");
                false
            }
        }
    }

    /// What may not leave at all.
    async fn bar(&self, message: &Message, barred: Barred) -> Result<Option<Outcome>> {
        if barred == Barred::Withdrawn && message.delivery != Delivery::Unknown {
            return self.withdraw(message).await;
        }
        let error = barred.error();
        tracing::warn!(message.id = %message.id, reason = error.title, "a message may not leave");
        self.record_refusal(message, message, error).await
    }
}

/// A whole second more: visibility is in seconds, and too early would be for nothing.
pub(crate) fn later(time: SignedDuration) -> Outcome {
    let seconds = u64::try_from(time.as_secs()).unwrap_or(0);
    Outcome::Later(std::time::Duration::from_secs(seconds + 1))
}
