//! A message and everything that follows from it, as one transaction.

use domain::contact::Bsuid;
use domain::content::Content;
use domain::conversation::{BotState, Conversation, ConversationStatus};
use domain::message::{Author, Message};
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::{Error, MessageId, OutboxId, Phone};
use jiff::Timestamp;
use language::Understanding;
use queue::Payload;
use store::{Commit, Part, Proof, TenantStore, Transaction};

use crate::App;
use crate::identity::Known;
use crate::inbound::{Head, Incoming, advance, message};
use crate::journal::Journal;
use crate::plan::{Change, Plan};

/// Intents kept with a message.
const INTENTS_KEPT: usize = 3;

/// Everything that will be written because of one message.
pub(crate) struct Draft {
    pub(crate) now: Timestamp,
    pub(crate) known: Known,
    pub(crate) head: Head,
    /// When the conversation last had a message before this one.
    pub(crate) previous_at: Timestamp,
    pub(crate) message: Message,
    pub(crate) understanding: Option<String>,
    pub(crate) plan: Plan,
    pub(crate) earlier: Option<Earlier>,
    /// The version of the placeholder this message fills.
    pub(crate) fills: Option<u64>,
}

/// What happens to an earlier message.
pub(crate) enum Earlier {
    /// Changed from the version given.
    Changed(Message, u64),
    /// Not there yet: its place is kept.
    Placeholder(Message),
}

impl Draft {
    pub(crate) fn new(incoming: &Incoming<'_>, known: Known, head: Head, now: Timestamp) -> Self {
        let message = message(incoming, &head.conversation, now);
        Self {
            now,
            previous_at: head.conversation.last_message_at,
            known,
            head,
            message,
            understanding: None,
            plan: Plan::default(),
            earlier: None,
            fills: None,
        }
    }

    pub(crate) fn is_bot_active(&self) -> bool {
        self.head.conversation.is_bot_active()
    }

    /// Whether this is the conversation's first inbound message of its UTC day.
    pub(crate) fn begins_day(&self) -> bool {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        self.head.conversation.last_inbound_at.is_none_or(|last| day(last) < day(self.message.at))
    }

    /// Keeps what was understood, and answers in the language that was read.
    pub(crate) fn understood(&mut self, understanding: &Understanding) {
        let mut kept = understanding.clone();
        kept.intents.truncate(INTENTS_KEPT);
        kept.folded.clear();
        self.understanding = serde_json::to_string(&kept).ok();
        self.head.conversation.language = understanding.language;
    }

    /// New identities the provider tells of.
    pub(crate) fn link(&mut self, bsuid: Option<&Bsuid>, phone: Option<&Phone>) {
        if let Some(bsuid) = bsuid {
            self.known.new_identities.push(bsuid.as_str().to_owned());
            self.known.contact.bsuid = Some(bsuid.clone());
        }
        if let Some(phone) = phone {
            self.known.new_identities.push(phone.digits().to_owned());
            self.known.contact.phone = Some(phone.clone());
        }
    }
}

/// Writes a draft: the message, its head, its effects, its answer and what must leave.
pub(crate) async fn commit(
    app: &App,
    tenant: &TenantStore,
    mut draft: Draft,
    incoming: &Incoming<'_>,
) -> Result<Commit, Error> {
    let mut transaction = tenant.transaction();
    let journal = Journal::of(app, &draft, incoming);
    if !draft.is_bot_active() {
        draft.plan.reply = None;
    }
    draft.message.effects = std::mem::take(&mut draft.plan.effects);
    let paused = settle_head(&mut draft);
    let raw = &incoming.arrived.raw;
    let proof = Proof {
        // A claimed event is too large for an item, and stays where it is.
        raw: matches!(incoming.arrived.envelope.payload, Payload::Inline(_)).then(|| raw.clone()),
        understanding: draft.understanding.take(),
    };
    match draft.fills {
        Some(old) => transaction.fill_placeholder(&draft.message, &proof, old),
        None => transaction.insert_message(Part::Message, &draft.message, &proof),
    }
    write_earlier(&mut transaction, &mut draft);
    write_reply(app, &mut transaction, &mut draft, incoming);
    write_effects(&journal, &mut transaction, &mut draft);
    write_contact(&journal, &mut transaction, &mut draft);
    if let Some(before) = &paused {
        let head = &draft.head.conversation;
        let states = (Some(before), Some(head));
        journal.tell(&mut transaction, "conversation.bot_paused", head.id, states);
    }
    match draft.head.stored {
        Some(old) => {
            draft.head.conversation.version = old + 1;
            transaction.replace_conversation(&draft.head.conversation, old);
        }
        None => transaction.insert_conversation(&draft.head.conversation),
    }
    transaction.commit().await
}

