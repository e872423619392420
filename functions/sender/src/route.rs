//! The way to a person: number, token, address, and whether a message may take it.

use domain::content::ProviderError;
use domain::conversation::{BotState, Conversation};
use domain::message::{Author, Message};
use domain::tenant::{Channel, ChannelStatus};
use domain::{ChannelId, Error, Result};
use serde::Deserialize;
use whatsapp::AccessToken;
use whatsapp::graph::{Line, Recipient};

use crate::errand::Errand;

/// A channel's secret.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ChannelSecret {
    pub(crate) access_token: AccessToken,
}

/// Everything a request needs besides the message.
pub(crate) struct Route {
    pub(crate) channel: Channel,
    pub(crate) recipient: Recipient,
    pub(crate) secret: ChannelSecret,
}

/// Why a message may not leave, before anybody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Barred {
    /// The bot may no longer speak here.
    Withdrawn,
    /// 24 hours have passed since the person last wrote.
    WindowClosed,
    /// Its conversation, channel or contact is not there.
    Incomplete,
    /// The contact has neither number nor business-scoped id.
    NoAddress,
    /// The channel has no token.
    NoToken,
    /// The organisation took the channel off.
    Removed,
}

impl Barred {
    /// As kept with the message. The code is 0: the provider did not say it.
    pub(crate) fn error(self) -> ProviderError {
        let title = match self {
            Self::Withdrawn => "withdrawn",
            Self::WindowClosed => "window_closed",
            Self::Incomplete => "incomplete",
            Self::NoAddress => "no_address",
            Self::NoToken => "no_token",
            Self::Removed => "channel_removed",
        };
        ProviderError { code: 0, title: title.to_owned(), details: None }
    }
}

impl Route {
    pub(crate) fn line(&self) -> Line<'_> {
        Line { phone_number_id: &self.channel.phone_number_id, token: &self.secret.access_token }
    }
}

impl Errand<'_> {
    /// The way a message takes, if it may.
    pub(crate) async fn route(
        &self,
        message: &Message,
    ) -> Result<std::result::Result<Route, Barred>> {
        let Some(conversation) = self.tenant.conversation(self.conversation).await? else {
            return Ok(Err(Barred::Incomplete));
        };
        if let Some(barred) = self.barred(message, &conversation) {
            return Ok(Err(barred));
        }
        let (channel, contact) = futures::try_join!(
            self.tenant.channel(conversation.channel),
            self.tenant.contact(conversation.contact)
        )?;
        let (Some(channel), Some(contact)) = (channel, contact) else {
            return Ok(Err(Barred::Incomplete));
        };
        if channel.status == ChannelStatus::Removed {
            return Ok(Err(Barred::Removed));
        }
        let Some(recipient) = Recipient::of(contact.phone.as_ref(), contact.bsuid.as_ref()) else {
            return Ok(Err(Barred::NoAddress));
        };
        match self.app.secrets.get(&self.secret_name(channel.id)).await {
            Ok(secret) => Ok(Ok(Route { channel, recipient, secret })),
            Err(Error::NotFound) => Ok(Err(Barred::NoToken)),
            Err(error) => Err(error),
        }
    }

    /// Saves reads and a request; the claim checks the bot again, for good.
    fn barred(&self, message: &Message, conversation: &Conversation) -> Option<Barred> {
        if let Author::Bot { generation } = message.author
            && (generation != conversation.generation || conversation.bot != BotState::Active)
        {
            return Some(Barred::Withdrawn);
        }
        let open = conversation.window_is_open(self.app.clock.now());
        (!open).then_some(Barred::WindowClosed)
    }

    pub(crate) fn secret_name(&self, channel: ChannelId) -> String {
        self.app.config.channel_secret(channel)
    }
}
