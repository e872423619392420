//! Which updates a body holds, told a second time in another way than by the reader.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

/// Meta's ids run to about 150 characters; what is longer is no id.
const LONGEST_ID: usize = 512;

/// What a body should give.
pub(super) struct Expected {
    /// The updates as JSON, the empty ones left out.
    pub(super) items: Vec<String>,
    /// How many of them are messages and statuses: at least those with an id in quotes.
    pub(super) messages: RangeInclusive<usize>,
    pub(super) statuses: RangeInclusive<usize>,
}

#[derive(Default)]
struct Count {
    items: Vec<String>,
    messages: (usize, usize),
    statuses: (usize, usize),
}

/// `None` where a body says something that JSON values do not keep apart.
pub(super) fn expected(body: &Value) -> Option<Expected> {
    let mut count = Count::default();
    for entry in body.get("entry")?.as_array()? {
        match entry.get("changes").and_then(Value::as_array) {
            Some(changes) => changes.iter().try_for_each(|change| count.change(change))?,
            None => count.add(entry),
        }
    }
    Some(Expected {
        items: count.items,
        messages: count.messages.0..=count.messages.1,
        statuses: count.statuses.0..=count.statuses.1,
    })
}

/// Whether it would be a loss.
pub(super) fn is_something(item: &Value) -> bool {
    match item {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

impl Count {
    fn add(&mut self, item: &Value) {
        if is_something(item) {
            self.items.push(item.to_string());
        }
    }

    fn change(&mut self, change: &Value) -> Option<()> {
        let field = match change.get("field") {
            Some(Value::String(field)) if (1..=LONGEST_ID).contains(&field.len()) => field,
            // A number as it was written is no longer known.
            Some(Value::Number(_) | Value::Bool(_)) => return None,
            _ => {
                self.add(change);
                return Some(());
            }
        };
        let Some(value) = change.get("value").and_then(Value::as_object) else {
            self.add(change);
            return Some(());
        };
        let lists: &[&str] = match field.as_str() {
            "messages" => &["messages", "statuses"],
            "standby" => &["messages", "message_echoes", "statuses"],
            "smb_message_echoes" | "message_echoes" => &["message_echoes"],
            "calls" => &["calls", "statuses"],
            "user_preferences" => &["user_preferences"],
            "user_id_update" => &["user_id_update"],
            _ => {
                self.add(change.get("value")?);
                return Some(());
            }
        };
        let nested = value.get("standby").and_then(Value::as_object).filter(|_| field == "standby");
        let mut parts = 0;
        let holder = nested.unwrap_or(value);
        for list in lists {
            for item in holder.get(*list).and_then(Value::as_array).into_iter().flatten() {
                parts += 1;
                self.add(item);
                self.kind(field, list, item);
            }
        }
        parts += self.rest(holder, |key| !lists.contains(&key) || !is_list(holder, key))?;
        if nested.is_some() {
            parts += self.rest(value, |key| key != "standby")?;
        }
        if parts == 0 {
            self.add(change.get("value")?);
        }
        Some(())
    }

    /// What is beside the lists and describes nothing.
    fn rest(
        &mut self,
        members: &Map<String, Value>,
        wanted: impl Fn(&str) -> bool,
    ) -> Option<usize> {
        let mut parts = 0;
        for (key, item) in members {
            if ["messaging_product", "metadata", "contacts"].contains(&key.as_str()) || !wanted(key)
            {
                continue;
            }
            if !is_something(item) {
                // `[ ]` counts as something and `[]` does not: here they look alike.
                if !item.is_null() {
                    return None;
                }
                continue;
            }
            parts += 1;
            self.add(item);
        }
        Some(parts)
    }

    fn kind(&mut self, field: &str, list: &str, item: &Value) {
        let of = |key: &str| match item.get(key) {
            Some(Value::String(id)) => {
                let is_id = (1..=LONGEST_ID).contains(&id.len());
                (usize::from(is_id), usize::from(is_id))
            }
            Some(Value::Number(_) | Value::Bool(_)) => (0, 1),
            _ => (0, 0),
        };
        let least_and_most = match list {
            "messages" => of("id"),
            _ => (of("id").0 * of("status").0, of("id").1 * of("status").1),
        };
        let counted = match (field, list) {
            ("messages", "messages") => &mut self.messages,
            ("messages", "statuses") => &mut self.statuses,
            _ => return,
        };
        counted.0 += least_and_most.0;
        counted.1 += least_and_most.1;
    }
}

fn is_list(members: &Map<String, Value>, key: &str) -> bool {
    members.get(key).is_some_and(Value::is_array)
}
