//! WhatsApp's limits on what is sent (reference §6.5), in characters rather than bytes.

use std::collections::HashSet;

use domain::FieldError;
use domain::content::{Button, Card, Content, Location, Media, Row};

use crate::graph::{Outgoing, body};

/// The longest callback text.
pub const MAX_CALLBACK_CHARS: usize = 512;

const MAX_TEXT_CHARS: usize = 4096;
const MAX_CAPTION_CHARS: usize = 1024;
const MAX_BUTTONS_BODY_CHARS: usize = 1024;
const MAX_LIST_BODY_CHARS: usize = 4096;
const MAX_BUTTONS: usize = 3;
const MAX_BUTTON_TITLE_CHARS: usize = 20;
const MAX_BUTTON_ID_CHARS: usize = 256;
const MAX_ROWS: usize = 10;
const MAX_ROW_TITLE_CHARS: usize = 24;
const MAX_ROW_DESCRIPTION_CHARS: usize = 72;
const MAX_ROW_ID_CHARS: usize = 200;
const MAX_CONTACTS: usize = 257;

/// Every limit the message breaks.
pub(super) fn check(message: &Outgoing<'_>) -> Result<(), Vec<FieldError>> {
    let mut faults = Faults(Vec::new());
    faults.text("/callback", message.callback, MAX_CALLBACK_CHARS);
    if message.reply_to.is_some_and(str::is_empty) {
        faults.add("/reply_to", "required", "a quoted message has an id");
    }
    check_content(message.content, &mut faults);
    if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
}

fn check_content(content: &Content, faults: &mut Faults) {
    match content {
        Content::Text { body } => faults.text("/body", body, MAX_TEXT_CHARS),
        Content::Image(media) | Content::Video(media) => {
            check_media(media, faults);
            if media.file_name.is_some() {
                faults.add("/file_name", "not_allowed", "only documents have a file name");
            }
        }
        Content::Document(media) => check_media(media, faults),
        Content::Audio(media) | Content::Sticker(media) => {
            check_media(media, faults);
            if media.caption.is_some() {
                faults.add("/caption", "not_allowed", "audio and stickers have no caption");
            }
        }
        Content::Location(location) => check_location(location, faults),
        Content::Contacts { contacts } => check_contacts(contacts, faults),
        Content::Reaction { target, .. } => {
            if target.is_empty() {
                faults.add("/target", "required", "a reaction is to a message");
            }
        }
        Content::Buttons { body, buttons } => check_buttons(body, buttons, faults),
        Content::List { body, button, rows } => {
            faults.text("/body", body, MAX_LIST_BODY_CHARS);
            faults.text("/button", button, MAX_BUTTON_TITLE_CHARS);
            check_rows(rows, faults);
        }
        Content::Choice(_)
        | Content::TemplateButton { .. }
        | Content::FlowReply { .. }
        | Content::Order { .. }
        | Content::System(_)
        | Content::Edit { .. }
        | Content::Revoke { .. }
        | Content::Welcome
        | Content::Unsupported { .. }
        | Content::Unknown { .. } => {
            debug_assert!(body::content(content).is_none(), "has a body, so it needs limits");
            faults.add("/type", "not_sendable", "people send this to us, not we to them");
        }
    }
}

fn check_media(media: &Media, faults: &mut Faults) {
    if media.id.is_empty() {
        faults.add("/id", "required", "media is sent by its id");
    }
    if let Some(caption) = &media.caption {
        faults.text("/caption", caption, MAX_CAPTION_CHARS);
    }
}

fn check_location(location: &Location, faults: &mut Faults) {
    for (pointer, degrees, most) in
        [("/latitude", location.latitude, 90.0), ("/longitude", location.longitude, 180.0)]
    {
        if !is_within(degrees, most) {
            faults.add(pointer, "out_of_range", format!("degrees lie within ±{most}"));
        }
    }
}

/// False for what is not a number, too.
fn is_within(degrees: f64, most: f64) -> bool {
    degrees.abs() <= most
}

fn check_contacts(contacts: &[Card], faults: &mut Faults) {
    faults.count("/contacts", contacts.len(), MAX_CONTACTS);
    for (place, card) in contacts.iter().enumerate() {
        if card.name.as_deref().unwrap_or("").is_empty() {
            faults.add(format!("/contacts/{place}/name"), "required", "a card has a name");
        }
    }
}

fn check_buttons(body: &str, buttons: &[Button], faults: &mut Faults) {
    faults.text("/body", body, MAX_BUTTONS_BODY_CHARS);
    faults.count("/buttons", buttons.len(), MAX_BUTTONS);
    for (place, button) in buttons.iter().enumerate() {
        faults.text(format!("/buttons/{place}/id"), &button.id, MAX_BUTTON_ID_CHARS);
        faults.text(format!("/buttons/{place}/title"), &button.title, MAX_BUTTON_TITLE_CHARS);
    }
    faults.unique("/buttons", "id", buttons.iter().map(|button| &*button.id));
    faults.unique("/buttons", "title", buttons.iter().map(|button| &*button.title));
}

fn check_rows(rows: &[Row], faults: &mut Faults) {
    faults.count("/rows", rows.len(), MAX_ROWS);
    for (place, row) in rows.iter().enumerate() {
        faults.text(format!("/rows/{place}/id"), &row.id, MAX_ROW_ID_CHARS);
        faults.text(format!("/rows/{place}/title"), &row.title, MAX_ROW_TITLE_CHARS);
        if let Some(description) = &row.description {
            let pointer = format!("/rows/{place}/description");
            faults.text(pointer, description, MAX_ROW_DESCRIPTION_CHARS);
        }
    }
    faults.unique("/rows", "id", rows.iter().map(|row| &*row.id));
}

/// What is wrong so far.
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, pointer: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), code, message: message.into() });
    }

    fn text(&mut self, pointer: impl Into<String>, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.add(pointer, "required", "says nothing");
        } else if text.chars().count() > most {
            self.add(pointer, "too_long", format!("is longer than {most} characters"));
        }
    }

    fn count(&mut self, pointer: &str, count: usize, most: usize) {
        if count == 0 {
            self.add(pointer, "required", "is empty");
        } else if count > most {
            self.add(pointer, "too_many", format!("has more than {most}"));
        }
    }

    fn unique<'a>(&mut self, list: &str, key: &str, values: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (place, value) in values.enumerate() {
            if !seen.insert(value) {
                let pointer = format!("{list}/{place}/{key}");
                self.add(pointer, "not_unique", "is there twice");
            }
        }
    }
}
