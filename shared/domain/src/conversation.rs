//! The head of a conversation: who, how it stands, and who answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::delivery::Delivery;
use crate::error::{Error, Result};
use crate::id::{ChannelId, ContactId, ConversationId, CostId, MessageId, ProjectId, UserId};
use crate::locale::Language;
use crate::message::{Author, Message};

/// For so long a fresh takeover stands against another agent's.
const TAKEOVER_HOLD: SignedDuration = SignedDuration::from_secs(30);

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

/// What is left to do about a message after a takeover.
#[derive(Debug, Clone, PartialEq)]
pub enum Withdrawal {
    /// It is not an answer of the bot from before, or it has come to rest.
    Nothing,
    /// It waits in a queue: to be written like this.
    Cancel(Box<Message>),
    /// A sender has it in hand: to be looked at again.
    Wait,
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
        self.last_inbound_at.and_then(|at| at.checked_add(SignedDuration::from_hours(24)).ok())
    }

    /// Whether a free-form message may leave at `now`, with 30 s in hand for the way.
    pub fn window_is_open(&self, now: Timestamp) -> bool {
        self.window_closes_at().is_some_and(|closes| {
            now.checked_add(SignedDuration::from_secs(30)).is_ok_and(|now| now < closes)
        })
    }

    /// Counts a message that is written with this head.
    pub fn count(&mut self, message: &Message) {
        self.message_count = message.seq;
        self.last_message_at = self.last_message_at.max(message.at);
        self.last_message = message.content.preview();
    }

    /// The head after an agent's takeover; `None` when it is theirs already.
    ///
    /// Refused while another agent's takeover is less than 30 s old, unless forced, and when the
    /// conversation is resolved.
    pub fn take_over(&self, by: UserId, force: bool, now: Timestamp) -> Result<Option<Self>> {
        if self.status == ConversationStatus::Resolved {
            return Err(resolved());
        }
        let in_hands = self.status == ConversationStatus::Open && self.bot == BotState::Paused;
        if in_hands && self.assignee == Some(by) {
            return Ok(None);
        }
        let is_fresh = self.assigned_at.is_some_and(|at| now.duration_since(at) < TAKEOVER_HOLD);
        if in_hands && self.assignee.is_some() && is_fresh && !force {
            let detail = "another agent took this conversation over less than 30 seconds ago";
            return Err(Error::refused("taken_by_another", detail));
        }
        Ok(Some(self.in_hands_of(by, now)))
    }

    /// The head after it is given back to the bot; `None` when the bot has it already.
    pub fn release(&self, now: Timestamp) -> Result<Option<Self>> {
        if self.status == ConversationStatus::Resolved {
            return Err(resolved());
        }
        if self.is_bot_active() {
            return Ok(None);
        }
        Ok(Some(Self {
            status: ConversationStatus::Pending,
            bot: BotState::Active,
            generation: self.generation + 1,
            assignee: None,
            assigned_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        }))
    }

    /// An agent's answer: the head after it, and the message, queued.
    ///
    /// It takes the conversation over from the bot, and from nobody if nobody has it. Refused
    /// (`window_closed`) when the contact last wrote 24 h ago or more.
    pub fn reply(
        &self,
        by: UserId,
        id: MessageId,
        body: &str,
        now: Timestamp,
    ) -> Result<(Self, Message)> {
        if !self.window_is_open(now) {
            let detail = "the contact last wrote more than 24 hours ago: only a template may leave";
            return Err(Error::refused("window_closed", detail));
        }
        let mut head = if self.bot == BotState::Active || self.assignee.is_none() {
            self.in_hands_of(by, now)
        } else {
            Self { status: ConversationStatus::Open, version: self.version + 1, ..self.clone() }
        };
        let content = Content::Text { body: body.to_owned() };
        let message = Message::outbound(id, self, Author::User { id: by }, content, now);
        head.count(&message);
        head.unread = 0;
        Ok((head, message))
    }

    /// What to do about a message so that no answer of an earlier bot generation leaves.
    pub fn withdraw(&self, message: &Message, now: Timestamp) -> Withdrawal {
        let Author::Bot { generation } = message.author else { return Withdrawal::Nothing };
        if generation >= self.generation {
            return Withdrawal::Nothing;
        }
        match message.delivery {
            Delivery::Queued => Withdrawal::Cancel(Box::new(Message {
                delivery: Delivery::Cancelled,
                version: message.version + 1,
                ..message.clone()
            })),
            Delivery::Sending if message.claim_until.is_some_and(|until| now < until) => {
                Withdrawal::Wait
            }
            // A lapsed claim is taken up again by a sender, who finds the bot's generation gone.
            Delivery::Sending
            | Delivery::Received
            | Delivery::Unknown
            | Delivery::Accepted
            | Delivery::Sent
            | Delivery::Delivered
            | Delivery::Read
            | Delivery::Played
            | Delivery::Failed
            | Delivery::Cancelled => Withdrawal::Nothing,
        }
    }

    /// The head when a person has it: no answer the bot has ready may leave any more.
    fn in_hands_of(&self, user: UserId, now: Timestamp) -> Self {
        Self {
            status: ConversationStatus::Open,
            bot: BotState::Paused,
            generation: self.generation + 1,
            assignee: Some(user),
            assigned_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        }
    }
}

fn resolved() -> Error {
    Error::refused("conversation_resolved", "the conversation is resolved")
}

#[cfg(test)]
mod tests;
