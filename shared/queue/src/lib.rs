//! The queues: what travels in them, how it gets in, and how a batch is worked off.
//!
//! Invariant: only this crate names SQS. Envelopes are versioned; bodies hold ids and raw events,
//! never secrets.

mod batch;
pub mod envelope;
pub mod keys;
mod lanes;
mod outbox;
mod queues;
mod record;

pub use batch::Outcome;
pub use envelope::{Envelope, EventKind, Outbound, Payload, Unreadable};
pub use lanes::MAX_BODY_BYTES;
pub use outbox::HandedOver;
pub use queues::{Entry, QueueKind, QueueUrls, Queues, SendFailure};
pub use record::Record;
