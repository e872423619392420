//! What ties the entries of an audit log together: numbered links, each with the hash of the one
//! before.

use std::fmt::Write;

use domain::{AuditId, Error, Result, TenantId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::item::{self, Attributes};
use crate::key::{self, Key};

/// What the first link has for the hash of the one before it.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A link: some entries, in the order they were taken in, and the link before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    /// From 1, without a gap.
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) entries: Vec<LinkedEntry>,
    /// The hash of the link before.
    pub(super) previous: String,
    /// SHA-256 of all of the above and the tenant, in lower-case hexadecimal.
    pub(super) hash: String,
}

/// An entry of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LinkedEntry {
    pub(super) id: AuditId,
    pub(super) hash: String,
}

/// Says in which link an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) seq: u64,
}

/// The last link of a chain. Kept elsewhere, it proves later that everything up to it is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    pub seq: u64,
    pub hash: String,
}

impl Link {
    /// The link after `head`.
    pub(super) fn after(
        tenant: TenantId,
        head: Option<&ChainHead>,
        entries: Vec<LinkedEntry>,
        at: Timestamp,
    ) -> Self {
        let mut link = Self {
            seq: head.map_or(1, |head| head.seq + 1),
            at,
            entries,
            previous: head.map_or(GENESIS, |head| &head.hash).to_owned(),
            hash: String::new(),
        };
        link.hash = link.computed(tenant);
        link
    }

    /// What its hash must be.
    pub(super) fn computed(&self, tenant: TenantId) -> String {
        let Self { seq, at, entries, previous, .. } = self;
        let mut text = format!("audit link v1\n{tenant}\n{seq}\n{at}\n{previous}\n");
        for LinkedEntry { id, hash } in entries {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{id} {hash}");
        }
        key::hash(&text)
    }

    pub(super) fn holds(&self, id: AuditId) -> bool {
        self.entries.iter().any(|entry| entry.id == id)
    }
}

/// The hash of an entry as it lies in the table: its place and its whole record, names in order.
/// Taken of what is stored and not of what we understand of it, so that it stays the same when
/// records get new fields.
pub(super) fn fingerprint(at: &Key, mut doc: Value) -> String {
    doc.sort_all_objects();
    key::hash(&format!("audit entry v1\n{}\n{}\n{doc}", at.pk, at.sk))
}

/// The same of an item that was read.
pub(super) fn fingerprint_of(at: &Key, attributes: Attributes) -> Result<String> {
    let doc: Value = item::doc(attributes)?;
    Ok(fingerprint(at, doc))
}

/// A number as it stands in a sort key.
pub(super) fn seq_of(sort_key: &str) -> Result<u64> {
    sort_key.parse().map_err(|_| Error::internal("a link has no number"))
}
