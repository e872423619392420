//! A person's message: stored once, understood, acted on.

use std::time::Duration;

use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::delivery::Delivery;
use domain::message::{Author, Direction, Message};
use domain::{ConversationId, Error, Language, MessageId, UserId};
use jiff::Timestamp;
use store::{Commit, Part, TenantStore, inbound_message_id};
use telemetry::metrics::names::{ACTIVE_CONVERSATIONS, EFFECTS};
use whatsapp::InboundMessage;

use crate::App;
use crate::event::{Arrived, Fault, Taken};
use crate::identity::{self, Known};
use crate::write::{self, Draft};

mod act;
mod later;

/// Attempts to write past others who change the same conversation.
const ATTEMPTS_MAX: u32 = 5;
const FIRST_PAUSE_MS: u64 = 10;

/// A message on its way into the store.
pub(crate) struct Incoming<'a> {
    pub(crate) arrived: &'a Arrived,
    pub(crate) message: InboundMessage,
    pub(crate) id: MessageId,
}

pub(crate) async fn take(app: &App, arrived: &Arrived) -> Result<Taken, Fault> {
    let message = whatsapp::decode_message(&arrived.raw)
        .map_err(|error| Fault::Permanent(telemetry::chain(&error)))?;
    let number = message
        .phone_number_id
        .clone()
        .or_else(|| arrived.envelope.phone_number_id.clone())
        .unwrap_or_default();
    let id = inbound_message_id(&number, &message.provider_id);
    let incoming = Incoming { arrived, message, id };
    let tenant = app.store.for_tenant(&arrived.route.scope());
    for attempt in 0..ATTEMPTS_MAX {
        if attempt > 0 {
            pause(app, attempt).await;
        }
        if let Some(taken) = Box::pin(attempt_once(app, &tenant, &incoming)).await? {
            return Ok(taken);
        }
        tracing::debug!(message.id = %id, attempt, "somebody was faster: once more");
    }
    Err(Error::Conflict.into())
}

/// One try; `None` when somebody else changed what it was based on.
async fn attempt_once(
    app: &App,
    tenant: &TenantStore,
    incoming: &Incoming<'_>,
) -> Result<Option<Taken>, Fault> {
    let now = app.clock.now();
    let sender = &incoming.message.sender;
    let known = identity::recognise(app, tenant, sender, now).await?;
    let head = head(app, tenant, incoming, &known, now).await?;
    let mut draft = Draft::new(incoming, known, head, now);
    if let Some(target) = later::target(incoming) {
        // A change of an earlier message: its effects are on that message alone.
        later::apply(tenant, &mut draft, incoming, target).await?;
    } else {
        act::on(app, tenant, &mut draft, incoming).await?;
    }
    let effects: Vec<String> = draft.plan.effects.iter().map(|e| e.kind.clone()).collect();
    let conversation = draft.head.conversation.id;
    let begins_day = draft.begins_day();
    match write::commit(app, tenant, draft, incoming).await? {
        Commit::Done => {
            if begins_day {
                app.metrics.count(&ACTIVE_CONVERSATIONS, []);
            }
            for kind in effects {
                app.metrics.count(&EFFECTS, [&kind]);
            }
            tracing::info!(
                tenant.id = %tenant.scope().tenant(),
                conversation.id = %conversation,
                message.id = %incoming.id,
                trace = incoming.arrived.envelope.trace.as_str(),
                kind = incoming.message.content.kind(),
                "message stored"
            );
            Ok(Some(Taken::Stored))
        }
        Commit::Refused(parts) if parts.contains(&Part::Message) => {
            already_there(app, tenant, conversation, incoming).await
        }
        Commit::Refused(_) | Commit::Busy => Ok(None),
    }
}

