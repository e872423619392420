//! The audit log: entries written with what they tell of, and never again.
//!
//! Invariant: nothing in the table is ever changed, or deleted but with its organisation. An entry is in the chain once it has
//! a mark; link, marks and their conditions are one transaction, so an entry is in it once however
//! often it is handed in, and no two links have one number.

mod chain;
mod linking;
mod list;
mod sweep;
mod verify;
mod walk;

use aws_lc_rs::digest;
use domain::audit::AuditEntry;
use domain::id::encode_hex;
use domain::{Error, Result};
use serde::Serialize;

pub use chain::ChainHead;
pub use linking::{LINKABLE_FOR, Linked, Streamed, Unlinked};
pub use list::AuditFilter;
pub use sweep::Swept;
pub use verify::{Finding, FindingKind, Verification};

use crate::item::Item;
use crate::key;
use crate::transaction::{Part, Transaction};

impl Transaction {
    /// Tells of what this transaction does: `before` and `after` are the record's two states, of
    /// which only hashes are kept.
    pub fn audit<T: Serialize>(
        &mut self,
        mut entry: AuditEntry,
        before: Option<&T>,
        after: Option<&T>,
    ) {
        let item = hash(before).and_then(|before| {
            entry.before = before;
            entry.after = hash(after)?;
            let (pk, sk) = key::audit_written(entry.id);
            let item = Item::new(self.scope(), key::audit(self.scope(), entry.id), 1, &entry)?;
            Ok(item.indexed(1, pk, sk))
        });
        self.insert(Part::Audit, item);
    }
}

/// SHA-256 of a record's JSON in lower-case hexadecimal.
fn hash<T: Serialize>(record: Option<&T>) -> Result<Option<String>> {
    let Some(record) = record else { return Ok(None) };
    let json = serde_json::to_vec(record).map_err(Error::internal)?;
    Ok(Some(encode_hex(digest::digest(&digest::SHA256, &json).as_ref())))
}
