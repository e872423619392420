//! A person's message, typed.

mod content;

use domain::contact::Sender;
use domain::content::{Content, ProviderError};
use jiff::Timestamp;

use crate::identity::{FROM, Identity};
use crate::json::Object;

/// Why an event's raw text is not a message.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("the event is not a JSON object")]
    NotAnObject(#[source] serde_json::Error),
    #[error("the event has no readable {0}")]
    Missing(&'static str),
}

/// How often a message was passed on before it came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forwarding {
    #[default]
    Original,
    /// Up to five times.
    Forwarded,
    /// More often.
    Frequently,
}

/// The advertisement or post a person tapped before writing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Referral {
    /// `ad` or `post`.
    pub source_type: Option<String>,
    pub source_id: Option<String>,
    pub source_url: Option<String>,
    pub headline: Option<String>,
    pub body: Option<String>,
    /// The click; absent on some placements, and never to be made up from `source_id`.
    pub ctwa_clid: Option<String>,
}

/// A message a person sent to one of our numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    /// Meta's id, as in `wamid.…`: opaque.
    pub provider_id: String,
    /// When WhatsApp handled it; the 24-hour window counts from here, not from its arrival.
    pub timestamp: Timestamp,
    pub phone_number_id: Option<String>,
    pub sender: Sender,
    pub content: Content,
    /// The provider's id of the message it answers; maybe one we never saw.
    pub reply_to: Option<String>,
    pub forwarding: Forwarding,
    /// The group it was written in; opaque.
    pub group_id: Option<String>,
    pub referral: Option<Referral>,
    /// What WhatsApp says went wrong with it.
    pub errors: Vec<ProviderError>,
}

/// Reads the `raw` text of a [`crate::Event`] of kind message.
///
/// Only the id and the time must be there. Content of a known type that cannot be read, like
/// content of an unknown one, is [`Content::Unknown`]: the person did write, and the raw event has
/// the rest.
pub fn decode_message(raw: &str) -> Result<InboundMessage, DecodeError> {
    let (event, item) = open(raw)?;
    let context = item.object("context");
    let contact = event.object("contact").map(|contact| Identity::of_contact(&contact));
    Ok(InboundMessage {
        provider_id: item.id("id").ok_or(DecodeError::Missing("id"))?,
        timestamp: time(&event, &item)?,
        phone_number_id: event
            .object("metadata")
            .and_then(|metadata| metadata.id("phone_number_id")),
        sender: Identity::read(&item, &FROM).or(contact.unwrap_or_default()).into_sender(),
        content: content::read(&item),
        reply_to: context.as_ref().and_then(|context| context.id("id")),
        forwarding: context.as_ref().map(forwarding).unwrap_or_default(),
        group_id: item.id("group_id"),
        referral: item.object("referral").as_ref().map(referral),
        errors: errors(&item),
    })
}

/// The event's object and the item in it.
pub(crate) fn open(raw: &str) -> Result<(Object<'_>, Object<'_>), DecodeError> {
    let event = Object::parse(raw).map_err(DecodeError::NotAnObject)?;
    let item = event.object("item").ok_or(DecodeError::Missing("item"))?;
    Ok((event, item))
}

/// When an item happened; where it does not say, when its entry was made.
pub(crate) fn time(event: &Object<'_>, item: &Object<'_>) -> Result<Timestamp, DecodeError> {
    item.time("timestamp").or_else(|| event.time("time")).ok_or(DecodeError::Missing("timestamp"))
}

/// The `errors[]` of an item.
pub(crate) fn errors(item: &Object<'_>) -> Vec<ProviderError> {
    item.objects("errors").iter().map(provider_error).collect()
}

/// An error as webhooks and Graph both write it; the code is 0 where Meta gives none.
pub(crate) fn provider_error(error: &Object<'_>) -> ProviderError {
    let title = error.words("title");
    let message = error.words("message");
    let details = error.object("error_data").and_then(|data| data.words("details"));
    let name = title.or_else(|| message.clone()).unwrap_or_default();
    ProviderError {
        code: error.number("code").unwrap_or_default(),
        details: details.or(message).filter(|text| *text != name),
        title: name,
    }
}

fn forwarding(context: &Object<'_>) -> Forwarding {
    if context.is_true("frequently_forwarded") {
        Forwarding::Frequently
    } else if context.is_true("forwarded") {
        Forwarding::Forwarded
    } else {
        Forwarding::Original
    }
}

fn referral(referral: &Object<'_>) -> Referral {
    Referral {
        source_type: referral.words("source_type"),
        source_id: referral.id("source_id"),
        source_url: referral.words("source_url"),
        headline: referral.words("headline"),
        body: referral.words("body"),
        ctwa_clid: referral.words("ctwa_clid"),
    }
}
