//! Messages about earlier messages: reactions, edits, revocations, changes of identity.

use domain::content::Content;
use domain::delivery::Delivery;
use domain::message::{Direction, Message};
use domain::{ConversationId, MessageId};
use store::{TenantStore, inbound_message_id};

use super::Incoming;
use crate::event::Fault;
use crate::write::{Draft, Earlier};

/// What an incoming message is about.
pub(super) enum Target {
    /// A reaction to a message, by the provider's id.
    Reaction {
        of: String,
        emoji: Option<String>,
    },
    Edit {
        of: String,
        content: Content,
    },
    Revocation {
        of: String,
    },
}

/// The earlier message that an incoming one changes, if it does.
pub(super) fn target(incoming: &Incoming<'_>) -> Option<Target> {
    let content = &incoming.message.content;
    if let Content::Reaction { target, emoji } = content {
        return Some(Target::Reaction { of: target.clone(), emoji: emoji.clone() });
    }
    if let Content::Edit { original, content } = content {
        return Some(Target::Edit { of: original.clone(), content: content.as_ref().clone() });
    }
    if let Content::Revoke { original } = content {
        return Some(Target::Revocation { of: original.clone() });
    }
    None
}

/// Drafts the change of the earlier message, or a placeholder for one that has not come yet.
pub(super) async fn apply(
    tenant: &TenantStore,
    draft: &mut Draft,
    incoming: &Incoming<'_>,
    target: Target,
) -> Result<(), Fault> {
    let at = draft.message.at;
    let of = match &target {
        Target::Reaction { of, .. } | Target::Edit { of, .. } | Target::Revocation { of } => of,
    };
    let conversation = draft.head.conversation.id;
    let Some(mut earlier) = find(tenant, incoming, conversation, of).await? else {
        draft.earlier = placeholder(draft, incoming, target).map(Earlier::Placeholder);
        return Ok(());
    };
    let old = earlier.version;
    earlier.version += 1;
    let theirs = earlier.direction == Direction::Inbound;
    match target {
        Target::Reaction { emoji, .. } => earlier.reaction = emoji,
        // Only what the sender wrote is the sender's to change.
        Target::Edit { content, .. } if theirs && earlier.revoked_at.is_none() => {
            earlier.content = content;
            earlier.edited_at = Some(at);
        }
        Target::Revocation { .. } if theirs => earlier.revoked_at = Some(at),
        Target::Edit { .. } | Target::Revocation { .. } => return Ok(()),
    }
    draft.earlier = Some(Earlier::Changed(earlier, old));
    Ok(())
}

/// Takes over what an edit or a revocation left before the message itself came.
pub(super) fn fill(draft: &mut Draft, placeholder: Message) {
    let message = &mut draft.message;
    if placeholder.edited_at.is_some() {
        message.content = placeholder.content;
    }
    message.edited_at = placeholder.edited_at;
    message.revoked_at = placeholder.revoked_at;
    message.seq = placeholder.seq;
    message.version = placeholder.version + 1;
    draft.fills = Some(placeholder.version);
}

/// An inbound message by the hash of its id, an outbound one by what the provider calls it.
async fn find(
    tenant: &TenantStore,
    incoming: &Incoming<'_>,
    conversation: ConversationId,
    provider_id: &str,
) -> Result<Option<Message>, Fault> {
    if let Some(message) = tenant.message(conversation, inbound_id(incoming, provider_id)).await? {
        return Ok(Some(message));
    }
    match tenant.message_of_provider(provider_id).await? {
        Some((conversation, message)) => Ok(tenant.message(conversation, message).await?),
        None => Ok(None),
    }
}

fn inbound_id(incoming: &Incoming<'_>, provider_id: &str) -> MessageId {
    let number = incoming
        .message
        .phone_number_id
        .as_deref()
        .or(incoming.arrived.envelope.phone_number_id.as_deref())
        .unwrap_or_default();
    inbound_message_id(number, provider_id)
}

/// Keeps the place of a message whose edit or revocation came first. A reaction to what we have
/// never seen is only stored as itself.
fn placeholder(draft: &Draft, incoming: &Incoming<'_>, target: Target) -> Option<Message> {
    let of = match &target {
        Target::Edit { of, .. } | Target::Revocation { of } => of.clone(),
        Target::Reaction { .. } => return None,
    };
    let mut message = draft.message.clone();
    message.id = inbound_id(incoming, &of);
    message.provider_id = Some(of);
    message.seq += 1;
    message.delivery = Delivery::Received;
    message.placeholder = true;
    message.ordinal = None;
    match target {
        Target::Edit { content, .. } => {
            message.content = content;
            message.edited_at = Some(draft.message.at);
        }
        Target::Revocation { .. } | Target::Reaction { .. } => {
            message.content = Content::Unknown { kind: "revoked".to_owned() };
            message.revoked_at = Some(draft.message.at);
        }
    }
    Some(message)
}
