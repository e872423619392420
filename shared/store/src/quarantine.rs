//! Events that no retry would help: kept whole, listed, replayed by an operator.

use domain::audit::AuditEntry;
use domain::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Commit, Part};

/// A quarantined event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Instant of its first intake and hash of what tells the event apart: sorts by time.
    pub id: String,
    /// Why, for the operator; never content.
    pub reason: String,
    /// The envelope as it stood in the queue.
    pub envelope: String,
    pub received_at: Timestamp,
    pub quarantined_at: Timestamp,
}

/// Under which id an event was kept when it came first.
#[derive(Serialize, Deserialize)]
struct FirstKept {
    id: String,
}

/// A webhook change as it came.
#[derive(Serialize, Deserialize)]
struct Notice {
    field: String,
    raw: String,
}

impl Quarantined {
    /// The id of an event's quarantine item.
    pub fn id_of(received_at: Timestamp, duplicate_key: &str) -> String {
        let hash = key::hash(duplicate_key);
        format!("{}-{}", key::instant(received_at), hash.get(..32).unwrap_or_default())
    }
}

/// The part of an id that is the same each time an event comes.
fn hash_of(id: &str) -> &str {
    id.split_once('-').map_or(id, |(_, hash)| hash)
}

impl TenantStore {
    /// Keeps an event. The same event again, however much later, is still one record, under the
    /// id it was given first.
    pub async fn quarantine(&self, record: &Quarantined) -> Result<()> {
        let reference = key::quarantine_ref(&self.scope, hash_of(&record.id));
        let first: Option<FirstKept> = self.get(&reference).await?;
        let id = first.map_or_else(|| record.id.clone(), |first| first.id);
        let at = key::quarantined(&self.scope, &id);
        let record = Quarantined { id: id.clone(), ..record.clone() };
        let mut transaction = self.transaction();
        let reference = Item::new(&self.scope, reference, 1, &FirstKept { id });
        transaction.upsert(Part::Reference, reference.map(|item| item.stray(&self.scope)));
        transaction.upsert(Part::Message, Item::new(&self.scope, at, 1, &record));
        match transaction.commit().await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) | Commit::Busy => Err(Error::Conflict),
        }
    }

    /// Keeps a webhook change that is neither message nor status, under the same kind of id; says
    /// whether it is new. The same change again, however much later, changes nothing.
    pub async fn keep_notice(&self, id: &str, field: &str, raw: &str) -> Result<bool> {
        let record = Notice { field: field.to_owned(), raw: raw.to_owned() };
        let reference = key::notice_ref(&self.scope, hash_of(id));
        let first = FirstKept { id: id.to_owned() };
        let mut transaction = self.transaction();
        let reference = Item::new(&self.scope, reference, 1, &first);
        transaction.insert(Part::Reference, reference.map(|item| item.stray(&self.scope)));
        let at = key::notice(&self.scope, id);
        transaction.insert(Part::Message, Item::new(&self.scope, at, 1, &record));
        self.commit_once(transaction).await
    }

    /// Quarantined events, newest first.
    pub async fn quarantined(&self, request: &PageRequest) -> Result<Page<Quarantined>> {
        let stretch = Stretch {
            table: Table::Conversations,
            index: None,
            pk: key::quarantine_partition(&self.scope),
            prefix: "",
            newest_first: true,
        };
        self.records(&stretch, request).await
    }

    pub async fn quarantined_event(&self, id: &str) -> Result<Quarantined> {
        self.get(&key::quarantined(&self.scope, id)).await?.ok_or(Error::NotFound)
    }

    /// Releases an event after it has been put back into the queue, and tells the audit log; if it
    /// has come back from there since it was read, it stays.
    pub async fn release_quarantined(&self, event: &Quarantined, told: AuditEntry) -> Result<()> {
        let at = key::quarantined(&self.scope, &event.id);
        let mut release = self.transaction();
        release.audit(told.clone(), Some(event), None);
        release.delete(Part::Message, &at, "doc.quarantined_at = :seen", &event.quarantined_at);
        match release.commit().await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) => {
                let mut tell = self.transaction();
                tell.audit(told, Some(event), Some(event));
                self.commit_once(tell).await.map(|_| ())
            }
            Commit::Busy => Err(Error::Conflict),
        }
    }
}
