//! Telling a member of an insight: a message of ours in their own conversation.

mod words;

use domain::contact::Contact;
use domain::content::Content;
use domain::conversation::Conversation;
use domain::message::{Author, Message};
use domain::project::{Insight, Project};
use domain::tenant::User;
use domain::{
    ConversationId, Error, InsightId, MessageId, OutboxId, Phone, ProjectId, Result, UserId,
};
use store::{Commit, Part, Proof, TenantStore};
use telemetry::metrics::names::NOTICES_UNDELIVERABLE;

use crate::App;

/// Times the conversation is read again because somebody changed it first.
const ROUNDS_MAX: u32 = 8;

/// Who is to be told of what.
pub(crate) struct Wanted {
    pub(crate) user: UserId,
    pub(crate) project: ProjectId,
    pub(crate) insight: InsightId,
}

/// Why a notice cannot be sent. The insight is stored and can be read in any case.
enum Unreachable {
    Unknown,
    NoConversation,
    WindowClosed,
}

/// Stores the notice, once; returns where it is. `None`: the member cannot be told this way.
pub(crate) async fn store(
    app: &App,
    tenant: &TenantStore,
    outbox: OutboxId,
    wanted: &Wanted,
) -> Result<Option<(ConversationId, MessageId)>> {
    // The id follows from the outbox item, so that a repetition finds what it wrote before.
    let id = MessageId::from_uuid(outbox.uuid());
    for _ in 0..ROUNDS_MAX {
        let (text, contact) = match compose(tenant, wanted).await? {
            Ok(found) => found,
            Err(reason) => return Ok(unreachable_now(app, wanted, &reason)),
        };
        let conversation = match place(app, tenant, &contact, id).await? {
            Ok(Place::Written(conversation)) => return Ok(Some((conversation, id))),
            Ok(Place::Free(conversation)) => conversation,
            Err(reason) => return Ok(unreachable_now(app, wanted, &reason)),
        };
        let message = message(app, &conversation, id, text);
        let mut transaction = tenant.transaction();
        transaction.insert_message(Part::Message, &message, &Proof::default());
        transaction.replace_conversation(&head(&conversation, &message), conversation.version);
        if transaction.commit().await? == Commit::Done {
            return Ok(Some((conversation.id, id)));
        }
    }
    Err(Error::Conflict)
}

/// The words for the member, and the contact they are.
async fn compose(
    tenant: &TenantStore,
    wanted: &Wanted,
) -> Result<std::result::Result<(String, Contact), Unreachable>> {
    let (user, project, insight) = futures::try_join!(
        tenant.user(wanted.user),
        tenant.project(wanted.project),
        tenant.insight(wanted.project, wanted.insight)
    )?;
    let (Some(user), Some(project), Some(insight)) = (user, project, insight) else {
        return Ok(Err(Unreachable::Unknown));
    };
    let Some(contact) = contact_of(tenant, &user).await? else {
        return Ok(Err(Unreachable::NoConversation));
    };
    let text = describe(tenant, &user, &project, &insight).await?;
    Ok(Ok((text, contact)))
}

async fn contact_of(tenant: &TenantStore, user: &User) -> Result<Option<Contact>> {
    let spellings = user.phone.iter().cloned().chain(user.phone.as_ref().and_then(Phone::variant));
    for phone in spellings {
        if let Some(contact) = tenant.contact_of(phone.digits()).await? {
            return tenant.contact(contact).await;
        }
    }
    Ok(None)
}

async fn describe(
    tenant: &TenantStore,
    user: &User,
    project: &Project,
    insight: &Insight,
) -> Result<String> {
    let reporter = match insight.reported_by {
        Some(id) => tenant.user(id).await?.map(|reporter| reporter.name),
        None => None,
    };
    Ok(words::notice(user.language, &project.name, reporter.as_deref(), insight))
}

enum Place {
    /// The notice is here already.
    Written(ConversationId),
    Free(Box<Conversation>),
}

/// The member's conversation that holds the notice, else one where it may be sent.
async fn place(
    app: &App,
    tenant: &TenantStore,
    contact: &Contact,
    id: MessageId,
) -> Result<std::result::Result<Place, Unreachable>> {
    for conversation in contact.conversations.values() {
        if tenant.message(*conversation, id).await?.is_some() {
            return Ok(Ok(Place::Written(*conversation)));
        }
    }
    let mut reason = Unreachable::NoConversation;
    for conversation in contact.conversations.values() {
        match tenant.conversation(*conversation).await? {
            Some(head) if head.window_is_open(app.clock.now()) => {
                return Ok(Ok(Place::Free(Box::new(head))));
            }
            Some(_) => reason = Unreachable::WindowClosed,
            None => {}
        }
    }
    Ok(Err(reason))
}

fn message(app: &App, conversation: &Conversation, id: MessageId, text: String) -> Message {
    let content = Content::Text { body: text };
    Message::outbound(id, conversation, Author::Notice, content, app.clock.now())
}

fn head(conversation: &Conversation, message: &Message) -> Conversation {
    let mut head = Conversation { version: conversation.version + 1, ..conversation.clone() };
    head.count(message);
    head
}

fn unreachable_now<T>(app: &App, wanted: &Wanted, reason: &Unreachable) -> Option<T> {
    let reason = match reason {
        Unreachable::Unknown => "unknown",
        Unreachable::NoConversation => "no_conversation",
        Unreachable::WindowClosed => "window_closed",
    };
    app.metrics.count(&NOTICES_UNDELIVERABLE, [reason]);
    tracing::warn!(
        user.id = %wanted.user,
        project.id = %wanted.project,
        insight.id = %wanted.insight,
        reason,
        "a member was not told of an insight"
    );
    None
}
