//! What Meta reports of a message we sent.

use domain::contact::Sender;
use domain::content::ProviderError;
use domain::delivery::Report;
use jiff::Timestamp;

use crate::identity::{Identity, PARTICIPANT, RECIPIENT};
use crate::inbound::{DecodeError, errors, open, time};

/// One step of one message, for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReport {
    /// Meta's id of our message. It may beat the answer to our own send.
    pub provider_id: String,
    /// As Meta spells it.
    pub name: String,
    /// What it means for delivery; `None` for names that move nothing, as `deleted`.
    pub report: Option<Report>,
    pub timestamp: Timestamp,
    pub phone_number_id: Option<String>,
    /// What we sent along as `biz_opaque_callback_data`.
    pub callback: Option<String>,
    /// Whom it reached; in a group, the participant. Empty on some failures.
    pub recipient: Sender,
    /// The participant of a group this step is about, as Meta names it.
    pub participant: Option<String>,
    pub errors: Vec<ProviderError>,
    /// The `pricing` object as it came: what the message costs is decided by Meta.
    pub pricing: Option<String>,
}

/// Reads the `raw` text of a [`crate::Event`] of kind status.
pub fn decode_status(raw: &str) -> Result<StatusReport, DecodeError> {
    let (event, item) = open(raw)?;
    let name = item.id("status").ok_or(DecodeError::Missing("status"))?;
    let contact = event.object("contact").map(|contact| Identity::of_contact(&contact));
    let participant = PARTICIPANT.iter().find_map(|key| item.id(key));
    let keys: &[&str] = if participant.is_some() { &PARTICIPANT } else { &RECIPIENT };
    let recipient = Identity::read(&item, keys).or(contact.unwrap_or_default()).into_sender();
    Ok(StatusReport {
        provider_id: item.id("id").ok_or(DecodeError::Missing("id"))?,
        report: report(&name),
        name,
        timestamp: time(&event, &item)?,
        phone_number_id: event
            .object("metadata")
            .and_then(|metadata| metadata.id("phone_number_id")),
        callback: item.words("biz_opaque_callback_data"),
        recipient,
        participant,
        errors: errors(&item),
        pricing: item.raw("pricing").map(|pricing| pricing.get().to_owned()),
    })
}

fn report(name: &str) -> Option<Report> {
    match name {
        "sent" => Some(Report::Sent),
        "delivered" => Some(Report::Delivered),
        "read" => Some(Report::Read),
        "played" => Some(Report::Played),
        "failed" => Some(Report::Failed),
        _ => None,
    }
}
