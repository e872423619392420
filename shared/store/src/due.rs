//! The outbox: side effects that wait for a queue.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Result;
use domain::outbox::OutboxItem;
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use tenancy::TenantScope;

use crate::fault;
use crate::item::{self, Item};
use crate::key;
use crate::tables::{Store, Table, TenantStore};
use crate::transaction::{Part, Transaction, key_of};

/// A due outbox item and whose it is.
#[derive(Debug, Clone)]
pub struct Due {
    pub scope: TenantScope,
    pub item: OutboxItem,
}

impl Due {
    /// From a record of the `jobs` table's stream: its partition key and the item's `doc`.
    pub fn of_stream(partition_key: &str, doc: serde_json::Value) -> Option<Self> {
        let scope = TenantScope::of_stream_key(partition_key)?;
        let item: OutboxItem = serde_json::from_value(doc).ok()?;
        (item.tenant == scope.tenant()).then_some(Self { scope, item })
    }
}

impl Store {
    /// Forgets outbox items that a queue has now; returns how many are forgotten. The sweep hands
    /// over once more what could not be.
    pub async fn forget_handed_over<'a>(
        &self,
        items: impl Iterator<Item = (&'a TenantScope, &'a OutboxItem)>,
    ) -> usize {
        let deletions = items.map(|(scope, item)| async move {
            let forgotten = self.for_tenant(scope).forget_outbox(item).await;
            if let Err(error) = &forgotten {
                let error = telemetry::chain(error);
                tracing::warn!(outbox.id = %item.id, error, "an outbox item was not forgotten");
            }
            usize::from(forgotten.is_ok())
        });
        join_all(deletions).await.into_iter().sum()
    }

    /// Outbox items of all tenants that are due at `now`, at most `limit` of each index shard,
    /// oldest first. For the scheduler: the one reader that is nobody's.
    pub async fn due(&self, now: Timestamp, limit: u16) -> Result<Vec<Due>> {
        let shards = (0..key::DUE_SHARDS).map(|shard| self.due_of_shard(shard, now, limit));
        Ok(try_join_all(shards).await?.into_iter().flatten().collect())
    }

    async fn due_of_shard(&self, shard: u8, now: Timestamp, limit: u16) -> Result<Vec<Due>> {
        let output = self
            .client
            .query()
            .table_name(self.name(Table::Jobs))
            .index_name("gsi1")
            .key_condition_expression("g1pk = :pk AND g1sk < :now")
            .expression_attribute_values(":pk", AttributeValue::S(key::due_partition(shard)))
            .expression_attribute_values(
                ":now",
                AttributeValue::S(format!("{}~", key::instant(now))),
            )
            .limit(i32::from(limit.max(1)))
            .send()
            .await
            .map_err(fault::of)?;
        let mut due = Vec::new();
        for entry in output.items.unwrap_or_default() {
            let Some(scope) = item::text(&entry, "pk").and_then(TenantScope::of_stream_key) else {
                tracing::error!("an outbox item names no tenant");
                continue;
            };
            let Some((pk, sk)) = crate::read::base_key(&entry) else { continue };
            match self.for_tenant(&scope).get_many(Table::Jobs, &[(pk, sk)]).await {
                Ok(found) => {
                    due.extend(found.into_iter().map(|item| Due { scope: scope.clone(), item }));
                }
                Err(error) if error.retryable() => return Err(error),
                // One item nobody can read must not stop everybody's.
                Err(error) => {
                    let error = telemetry::chain(&error);
                    tracing::error!(tenant.id = %scope.tenant(), error, "an unreadable outbox item");
                }
            }
        }
        Ok(due)
    }
}

impl TenantStore {
    /// Forgets an outbox item: a queue has it now. Repetition changes nothing.
    pub async fn forget_outbox(&self, item: &OutboxItem) -> Result<()> {
        let at = key::outbox(&self.scope, item.id);
        self.store
            .client
            .delete_item()
            .table_name(self.store.name(at.table))
            .set_key(Some(key_of(&at)))
            .send()
            .await
            .map_err(fault::of)?;
        Ok(())
    }
}

impl Transaction {
    /// A side effect, written with its cause.
    pub fn insert_outbox(&mut self, item: &OutboxItem) {
        let at = key::outbox(self.scope(), item.id);
        let shard =
            u8::try_from(item.id.uuid().as_u128() % u128::from(key::DUE_SHARDS)).unwrap_or(0);
        let order = format!("{}#{}", key::instant(item.due_at), item.id.key());
        let item = Item::new(self.scope(), at, 1, item)
            .map(|item| item.indexed(1, key::due_partition(shard), order));
        self.insert(Part::Outbox, item);
    }
}
