//! By which number and in which form a code goes out.

use domain::content::{Content, ProviderError};
use domain::phone_code::PhoneCode;
use domain::settings::CodeTemplate;
use domain::tenant::{Channel, ChannelStatus};
use domain::{Error, Phone, Result};
use store::{PageRequest, TenantStore};
use whatsapp::SendError;
use whatsapp::graph::{CodeMessage, Line, Outgoing, Recipient, Sent};

use crate::App;
use crate::code::words;
use crate::route::ChannelSecret;

/// Channels looked at for one that is connected.
const CHANNELS_MAX: usize = 100;

/// The way a code takes.
pub(super) struct Way {
    pub(super) channel: Channel,
    secret: ChannelSecret,
    secret_name: String,
    form: Form,
}

enum Form {
    /// The person wrote within a day: words of ours.
    Text(String, String, domain::Language),
    Template(CodeTemplate),
}

/// Why a code cannot go out at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barred {
    NoUser,
    /// No number is connected.
    NoChannel,
    /// No window is open, and the organisation has no authentication template.
    NoTemplate,
    /// The number has no token.
    NoToken,
}

impl Barred {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::NoUser => "no_user",
            Self::NoChannel => "no_channel",
            Self::NoTemplate => "no_template",
            Self::NoToken => "no_token",
        }
    }

    /// As kept with the code. The code is 0: the provider did not say it.
    pub(super) fn error(self) -> ProviderError {
        ProviderError { code: 0, title: self.title().to_owned(), details: None }
    }
}

impl Way {
    pub(super) async fn find(
        app: &App,
        tenant: &TenantStore,
        code: &PhoneCode,
    ) -> Result<std::result::Result<Self, Barred>> {
        let (user, organisation) = futures::try_join!(tenant.user(code.user), tenant.tenant())?;
        let Some(user) = user else { return Ok(Err(Barred::NoUser)) };
        let open = if code.window_closed { None } else { open_channel(app, tenant, code).await? };
        let (channel, form) = if let Some(channel) = open {
            let name = organisation.settings.branding.name.unwrap_or(organisation.name);
            (channel, Form::Text(name, user.name, user.language))
        } else {
            let Some(template) = organisation.settings.code_template else {
                return Ok(Err(Barred::NoTemplate));
            };
            let channels = tenant.channels(&PageRequest::first(CHANNELS_MAX)).await?.items;
            let Some(channel) = channels.into_iter().find(is_connected) else {
                return Ok(Err(Barred::NoChannel));
            };
            (channel, Form::Template(template))
        };
        let secret_name = app.config.channel_secret(channel.id);
        match app.secrets.get(&secret_name).await {
            Ok(secret) => Ok(Ok(Self { channel, secret, secret_name, form })),
            Err(Error::NotFound) => Ok(Err(Barred::NoToken)),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn send(
        &self,
        app: &App,
        code: &PhoneCode,
        digits: &str,
    ) -> std::result::Result<Sent, SendError> {
        let token = &self.secret.access_token;
        let line = Line { phone_number_id: &self.channel.phone_number_id, token };
        // Its statuses come back with the proof's id, which is no message's.
        let callback = code.proof.to_string();
        match &self.form {
            Form::Text(organisation, person, language) => {
                let body = words::code(*language, organisation, person, digits);
                let outgoing = Outgoing {
                    to: &Recipient::Phone(code.phone.clone()),
                    content: &Content::Text { body },
                    reply_to: None,
                    callback: &callback,
                };
                app.graph.send(&line, &outgoing).await
            }
            Form::Template(template) => {
                let to = &code.phone;
                let message = CodeMessage { to, template, code: digits, callback: &callback };
                app.graph.send_code(&line, &message).await
            }
        }
    }

    /// Whether the token has been replaced since it was read.
    pub(super) async fn has_other_token(&self, app: &App) -> bool {
        match app.secrets.changed(&self.secret_name, &self.secret).await {
            Ok(changed) => changed.is_some(),
            Err(error) => {
                let error = telemetry::chain(&error);
                tracing::warn!(channel.id = %self.channel.id, error, "no token was read");
                false
            }
        }
    }
}

/// The number to which the person wrote within a day.
async fn open_channel(
    app: &App,
    tenant: &TenantStore,
    code: &PhoneCode,
) -> Result<Option<Channel>> {
    for phone in [Some(code.phone.clone()), code.phone.variant()].into_iter().flatten() {
        if let Some(channel) = open_channel_of(app, tenant, &phone).await? {
            return Ok(Some(channel));
        }
    }
    Ok(None)
}

async fn open_channel_of(
    app: &App,
    tenant: &TenantStore,
    phone: &Phone,
) -> Result<Option<Channel>> {
    let Some(contact) = tenant.contact_of(phone.digits()).await? else { return Ok(None) };
    let Some(contact) = tenant.contact(contact).await? else { return Ok(None) };
    for conversation in contact.conversations.values() {
        let head = tenant.conversation(*conversation).await?;
        let Some(head) = head.filter(|head| head.window_is_open(app.clock.now())) else { continue };
        if let Some(channel) = tenant.channel(head.channel).await?.filter(is_connected) {
            return Ok(Some(channel));
        }
    }
    Ok(None)
}

fn is_connected(channel: &Channel) -> bool {
    channel.status == ChannelStatus::Connected
}
