//! DynamoDB: the tables, their keys, and every read and write of the product.
//!
//! Invariants: data methods exist on [`TenantStore`] alone, which is had for a
//! [`tenancy::TenantScope`]; every key it builds starts with the scope's partition; every item
//! names its owner and is compared with the scope when read; a guard on every client refuses any
//! request that is not its scope's own before it leaves. The [`Directory`] is the one table
//! that is read before a tenant is known. Indexes hold keys only: lists read the items themselves,
//! so that an index never costs a write when an item's contents change.

mod api_keys;
mod audit;
mod channels;
mod contacts;
mod conversations;
mod directory;
mod due;
mod erasure;
mod fault;
mod guards;
mod item;
mod key;
mod letters;
mod messages;
mod page;
mod people;
mod projects;
mod proofs;
mod quarantine;
mod read;
mod sessions;
mod slugs;
mod tables;
mod tenant_guard;
mod tenants;
mod transaction;

pub use api_keys::DueKeys;
pub use audit::{
    AuditFilter, ChainHead, Finding, FindingKind, LINKABLE_FOR, Linked, Streamed, Swept, Unlinked,
    Verification,
};
pub use contacts::IdentityRef;
pub use directory::Directory;
pub use due::Due;
pub use erasure::{Erasing, Tombstone};
pub use guards::{Admission, Begun, Claim, Counted, Guards, Lease, LeaseAsk, Once};
pub use messages::{Proof, inbound_message_id};
pub use page::{Page, PageRequest};
pub use proofs::proof_id;
pub use quarantine::Quarantined;
pub use sessions::{SignIns, Standing};
pub use tables::{Store, TableNames, TenantStore};
pub use transaction::{Commit, Part, ProjectDelta, Transaction};
