//! A conversation as answers show it.

use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::{ChannelId, ContactId, ConversationId, Language, ProjectId, UserId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The head of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationAnswer {
    #[schema(value_type = String, example = "cnv_01jv8z0c9q0000000000000000")]
    id: ConversationId,
    #[schema(value_type = String, example = "cnt_01jv8z0c9q0000000000000000")]
    contact_id: ContactId,
    #[schema(example = "Yusuf Karim")]
    contact_name: String,
    #[schema(value_type = String, example = "chn_01jv8z0c9q0000000000000000")]
    channel_id: ChannelId,
    /// `pending`: the bot has it; `open`: people have it; `resolved`.
    #[schema(value_type = String, example = "pending")]
    status: ConversationStatus,
    /// Whether the product answers by itself.
    #[schema(example = true)]
    is_bot_active: bool,
    #[schema(value_type = String, example = "active")]
    bot_state: BotState,
    #[schema(value_type = Option<String>, example = "usr_01jv8z0c9q0000000000000000")]
    assignee_id: Option<UserId>,
    #[schema(value_type = Option<String>, example = "2026-03-01T08:00:00Z")]
    assigned_at: Option<Timestamp>,
    #[schema(value_type = String, example = "en")]
    language: Language,
    #[schema(value_type = Option<String>, example = "prj_01jv8z0c9q0000000000000000")]
    project_id: Option<ProjectId>,
    message_count: u64,
    unread_count: u64,
    /// First words of the last message.
    #[schema(example = "Please add a task: fix the waterproofing")]
    last_message: String,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    last_message_at: Timestamp,
    window: Window,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    version: u64,
}

/// WhatsApp's customer-service window: free-form messages may leave while it is open.
#[derive(Debug, Serialize, ToSchema)]
struct Window {
    #[schema(example = true)]
    is_open: bool,
    /// 24 hours after the contact last wrote.
    #[schema(value_type = Option<String>, example = "2026-03-02T08:00:00Z")]
    expires_at: Option<Timestamp>,
}

impl ConversationAnswer {
    pub(crate) fn of(head: Conversation, now: Timestamp) -> Self {
        Self {
            id: head.id,
            contact_id: head.contact,
            channel_id: head.channel,
            status: head.status,
            is_bot_active: head.is_bot_active(),
            bot_state: head.bot,
            assignee_id: head.assignee,
            assigned_at: head.assigned_at,
            language: head.language,
            project_id: head.project,
            message_count: head.message_count,
            unread_count: head.unread,
            last_message_at: head.last_message_at,
            window: Window {
                is_open: head.window_is_open(now),
                expires_at: head.window_closes_at(),
            },
            created_at: head.created_at,
            version: head.version,
            contact_name: head.contact_name,
            last_message: head.last_message,
        }
    }
}
