//! What travels in the queues. Every envelope starts with its version, `v`.
//!
//! Invariant: a shipped version stays readable for ever: yesterday's messages outlive a deploy.

use domain::Error;
use domain::contact::Sender;
use domain::outbox::OutboxItem;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use telemetry::Trace;
use tenancy::{Routed, TenantScope};

/// One event of the provider on its way to the processor.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Whose number it came to; `None` for a number of no tenant and for an unreadable body.
    pub route: Option<Routed>,
    pub kind: EventKind,
    /// The business number the event belongs to; `None` for events of a whole account.
    pub phone_number_id: Option<String>,
    /// Who sent it, for messages.
    pub sender: Option<Sender>,
    pub payload: Payload,
    /// When the webhook took it.
    pub received_at: Timestamp,
    pub trace: Trace,
}

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A message of a person.
    Message,
    /// What became of a message of ours.
    Status,
    /// Any other change the provider tells us of.
    Notice,
    /// Any of the above for a phone number that belongs to no tenant.
    Unrouted,
    /// A signed body that could not be read; its payload is a claim under `quarantine/`.
    Unparsed,
}

impl EventKind {
    /// The word used on the wire and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Notice => "notice",
            Self::Unrouted => "unrouted",
            Self::Unparsed => "unparsed",
        }
    }
}

/// The raw event, here or in S3.
#[derive(Debug, Clone)]
pub enum Payload {
    /// The JSON of the one message, status or change, as the provider sent it.
    Inline(Box<RawValue>),
    /// The key of the bytes in S3.
    Claim(String),
}

/// A side effect on its way to the sender.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub scope: TenantScope,
    pub item: OutboxItem,
}

/// A body that is not an envelope we know. Retrying does not help.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("the body is not an envelope")]
    Malformed(#[from] serde_json::Error),
    #[error("envelope version {0} is not known here")]
    Version(u32),
    #[error("the envelope contradicts itself: {0}")]
    Contradiction(&'static str),
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Serialize, Deserialize)]
struct EnvelopeV1 {
    v: u32,
    route: Option<Routed>,
    kind: EventKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_number_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sender: Option<Sender>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
    received_at: Timestamp,
    trace: Trace,
}

#[derive(Serialize, Deserialize)]
struct OutboundV1 {
    v: u32,
    item: OutboxItem,
}

impl Envelope {
    /// The body for the queue.
    pub fn to_body(&self) -> domain::Result<String> {
        let (event, claim) = match &self.payload {
            Payload::Inline(raw) => (Some(raw.clone()), None),
            Payload::Claim(key) => (None, Some(key.clone())),
        };
        let body = serde_json::to_string(&EnvelopeV1 {
            v: 1,
            route: self.route,
            kind: self.kind,
            phone_number_id: self.phone_number_id.clone(),
            sender: self.sender.clone(),
            event,
            claim,
            received_at: self.received_at,
            trace: self.trace.clone(),
        });
        body.map(sendable).map_err(Error::internal)
    }

    /// Reads a body of any version there was.
    pub fn parse(body: &str) -> Result<Self, Unreadable> {
        known_version(body)?;
        let wire: EnvelopeV1 = serde_json::from_str(body)?;
        let payload = match (wire.event, wire.claim) {
            (Some(raw), None) => Payload::Inline(raw),
            (None, Some(key)) => Payload::Claim(key),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Unreadable::Contradiction("exactly one of event and claim"));
            }
        };
        Ok(Self {
            route: wire.route,
            kind: wire.kind,
            phone_number_id: wire.phone_number_id,
            sender: wire.sender,
            payload,
            received_at: wire.received_at,
            trace: wire.trace,
        })
    }
}

impl Outbound {
    /// The body for the queue.
    pub fn to_body(&self) -> domain::Result<String> {
        if self.scope.tenant() != self.item.tenant {
            return Err(Error::internal("an outbox item of another tenant"));
        }
        let body = serde_json::to_string(&OutboundV1 { v: 1, item: self.item.clone() });
        body.map(sendable).map_err(Error::internal)
    }

    /// Reads a body of any version there was. The scope is that of the item: only we write here.
    pub fn parse(body: &str) -> Result<Self, Unreadable> {
        known_version(body)?;
        let OutboundV1 { item, .. } = serde_json::from_str(body)?;
        let scope = TenantScope::of_stream_key(&format!("T#{}", item.tenant.key()))
            .ok_or(Unreadable::Contradiction("an item of no tenant"))?;
        Ok(Self { scope, item })
    }
}

fn known_version(body: &str) -> Result<(), Unreadable> {
    match serde_json::from_str(body)? {
        Version { v: 1 } => Ok(()),
        Version { v } => Err(Unreadable::Version(v)),
    }
}

/// SQS refuses U+FFFE and U+FFFF, which JSON allows; inside JSON they can be written as escapes.
fn sendable(body: String) -> String {
    // Their first byte in UTF-8 is rare; a look for it costs less than reading character by character.
    if body.as_bytes().contains(&0xef) && body.contains(['\u{fffe}', '\u{ffff}']) {
        body.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff")
    } else {
        body
    }
}

#[cfg(test)]
mod tests;
