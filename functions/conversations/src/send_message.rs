//! `POST /api/v1/conversations/{conversation_id}/messages`

use axum::Json;
use axum::extract::State;
use domain::content::Content;
use domain::conversation::Conversation;
use domain::message::Message;
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::{ConversationId, Error, MessageId, OutboxId};
use http::StatusCode;
use store::{Commit, Part, Proof, TenantStore};
use tenancy::Caller;
use utoipa::ToSchema;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Creation, Fields, IdempotencyKey, Input, JsonBody, PathId, Problem, SignedIn};

use crate::message::MessageAnswer;
use crate::{App, retry, silence};

/// WhatsApp's limit for the body of a text.
const TEXT_CHARS_MAX: usize = 4_096;

/// Answers the contact. Takes the conversation over from the bot.
///
/// With `Idempotency-Key` a repetition answers with the message that was sent the first time.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{conversation_id}/messages",
    tag = "conversations",
    params(
        ("conversation_id" = String, Path, example = "cnv_01jv8z0c9q0000000000000000"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 128,
            description = "Names this message, so that it is sent once however often it is asked for")
    ),
    request_body = NewMessage,
    responses(
        (status = 201, description = "The message, on its way", body = MessageAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
#[expect(clippy::too_many_arguments, reason = "a handler's parameters are its contract")]
pub(crate) async fn send_message(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConversationId>,
    key: IdempotencyKey,
    creation: Creation,
    JsonBody(new): JsonBody<NewMessage>,
) -> Result<(StatusCode, Json<MessageAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let (app, arrival) = (&app, &arrival);
    let sending = Sending { app, store: &store, caller: &caller, arrival, creation: &creation };
    let message = match key.uuid(&caller).map(MessageId::from_uuid) {
        None => sending.send(id, MessageId::mint(app.edge.ids(), app.edge.now()), &new).await?,
        Some(message) => match sending.repetition(id, message, &new).await? {
            Some(sent) => sent,
            None => sending.send(id, message, &new).await?,
        },
    };
    Ok((StatusCode::CREATED, Json(message.into())))
}

/// One request to send a message.
struct Sending<'a> {
    app: &'a App,
    store: &'a TenantStore,
    caller: &'a Caller,
    arrival: &'a Arrival,
    creation: &'a Creation,
}

impl Sending<'_> {
    /// Writes message, head and outbox item together, over the head it read.
    async fn send(
        &self,
        id: ConversationId,
        message: MessageId,
        new: &NewMessage,
    ) -> Result<Message, Problem> {
        for attempt in 0..retry::ATTEMPTS_MAX {
            retry::pause(attempt).await;
            let now = self.app.edge.now();
            let head = self.store.conversation(id).await?.ok_or(Error::NotFound)?;
            let (after, written) = head
                .reply(self.caller.user(), message, &new.content, now)
                .map_err(|error| refused(error, &head))?;
            let mut transaction = self.store.transaction();
            transaction.insert_message(Part::Message, &written, &Proof::default());
            transaction.replace_conversation(&after, head.version);
            transaction.insert_outbox(&self.outbox(&written));
            let trail = self.arrival.trail(self.caller.actor());
            let entry = trail.entry(self.app.edge.ids(), now, "message.sent", message);
            transaction.audit(entry, None, Some(&written));
            // With the message: its state goes on, and a repetition is told what was told first.
            let answer = MessageAnswer::from(written.clone());
            self.creation.seal(StatusCode::CREATED, &answer)?.keep(&mut transaction);
            match transaction.commit().await? {
                Commit::Done => {
                    silence::bot(self.app, self.store, &after).await?;
                    return Ok(written);
                }
                Commit::Refused(parts) if parts.contains(&Part::Message) => {
                    let sent = self.repetition(id, message, new).await?;
                    return sent.ok_or_else(|| Error::Conflict.into());
                }
                // A repetition has taken over, and answers.
                Commit::Refused(parts) if parts.contains(&Part::Once) => break,
                Commit::Refused(_) | Commit::Busy => {}
            }
        }
        Err(Error::Conflict.into())
    }

    /// The message an earlier request with the same key wrote. Another text under the same key is
    /// a mistake of the client.
    async fn repetition(
        &self,
        id: ConversationId,
        message: MessageId,
        new: &NewMessage,
    ) -> Result<Option<Message>, Problem> {
        let Some(sent) = self.store.message(id, message).await? else { return Ok(None) };
        let is_same = matches!(&sent.content, Content::Text { body } if *body == new.content);
        if !is_same {
            let detail = "this Idempotency-Key was used for another message";
            return Err(Error::refused("idempotency_key_reused", detail).into());
        }
        // The first request may have died before it came to this.
        if let Some(head) = self.store.conversation(id).await? {
            silence::bot(self.app, self.store, &head).await?;
        }
        Ok(Some(sent))
    }

    fn outbox(&self, message: &Message) -> OutboxItem {
        let now = self.app.edge.now();
        OutboxItem {
            id: OutboxId::mint(self.app.edge.ids(), now),
            tenant: self.caller.scope().tenant(),
            due_at: now,
            effect: OutboundEffect::Message {
                conversation: message.conversation,
                message: message.id,
                read: None,
            },
            trace: self.arrival.request_id().to_string(),
        }
    }
}

/// A closed window is told with the instant it closed.
fn refused(error: Error, head: &Conversation) -> Problem {
    let problem = Problem::from(error);
    match (problem.code(), head.window_closes_at()) {
        ("window_closed", Some(closed)) => problem.with("expires_at", closed.to_string()),
        _ => problem,
    }
}

/// What to send.
#[derive(ToSchema)]
pub(crate) struct NewMessage {
    #[schema(min_length = 1, max_length = 4096, example = "We are on our way.")]
    content: String,
    /// `text`.
    #[schema(example = "text")]
    #[expect(dead_code, reason = "there is one type; the field describes the request")]
    message_type: &'static str,
}

impl Input for NewMessage {
    fn read(fields: &mut Fields) -> Option<Self> {
        let kind = fields.text("message_type", 1..=40);
        if kind.is_some_and(|kind| kind != "text") {
            fields.fault("message_type", "unsupported", "only `text` can be sent");
        }
        let content = fields.text("content", 1..=TEXT_CHARS_MAX);
        if content.as_deref().is_some_and(|content| content.trim().is_empty()) {
            fields.fault("content", "blank", "the text is blank");
        }
        Some(Self { content: content?, message_type: "text" })
    }
}
