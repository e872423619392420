//! Events that no retry would help: kept whole, listed, replayed by an operator.

use domain::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::key_of;

/// A quarantined event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Instant of intake and hash of the event's duplicate key: sorts by time, and the same event
    /// is quarantined once.
    pub id: String,
    /// Why, for the operator; never content.
    pub reason: String,
    /// The envelope as it stood in the queue.
    pub envelope: String,
    pub received_at: Timestamp,
    pub quarantined_at: Timestamp,
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

impl TenantStore {
    /// Keeps an event; the same event again changes nothing.
    pub async fn quarantine(&self, record: &Quarantined) -> Result<()> {
        let at = key::quarantined(&self.scope, &record.id);
        self.put(Item::new(&self.scope, at, 1, record)?).await
    }

    /// Keeps a webhook change that is neither message nor status, under the same kind of id; the
    /// same change again changes nothing.
    pub async fn keep_notice(&self, id: &str, field: &str, raw: &str) -> Result<()> {
        let record = Notice { field: field.to_owned(), raw: raw.to_owned() };
        self.put(Item::new(&self.scope, key::notice(&self.scope, id), 1, &record)?).await
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

    /// Releases an event after it has been put back into the queue.
    pub async fn release_quarantined(&self, id: &str) -> Result<()> {
        let at = key::quarantined(&self.scope, id);
        self.store
            .client
            .delete_item()
            .table_name(self.store.name(at.table))
            .set_key(Some(key_of(&at)))
            .send()
            .await
            .map_err(crate::fault::of)?;
        Ok(())
    }
}
