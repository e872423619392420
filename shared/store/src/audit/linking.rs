//! Entries on their way into the chain.

use domain::audit::AuditEntry;
use domain::{AuditId, Error, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tenancy::TenantScope;

use super::chain::{ChainHead, Link, LinkedEntry, Mark, fingerprint};
use crate::due::Due;
use crate::item::{self, Item};
use crate::key;
use crate::page::PageRequest;
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Commit, Part};

/// An entry older than this is not linked any more: neither the stream nor the sweep needs as long,
/// so whoever brings it has put it in afterwards.
pub const LINKABLE_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Entries of one link: it and their marks fit a transaction, and one read checks them.
const ENTRIES_MAX: usize = 25;
/// Attempts to append past others who append to the same chain.
const ATTEMPTS_MAX: u32 = 32;

/// What a table's stream can hold for the dispatcher.
#[derive(Debug, Clone)]
pub enum Streamed {
    /// A side effect that waits for a queue.
    Due(Due),
    /// An entry of the audit log.
    Entry(Unlinked),
}

/// An entry that may not be in the chain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    pub scope: TenantScope,
    pub id: AuditId,
    hash: String,
}

/// What became of entries that were handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// Newly linked; the others were linked before.
    pub count: usize,
    /// Too old to be linked.
    pub refused: usize,
    /// The chain's end, if it has grown.
    pub head: Option<ChainHead>,
}

impl Streamed {
    /// From a new item of a stream: its key and its `doc`. `None` for what cannot be read.
    pub fn read(pk: &str, sk: &str, doc: Value) -> Option<Self> {
        if sk.starts_with(key::AUDIT_ENTRY) {
            Unlinked::read(pk, sk, doc).map(Self::Entry)
        } else {
            Due::of_stream(pk, doc).map(Self::Due)
        }
    }
}

impl Unlinked {
    /// `None` unless it is an entry, at the place and of the instant that its identifier says.
    pub(super) fn read(pk: &str, sk: &str, doc: Value) -> Option<Self> {
        let scope = TenantScope::of_stream_key(pk)?;
        let entry: AuditEntry = serde_json::from_value(doc.clone()).ok()?;
        let at = key::audit(&scope, entry.id);
        let minted = key::audit_instant(entry.id);
        let in_place =
            at.pk == pk && at.sk == sk && minted.as_millisecond() == entry.at.as_millisecond();
        in_place.then(|| Self { hash: fingerprint(&at, doc), id: entry.id, scope })
    }

    fn is_late(&self, now: Timestamp) -> bool {
        now.duration_since(key::audit_instant(self.id)) > LINKABLE_FOR
    }
}

impl TenantStore {
    /// Appends entries to the tenant's chain. What is in it already stays where it is.
    pub async fn link(&self, entries: Vec<Unlinked>, now: Timestamp) -> Result<Linked> {
        let handed = entries.len();
        let mut wanted: Vec<Unlinked> = entries
            .into_iter()
            .filter(|one| one.scope == self.scope && !one.is_late(now))
            .collect();
        let mut linked = Linked { refused: handed - wanted.len(), ..Linked::default() };
        wanted.sort_by_key(|one| one.id);
        wanted.dedup_by_key(|one| one.id);
        for chunk in wanted.chunks(ENTRIES_MAX) {
            if let Some((count, head)) = self.append(chunk.to_vec(), now).await? {
                linked.count += count;
                linked.head = Some(head);
            }
        }
        Ok(linked)
    }

    /// Appends one link; how many entries it has, and itself as the new head.
    async fn append(
        &self,
        mut entries: Vec<Unlinked>,
        now: Timestamp,
    ) -> Result<Option<(usize, ChainHead)>> {
        for _ in 0..ATTEMPTS_MAX {
            if entries.is_empty() {
                return Ok(None);
            }
            let head = self.chain_head().await?;
            let listed =
                entries.iter().map(|one| LinkedEntry { id: one.id, hash: one.hash.clone() });
            let link = Link::after(self.scope.tenant(), head.as_ref(), listed.collect(), now);
            match self.write_link(&link).await? {
                Commit::Done => {
                    let head = ChainHead { seq: link.seq, hash: link.hash };
                    return Ok(Some((entries.len(), head)));
                }
                Commit::Refused(parts) if parts.contains(&Part::Mark) => {
                    entries = self.unmarked(entries).await?;
                }
                // Somebody else has appended.
                Commit::Refused(_) | Commit::Busy => {}
            }
        }
        Err(Error::Conflict)
    }

    async fn write_link(&self, link: &Link) -> Result<Commit> {
        let mut transaction = self.transaction();
        let at = key::audit_link(&self.scope, link.seq);
        transaction.insert(Part::Link, Item::new(&self.scope, at, 1, link));
        for entry in &link.entries {
            let at = key::audit_mark(&self.scope, entry.id);
            let mark = Mark { seq: link.seq };
            transaction.insert(Part::Mark, Item::new(&self.scope, at, 1, &mark));
        }
        transaction.commit().await
    }

    /// Those that are not in the chain.
    pub(super) async fn unmarked(&self, entries: Vec<Unlinked>) -> Result<Vec<Unlinked>> {
        let keys: Vec<_> = entries
            .iter()
            .map(|one| key::audit_mark(&self.scope, one.id))
            .map(|at| (at.pk, at.sk))
            .collect();
        let marks = self.raw_many(Table::Audit, &keys).await?;
        let left = entries.into_iter().zip(&keys).filter(|(_, at)| !marks.contains_key(*at));
        Ok(left.map(|(one, _)| one).collect())
    }

    /// The end of the tenant's chain.
    pub async fn chain_head(&self) -> Result<Option<ChainHead>> {
        let stretch = self.chain(true);
        let last = self.page(&stretch, &PageRequest::first(1)).await?.items.pop();
        let Some(last) = last else { return Ok(None) };
        let link: Link = item::record(&self.scope, last)?;
        Ok(Some(ChainHead { seq: link.seq, hash: link.hash }))
    }

    pub(super) fn chain(&self, newest_first: bool) -> Stretch {
        let pk = key::audit_chain(&self.scope);
        Stretch { table: Table::Audit, index: None, pk, prefix: "", newest_first }
    }
}
