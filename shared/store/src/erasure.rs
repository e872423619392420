//! The erasure of an organisation: what stays of it, and how the others learn that it is gone.
//!
//! Invariant: once there is a tombstone, nobody works for the organisation any more but for as long
//! as an answer of [`TenantStore::is_erased`] is remembered; the erasure waits longer than that
//! before it takes its last turn.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::{Result, TenantId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Part, Transaction};

mod grounds;
mod sweep;

pub use sweep::Erasing;

/// How long it is believed that an organisation is there, or gone.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Organisations remembered at most; then all are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// All that stays of an organisation: that there was one, who had it erased, and how much it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    pub tenant: TenantId,
    /// Who ordered it, as the operator named themselves.
    pub operator: String,
    pub ordered_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How many items of each table, objects and secrets; at least, as a turn that was cut short
    /// has counted nothing.
    #[serde(default)]
    pub erased: BTreeMap<String, u64>,
    pub version: u64,
}

impl Tombstone {
    /// Of an organisation that is to be erased from now on.
    pub fn new(tenant: TenantId, operator: &str, now: Timestamp) -> Self {
        Self {
            tenant,
            operator: operator.to_owned(),
            ordered_at: now,
            finished_at: None,
            erased: BTreeMap::new(),
            version: 1,
        }
    }
}

/// Which organisations are known to be gone or there.
#[derive(Debug, Default)]
pub(crate) struct Erasures(Mutex<HashMap<TenantId, (bool, Timestamp)>>);

impl Erasures {
    fn get(&self, tenant: TenantId, now: Timestamp) -> Option<bool> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).copied();
        known.filter(|(_, until)| now < *until).map(|(is_erased, _)| is_erased)
    }

    fn keep(&self, tenant: TenantId, is_erased: bool, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED_MAX {
            all.clear();
        }
        all.insert(tenant, (is_erased, now.checked_add(BELIEVED_FOR).unwrap_or(now)));
    }
}

impl TenantStore {
    /// Whether the organisation is being erased or gone: then nothing may be done for it. One read
    /// a minute in each process.
    pub async fn is_erased(&self, now: Timestamp) -> Result<bool> {
        let tenant = self.scope.tenant();
        if let Some(known) = self.store.erasures.get(tenant, now) {
            return Ok(known);
        }
        let is_erased = self.store.item(&key::tombstone(&self.scope)).await?.is_some();
        self.store.erasures.keep(tenant, is_erased, now);
        Ok(is_erased)
    }

    /// What stays of the organisation, if it is being erased or gone.
    pub async fn tombstone(&self) -> Result<Option<Tombstone>> {
        self.get(&key::tombstone(&self.scope)).await
    }
}

impl Transaction {
    /// From now on the organisation is being erased; refused when it is already.
    pub fn insert_tombstone(&mut self, tombstone: &Tombstone) {
        let item = self.tombstone_item(tombstone);
        self.insert(Part::Tenant, item);
    }

    /// Writes a tombstone over its version `old`.
    pub fn replace_tombstone(&mut self, tombstone: &Tombstone, old: u64) {
        let item = self.tombstone_item(tombstone);
        self.replace(Part::Tenant, item, old);
    }

    fn tombstone_item(&self, tombstone: &Tombstone) -> Result<Item> {
        Item::new(self.scope(), key::tombstone(self.scope()), tombstone.version, tombstone)
    }
}
