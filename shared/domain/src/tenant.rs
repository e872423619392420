//! The organisation, its users and its WhatsApp numbers.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::id::{ChannelId, TenantId, UserId};
use crate::locale::Language;
use crate::money::Currency;
use crate::phone::Phone;
use crate::role::TenantRole;
use crate::settings::Settings;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    /// The language used when a contact's is not known.
    pub language: Language,
    /// IANA name, as in `Asia/Dubai`.
    pub time_zone: String,
    /// The currency of amounts that name none.
    pub currency: Currency,
    #[serde(default)]
    pub settings: Settings,
    pub created_at: Timestamp,
    /// Raised by every change; guards the next.
    #[serde(default = "first_version")]
    pub version: u64,
}

/// Of records from before they had versions.
const fn first_version() -> u64 {
    1
}

/// Whether a user may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Has yet to prove that the e-mail address is theirs.
    Invited,
    Active,
    /// Kept out for a while.
    Suspended,
    /// Has left.
    Deactivated,
}

impl UserStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Suspended, Self::Deactivated];

    /// The word used on the wire and in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
        }
    }
}

/// A person of the organisation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub role: TenantRole,
    pub status: UserStatus,
    pub language: Language,
    /// The number this person writes from, once it is linked.
    pub phone: Option<Phone>,
    /// A PHC string (argon2id), or a bcrypt hash of an older system. Never leaves the store but to
    /// be compared.
    pub password_hash: String,
    /// Raised by role, password and status changes; tokens that carry an older one are refused.
    pub permission_version: u64,
    pub created_at: Timestamp,
    /// Raised by every change; guards the next.
    #[serde(default = "first_version")]
    pub version: u64,
}

/// Ids and standing only: a log line must carry neither a password's hash nor a person's name.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("status", &self.status)
            .field("permission_version", &self.permission_version)
            .finish_non_exhaustive()
    }
}

/// A WhatsApp business number of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    /// Meta's id of the number: how webhooks are routed.
    pub phone_number_id: String,
    pub display_phone: String,
    pub status: ChannelStatus,
    #[serde(default)]
    pub profile: NumberProfile,
    pub created_at: Timestamp,
    /// Raised by every change of a person; guards the next.
    #[serde(default = "first_version")]
    pub version: u64,
}

/// What Meta said of a number when it was last asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberProfile {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_name: Option<String>,
    /// As Meta words it: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_changed_at: Option<Timestamp>,
}

/// Whether messages may leave through a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelStatus {
    Connected,
    /// Meta refused the token or the account; an operator must act.
    Disconnected,
    /// The organisation took it off: its history stays, nothing leaves or comes in any more.
    Removed,
}

impl ChannelStatus {
    /// The word used on the wire and in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Removed => "removed",
        }
    }
}
