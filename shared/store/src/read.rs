//! Reads: one item, several by key, a stretch of a partition or an index.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::{Error, Result};
use serde::de::DeserializeOwned;

use crate::fault;
use crate::item::{self, Attributes};
use crate::key::Key;
use crate::page::{Page, PageRequest};
use crate::tables::{Store, Table, TenantStore};

/// DynamoDB's own limit for one batch of reads.
const BATCH_GET_MAX: usize = 100;
/// Rounds a batch of reads may need when the table leaves keys unread.
const BATCH_ROUNDS_MAX: usize = 8;

/// A stretch of a partition, or of an index of it.
pub(crate) struct Stretch {
    pub(crate) table: Table,
    /// `None`: the table itself; else the index's number.
    pub(crate) index: Option<u8>,
    pub(crate) pk: String,
    pub(crate) prefix: &'static str,
    pub(crate) newest_first: bool,
}

impl Store {
    pub(crate) async fn item(&self, key: &Key) -> Result<Option<Attributes>> {
        let request = self
            .client
            .get_item()
            .table_name(self.name(key.table))
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .consistent_read(true);
        // The SDK's futures are large; boxed here, the futures of all who read stay small.
        let output = Box::pin(request.send()).await.map_err(fault::of)?;
        Ok(output.item)
    }
}

impl TenantStore {
    /// The record at a key, strongly consistent.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        match self.store.item(key).await? {
            Some(attributes) => item::record(&self.scope, attributes).map(Some),
            None => Ok(None),
        }
    }

    /// The records at several keys of one table, in the order of the keys; absent ones are left out.
    pub(crate) async fn get_many<T: DeserializeOwned>(
        &self,
        table: Table,
        keys: &[(String, String)],
    ) -> Result<Vec<T>> {
        let mut found = self.raw_many(table, keys).await?;
        keys.iter()
            .filter_map(|key| found.remove(key))
            .map(|attributes| item::record(&self.scope, attributes))
            .collect()
    }

    /// The items at several keys of one table as they lie there.
    pub(crate) async fn raw_many(
        &self,
        table: Table,
        keys: &[(String, String)],
    ) -> Result<HashMap<(String, String), Attributes>> {
        let mut found: HashMap<(String, String), Attributes> = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_GET_MAX) {
            let mut wanted: Vec<_> = chunk.iter().map(|(pk, sk)| key_attributes(pk, sk)).collect();
            for _ in 0..BATCH_ROUNDS_MAX {
                if wanted.is_empty() {
                    break;
                }
                wanted = self.read_batch(table, wanted, &mut found).await?;
            }
            if !wanted.is_empty() {
                return Err(Error::unavailable("the table left keys of a batch unread"));
            }
        }
        Ok(found)
    }

    async fn read_batch(
        &self,
        table: Table,
        wanted: Vec<Attributes>,
        found: &mut HashMap<(String, String), Attributes>,
    ) -> Result<Vec<Attributes>> {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(wanted))
            .consistent_read(true)
            .build()
            .map_err(Error::internal)?;
        let name = self.store.name(table);
        let request = self.store.client.batch_get_item().request_items(name, request);
        let output = Box::pin(request.send()).await.map_err(fault::of)?;
        for attributes in output.responses.unwrap_or_default().remove(name).unwrap_or_default() {
            if let (Some(pk), Some(sk)) =
                (item::text(&attributes, "pk"), item::text(&attributes, "sk"))
            {
                found.insert((pk.to_owned(), sk.to_owned()), attributes);
            }
        }
        let left = output.unprocessed_keys.unwrap_or_default().remove(name);
        Ok(left.map(|keys| keys.keys).unwrap_or_default())
    }

    /// One page of a stretch, as raw items (of an index: keys only).
    pub(crate) async fn page(
        &self,
        stretch: &Stretch,
        request: &PageRequest,
    ) -> Result<Page<Attributes>> {
        let (pk_name, sk_name) = match stretch.index {
            None => ("pk".to_owned(), "sk".to_owned()),
            Some(index) => (format!("g{index}pk"), format!("g{index}sk")),
        };
        let (low, high) = bounds(stretch, request.after.as_deref());
        let query = self
            .store
            .client
            .query()
            .table_name(self.store.name(stretch.table))
            .set_index_name(stretch.index.map(|index| format!("gsi{index}")))
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :low AND :high")
            .expression_attribute_names("#pk", pk_name)
            .expression_attribute_names("#sk", sk_name.clone())
            .expression_attribute_values(":pk", AttributeValue::S(stretch.pk.clone()))
            .expression_attribute_values(":low", AttributeValue::S(low))
            .expression_attribute_values(":high", AttributeValue::S(high))
            .scan_index_forward(!stretch.newest_first)
            .consistent_read(stretch.index.is_none())
            .limit(request.limit_i32());
        let output = Box::pin(query.send()).await.map_err(fault::of)?;
        let items = output.items.unwrap_or_default();
        let next = output
            .last_evaluated_key
            .and(items.last())
            .and_then(|last| item::text(last, &sk_name).map(str::to_owned));
        Ok(Page { items, next })
    }

    /// One page of records straight from a table's partition.
    pub(crate) async fn records<T: DeserializeOwned>(
        &self,
        stretch: &Stretch,
        request: &PageRequest,
    ) -> Result<Page<T>> {
        let page = self.page(stretch, request).await?;
        let items = page
            .items
            .into_iter()
            .map(|attributes| item::record(&self.scope, attributes))
            .collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }

    /// One page of records by way of an index, each read by its own key.
    pub(crate) async fn indexed_records<T: DeserializeOwned>(
        &self,
        stretch: &Stretch,
        request: &PageRequest,
    ) -> Result<Page<T>> {
        let page = self.page(stretch, request).await?;
        let keys: Vec<(String, String)> = page.items.iter().filter_map(base_key).collect();
        let items = self.get_many(stretch.table, &keys).await?;
        Ok(Page { items, next: page.next })
    }
}

