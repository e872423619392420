//! The organisation's own record, and writes that meet others.

use std::time::Duration;

use domain::tenant::Tenant;
use domain::{Error, Result};

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Commit, Part, Transaction};

/// Attempts to write while another transaction is at the same items.
const BUSY_MAX: u32 = 6;
const BUSY_PAUSE: Duration = Duration::from_millis(15);

impl TenantStore {
    pub async fn tenant(&self) -> Result<Tenant> {
        self.get(&key::tenant(&self.scope)).await?.ok_or(Error::NotFound)
    }

    pub(crate) async fn put(&self, item: Item) -> Result<()> {
        self.store
            .client
            .put_item()
            .table_name(self.store.name(item.key.table))
            .set_item(Some(item.attributes))
            .send()
            .await
            .map_err(crate::fault::of)?;
        Ok(())
    }

    /// Commits, where a refusal can only mean that the things are there already.
    pub async fn commit_once(&self, transaction: Transaction) -> Result<bool> {
        match transaction.commit().await? {
            Commit::Done => Ok(true),
            Commit::Refused(_) => Ok(false),
            Commit::Busy => Err(Error::Conflict),
        }
    }

    /// Commits what `fill` gathers, and waits out others at the same items. The parts whose
    /// conditions did not hold; none when everything is written.
    pub async fn commit_patiently(&self, fill: impl Fn(&mut Transaction)) -> Result<Vec<Part>> {
        for round in 1..=BUSY_MAX {
            let mut transaction = self.transaction();
            fill(&mut transaction);
            match transaction.commit().await? {
                Commit::Done => return Ok(Vec::new()),
                Commit::Refused(parts) => return Ok(parts),
                Commit::Busy => tokio::time::sleep(BUSY_PAUSE * round).await,
            }
        }
        Err(Error::Conflict)
    }
}

impl Transaction {
    pub fn insert_tenant(&mut self, tenant: &Tenant) {
        let item = Item::new(self.scope(), key::tenant(self.scope()), tenant.version, tenant);
        self.insert(Part::Tenant, item);
    }

    /// Writes the organisation over its version `old`.
    pub fn replace_tenant(&mut self, tenant: &Tenant, old: u64) {
        let item = Item::new(self.scope(), key::tenant(self.scope()), tenant.version, tenant);
        self.replace(Part::Tenant, item, old);
    }
}
