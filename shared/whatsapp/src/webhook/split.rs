//! Which fields carry lists of updates, and the key by which an update is recognised again.

use crate::identity::{CONTACT, Identity, PARTICIPANT, RECIPIENT};
use crate::json::Object;
use crate::webhook::EventKind;

/// The field under which Meta's own agent's traffic comes.
pub(super) const STANDBY: &str = "standby";

const ABSENT: &str = "-";

/// The lists of a field whose items are events of their own, in the order to handle them: messages
/// before the statuses that may speak of them. None for a field that is one event as a whole.
pub(super) fn lists_of(field: &str) -> &'static [&'static str] {
    match field {
        "messages" => &["messages", "statuses"],
        STANDBY => &["messages", "message_echoes", "statuses"],
        "smb_message_echoes" | "message_echoes" => &["message_echoes"],
        "calls" => &["calls", "statuses"],
        "user_preferences" => &["user_preferences"],
        "user_id_update" => &["user_id_update"],
        _ => &[],
    }
}

/// Only what comes under `messages` is ours to answer or to apply.
pub(super) fn kind_of(field: &str, list: &str) -> EventKind {
    match (field, list) {
        ("messages", "messages") => EventKind::Message,
        ("messages", "statuses") => EventKind::Status,
        _ => EventKind::Notice,
    }
}

/// The person an item that is not a message speaks of.
pub(super) fn counterpart(item: &Object<'_>) -> Identity {
    Identity::read(item, &RECIPIENT)
        .or(Identity::read(item, &["to", "to_user_id", "to_parent_user_id"]))
        .or(Identity::read(item, &CONTACT))
}

/// Where an item stands, for its key.
pub(super) struct Key<'a> {
    pub(super) field: &'a str,
    pub(super) list: &'a str,
    /// Our phone number id.
    pub(super) number: Option<&'a str>,
}

impl Key<'_> {
    /// The key of an item: equal on every delivery of it. `None` when the item lacks its id.
    ///
    /// A status has no time in its key: the same step may come again with another time.
    pub(super) fn of(&self, item: &Object<'_>) -> Option<String> {
        if self.field == STANDBY {
            let outside = if self.list == "message_echoes" { self.list } else { "messages" };
            return Some(format!("{STANDBY}:{}", Key { field: outside, ..*self }.of(item)?));
        }
        let number = self.number.unwrap_or(ABSENT);
        let id = || item.id("id");
        Some(match (self.field, self.list) {
            ("messages", "messages") => format!("{number}|{}", id()?),
            ("messages", "statuses") => {
                let participant = PARTICIPANT.iter().find_map(|key| item.id(key));
                let participant = participant.as_deref().unwrap_or(ABSENT);
                format!("status:{number}|{}|{}|{participant}", id()?, item.id("status")?)
            }
            (_, "message_echoes") => format!("echo:{number}|{}", id()?),
            ("calls", "calls") => format!("call:{}|{}", id()?, item.id("event")?),
            ("calls", "statuses") => format!("call_status:{}|{}", id()?, item.id("status")?),
            (field, _) => {
                let person = item.id("user_id").or_else(|| item.id("wa_id"))?;
                format!("{field}:{number}|{person}|{}", item.id("timestamp")?)
            }
        })
    }
}
