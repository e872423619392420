//! Entries and changes: which updates a change holds and what each is called.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::digest::sha256_hex;
use crate::identity::{FROM, Identity, PARTICIPANT, People};
use crate::json::Object;
use crate::webhook::split::{self, Key};
use crate::webhook::{Event, EventKind, MALFORMED, MAX_EVENTS};

/// What is copied beside each item of a change, at most. Larger, it is left out: a thousand copies
/// of it must not outgrow the body it came in.
const MAX_COPIED_BYTES: usize = 8 * 1024;

/// Keys of a value that describe it rather than report something.
const DESCRIPTIVE: [&str; 3] = ["messaging_product", "metadata", "contacts"];

pub(super) fn read_entry(raw: &RawValue, events: &mut Vec<Event>) {
    let entry = Object::of(raw);
    let changes = entry.as_ref().and_then(|entry| entry.list("changes"));
    let (Some(entry), Some(changes)) = (entry, changes) else {
        events.push(Source::default().notice(MALFORMED, "entry", raw));
        return;
    };
    for change in changes {
        if events.len() > MAX_EVENTS {
            return;
        }
        read_change(&entry, change, events);
    }
}

fn read_change(entry: &Object<'_>, raw: &RawValue, events: &mut Vec<Event>) {
    let mut source =
        Source { waba_id: entry.id("id"), time: entry.number("time"), ..Source::default() };
    let change = Object::of(raw);
    let field = change.as_ref().and_then(|change| change.id("field"));
    let value = change.as_ref().and_then(|change| change.object("value"));
    let (Some(field), Some(value)) = (field, value) else {
        events.push(source.notice(MALFORMED, "change", raw));
        return;
    };
    source.field = field;
    let metadata = value.raw("metadata");
    source.metadata = metadata.filter(|raw| raw.get().len() <= MAX_COPIED_BYTES);
    // Handovers name our number as their recipient instead.
    source.phone_number_id = [metadata, value.raw("recipient")]
        .into_iter()
        .find_map(|part| part.and_then(Object::of)?.id("phone_number_id"));

    let before = events.len();
    read_value(&source, &value, events);
    if events.len() == before
        && let Some(whole) = change.as_ref().and_then(|change| change.raw("value"))
    {
        events.push(source.notice(&source.field, "value", whole));
    }
}

/// Splits the lists this field is known to carry into their items and gives each further key that
/// reports something a notice of its own. A field without known lists is left whole.
fn read_value<'a>(source: &Source<'a>, value: &Object<'a>, events: &mut Vec<Event>) {
    let lists = split::lists_of(&source.field);
    if lists.is_empty() {
        return;
    }
    // Traffic owned by Meta's agent lies one level deeper.
    let nested = if source.field == split::STANDBY { value.object(split::STANDBY) } else { None };
    let holder = nested.as_ref().unwrap_or(value);
    let people = People::read(value);
    for list in lists {
        for item in holder.list(list).unwrap_or_default().into_iter().take(MAX_EVENTS + 1) {
            events.push(source.item(list, item, &people));
        }
    }
    let is_split = |key: &str| lists.contains(&key) && holder.list(key).is_some();
    let of_holder = holder.iter().filter(|(key, _)| !is_split(key));
    let of_value = value.iter().filter(|(key, _)| nested.is_some() && *key != split::STANDBY);
    let reports = |(key, rest): &(&str, &RawValue)| {
        !DESCRIPTIVE.contains(key) && !matches!(rest.get(), "null" | "[]" | "{}")
    };
    for (key, rest) in of_holder.chain(of_value).filter(reports).take(MAX_EVENTS + 1) {
        let broken = lists.contains(&key);
        let name = if broken { MALFORMED.to_owned() } else { format!("{}.{key}", source.field) };
        events.push(source.notice(&name, key, rest));
    }
}