/// The message's key is taken: it is a duplicate, or its edit or revocation came first.
async fn already_there(
    app: &App,
    tenant: &TenantStore,
    conversation: ConversationId,
    incoming: &Incoming<'_>,
) -> Result<Option<Taken>, Fault> {
    let Some(stored) = tenant.message(conversation, incoming.id).await? else { return Ok(None) };
    if !stored.placeholder {
        return Ok(Some(Taken::Duplicate));
    }
    let now = app.clock.now();
    let known = identity::recognise(app, tenant, &incoming.message.sender, now).await?;
    let head = head(app, tenant, incoming, &known, now).await?;
    let mut draft = Draft::new(incoming, known, head, now);
    later::fill(&mut draft, stored);
    if draft.message.revoked_at.is_none() {
        act::on(app, tenant, &mut draft, incoming).await?;
    }
    match write::commit(app, tenant, draft, incoming).await? {
        Commit::Done => Ok(Some(Taken::Stored)),
        Commit::Refused(_) | Commit::Busy => Ok(None),
    }
}

/// A conversation's head and the version it was read at.
pub(crate) struct Head {
    pub(crate) conversation: Conversation,
    /// `None` for a conversation that begins with this message.
    pub(crate) stored: Option<u64>,
}

async fn head(
    app: &App,
    tenant: &TenantStore,
    incoming: &Incoming<'_>,
    known: &Known,
    now: Timestamp,
) -> Result<Head, Fault> {
    let channel = incoming.arrived.route.channel();
    if let Some(id) = known.contact.conversation_on(channel) {
        let conversation = tenant.conversation(id).await?.ok_or_else(|| {
            Error::internal("a contact leads to a conversation that is not there")
        })?;
        let version = conversation.version;
        return Ok(Head { conversation, stored: Some(version) });
    }
    let language = match known.contact.user {
        Some(user) => language_of(tenant, user).await?,
        None => tenant.tenant().await?.language,
    };
    let conversation = Conversation {
        id: ConversationId::mint(app.ids.as_ref(), now),
        contact: known.contact.id,
        contact_name: known.contact.name.clone(),
        channel,
        status: ConversationStatus::Pending,
        bot: BotState::Active,
        generation: 1,
        assignee: None,
        assigned_at: None,
        language,
        project: None,
        awaiting: None,
        message_count: 0,
        unread: 0,
        last_message_at: now,
        last_message: String::new(),
        last_inbound_at: None,
        created_at: now,
        version: 1,
    };
    Ok(Head { conversation, stored: None })
}

async fn language_of(tenant: &TenantStore, user: UserId) -> Result<Language, Error> {
    match tenant.user(user).await? {
        Some(user) => Ok(user.language),
        None => Ok(tenant.tenant().await?.language),
    }
}

/// The record of the message itself, before anything is decided.
pub(crate) fn message(incoming: &Incoming<'_>, head: &Conversation, now: Timestamp) -> Message {
    let inbound = &incoming.message;
    Message {
        id: incoming.id,
        conversation: head.id,
        direction: Direction::Inbound,
        author: Author::Contact,
        content: inbound.content.clone(),
        seq: head.message_count + 1,
        // A provider's clock that runs ahead does not put a message behind its answer.
        at: inbound.timestamp.min(now),
        delivery: Delivery::Received,
        reported_at: std::collections::BTreeMap::new(),
        provider_id: Some(inbound.provider_id.clone()),
        reply_to: inbound.reply_to.clone(),
        errors: inbound.errors.clone(),
        reaction: None,
        revoked_at: None,
        edited_at: None,
        attempts: 0,
        claim_until: None,
        ordinal: incoming.arrived.sequence.clone(),
        effects: Vec::new(),
        placeholder: false,
        version: 1,
    }
}

/// The head after one more inbound message.
pub(crate) fn advance(head: &mut Conversation, message: &Message, contact_name: &str) {
    head.count(message);
    head.unread += 1;
    contact_name.clone_into(&mut head.contact_name);
    head.last_inbound_at = head.last_inbound_at.max(Some(message.at));
    if head.status == ConversationStatus::Resolved {
        head.status = match head.bot {
            BotState::Active => ConversationStatus::Pending,
            BotState::Paused => ConversationStatus::Open,
        };
    }
}

async fn pause(app: &App, attempt: u32) {
    let mut random = [0_u8; 1];
    app.ids.fill(&mut random);
    let [jitter] = random;
    let most = FIRST_PAUSE_MS << attempt;
    let pause = most * (128 + u64::from(jitter) / 2) / 256;
    tokio::time::sleep(Duration::from_millis(pause)).await;
}
