//! A message as answers show it.

use std::collections::BTreeMap;

use domain::content::{Content, ProviderError};
use domain::delivery::Delivery;
use domain::message::{Author, Direction, Message};
use domain::{ConversationId, MessageId, UserId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One message. What its sender took back is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageAnswer {
    #[schema(value_type = String, example = "msg_01jv8z0c9q0000000000000000")]
    id: MessageId,
    #[schema(value_type = String, example = "cnv_01jv8z0c9q0000000000000000")]
    conversation_id: ConversationId,
    #[schema(value_type = String, example = "inbound")]
    direction: Direction,
    /// `contact`, `bot`, `user`, `notice` or `phone_app`.
    #[schema(example = "contact")]
    author: &'static str,
    /// Which user, when `author` is `user`.
    #[schema(value_type = Option<String>)]
    author_id: Option<UserId>,
    /// As in `text`, `image`, `location`, `choice`.
    #[schema(example = "text")]
    message_type: &'static str,
    /// The words in it; empty for what has none.
    #[schema(example = "please add a task: fix the waterproofing on roof block C before thursday")]
    content: String,
    /// All of it, tagged by `type`.
    #[schema(value_type = Option<Object>, example = json!({"type": "text", "body": "please add a task"}))]
    body: Option<Content>,
    /// How far it has come: `received` for inbound ones; `queued`, `sending`, `unknown`,
    /// `accepted`, `sent`, `delivered`, `read`, `played`, `failed` or `cancelled`.
    #[schema(value_type = String, example = "received")]
    status: Delivery,
    /// When each state was first reported.
    #[schema(value_type = Object, example = json!({"delivered": "2026-03-01T08:00:02Z"}))]
    status_at: BTreeMap<String, Timestamp>,
    /// What the provider said when it failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    errors: Vec<ProviderError>,
    /// Place in the conversation, from 1.
    seq: u64,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    at: Timestamp,
    /// The provider's id, once known.
    #[schema(example = "wamid.HBgMOTcxNTAxMjM0NTY3FQIAEhg")]
    provider_id: Option<String>,
    /// The provider's id of the message this one quotes.
    reply_to: Option<String>,
    reaction: Option<String>,
    #[schema(value_type = Option<String>)]
    edited_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    revoked_at: Option<Timestamp>,
}

impl From<Message> for MessageAnswer {
    fn from(message: Message) -> Self {
        let (author, author_id) = match message.author {
            Author::Contact => ("contact", None),
            Author::Bot { .. } => ("bot", None),
            Author::User { id } => ("user", Some(id)),
            Author::Notice => ("notice", None),
            Author::PhoneApp => ("phone_app", None),
        };
        let message_type = message.content.kind();
        let (content, body) = if message.revoked_at.is_some() {
            (String::new(), None)
        } else {
            (message.content.text().to_owned(), Some(message.content))
        };
        Self {
            id: message.id,
            conversation_id: message.conversation,
            direction: message.direction,
            author,
            author_id,
            message_type,
            content,
            body,
            status: message.delivery,
            status_at: message.reported_at,
            errors: message.errors,
            seq: message.seq,
            at: message.at,
            provider_id: message.provider_id,
            reply_to: message.reply_to,
            reaction: message.reaction,
            edited_at: message.edited_at,
            revoked_at: message.revoked_at,
        }
    }
}