/// What the items of a change have in common.
#[derive(Default)]
struct Source<'a> {
    waba_id: Option<String>,
    /// Seconds.
    time: Option<i64>,
    field: String,
    metadata: Option<&'a RawValue>,
    phone_number_id: Option<String>,
}

impl<'a> Source<'a> {
    /// The event of one item of a list.
    fn item(&self, list: &str, raw: &'a RawValue, people: &People<'a>) -> Event {
        let Some(item) = Object::of(raw) else { return self.notice(MALFORMED, list, raw) };
        let kind = split::kind_of(&self.field, list);
        let key = Key { field: &self.field, list, number: self.phone_number_id.as_deref() };
        let dedup_key = key.of(&item);
        if dedup_key.is_none() && kind != EventKind::Notice {
            return self.notice(MALFORMED, list, raw);
        }
        let from = Identity::read(&item, &FROM);
        let person = people
            .find(&from)
            .or_else(|| people.find(&Identity::read(&item, &PARTICIPANT)))
            .or_else(|| people.find(&split::counterpart(&item)));
        let sender = (kind == EventKind::Message).then(|| {
            let known = person.map(|(_, identity)| identity.clone()).unwrap_or_default();
            from.or(known).into_sender()
        });
        let name = match kind {
            EventKind::Message => item.id("type").unwrap_or_else(|| "untyped".to_owned()),
            EventKind::Status => item.id("status").unwrap_or_default(),
            EventKind::Notice => self.field.clone(),
        };
        Event {
            kind,
            name,
            phone_number_id: self.phone_number_id.clone(),
            waba_id: self.waba_id.clone(),
            provider_id: item.id("id"),
            dedup_key: dedup_key.unwrap_or_else(|| self.content_key(raw)),
            sender,
            timestamp: item.time("timestamp").or_else(|| self.entry_time()),
            raw: self.wrap(list, raw, person.map(|(contact, _)| *contact)),
        }
    }

    /// An event about a part that is not an item, or not a readable one.
    fn notice(&self, name: &str, of: &str, raw: &'a RawValue) -> Event {
        let part = Object::of(raw);
        let own_time = part.and_then(|part| part.time("timestamp"));
        Event {
            kind: EventKind::Notice,
            name: name.to_owned(),
            phone_number_id: self.phone_number_id.clone(),
            waba_id: self.waba_id.clone(),
            provider_id: None,
            dedup_key: self.content_key(raw),
            sender: None,
            timestamp: own_time.or_else(|| self.entry_time()),
            raw: self.wrap(of, raw, None),
        }
    }

    fn entry_time(&self) -> Option<jiff::Timestamp> {
        self.time.and_then(|time| jiff::Timestamp::from_second(time).ok())
    }

    /// The key of what has no id: where, when and what.
    fn content_key(&self, raw: &RawValue) -> String {
        format!(
            "notice:{}|{}|{}|{}",
            self.waba_id.as_deref().unwrap_or("-"),
            self.field,
            self.time.unwrap_or_default(),
            sha256_hex(raw.get())
        )
    }

    /// Writes the item into an object of its own, its text untouched.
    fn wrap(&self, of: &str, item: &RawValue, contact: Option<&RawValue>) -> String {
        let contact = contact.filter(|raw| raw.get().len() <= MAX_COPIED_BYTES);
        let mut raw = String::with_capacity(item.get().len() + 512);
        raw.push_str(r#"{"v":1"#);
        let mut push = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                raw.push_str(",\"");
                raw.push_str(key);
                raw.push_str("\":");
                raw.push_str(value);
            }
        };
        let quote = |text: &str| Value::from(text).to_string();
        push("field", Some(&quote(&self.field)));
        push("of", Some(&quote(of)));
        push("waba_id", self.waba_id.as_deref().map(quote).as_deref());
        push("time", self.time.map(|time| time.to_string()).as_deref());
        push("metadata", self.metadata.map(RawValue::get));
        push("contact", contact.map(RawValue::get));
        push("item", Some(item.get()));
        raw.push('}');
        raw
    }
}
