//! What became of a request, written down.

use domain::content::ProviderError;
use domain::delivery::{Delivery, ReportEvent};
use domain::message::Message;
use domain::tenant::{Channel, ChannelStatus};
use domain::{ChannelId, Error, Result};
use jiff::Timestamp;
use queue::Outcome;
use store::{Commit, TenantStore};
use telemetry::metrics::names::WHATSAPP_MESSAGES_SENT;
use whatsapp::SendError;
use whatsapp::graph::Sent;

use crate::change;
use crate::errand::{Errand, later};
use crate::route::Route;
use crate::step::{self, PATIENCE};

/// Times a record is read again because a report changed it first.
const ROUNDS_MAX: u32 = 8;

impl Errand<'_> {
    /// The provider has it: its id leads to the message from now on.
    pub(crate) async fn accept(
        &self,
        route: &Route,
        claimed: &Message,
        sent: &Sent,
        started: Timestamp,
    ) -> Result<()> {
        let mut current = self.record_acceptance(claimed, sent).await;
        // The message is out: a write that fails now costs a needless second one later.
        for pause in &self.app.config.pauses {
            if !matches!(&current, Err(error) if error.retryable()) {
                break;
            }
            tokio::time::sleep(*pause).await;
            current = self.record_acceptance(claimed, sent).await;
        }
        let current = current?;
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["accepted"]);
        tracing::info!(
            message.id = %current.id,
            conversation.id = %current.conversation,
            attempt = current.attempts,
            duration_ms = (self.app.clock.now().duration_since(started)).as_millis(),
            "the provider took a message"
        );
        if route.channel.status == ChannelStatus::Disconnected {
            let (from, to) = (ChannelStatus::Disconnected, ChannelStatus::Connected);
            mark(&self.tenant, route.channel.id, from, to).await;
        }
        self.take_early_reports(current).await
    }

    async fn record_acceptance(&self, claimed: &Message, sent: &Sent) -> Result<Message> {
        let mut current = claimed.clone();
        for _ in 0..ROUNDS_MAX {
            let accepted = change::accepted(&current, &sent.provider_id, self.app.clock.now());
            let commit = self
                .commit(|transaction| {
                    transaction.replace_message(&accepted, current.version);
                    transaction.insert_provider_ref(&sent.provider_id, &accepted);
                })
                .await?;
            if commit == Commit::Done {
                return Ok(accepted);
            }
            current = self.load().await?.ok_or(Error::NotFound)?;
        }
        Err(Error::Conflict)
    }

    /// Makes up for what whoever settled a message may have left undone: a status alone leaves the
    /// provider's id without a way to the message.
    pub(crate) async fn complete(&self, message: Message) -> Result<()> {
        let Some(provider_id) = message.provider_id.as_deref() else { return Ok(()) };
        if self.tenant.message_of_provider(provider_id).await?.is_none() {
            self.commit(|transaction| transaction.insert_provider_ref(provider_id, &message))
                .await?;
        }
        self.take_early_reports(message).await
    }

    /// Reports that came before the message had the provider's id.
    async fn take_early_reports(&self, message: Message) -> Result<()> {
        let Some(provider_id) = message.provider_id.clone() else { return Ok(()) };
        let reports: Vec<ReportEvent> = self.tenant.early_reports(&provider_id).await?;
        let mut current = message;
        for _ in 0..ROUNDS_MAX {
            let old = current.version;
            let mut changed = false;
            for report in &reports {
                changed |= current.take_report(report);
            }
            if !changed || self.write(&current, old).await? {
                return Ok(());
            }
            current = self.load().await?.ok_or(Error::NotFound)?;
        }
        Err(Error::Conflict)
    }

    /// It may have gone out. A status tells, or a second attempt after a while.
    pub(crate) async fn lose(
        &self,
        claimed: &Message,
        error: &SendError,
    ) -> Result<Option<Outcome>> {
        let lost = change::lost(claimed, self.app.clock.now());
        if !self.write(&lost, claimed.version).await? {
            return Ok(None);
        }
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["unknown"]);
        tracing::warn!(
            message.id = %lost.id,
            attempt = lost.attempts,
            error = telemetry::chain(error),
            "the provider's answer was lost"
        );
        // Not repeatable: the next look hands it to an operator.
        Ok(step::repeatable(&lost).then(|| later(PATIENCE)))
    }

    /// The provider said no for good.
    pub(crate) async fn refuse(
        &self,
        before: &Message,
        claimed: &Message,
        error: &SendError,
    ) -> Result<Option<Outcome>> {
        let kept = error.provider_error().cloned().unwrap_or_else(|| ProviderError {
            code: 0,
            title: error.to_string(),
            details: None,
        });
        tracing::warn!(
            message.id = %claimed.id,
            attempt = claimed.attempts,
            error = telemetry::chain(error),
            "the provider refused a message"
        );
        self.record_refusal(before, claimed, kept).await
    }

    /// Writes down that `current` does not leave (again). Why is in the caller's log line.
    pub(crate) async fn record_refusal(
        &self,
        before: &Message,
        current: &Message,
        error: ProviderError,
    ) -> Result<Option<Outcome>> {
        let refused = change::refused(before, current, error, self.app.clock.now());
        if !self.write(&refused, current.version).await? {
            return Ok(None);
        }
        if refused.delivery == Delivery::Unknown {
            self.leave_undecided(&refused);
        } else {
            self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["failed"]);
        }
        Ok(Some(Outcome::Done))
    }

    /// A takeover came first.
    pub(crate) async fn withdraw(&self, message: &Message) -> Result<Option<Outcome>> {
        if !self.write(&change::cancelled(message), message.version).await? {
            return Ok(None);
        }
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["cancelled"]);
        tracing::info!(message.id = %message.id, "a bot answer was withdrawn");
        Ok(Some(Outcome::Done))
    }

    /// Tells the operator; the record shows it too.
    pub(crate) fn leave_undecided(&self, message: &Message) {
        self.app.metrics.count(&WHATSAPP_MESSAGES_SENT, ["undecided"]);
        tracing::error!(
            message.id = %message.id,
            conversation.id = %message.conversation,
            attempts = message.attempts,
            "nobody knows whether a message went out; a status or an operator decides"
        );
    }

    /// See [`disconnect`].
    pub(crate) async fn disconnect(&self, route: &Route) {
        disconnect(&self.tenant, &route.channel).await;
    }
}

/// No message leaves through the channel until an operator has acted; one that does anyway shows
/// that he has.
pub(crate) async fn disconnect(tenant: &TenantStore, channel: &Channel) {
    tracing::error!(channel.id = %channel.id, "the provider refuses a channel");
    mark(tenant, channel.id, ChannelStatus::Connected, ChannelStatus::Disconnected).await;
}

/// A mark for people, not a rule for sending: losing it must not fail a message.
async fn mark(tenant: &TenantStore, channel: ChannelId, from: ChannelStatus, to: ChannelStatus) {
    if let Err(error) = tenant.mark_channel(channel, from, to).await {
        let error = telemetry::chain(&error);
        tracing::error!(channel.id = %channel, error, "a channel's state was not kept");
    }
}
