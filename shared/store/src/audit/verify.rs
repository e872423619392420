//! Whether an audit log is as it was written: its chain first, then what lies outside of it.

use std::collections::HashMap;

use domain::{AuditId, Error, Result};
use jiff::Timestamp;

use super::chain::{ChainHead, GENESIS, Link, Mark, fingerprint_of, seq_of};
use super::linking::LINKABLE_FOR;
use super::list::beginning;
use super::walk::{Step, Walk};
use crate::item::{self, Attributes};
use crate::key::{self, Key};
use crate::page::PageRequest;
use crate::tables::{Table, TenantStore};

/// Rows of the table looked at for one page, and months without any.
const ROWS_MAX: usize = 500;
const MONTHS_MAX: usize = 24;

/// What one page of a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Links whose number, hash and predecessor were compared.
    pub links: usize,
    /// Entries whose hash was compared with the one in their link.
    pub entries: usize,
    /// Rows of the table whose link was looked for.
    pub rows: usize,
    /// Rows so new that their link may still come.
    pub pending: usize,
    pub findings: Vec<Finding>,
    /// The end of the chain as it is now.
    pub head: Option<ChainHead>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    /// The link it is about.
    pub seq: Option<u64>,
    /// The entry it is about.
    pub entry: Option<AuditId>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// An entry has another content than when it was linked.
    EntryChanged,
    /// An entry of the chain is gone.
    EntryRemoved,
    /// A row that no link has.
    EntryInserted,
    /// A link's content does not have its hash, or it does not follow the one before.
    LinkChanged,
    /// A number is missing.
    LinkRemoved,
    /// A link is at another number than its own.
    LinkMoved,
    /// The link that was the head once is another one now, or gone.
    HistoryRewritten,
}

impl FindingKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EntryChanged => "entry_changed",
            Self::EntryRemoved => "entry_removed",
            Self::EntryInserted => "entry_inserted",
            Self::LinkChanged => "link_changed",
            Self::LinkRemoved => "link_removed",
            Self::LinkMoved => "link_moved",
            Self::HistoryRewritten => "history_rewritten",
        }
    }
}

impl Verification {
    fn found(&mut self, kind: FindingKind, seq: Option<u64>, entry: Option<AuditId>) {
        self.findings.push(Finding { kind, seq, entry });
    }
}

impl TenantStore {
    /// One page of a verification: `request.limit` links, or five hundred rows. `known` is a head
    /// that a verification has told before.
    pub async fn verify_audit(
        &self,
        request: &PageRequest,
        known: Option<&ChainHead>,
        now: Timestamp,
    ) -> Result<Verification> {
        let mut page =
            Verification { head: self.chain_head_or_none().await?, ..Default::default() };
        match request.after.as_deref().map(|place| place.split('#').collect::<Vec<_>>()).as_deref()
        {
            None => {
                if let Some(known) = known {
                    self.check_known(&mut page, known).await?;
                }
                let genesis = ChainHead { seq: 0, hash: GENESIS.to_owned() };
                self.check_links(&mut page, genesis, request.limit).await?;
            }
            Some(["L", seq, hash]) => {
                let from = ChainHead { seq: seq_of(seq)?, hash: (*hash).to_owned() };
                self.check_links(&mut page, from, request.limit).await?;
            }
            Some(["E", place]) => self.check_rows(&mut page, place, now).await?,
            Some(_) => return Err(Error::internal("no such place in a verification")),
        }
        if page.next.as_deref() == Some("E#") {
            page.next = Some(format!("E#{}", beginning(None, now)));
        }
        Ok(page)
    }

    /// A head that cannot be read is found when its turn comes.
    async fn chain_head_or_none(&self) -> Result<Option<ChainHead>> {
        match self.chain_head().await {
            Err(Error::NotFound | Error::Internal(_)) => Ok(None),
            head => head,
        }
    }

    async fn check_known(&self, page: &mut Verification, known: &ChainHead) -> Result<()> {
        let at = key::audit_link(&self.scope, known.seq);
        let row = self.store.item(&at).await?;
        let link = row.and_then(|row| item::record::<Link>(&self.scope, row).ok());
        if link.is_none_or(|link| link.hash != known.hash) {
            page.found(FindingKind::HistoryRewritten, Some(known.seq), None);
        }
        Ok(())
    }

