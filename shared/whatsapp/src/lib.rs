//! WhatsApp as Meta's Cloud API speaks it: signatures, webhooks, messages, statuses, sending.
//!
//! Invariant: this is the only crate that knows Meta's JSON. What leaves it is `domain` values;
//! what enters is bytes, read leniently: an unknown field, type or spelling is kept raw and never
//! refused, because a refused webhook is sent again for seven days and then lost.

mod digest;
mod identity;
mod json;

pub mod graph;
pub mod inbound;
mod rotation;
pub mod signature;
pub mod status;
pub mod webhook;

pub use graph::{AccessToken, Graph, GraphConfig, SendError};
pub use inbound::{InboundMessage, decode_message};
pub use rotation::{Rotation, decode_rotation};
pub use signature::{AppSecret, AppSecrets, sign, verify};
pub use status::{StatusReport, decode_status};
pub use webhook::{Event, EventKind, Unparseable, parse};
