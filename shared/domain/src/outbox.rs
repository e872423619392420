//! Side effects that wait: written with the fact that causes them, handed to a queue after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{
    ConversationId, InsightId, KeyId, MessageId, OutboxId, ProjectId, ProofId, SessionId, TenantId,
    UserId,
};

/// A side effect on its way out. Ids only: whoever carries it out reads the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    pub id: OutboxId,
    pub tenant: TenantId,
    /// Not before this instant.
    pub due_at: Timestamp,
    pub effect: OutboundEffect,
    /// Correlation id of the request that caused it.
    pub trace: String,
}

/// What the sender is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutboundEffect {
    /// Send a stored message; first mark `read` (a provider message id) as read, if any.
    Message {
        conversation: ConversationId,
        message: MessageId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        read: Option<String>,
    },
    /// Tell a member of an insight, in their own conversation.
    NotifyInsight { user: UserId, project: ProjectId, insight: InsightId },
    /// Write to a user by e-mail.
    Mail { user: UserId, letter: Letter },
    /// Send the code of a proof to the number that a user says is theirs.
    PhoneCode { user: UserId, proof: ProofId },
}

/// What an e-mail is about. Its words and links are made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    /// A link that proves that the address is read.
    VerifyEmail { proof: ProofId },
    /// A link into the organisation.
    Invitation { proof: ProofId },
    /// A link to set a new password.
    PasswordReset { proof: ProofId },
    /// Told after the fact, so that a stranger's doing is noticed.
    PasswordChanged,
    /// A used refresh token came again: somebody may have stolen it. The session was ended.
    SessionRevoked { session: SessionId },
    /// A second factor was switched on or off, or its recovery codes were made anew.
    SecondFactorChanged,
    /// The key should be changed, or was, or is about to end. Never the key itself.
    KeyReminder { key: KeyId },
}