    /// The links after `last`, and the entries in them.
    async fn check_links(
        &self,
        page: &mut Verification,
        mut last: ChainHead,
        limit: usize,
    ) -> Result<()> {
        let after = (last.seq > 0).then(|| key::audit_link(&self.scope, last.seq).sk);
        let found = self.page(&self.chain(false), &PageRequest { limit, after }).await?;
        let mut links = Vec::new();
        for row in found.items {
            let place = seq_of(item::text(&row, "sk").unwrap_or_default())?;
            page.links += 1;
            let follows = place == last.seq + 1;
            if !follows {
                page.found(FindingKind::LinkRemoved, Some(last.seq + 1), None);
            }
            let Ok(link) = item::record::<Link>(&self.scope, row) else {
                page.found(FindingKind::LinkChanged, Some(place), None);
                last = ChainHead { seq: place, hash: String::new() };
                continue;
            };
            let is_whole = link.hash == link.computed(self.scope.tenant());
            if link.seq != place {
                page.found(FindingKind::LinkMoved, Some(place), None);
            } else if !is_whole || (follows && link.previous != last.hash) {
                page.found(FindingKind::LinkChanged, Some(place), None);
            }
            last = ChainHead { seq: place, hash: link.hash.clone() };
            links.push(link);
        }
        self.check_entries(page, &links).await?;
        page.next = Some(match found.next {
            Some(_) => format!("L#{}#{}", last.seq, last.hash),
            None => "E#".to_owned(),
        });
        Ok(())
    }

    async fn check_entries(&self, page: &mut Verification, links: &[Link]) -> Result<()> {
        let listed: Vec<_> = links
            .iter()
            .flat_map(|link| link.entries.iter().map(move |entry| (link.seq, entry)))
            .map(|(seq, entry)| (seq, entry, key::audit(&self.scope, entry.id)))
            .collect();
        let mut rows = self.rows_at(listed.iter().map(|(_, _, at)| at)).await?;
        for (seq, entry, at) in listed {
            page.entries += 1;
            let row = rows.remove(&(at.pk.clone(), at.sk.clone()));
            match row.map(|row| self.is_as_linked(&at, row, &entry.hash)) {
                Some(true) => {}
                Some(false) => page.found(FindingKind::EntryChanged, Some(seq), Some(entry.id)),
                None => page.found(FindingKind::EntryRemoved, Some(seq), Some(entry.id)),
            }
        }
        Ok(())
    }

    fn is_as_linked(&self, at: &Key, row: Attributes, hash: &str) -> bool {
        item::text(&row, "t") == Some(self.scope.tenant().key().as_str())
            && fingerprint_of(at, row).is_ok_and(|computed| computed == hash)
    }

    /// The rows below `place`: each must be in the link that its mark names.
    async fn check_rows(&self, page: &mut Verification, place: &str, now: Timestamp) -> Result<()> {
        let mut walk = Walk::below(self, place, None, ROWS_MAX)?;
        let mut ids = Vec::new();
        let mut months = 0;
        page.next = loop {
            if page.rows >= ROWS_MAX || months >= MONTHS_MAX {
                break Some(format!("E#{}", walk.place()));
            }
            match walk.step().await? {
                Step::End => break None,
                Step::Month => months += 1,
                Step::Row(id, row) => {
                    page.rows += 1;
                    let id: Option<AuditId> = format!("aud_{id}").parse().ok();
                    let in_place = id.filter(|id| {
                        item::text(&row, "pk") == Some(&key::audit(&self.scope, *id).pk)
                    });
                    match in_place {
                        Some(id) => ids.push(id),
                        None => page.found(FindingKind::EntryInserted, None, id),
                    }
                }
            }
        };
        let links = self.links_of(&ids).await?;
        for id in ids {
            if links.get(&id).is_some_and(|link| link.holds(id)) {
                continue;
            }
            if now.duration_since(key::audit_instant(id)) > LINKABLE_FOR {
                page.found(FindingKind::EntryInserted, None, Some(id));
            } else {
                page.pending += 1;
            }
        }
        Ok(())
    }

    /// The links that the marks of entries name, where there are both.
    async fn links_of(&self, ids: &[AuditId]) -> Result<HashMap<AuditId, Link>> {
        let marks: Vec<Key> = ids.iter().map(|id| key::audit_mark(&self.scope, *id)).collect();
        let mut rows = self.rows_at(marks.iter()).await?;
        let mut named: Vec<(AuditId, u64)> = Vec::new();
        for (id, at) in ids.iter().zip(marks) {
            let row = rows.remove(&(at.pk, at.sk));
            if let Some(Ok(mark)) = row.map(|row| item::record::<Mark>(&self.scope, row)) {
                named.push((*id, mark.seq));
            }
        }
        let mut wanted: Vec<u64> = named.iter().map(|(_, seq)| *seq).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let keys: Vec<Key> = wanted.iter().map(|seq| key::audit_link(&self.scope, *seq)).collect();
        let mut links = HashMap::new();
        for (_, row) in self.rows_at(keys.iter()).await? {
            if let Ok(link) = item::record::<Link>(&self.scope, row) {
                links.insert(link.seq, link);
            }
        }
        let of = |(id, seq): (AuditId, u64)| Some((id, links.get(&seq)?.clone()));
        Ok(named.into_iter().filter_map(of).collect())
    }

    async fn rows_at(
        &self,
        keys: impl Iterator<Item = &Key>,
    ) -> Result<HashMap<(String, String), Attributes>> {
        let keys: Vec<_> = keys.map(|at| (at.pk.clone(), at.sk.clone())).collect();
        self.raw_many(Table::Audit, &keys).await
    }
}
