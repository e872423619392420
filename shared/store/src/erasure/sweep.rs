//! Deleting: a partition to its last item, or everything that an index leads to.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Clock, Result};
use futures::future::try_join_all;
use jiff::Timestamp;

use crate::fault;
use crate::item::{self, Attributes};
use crate::key::{self, Key};
use crate::tables::{Table, TenantStore};
use crate::transaction::key_of;

/// Keys read at a time.
const PAGE: i32 = 100;
/// Deletions under way at once.
const AT_ONCE: usize = 16;
/// The item of a partition that an index leads to: it goes last, so that whoever is stopped finds
/// the partition again.
const HEAD: &str = "META";

/// One turn of an erasure: works until its time is up. Every step says whether it came to its end,
/// and may be taken again.
pub struct Erasing<'a> {
    pub(super) tenant: &'a TenantStore,
    clock: &'a dyn Clock,
    until: Timestamp,
    erased: BTreeMap<String, u64>,
}

impl TenantStore {
    /// A turn of this organisation's erasure that begins nothing new after `until`.
    pub fn erasing<'a>(&'a self, clock: &'a dyn Clock, until: Timestamp) -> Erasing<'a> {
        Erasing { tenant: self, clock, until, erased: BTreeMap::new() }
    }
}

/// Where keys are read.
pub(super) struct Place<'a> {
    pub(super) table: Table,
    /// `None`: the table itself.
    pub(super) index: Option<u8>,
    pub(super) pk: &'a str,
    /// How the sort keys begin; of an index everything is read.
    pub(super) prefix: &'a str,
}

impl<'a> Place<'a> {
    /// A partition of a table.
    pub(super) fn partition(table: Table, pk: &'a str) -> Self {
        Self { table, index: None, pk, prefix: "" }
    }
}

impl Erasing<'_> {
    /// How many items of each table were deleted in this turn.
    pub fn erased(&self) -> &BTreeMap<String, u64> {
        &self.erased
    }

    /// Whether its time is up.
    pub fn is_over(&self) -> bool {
        self.clock.now() >= self.until
    }

    /// Deletes everything in a partition; whether that is done.
    pub(super) async fn drain(&mut self, table: Table, pk: &str) -> Result<bool> {
        let place = Place::partition(table, pk);
        loop {
            if self.is_over() {
                return Ok(false);
            }
            let (found, _) = self.keys(&self.tenant.store.client, &place, None).await?;
            if found.is_empty() {
                return Ok(true);
            }
            let names: BTreeSet<String> = found.iter().filter_map(provider_id).collect();
            for name in names {
                // What leads from the provider's id to a message lies in a partition of its own.
                let pk = key::provider_partition(&self.tenant.scope, &name);
                let place = Place::partition(Table::Conversations, &pk);
                let (refs, _) = self.keys(&self.tenant.store.client, &place, None).await?;
                self.delete(Table::Conversations, &refs).await?;
            }
            let (heads, others): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|key| item::text(key, "sk") == Some(HEAD));
            let next = if others.is_empty() { heads } else { others };
            self.delete(table, &next).await?;
        }
    }

    /// Deletes the partition of everything an index partition of this organisation leads to.
    pub(super) async fn drain_indexed(
        &mut self,
        table: Table,
        index: u8,
        pk: &str,
    ) -> Result<bool> {
        let client = self.tenant.store.client.clone();
        self.drain_led_to(&client, &Place { table, index: Some(index), pk, prefix: "" }).await
    }

    /// The same for an index partition that is everybody's; what is not this organisation's is
    /// passed over unread.
    pub(super) async fn drain_everybodys(
        &mut self,
        table: Table,
        index: u8,
        pk: &str,
    ) -> Result<bool> {
        let client = self.tenant.store.of_nobody();
        self.drain_led_to(&client, &Place { table, index: Some(index), pk, prefix: "" }).await
    }

    async fn drain_led_to(&mut self, client: &Client, place: &Place<'_>) -> Result<bool> {
        let own = format!("{}#", self.tenant.scope.partition());
        let mut start = None;
        loop {
            let (found, next) = self.keys(client, place, start).await?;
            let partitions: BTreeSet<&str> = found
                .iter()
                .filter_map(|entry| item::text(entry, "pk"))
                .filter(|pk| pk.starts_with(&own))
                .collect();
            for pk in partitions {
                if !self.drain(place.table, pk).await? {
                    return Ok(false);
                }
            }
            if next.is_none() {
                return Ok(true);
            }
            start = next;
        }
    }

    /// A page of keys, and where the next begins. Of a message also what the provider calls it.
    pub(super) async fn keys(
        &self,
        client: &Client,
        place: &Place<'_>,
        start: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        let attribute = |end: &str| place.index.map_or(end.to_owned(), |g| format!("g{g}{end}"));
        let mut query = client
            .query()
            .table_name(self.tenant.store.name(place.table))
            .set_index_name(place.index.map(|index| format!("gsi{index}")))
            .expression_attribute_names("#pk", attribute("pk"))
            .expression_attribute_values(":pk", AttributeValue::S(place.pk.to_owned()))
            .consistent_read(place.index.is_none())
            .set_exclusive_start_key(start)
            .limit(PAGE);
        query = if place.index.is_some() {
            query.key_condition_expression("#pk = :pk")
        } else {
            // DynamoDB refuses an operand without a character; no key begins with a space.
            let low = if place.prefix.is_empty() { " " } else { place.prefix };
            query
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :low AND :high")
                .expression_attribute_names("#sk", attribute("sk"))
                .expression_attribute_values(":low", AttributeValue::S(low.to_owned()))
                .expression_attribute_values(
                    ":high",
                    AttributeValue::S(format!("{}~", place.prefix)),
                )
                .projection_expression("pk, sk, doc.provider_id")
        };
        let output = Box::pin(query.send()).await.map_err(fault::of)?;
        Ok((output.items.unwrap_or_default(), output.last_evaluated_key))
    }

    /// Deletes items by their keys, each by a call of its own: a batch would need a right that puts
    /// items too.
    pub(super) async fn delete(&mut self, table: Table, keys: &[Attributes]) -> Result<()> {
        let name = self.tenant.store.name(table);
        for some in keys.chunks(AT_ONCE) {
            let mut deletions = Vec::with_capacity(some.len());
            for (pk, sk) in some.iter().filter_map(crate::read::base_key) {
                let key = key_of(&Key { table, pk, sk });
                let delete = self.tenant.store.client.delete_item().table_name(name);
                deletions.push(Box::pin(delete.set_key(Some(key)).send()));
            }
            try_join_all(deletions).await.map_err(fault::of)?;
        }
        self.count(table, keys.len());
        Ok(())
    }

    pub(super) fn count(&mut self, table: Table, items: usize) {
        if items > 0 {
            let items = u64::try_from(items).unwrap_or(u64::MAX);
            *self.erased.entry(table.word().to_owned()).or_default() += items;
        }
    }
}

fn provider_id(key: &Attributes) -> Option<String> {
    let doc = key.get("doc")?.as_m().ok()?;
    doc.get("provider_id")?.as_s().ok().cloned()
}
