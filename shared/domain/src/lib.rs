//! What the product is about: identifiers, money, people, records and the rules over them.
//!
//! Invariant: nothing here does input or output, reads a clock, mints randomness or knows of
//! async, AWS or HTTP. Time and chance are arguments ([`Clock`], [`Ids`]); decisions are pure.

pub mod audit;
pub mod clock;
pub mod contact;
pub mod content;
pub mod conversation;
pub mod delivery;
pub mod email;
pub mod error;
pub mod factor;
pub mod hidden;
pub mod id;
pub mod letter;
pub mod locale;
pub mod membership;
pub mod message;
pub mod money;
pub mod network;
pub mod outbox;
pub mod phone;
pub mod phone_code;
pub mod project;
pub mod proof;
pub mod role;
pub mod session;
pub mod settings;
pub mod tenant;
pub mod text;

pub use clock::{Clock, Ids};
pub use error::{Error, FieldError, Refusal, Result};
pub use hidden::Hidden;
pub use id::{
    AuditId, ChannelId, ContactId, ConversationId, CostId, InsightId, JobId, KeyId, MessageId,
    OutboxId, ProjectId, ProofId, SessionId, TaskId, TenantId, UserId,
};
pub use locale::Language;
pub use money::{Currency, Money};
pub use network::Network;
pub use phone::Phone;
