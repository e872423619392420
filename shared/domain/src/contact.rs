//! People on the other end of a channel and how they are recognised.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ChannelId, ContactId, ConversationId, UserId};
use crate::phone::Phone;

/// A business-scoped user id as Meta mints it: two capital letters, `.`, up to 128 alphanumerics;
/// or the parent form with `ENT.` between. Kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bsuid(String);

impl Bsuid {
    pub fn parse(text: &str) -> Option<Self> {
        let (country, rest) = text.split_once('.')?;
        let rest = rest.strip_prefix("ENT.").unwrap_or(rest);
        let valid = country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=128).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        valid.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Bsuid {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected a business-scoped user id")
    }
}

impl From<Bsuid> for String {
    fn from(id: Bsuid) -> Self {
        id.0
    }
}

/// How an event names its sender. At least one of the two is set on every message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bsuid: Option<Bsuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The profile name; the person chooses it, so it is data, never identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Sender {
    /// The strongest identifier, as text: the BSUID, else the phone's digits. The queue group and
    /// the first lookup use it.
    pub fn identity(&self) -> Option<String> {
        match (&self.bsuid, &self.phone) {
            (Some(bsuid), _) => Some(bsuid.as_str().to_owned()),
            (None, Some(phone)) => Some(phone.digits().to_owned()),
            (None, None) => None,
        }
    }
}

/// A person who has written to, or been written by, the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub name: String,
    pub phone: Option<Phone>,
    pub bsuid: Option<Bsuid>,
    /// The user this contact is, when its phone is linked to one.
    pub user: Option<UserId>,
    /// The conversation with this contact on each channel.
    #[serde(default)]
    pub conversations: BTreeMap<String, ConversationId>,
    pub created_at: Timestamp,
    /// Raised by every change; guards the next.
    pub version: u64,
}

impl Contact {
    /// The conversation on `channel`, once there is one.
    pub fn conversation_on(&self, channel: ChannelId) -> Option<ConversationId> {
        self.conversations.get(&channel.to_string()).copied()
    }
}