/// Brings the head up to date; the head before the bot fell silent, if it does.
fn settle_head(draft: &mut Draft) -> Option<Conversation> {
    let counted = draft.fills.is_none();
    let name = draft.known.contact.name.clone();
    let head = &mut draft.head.conversation;
    if counted {
        advance(head, &draft.message, &name);
    }
    head.awaiting = draft.plan.awaiting.take();
    if let Some(project) = draft.plan.project {
        head.project = Some(project);
    }
    if draft.plan.bot != Some(BotState::Paused) {
        return None;
    }
    let before = head.clone();
    head.bot = BotState::Paused;
    head.status = ConversationStatus::Open;
    head.generation += 1;
    Some(before)
}

fn write_earlier(transaction: &mut Transaction, draft: &mut Draft) {
    match draft.earlier.take() {
        Some(Earlier::Changed(message, old)) => transaction.replace_message(&message, old),
        Some(Earlier::Placeholder(message)) => {
            draft.head.conversation.message_count += 1;
            transaction.insert_message(Part::Reply, &message, &Proof::default());
        }
        None => {}
    }
}

/// The answer, stored as a message and put into the outbox; it also marks the question as read.
fn write_reply(
    app: &App,
    transaction: &mut Transaction,
    draft: &mut Draft,
    incoming: &Incoming<'_>,
) {
    let Some(content) = draft.plan.reply.take() else { return };
    let reply = reply(app, draft, incoming, content);
    let item = OutboxItem {
        id: OutboxId::mint(app.ids.as_ref(), draft.now),
        tenant: transaction.tenant(),
        due_at: draft.now,
        effect: OutboundEffect::Message {
            conversation: reply.conversation,
            message: reply.id,
            read: Some(incoming.message.provider_id.clone()),
        },
        trace: incoming.arrived.envelope.trace.as_str().to_owned(),
    };
    draft.head.conversation.count(&reply);
    transaction.insert_message(Part::Reply, &reply, &Proof::default());
    transaction.insert_outbox(&item);
}

fn reply(app: &App, draft: &Draft, incoming: &Incoming<'_>, content: Content) -> Message {
    let head = &draft.head.conversation;
    // A farewell of the bot must pass the pause it announces.
    let author = if draft.plan.bot == Some(BotState::Paused) {
        Author::Notice
    } else {
        Author::Bot { generation: head.generation }
    };
    let id = MessageId::mint(app.ids.as_ref(), draft.now);
    Message {
        reply_to: Some(incoming.message.provider_id.clone()),
        ..Message::outbound(id, head, author, content, draft.now)
    }
}

fn write_effects(journal: &Journal<'_>, transaction: &mut Transaction, draft: &mut Draft) {
    let plan = std::mem::take(&mut draft.plan);
    if let Some(task) = &plan.new_task {
        transaction.insert_task(task);
    }
    if let Some(Change { before, after }) = &plan.changed_task {
        transaction.replace_task(after, before.version);
    }
    if let Some(cost) = &plan.new_cost {
        transaction.insert_cost(cost);
    }
    if let Some(Change { before, after }) = &plan.changed_cost {
        transaction.replace_cost(after, before.version);
    }
    if let Some((project, delta)) = plan.totals {
        transaction.add_to_project(project, delta, draft.now);
    }
    journal.effects(transaction, &plan, &draft.message.effects);
    let Some(insight) = &plan.new_insight else { return };
    transaction.insert_insight(insight);
    for user in plan.notify {
        transaction.insert_outbox(&OutboxItem {
            id: OutboxId::mint(journal.ids(), draft.now),
            tenant: transaction.tenant(),
            due_at: draft.now,
            effect: OutboundEffect::NotifyInsight {
                user,
                project: insight.project,
                insight: insight.id,
            },
            trace: journal.trace().to_owned(),
        });
    }
}

/// The contact, where the message told something new of it.
fn write_contact(journal: &Journal<'_>, transaction: &mut Transaction, draft: &mut Draft) {
    let head = &draft.head.conversation;
    let contact = &mut draft.known.contact;
    for identity in &draft.known.new_identities {
        transaction.insert_identity(identity, contact.id);
    }
    let before = draft.known.before.clone();
    if draft.head.stored.is_none() {
        contact.conversations.insert(head.channel.to_string(), head.id);
    }
    match draft.known.stored {
        None => {
            transaction.insert_contact(contact);
            journal.tell(transaction, "contact.created", contact.id, (None, Some(&*contact)));
        }
        Some(old) if before.as_ref() != Some(contact) => {
            contact.version = old + 1;
            transaction.replace_contact(contact, old);
            let states = (before.as_ref(), Some(&*contact));
            journal.tell(transaction, "contact.changed", contact.id, states);
        }
        Some(_) => {}
    }
}
