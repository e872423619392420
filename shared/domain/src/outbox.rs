//! Side effects that wait: written with the fact that causes them, handed to a queue after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, InsightId, MessageId, OutboxId, ProjectId, TenantId, UserId};

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
}