/// The key of the item that an index entry stands for.
pub(crate) fn base_key(entry: &Attributes) -> Option<(String, String)> {
    Some((item::text(entry, "pk")?.to_owned(), item::text(entry, "sk")?.to_owned()))
}

fn key_attributes(pk: &str, sk: &str) -> Attributes {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(pk.to_owned())),
        ("sk".to_owned(), AttributeValue::S(sk.to_owned())),
    ])
}

/// Sort keys of a stretch beyond `after`, both ends included. Keys are ASCII: `!` is just above the
/// shortest continuation of a key, `~` is above every character used in keys, and an exclusive upper
/// end is the key less its last character's successor.
fn bounds(stretch: &Stretch, after: Option<&str>) -> (String, String) {
    // DynamoDB refuses an operand without a character; no key begins with a space.
    let first = if stretch.prefix.is_empty() { " " } else { stretch.prefix }.to_owned();
    let last = format!("{}~", stretch.prefix);
    match after {
        None => (first, last),
        Some(after) if !stretch.newest_first => (format!("{after}!"), last),
        Some(after) => (first, before(after)),
    }
}

/// A text just below `key` in byte order, above every other key that is below it in practice: the
/// last byte lowered by one, followed by `~`.
fn before(key: &str) -> String {
    let mut bytes = key.as_bytes().to_vec();
    if let Some(last) = bytes.pop() {
        bytes.push(last.saturating_sub(1).max(b' '));
        bytes.push(b'~');
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Stretch, bounds};
    use crate::tables::Table;

    #[test]
    fn a_page_begins_right_after_the_last_key_of_the_one_before() {
        let keys = ["K#0a", "K#0b", "K#0b0", "K#1", "K#z"];
        for newest_first in [false, true] {
            let stretch = Stretch {
                table: Table::Projects,
                index: None,
                pk: String::new(),
                prefix: "K#",
                newest_first,
            };
            for (place, after) in keys.iter().enumerate() {
                let (low, high) = bounds(&stretch, Some(after));
                let inside: Vec<_> =
                    keys.iter().filter(|k| **k >= low.as_str() && **k <= high.as_str()).collect();
                let expected: Vec<_> = if newest_first {
                    keys.iter().take(place).collect()
                } else {
                    keys.iter().skip(place + 1).collect()
                };
                assert_eq!(inside, expected, "{after} {newest_first}");
            }
        }
    }
}
