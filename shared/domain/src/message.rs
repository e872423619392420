//! One message of a conversation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::content::{Content, ProviderError};
use crate::conversation::Conversation;
use crate::delivery::{Delivery, ReportEvent};
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
    /// Inbound: the queue's sequence number, which orders the messages of a contact.
    #[serde(default)]
    pub ordinal: Option<String>,
    /// What the product did because of this message.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// An edit or a revocation came first: the message's own event is still on its way.
    #[serde(default)]
    pub placeholder: bool,
    /// Raised by every change; guards the next.
    pub version: u64,
}

/// Something the product did, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// As in `task_created`, `cost_proposed`, `insight_raised`.
    pub kind: String,
    /// The identifier of the record it is about.
    pub id: String,
}

impl Message {
    /// The next message of ours in a conversation, queued. It stands behind what is there already,
    /// whatever the clocks say.
    pub fn outbound(
        id: MessageId,
        head: &Conversation,
        author: Author,
        content: Content,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            conversation: head.id,
            direction: Direction::Outbound,
            author,
            content,
            seq: head.message_count + 1,
            at: now.max(head.last_message_at),
            delivery: Delivery::Queued,
            reported_at: BTreeMap::new(),
            provider_id: None,
            reply_to: None,
            errors: Vec::new(),
            reaction: None,
            revoked_at: None,
            edited_at: None,
            attempts: 0,
            claim_until: None,
            ordinal: None,
            effects: Vec::new(),
            placeholder: false,
            version: 1,
        }
    }

    /// Takes a provider's report in. Returns whether anything changed; if so the version has risen.
    ///
    /// The state only goes up its lattice, and the first time of each report is kept, so reports
    /// may come in any order and any number of times.
    pub fn take_report(&mut self, event: &ReportEvent) -> bool {
        if self.direction == Direction::Inbound {
            return false;
        }
        let mut changed = false;
        if let Some(after) = self.delivery.after(event.report) {
            self.delivery = after;
            self.claim_until = None;
            changed = true;
        }
        let name = event.report.name();
        if !self.reported_at.contains_key(name) {
            self.reported_at.insert(name.to_owned(), event.at);
            self.errors.extend(event.errors.iter().cloned());
            changed = true;
        }
        if changed {
            self.version += 1;
        }
        changed
    }
}
