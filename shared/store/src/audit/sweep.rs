//! The sweep of the audit log: what the stream did not bring into the chain.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{AuditId, Result};
use jiff::Timestamp;
use tenancy::TenantScope;

use super::linking::{LINKABLE_FOR, Unlinked};
use crate::fault;
use crate::item;
use crate::key;
use crate::read::base_key;
use crate::tables::{Store, Table};

/// Entries of one step.
const STEP: i32 = 100;

/// What one step of a sweep did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swept {
    /// Entries that were not in the chain and are now.
    pub linked: usize,
    /// Where the next step begins.
    pub place: String,
    /// Whether the next step would find something.
    pub has_more: bool,
}

impl Store {
    /// How many shards a sweep has to go through.
    pub const AUDIT_SWEEP_SHARDS: u8 = key::DUE_SHARDS;

    /// Looks at the entries of all tenants written after `place` (at first: as long ago as an entry
    /// can be linked) and until `until`, a hundred of one shard of the index, and links those that
    /// are not in their chain. For the scheduler.
    pub async fn sweep_audit(
        &self,
        shard: u8,
        place: Option<&str>,
        (until, now): (Timestamp, Timestamp),
    ) -> Result<Swept> {
        let oldest = now.saturating_sub(LINKABLE_FOR).unwrap_or(Timestamp::MIN);
        let low = place.map_or_else(|| key::instant(oldest), |place| format!("{place}!"));
        let end = format!("{}~", key::instant(until));
        if low > end {
            return Ok(Swept { linked: 0, place: low, has_more: false });
        }
        let output = self
            .client
            .query()
            .table_name(self.name(Table::Audit))
            .index_name("gsi1")
            .key_condition_expression("g1pk = :pk AND g1sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", AttributeValue::S(format!("WRITTEN#{shard}")))
            .expression_attribute_values(":low", AttributeValue::S(low))
            .expression_attribute_values(":high", AttributeValue::S(end.clone()))
            .limit(STEP)
            .send()
            .await
            .map_err(fault::of)?;
        let has_more = output.last_evaluated_key.is_some();
        let found = output.items.unwrap_or_default();
        let last = found.last().and_then(|last| item::text(last, "g1sk")).map(str::to_owned);
        let mut linked = 0;
        for (scope, ids) in by_tenant(&found) {
            linked += self.link_missing(&scope, &ids, now).await?;
        }
        let place = last.filter(|_| has_more).unwrap_or(end);
        Ok(Swept { linked, place, has_more })
    }

    async fn link_missing(
        &self,
        scope: &TenantScope,
        ids: &[AuditId],
        now: Timestamp,
    ) -> Result<usize> {
        let tenant = self.for_tenant(scope);
        let keys = |of: fn(&TenantScope, AuditId) -> key::Key, ids: &[AuditId]| {
            ids.iter().map(|id| of(scope, *id)).map(|at| (at.pk, at.sk)).collect::<Vec<_>>()
        };
        let marks = keys(key::audit_mark, ids);
        let marked = tenant.raw_many(Table::Audit, &marks).await?;
        let missing: Vec<AuditId> = ids
            .iter()
            .zip(&marks)
            .filter(|(_, at)| !marked.contains_key(*at))
            .map(|(id, _)| *id)
            .collect();
        if missing.is_empty() {
            return Ok(0);
        }
        let places = keys(key::audit, &missing);
        let mut entries = Vec::new();
        for ((pk, sk), row) in tenant.raw_many(Table::Audit, &places).await? {
            match Unlinked::read(&pk, &sk, item::doc(row)?) {
                Some(entry) => entries.push(entry),
                None => tracing::error!(tenant.id = %scope.tenant(), "an unreadable entry"),
            }
        }
        Ok(tenant.link(entries, now).await?.count)
    }
}

/// Whose entries there are in a stretch of the index.
fn by_tenant(found: &[item::Attributes]) -> Vec<(TenantScope, Vec<AuditId>)> {
    let mut tenants: BTreeMap<String, (TenantScope, Vec<AuditId>)> = BTreeMap::new();
    for (pk, sk) in found.iter().filter_map(base_key) {
        let scope = TenantScope::of_stream_key(&pk);
        let id = sk.strip_prefix(key::AUDIT_ENTRY).and_then(|id| format!("aud_{id}").parse().ok());
        let (Some(scope), Some(id)) = (scope, id) else {
            tracing::error!("an entry of the audit log names no tenant");
            continue;
        };
        tenants.entry(scope.partition()).or_insert_with(|| (scope, Vec::new())).1.push(id);
    }
    tenants.into_values().collect()
}
