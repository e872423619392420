//! What is known before a tenant is.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::email::Email;
use domain::settings::Slug;
use domain::{Result, TenantId, UserId};
use serde::{Deserialize, Serialize};
use tenancy::{Account, Routed, TenantScope};

use crate::fault;
use crate::item::{self, Item};
use crate::key;
use crate::page::PageRequest;
use crate::tables::{Store, Table};
use crate::transaction::{Part, Transaction};

/// Organisations one address may belong to and still be offered at login.
const ACCOUNTS_MAX: i32 = 10;

/// The pre-login table: phone number ids and e-mail addresses → tenants.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(crate) store: Store,
}

#[derive(Serialize, Deserialize)]
struct AccountRow {
    account: Account,
}

#[derive(Serialize)]
struct SlugRow {
    tenant: TenantId,
}

impl Directory {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The channel that a phone number id of Meta belongs to.
    pub async fn channel_of(&self, phone_number_id: &str) -> Result<Option<Routed>> {
        match self.store.item(&key::routed_number(phone_number_id)).await? {
            Some(attributes) => item::doc(attributes).map(Some),
            None => Ok(None),
        }
    }

    /// The accounts under an e-mail address, at most ten.
    pub async fn accounts_of(&self, email: &Email) -> Result<Vec<Account>> {
        let output = self
            .store
            .client
            .query()
            .table_name(self.store.name(Table::Directory))
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(key::email_partition(email)))
            .consistent_read(true)
            .limit(ACCOUNTS_MAX.min(PageRequest::first(10).limit_i32()))
            .send()
            .await
            .map_err(fault::of)?;
        output
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|attributes| item::doc::<AccountRow>(attributes).map(|row| row.account))
            .collect()
    }

    /// Routes a phone number id to a channel of the scope's tenant; a number that is routed
    /// elsewhere stays there.
    pub async fn route(
        &self,
        scope: &TenantScope,
        phone_number_id: &str,
        routed: Routed,
    ) -> Result<()> {
        self.keep(&Item::new(scope, key::routed_number(phone_number_id), 1, &routed)?).await
    }

    /// Lists a user of the scope's tenant under an e-mail address.
    pub async fn list_account(
        &self,
        scope: &TenantScope,
        email: &Email,
        user: UserId,
    ) -> Result<()> {
        let row = AccountRow { account: Account::of_user(scope, user) };
        self.keep(&Item::new(scope, key::account(scope, email), 1, &row)?).await
    }

    async fn keep(&self, item: &Item) -> Result<()> {
        let owner = item.attributes.get("t").cloned();
        self.store
            .client
            .put_item()
            .table_name(self.store.name(Table::Directory))
            .set_item(Some(item.attributes.clone()))
            .condition_expression("attribute_not_exists(pk) OR t = :owner")
            .set_expression_attribute_values(
                owner.map(|owner| [(":owner".to_owned(), owner)].into()),
            )
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(service) if service.is_conditional_check_failed_exception() => {
                    domain::Error::Conflict
                }
                _ => fault::of(error),
            })?;
        Ok(())
    }
}

impl Transaction {
    /// Lists a user of this tenant under an e-mail address that the user has proved to read.
    /// Repetition changes nothing.
    pub fn list_account(&mut self, email: &Email, user: UserId) {
        let row = AccountRow { account: Account::of_user(self.scope(), user) };
        let item = Item::new(self.scope(), key::account(self.scope(), email), 1, &row);
        // The sort key is this tenant's own.
        self.upsert(Part::Directory, item);
    }

    /// Routes a number to a channel of this tenant; refused when it is routed already, by anybody.
    pub fn route_number(&mut self, phone_number_id: &str, routed: Routed) {
        let item = Item::new(self.scope(), key::routed_number(phone_number_id), 1, &routed);
        self.insert(Part::Directory, item);
    }

    /// The number leads nowhere any more; refused when it is not this tenant's.
    pub fn unroute_number(&mut self, phone_number_id: &str) {
        self.delete_own(Part::Directory, &key::routed_number(phone_number_id));
    }

    /// Takes a sub-domain; refused when somebody has it.
    pub fn take_slug(&mut self, slug: &Slug) {
        let row = SlugRow { tenant: self.tenant() };
        let item = Item::new(self.scope(), key::slug(slug), 1, &row);
        self.insert(Part::Directory, item);
    }

    /// Gives a sub-domain back; refused when it is not this tenant's.
    pub fn give_back_slug(&mut self, slug: &Slug) {
        self.delete_own(Part::Directory, &key::slug(slug));
    }
}
