//! API keys: their records, how the gate finds one, which are due, and when one was used.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{KeyId, Result};
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tenancy::TenantScope;
use tenancy::key::{ApiKey, KeyLabel, KeyRef};

use crate::directory::Directory;
use crate::fault;
use crate::item::{self, Item};
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Store, Table, TenantStore};
use crate::transaction::{Part, Transaction};

/// The use of a key is written down at most this often.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);

#[derive(Serialize, Deserialize)]
struct KeyUse {
    key: KeyId,
    at: Timestamp,
}

/// Keys that are due, and where the next page begins.
#[derive(Debug)]
pub struct DueKeys {
    pub keys: Vec<(TenantScope, ApiKey)>,
    pub next: Option<String>,
}

impl Directory {
    /// Which tenant's key has a label. Nothing is proved yet.
    pub async fn key_of(&self, label: &KeyLabel) -> Result<Option<KeyRef>> {
        match self.store.item(&key::api_key_ref(label)).await? {
            Some(attributes) => item::doc(attributes).map(Some),
            None => Ok(None),
        }
    }
}

impl TenantStore {
    pub async fn api_key(&self, id: KeyId) -> Result<Option<ApiKey>> {
        self.get(&key::api_key(&self.scope, id)).await
    }

    /// Keys, newest first, those that have ended too.
    pub async fn api_keys(&self, request: &PageRequest) -> Result<Page<ApiKey>> {
        let stretch = Stretch {
            table: Table::Tenants,
            index: None,
            pk: self.scope.partition(),
            prefix: key::API_KEY_PREFIX,
            newest_first: true,
        };
        self.records(&stretch, request).await
    }

    /// When keys were used last, as far as it is known: exact to an hour.
    pub async fn key_uses(&self, ids: &[KeyId]) -> Result<BTreeMap<KeyId, Timestamp>> {
        let keys: Vec<_> = ids
            .iter()
            .map(|id| key::api_key_use(&self.scope, *id))
            .map(|key| (key.pk, key.sk))
            .collect();
        let uses: Vec<KeyUse> = self.get_many(Table::Guards, &keys).await?;
        Ok(uses.into_iter().map(|one| (one.key, one.at)).collect())
    }

    /// Writes down that a key was used, unless that was done within the last hour.
    pub async fn note_key_use(&self, id: KeyId, at: Timestamp) -> Result<()> {
        let key = key::api_key_use(&self.scope, id);
        let version = |at: Timestamp| u64::try_from(at.as_second()).unwrap_or(0);
        let item = Item::new(&self.scope, key, version(at), &KeyUse { key: id, at })?;
        let before = version(at - USE_NOTED_EVERY).to_string();
        let put = self
            .store
            .client
            .put_item()
            .table_name(self.store.name(Table::Guards))
            .set_item(Some(item.attributes))
            .condition_expression("attribute_not_exists(pk) OR ver <= :before")
            .expression_attribute_values(":before", AttributeValue::N(before));
        match Box::pin(put.send()).await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_dynamodb::operation::put_item::PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(fault::of(error)),
        }
    }
}

impl Store {
    /// Keys of all tenants with which something is to be done at `now`, the longest due first. For
    /// the scheduler, as [`Store::due`].
    pub async fn due_keys(
        &self,
        now: Timestamp,
        limit: u16,
        after: Option<&str>,
    ) -> Result<DueKeys> {
        let low = after.map_or_else(|| " ".to_owned(), |after| format!("{after}!"));
        let query = self
            .client
            .query()
            .table_name(self.name(Table::Tenants))
            .index_name("gsi1")
            .key_condition_expression("g1pk = :pk AND g1sk BETWEEN :low AND :now")
            .expression_attribute_values(":pk", AttributeValue::S(key::DUE_KEYS.to_owned()))
            .expression_attribute_values(":low", AttributeValue::S(low))
            .expression_attribute_values(
                ":now",
                AttributeValue::S(format!("{}~", key::instant(now))),
            )
            .limit(i32::from(limit.max(1)));
        let output = Box::pin(query.send()).await.map_err(fault::of)?;
        let entries = output.items.unwrap_or_default();
        let next = output
            .last_evaluated_key
            .and(entries.last())
            .and_then(|last| item::text(last, "g1sk").map(str::to_owned));
        let reads = entries.iter().map(|entry| self.due_key(entry));
        let keys = try_join_all(reads).await?.into_iter().flatten().collect();
        Ok(DueKeys { keys, next })
    }

    async fn due_key(&self, entry: &item::Attributes) -> Result<Option<(TenantScope, ApiKey)>> {
        let at = crate::read::base_key(entry);
        let scope = at.as_ref().and_then(|(pk, _)| TenantScope::of_stream_key(pk));
        let (Some(at), Some(scope)) = (at, scope) else {
            tracing::error!("an API key that is due names no tenant");
            return Ok(None);
        };
        match self.for_tenant(&scope).get_many(Table::Tenants, &[at]).await {
            Ok(found) => Ok(found.into_iter().next().map(|key| (scope, key))),
            Err(error) if error.retryable() => Err(error),
            // One key nobody can read must not stop everybody's.
            Err(error) => {
                let error = telemetry::chain(&error);
                tracing::error!(tenant.id = %scope.tenant(), error, "an unreadable API key");
                Ok(None)
            }
        }
    }
}

impl Transaction {
    pub fn insert_api_key(&mut self, api_key: &ApiKey) {
        let item = self.api_key_item(api_key);
        self.insert(Part::Key, item);
    }

    /// Writes a key's record over its version `old`.
    pub fn replace_api_key(&mut self, api_key: &ApiKey, old: u64) {
        let item = self.api_key_item(api_key);
        self.replace(Part::Key, item, old);
    }

    /// From now on the gate finds the key by its label; refused when another has it.
    pub fn list_api_key(&mut self, label: &KeyLabel, id: KeyId) {
        let row = KeyRef::of_key(self.scope(), id);
        let item = Item::new(self.scope(), key::api_key_ref(label), 1, &row);
        self.insert(Part::Reference, item);
    }

    fn api_key_item(&self, api_key: &ApiKey) -> Result<Item> {
        let at = key::api_key(self.scope(), api_key.id);
        let item = Item::new(self.scope(), at, api_key.version, api_key)?;
        // A key with which nothing is left to be done is in no index.
        Ok(match api_key.upkeep_due_at() {
            None => item,
            Some(due) => {
                let order = format!("{}#{}", key::instant(due), api_key.id.key());
                item.indexed(1, key::DUE_KEYS.to_owned(), order)
            }
        })
    }
}
