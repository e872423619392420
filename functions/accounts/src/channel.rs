//! A WhatsApp number of the organisation, as answers show one, and what Meta says of it.

use aws_clients::SecretText;
use domain::tenant::{Channel, ChannelStatus, NumberProfile};
use domain::{ChannelId, Error};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use web::{Fields, Problem};
use whatsapp::graph::{Line, Number};
use whatsapp::{AccessToken, SendError};

use crate::App;

/// A number. Its token is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelAnswer {
    #[schema(value_type = String, example = "chn_01jv8z0c9q0000000000000000")]
    id: ChannelId,
    /// Meta's id of the number.
    #[schema(example = "106540352242922")]
    phone_number_id: String,
    #[schema(example = "+971 4 555 0100")]
    display_phone: String,
    /// The name people see.
    #[schema(example = "Gulf Build")]
    verified_name: Option<String>,
    /// As Meta words it.
    #[schema(example = "GREEN")]
    quality: Option<String>,
    /// `connected`; `disconnected` while Meta refuses it; `removed` by the organisation.
    #[schema(value_type = String, example = "connected")]
    status: ChannelStatus,
    /// When Meta was last asked.
    #[schema(value_type = Option<String>, example = "2026-03-01T08:00:00Z")]
    checked_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, example = "2026-03-01T08:00:00Z")]
    token_changed_at: Option<Timestamp>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    #[schema(example = 1)]
    version: u64,
}

impl From<Channel> for ChannelAnswer {
    fn from(channel: Channel) -> Self {
        Self {
            id: channel.id,
            phone_number_id: channel.phone_number_id,
            display_phone: channel.display_phone,
            verified_name: channel.profile.verified_name,
            quality: channel.profile.quality,
            status: channel.status,
            checked_at: channel.profile.checked_at,
            token_changed_at: channel.profile.token_changed_at,
            created_at: channel.created_at,
            version: channel.version,
        }
    }
}

/// A channel's secret.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ChannelSecret {
    pub(crate) access_token: AccessToken,
}

/// A token as a body gives it. Never printed.
pub(crate) struct NewToken(SecretText);

impl NewToken {
    /// Reads the member `access_token`.
    pub(crate) fn read(fields: &mut Fields) -> Option<Self> {
        let text = fields.text("access_token", 10..=1_000)?;
        if text.bytes().all(|b| b.is_ascii_graphic()) {
            return Some(Self(SecretText::new(text)));
        }
        fields.fault("access_token", "wrong_form", "a token is visible ASCII characters");
        None
    }

    pub(crate) fn for_meta(&self) -> AccessToken {
        AccessToken::new(self.0.expose())
    }

    /// As it stands in Secrets Manager.
    pub(crate) fn secret(&self) -> SecretText {
        SecretText::new(json!({ "access_token": self.0.expose() }).to_string())
    }
}

/// What Meta says of a number, asked with a token.
pub(crate) enum Checked {
    Known(Number),
    /// The token may not use the number, or there is no such number.
    Refused(SendError),
}

/// Asks Meta. Not to be reached is an error that passes.
pub(crate) async fn check(
    app: &App,
    phone_number_id: &str,
    token: &AccessToken,
) -> Result<Checked, Error> {
    match app.tools.graph.number(&Line { phone_number_id, token }).await {
        Ok(number) => Ok(Checked::Known(number)),
        Err(error @ (SendError::Retry { .. } | SendError::Ambiguous(_))) => {
            Err(Error::unavailable(error))
        }
        Err(
            error @ (SendError::Invalid(_)
            | SendError::ChannelDown(_)
            | SendError::WindowClosed(_)
            | SendError::Recipient(_)
            | SendError::Fix(_)),
        ) => Ok(Checked::Refused(error)),
    }
}

/// The same, where a refusal is the caller's mistake.
pub(crate) async fn require(
    app: &App,
    phone_number_id: &str,
    token: &NewToken,
) -> Result<Number, Problem> {
    match check(app, phone_number_id, &token.for_meta()).await? {
        Checked::Known(number) => Ok(number),
        Checked::Refused(error) => {
            let message = "Meta does not let this token use the number";
            let fault = Error::field("/access_token", "refused_by_meta", message);
            Err(Problem::from(fault).caused_by(&error))
        }
    }
}

/// A channel of which Meta said this at `now`.
pub(crate) fn described(channel: &Channel, number: Number, now: Timestamp) -> Channel {
    Channel {
        display_phone: number.display_phone,
        status: ChannelStatus::Connected,
        profile: NumberProfile {
            verified_name: number.verified_name,
            quality: number.quality,
            checked_at: Some(now),
            ..channel.profile.clone()
        },
        ..channel.clone()
    }
}

/// A channel that is still in use.
pub(crate) fn in_use(channel: Option<Channel>) -> Result<Channel, Error> {
    let channel = channel.ok_or(Error::NotFound)?;
    if channel.status == ChannelStatus::Removed {
        return Err(Error::refused("channel_removed", "the number was disconnected"));
    }
    Ok(channel)
}
