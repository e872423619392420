//! What is known before a tenant is.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::email::Email;
use domain::{Error, Result, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tenancy::{Account, Routed, TenantScope};

use crate::fault;
use crate::item::{self, Item};
use crate::key;
use crate::page::PageRequest;
use crate::tables::{Store, Table};
use crate::transaction::{Part, Transaction, key_of};

/// Organisations one address may belong to and still be offered at login.
const ACCOUNTS_MAX: i32 = 10;

/// The pre-login table: phone number ids and e-mail addresses → tenants.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(crate) store: Store,
}

/// How long a number that was taken off leads nowhere before another organisation may have it.
/// Longer than anybody remembers where it led, so that nobody gets what is written to the next.
const REST: SignedDuration = SignedDuration::from_mins(10);
/// On the row of a number that was taken off: seconds since the epoch.
const RESTS_UNTIL: &str = "rests_until";

#[derive(Serialize, Deserialize)]
struct AccountRow {
    account: Account,
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
            Some(attributes) if !attributes.contains_key(RESTS_UNTIL) => {
                item::doc(attributes).map(Some)
            }
            Some(_) | None => Ok(None),
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
                Some(service) if service.is_conditional_check_failed_exception() => Error::Conflict,
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

    /// Routes a number to a channel of this tenant; refused when it is routed already, by anybody,
    /// and for ten minutes after another tenant had it.
    pub fn route_number(&mut self, phone_number_id: &str, routed: Routed, now: Timestamp) {
        let item = Item::new(self.scope(), key::routed_number(phone_number_id), 1, &routed);
        let owner = AttributeValue::S(self.scope().tenant().key());
        self.put(Part::Directory, item, |put| {
            let is_free = "attribute_not_exists(pk) OR rests_until <= :now \
                OR (attribute_exists(rests_until) AND t = :owner)";
            put.condition_expression(is_free)
                .expression_attribute_values(":now", seconds(now))
                .expression_attribute_values(":owner", owner)
        });
    }

    /// The number leads nowhere any more; refused when it is not this tenant's.
    pub fn unroute_number(&mut self, phone_number_id: &str, now: Timestamp) {
        let key = key::routed_number(phone_number_id);
        let owner = AttributeValue::S(self.scope().tenant().key());
        let update = Update::builder()
            .table_name(self.name_of(key.table))
            .set_key(Some(key_of(&key)))
            .condition_expression("t = :owner AND attribute_not_exists(rests_until)")
            .update_expression("SET rests_until = :until")
            .expression_attribute_values(":owner", owner)
            .expression_attribute_values(":until", seconds(now.saturating_add(REST).unwrap_or(now)))
            .build()
            .map_err(Error::internal);
        let update = update.map(|update| TransactWriteItem::builder().update(update).build());
        self.push(Part::Directory, update);
    }
}

fn seconds(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_second().to_string())
}
