//! Sub-domains: which organisation's sign-in page a host name brands.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use domain::{Error, Result, TenantId};
use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::item::{self, Item};
use crate::key::Key;
use crate::tables::Table;
use crate::transaction::{Part, Transaction, key_of};

/// Whose sub-domain it is. Says who, but opens nothing: a scope is not earned by a host name.
#[derive(Serialize, Deserialize)]
struct SlugRow {
    tenant: TenantId,
}

impl Directory {
    /// Whose sub-domain this is, in lower case.
    pub async fn tenant_of_slug(&self, slug: &str) -> Result<Option<TenantId>> {
        match self.store().item(&slug_key(slug)).await? {
            Some(attributes) => item::doc::<SlugRow>(attributes).map(|row| Some(row.tenant)),
            None => Ok(None),
        }
    }
}

impl Transaction {
    /// Takes a sub-domain, in lower case; [`Part::Slug`] is refused when it is taken.
    pub fn claim_slug(&mut self, slug: &str) {
        let row = SlugRow { tenant: self.tenant() };
        let item = Item::new(self.scope(), slug_key(slug), 1, &row);
        self.insert(Part::Slug, item);
    }

    /// Gives a sub-domain back; [`Part::Slug`] is refused when it is not the tenant's.
    pub fn release_slug(&mut self, slug: &str) {
        let key = slug_key(slug);
        let delete = Delete::builder()
            .table_name(self.name_of(key.table))
            .set_key(Some(key_of(&key)))
            .condition_expression("t = :owner")
            .expression_attribute_values(":owner", AttributeValue::S(self.tenant().key()))
            .build()
            .map_err(Error::internal);
        self.push(Part::Slug, delete.map(|it| TransactWriteItem::builder().delete(it).build()));
    }
}

pub(crate) fn slug_key(slug: &str) -> Key {
    Key { table: Table::Directory, pk: format!("SLUG#{slug}"), sk: "REF".to_owned() }
}
