//! What is known before a tenant is.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::email::Email;
use domain::{Result, UserId};
use serde::{Deserialize, Serialize};
use tenancy::{Account, Routed, TenantScope};

use crate::fault;
use crate::item::{self, Item};
use crate::key::{self, Key};
use crate::page::PageRequest;
use crate::tables::{Store, Table};

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

impl Directory {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The channel that a phone number id of Meta belongs to.
    pub async fn channel_of(&self, phone_number_id: &str) -> Result<Option<Routed>> {
        match self.store.item(&channel_key(phone_number_id)).await? {
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
            .expression_attribute_values(":pk", AttributeValue::S(email_partition(email)))
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
        self.keep(&Item::new(scope, channel_key(phone_number_id), 1, &routed)?).await
    }

    /// Lists a user of the scope's tenant under an e-mail address.
    pub async fn list_account(
        &self,
        scope: &TenantScope,
        email: &Email,
        user: UserId,
    ) -> Result<()> {
        let key =
            Key { table: Table::Directory, pk: email_partition(email), sk: scope.partition() };
        let row = AccountRow { account: Account::of_user(scope, user) };
        self.keep(&Item::new(scope, key, 1, &row)?).await
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

fn channel_key(phone_number_id: &str) -> Key {
    Key { table: Table::Directory, pk: format!("WAPN#{phone_number_id}"), sk: "REF".to_owned() }
}

/// Hashed: a partition key is visible in metrics and traces, an address must not be.
fn email_partition(email: &Email) -> String {
    format!("EMAIL#{}", key::hash(email.as_str()))
}
