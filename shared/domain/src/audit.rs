//! Who did what, to what, by which way: entries of the audit log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Ids;
use crate::id::{AuditId, ContactId, KeyId, UserId};

/// One thing that was done. Never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: Actor,
    /// Kind and verb, as in `user.role_changed`, `task.created`.
    pub action: String,
    /// The identifier of what it was done to.
    pub target: String,
    pub via: Via,
    /// The caller's network: /24 of IPv4, /48 of IPv6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_prefix: Option<String>,
    /// Correlation id of the request or message that caused it.
    pub trace: String,
    /// SHA-256 of the record before, in lower-case hexadecimal; never the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The same of the record after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    User {
        id: UserId,
    },
    /// An API key, on behalf of the user who made it.
    Key {
        id: KeyId,
        user: UserId,
    },
    /// A person in the chat; `user` is whom the number is linked to.
    Contact {
        id: ContactId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
    },
    /// Nobody who is signed in: a sign-up, an invitation taken, a password reset.
    Anonymous,
    /// The product by itself.
    System,
}

impl Actor {
    /// Whether an identifier names this actor: the user, the key or the contact.
    pub fn is(&self, id: &str) -> bool {
        match self {
            Self::User { id: user } => user.to_string() == id,
            Self::Key { id: key, user } => key.to_string() == id || user.to_string() == id,
            Self::Contact { id: contact, user } => {
                contact.to_string() == id || user.is_some_and(|user| user.to_string() == id)
            }
            Self::Anonymous | Self::System => false,
        }
    }
}

/// By which way it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Api,
    Chat,
    Schedule,
    /// By whoever set the system up.
    Setup,
}

/// What all entries of one request have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    pub actor: Actor,
    pub via: Via,
    pub ip_prefix: Option<String>,
    pub trace: String,
}

impl Trail {
    /// An entry for something done at `at`. Hashes are added by the store, which has the records.
    #[expect(clippy::needless_pass_by_value, reason = "identifiers are small and copied")]
    pub fn entry(
        &self,
        ids: &dyn Ids,
        at: Timestamp,
        action: &str,
        target: impl ToString,
    ) -> AuditEntry {
        AuditEntry {
            id: AuditId::mint(ids, at),
            at,
            actor: self.actor.clone(),
            action: action.to_owned(),
            target: target.to_string(),
            via: self.via,
            ip_prefix: self.ip_prefix.clone(),
            trace: self.trace.clone(),
            before: None,
            after: None,
        }
    }
}
