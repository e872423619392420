//! Records as items: `pk`, `sk`, `t` (owner), `ver` (guard), `doc` (the record), index keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenancy::TenantScope;

use crate::key::{self, Key};

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// An item on its way to a table.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) key: Key,
    pub(crate) attributes: Attributes,
}

impl Item {
    /// A record under its key, owned by the scope's tenant.
    pub(crate) fn new(
        scope: &TenantScope,
        key: Key,
        version: u64,
        record: &impl Serialize,
    ) -> Result<Self> {
        let mut doc: AttributeValue =
            serde_dynamo::to_attribute_value(record).map_err(Error::internal)?;
        drop_empty(&mut doc);
        let attributes = HashMap::from([
            ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
            ("t".to_owned(), AttributeValue::S(scope.tenant().key())),
            ("ver".to_owned(), AttributeValue::N(version.to_string())),
            ("doc".to_owned(), doc),
        ]);
        Ok(Self { key, attributes })
    }

    /// The keys of a secondary index, `1` or `2`.
    #[must_use]
    pub(crate) fn indexed(mut self, index: u8, pk: String, sk: String) -> Self {
        self.attributes.insert(format!("g{index}pk"), AttributeValue::S(pk));
        self.attributes.insert(format!("g{index}sk"), AttributeValue::S(sk));
        self
    }

    /// In the index of what nothing else leads to.
    #[must_use]
    pub(crate) fn stray(self, scope: &TenantScope) -> Self {
        let shard = key::stray_shard(&self.key);
        let name = self.key.pk.rsplit('#').next().unwrap_or_default();
        let order = format!("{name}#{}", self.key.sk);
        self.indexed(1, key::stray_partition(scope, shard), order)
    }

    /// An attribute beside the record, as the raw event.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.attributes.insert(name.to_owned(), value);
        self
    }
}

/// The parts of an item that a change of its record writes: `doc` and `ver`.
pub(crate) fn parts(item: &Item) -> Result<(AttributeValue, AttributeValue)> {
    let part = |name: &str| item.attributes.get(name).cloned();
    part("doc").zip(part("ver")).ok_or_else(|| Error::internal("an item has no record"))
}

/// The record of an item, after its owner has been compared with the scope.
pub(crate) fn record<T: DeserializeOwned>(
    scope: &TenantScope,
    attributes: Attributes,
) -> Result<T> {
    if !is_owned(scope, &attributes) {
        return Err(Error::NotFound);
    }
    doc(attributes)
}

/// The record of an item that belongs to no tenant, as the directory's.
pub(crate) fn doc<T: DeserializeOwned>(mut attributes: Attributes) -> Result<T> {
    let doc = attributes.remove("doc").ok_or_else(|| Error::internal("an item has no record"))?;
    serde_dynamo::from_attribute_value(doc).map_err(Error::internal)
}

pub(crate) fn text<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    attributes.get(name)?.as_s().ok().map(String::as_str)
}

fn is_owned(scope: &TenantScope, attributes: &Attributes) -> bool {
    let owner = text(attributes, "t");
    let owned = owner == Some(scope.tenant().key().as_str());
    if !owned {
        tracing::error!(tenant.id = %scope.tenant(), "an item of another owner was reached");
    }
    owned
}

/// Absent and empty are the same to the records, and absent costs no bytes.
fn drop_empty(value: &mut AttributeValue) {
    if let AttributeValue::M(map) = value {
        map.retain(|_, value| {
            drop_empty(value);
            !is_empty(value)
        });
    } else if let AttributeValue::L(list) = value {
        list.iter_mut().for_each(drop_empty);
    }
}

fn is_empty(value: &AttributeValue) -> bool {
    value.is_null()
        || value.as_l().is_ok_and(Vec::is_empty)
        || value.as_m().is_ok_and(HashMap::is_empty)
}
