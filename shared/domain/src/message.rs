//! One message of a conversation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::content::{Content, ProviderError};
use crate::delivery::Delivery;
use crate::id::{ConversationId, MessageId, UserId};

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    Contact,
    /// The product answering by itself, under the bot generation it read.
    Bot {
        generation: u64,
    },
    /// A person of the organisation.
    User {
        id: UserId,
    },
    /// The product telling a member something (not a reply; takeovers do not stop it).
    Notice,
    /// The business's own phone app.
    PhoneApp,
}

/// A stored message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub direction: Direction,
    pub author: Author,
    pub content: Content,
    /// Place in the conversation: dense, from 1, in acceptance order.
    pub seq: u64,
    /// When it happened: the provider's time for inbound, ours for outbound.
    pub at: Timestamp,
    pub delivery: Delivery,
    /// First time each state was reported, by its name.
    #[serde(default)]
    pub reported_at: BTreeMap<String, Timestamp>,
    /// The provider's id (`wamid`), once known.
    #[serde(default)]
    pub provider_id: Option<String>,
    /// The provider's id of the message this one quotes.
    #[serde(default)]
    pub reply_to: Option<String>,
    #[serde(default)]
    pub errors: Vec<ProviderError>,
    /// Latest reaction of the other side.
    #[serde(default)]
    pub reaction: Option<String>,
    /// When its sender took it back; the content stays under the retention policy, hidden.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
    #[serde(default)]
    pub edited_at: Option<Timestamp>,
    /// How many times it was handed to the provider.
    #[serde(default)]
    pub attempts: u32,
    /// While `sending`: when the claim lapses; while `unknown`: when the answer was lost.
    #[serde(default)]
    pub claim_until: Option<Timestamp>,
}
