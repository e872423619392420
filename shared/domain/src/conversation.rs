//! The head of a conversation: who, how it stands, and who answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ChannelId, ContactId, ConversationId, CostId, ProjectId, UserId};
use crate::locale::Language;

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// The bot owns it.
    Pending,
    /// People own it.
    Open,
    Resolved,
}

/// Whether the bot answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BotState {
    Active,
    Paused,
}

/// What the bot waits for from this contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Awaiting {
    /// A corrected amount for a proposed cost.
    CostAmount { project: ProjectId, cost: CostId },
    /// Which project the quoted text belongs to.
    Project { text: String },
}

/// The head of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    pub contact: ContactId,
    /// The contact's name at its last message.
    pub contact_name: String,
    pub channel: ChannelId,
    pub status: ConversationStatus,
    pub bot: BotState,
    /// Raised by every takeover and release; a bot answer leaves only under the generation it read.
    pub generation: u64,
    pub assignee: Option<UserId>,
    /// When the assignee last changed.
    #[serde(default)]
    pub assigned_at: Option<Timestamp>,
    pub language: Language,
    /// The project this contact's messages go to, once known.
    pub project: Option<ProjectId>,
    pub awaiting: Option<Awaiting>,
    /// Messages so far: the `seq` of the last one.
    pub message_count: u64,
    /// Inbound messages since a person last read or answered.
    pub unread: u64,
    pub last_message_at: Timestamp,
    /// First words of the last message, at most 80 characters.
    pub last_message: String,
    /// When the contact last wrote: free-form answers may leave for 24 hours after it.
    pub last_inbound_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Raised by every change; guards the next.
    pub version: u64,
}

impl Conversation {
    /// Whether the product answers by itself.
    pub fn is_bot_active(&self) -> bool {
        self.bot == BotState::Active && self.status == ConversationStatus::Pending
    }

    /// When the customer-service window closes: 24 h after the last inbound message.
    pub fn window_closes_at(&self) -> Option<Timestamp> {
        self.last_inbound_at
            .and_then(|at| at.checked_add(jiff::SignedDuration::from_hours(24)).ok())
    }

    /// Whether a free-form message may leave at `now`, with 30 s in hand for the way.
    pub fn window_is_open(&self, now: Timestamp) -> bool {
        self.window_closes_at().is_some_and(|closes| {
            now.checked_add(jiff::SignedDuration::from_secs(30)).is_ok_and(|now| now < closes)
        })
    }
}
