//! A webhook body taken apart into events, each of which can travel and be read alone.
//!
//! Read in two steps, the change's `field` and then its raw `value`, so that nothing unknown can
//! fail a body. Invariant: every message, status and other change of a body that reads as JSON
//! becomes exactly one event with its text kept as it came; a broken one becomes a notice named
//! `malformed` and its neighbours stay whole.

mod change;
mod split;

use domain::contact::Sender;
use jiff::Timestamp;

use crate::json::Object;

/// The largest body read. Meta sends up to 3 MB (2026-04).
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The most events read from a body. Meta batches up to 1,000 updates.
pub const MAX_EVENTS: usize = 10_000;

/// The name of an event that could not be read further.
pub const MALFORMED: &str = "malformed";

/// What an event speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A person wrote; [`crate::decode_message`] reads it.
    Message,
    /// A message of ours moved; [`crate::decode_status`] reads it.
    Status,
    /// Anything else: account, template, echo, call, error, or what this version does not know.
    Notice,
}

impl EventKind {
    /// As envelopes and metrics spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Notice => "notice",
        }
    }
}

/// One update out of a webhook body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// The message's type, the status, or the notice's field, as in `text`, `read`,
    /// `account_update`, `messages.errors`. Meta's words, so an open set.
    pub name: String,
    /// Our number, which says whose event this is. Absent on account-wide notices.
    pub phone_number_id: Option<String>,
    /// The WhatsApp Business Account; on partner notices the business portfolio.
    pub waba_id: Option<String>,
    /// Meta's id of the message (`wamid.…`) or call (`wacid.…`).
    pub provider_id: Option<String>,
    /// Equal for two deliveries of the same event: made of Meta's ids, and of a hash of the text
    /// where there are none.
    pub dedup_key: String,
    /// Who wrote; of messages only.
    pub sender: Option<Sender>,
    /// When WhatsApp handled it, which may be days before it arrives.
    pub timestamp: Option<Timestamp>,
    /// A JSON object `{v, field, of, waba_id, time, metadata, contact, item}`: `item` is the update
    /// as Meta wrote it, the rest what reading it later takes.
    pub raw: String,
}

/// A body that holds no events we can tell apart. Signed, it is kept and answered 200.
#[derive(Debug, thiserror::Error)]
pub enum Unparseable {
    #[error("the body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("the body is not UTF-8")]
    NotUtf8(#[source] std::str::Utf8Error),
    #[error("the body is not a JSON object")]
    NotAnObject(#[source] serde_json::Error),
    #[error("the body has no list of entries")]
    NoEntries,
    #[error("the body has more than {MAX_EVENTS} events")]
    TooManyEvents,
}

/// Where an event stood in its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub kind: EventKind,
    /// The change's field, as in `messages` or `account_update`.
    pub field: String,
}

/// Reads the `raw` text of an [`Event`] for what it is; `None` if it is not one.
pub fn origin_of(raw: &str) -> Option<Origin> {
    let event = Object::parse(raw).ok()?;
    let field = event.text("field")?;
    let kind = split::kind_of(&field, event.text("of").as_deref().unwrap_or_default());
    Some(Origin { kind, field })
}

/// Takes a webhook body apart, messages before statuses within each change.
pub fn parse(body: &[u8]) -> Result<Vec<Event>, Unparseable> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Unparseable::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(Unparseable::NotUtf8)?;
    let root = Object::parse(text).map_err(Unparseable::NotAnObject)?;
    let mut events = Vec::new();
    for entry in root.list("entry").ok_or(Unparseable::NoEntries)? {
        change::read_entry(entry, &mut events);
        if events.len() > MAX_EVENTS {
            return Err(Unparseable::TooManyEvents);
        }
    }
    Ok(events)
}
