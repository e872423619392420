//! Limits and promises that are worthless after a day: login throttle, rate limits, idempotency.
//!
//! Invariant: a counter and its expiry are one write, so a crash leaves either both or neither;
//! what has expired counts as absent whether DynamoDB has deleted it or not.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use domain::{Network, Result};
use jiff::{SignedDuration, Timestamp};

use crate::fault;
use crate::item::Attributes;
use crate::key::{self, Key};
use crate::tables::{Store, Table};
use crate::transaction::key_of;

mod leases;
mod once;
mod throttle;

pub use leases::{Lease, LeaseAsk};
pub use once::{Begun, Claim, Once};
pub use throttle::Admission;

/// Guards of whoever is not known yet: of networks and e-mail addresses.
#[derive(Debug, Clone)]
pub struct Guards {
    store: Store,
}

/// How often something has been counted in the running window, this time included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub count: u32,
    /// When the window ends, and the count with it.
    pub ends_at: Timestamp,
}

impl Guards {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Counts one more of `kind` for a subject, as tries of a code: `kind` is a word of ours,
    /// `subject` whatever tells subjects apart (it is stored hashed). Windows follow each other
    /// without a gap; one write unit.
    pub async fn count(
        &self,
        kind: &'static str,
        subject: &str,
        window: SignedDuration,
        now: Timestamp,
    ) -> Result<Counted> {
        let window = Window::at(now, window);
        let key = window.key(kind, subject);
        let written = write(
            &self.store,
            &key,
            Write::always("ADD n :one SET #ttl = if_not_exists(#ttl, :ttl)")
                .number(":one", 1)
                .number(":ttl", window.ends_at.as_second()),
        )
        .await?;
        let count = match written {
            Written::Done(attributes) => number(&attributes, "n"),
            Written::Refused(_) => None,
        };
        let count = count.and_then(|count| u32::try_from(count).ok()).unwrap_or(u32::MAX);
        Ok(Counted { count, ends_at: window.ends_at })
    }

    /// What [`Self::count`] has counted; half a read unit, and perhaps a moment old.
    async fn counted(&self, kind: &str, subject: &str, window: Window) -> Result<i64> {
        let request = self
            .store
            .client
            .get_item()
            .table_name(self.store.name(Table::Guards))
            .set_key(Some(key_of(&window.key(kind, subject))))
            .consistent_read(false);
        let output = Box::pin(request.send()).await.map_err(fault::of)?;
        Ok(output.item.and_then(|item| number(&item, "n")).unwrap_or(0))
    }
}

/// A stretch of time with a count of its own.
#[derive(Debug, Clone, Copy)]
struct Window {
    index: i64,
    ends_at: Timestamp,
}

impl Window {
    fn at(now: Timestamp, length: SignedDuration) -> Self {
        let length_s = length.as_secs().max(1);
        let index = now.as_second().div_euclid(length_s);
        let ends_at = Timestamp::from_second(index.saturating_add(1).saturating_mul(length_s));
        Self { index, ends_at: ends_at.unwrap_or(now) }
    }

    /// Subjects are hashed: a partition key is visible in metrics and traces.
    fn key(&self, kind: &str, subject: &str) -> Key {
        guard(format!("COUNT#{kind}#{}", key::hash(subject)), self.index.to_string())
    }
}

fn guard(pk: String, sk: String) -> Key {
    Key { table: Table::Guards, pk, sk }
}

/// The part of a key that stands for a network.
fn of_network(network: &Network) -> String {
    key::hash(network.as_str())
}

/// One update of a guard.
struct Write {
    expression: &'static str,
    condition: Option<&'static str>,
    values: HashMap<String, AttributeValue>,
}

/// How it ended.
enum Written {
    /// The item as it is now.
    Done(Attributes),
    /// The condition did not hold for the item as it stands here.
    Refused(Attributes),
}

impl Write {
    fn always(expression: &'static str) -> Self {
        Self { expression, condition: None, values: HashMap::new() }
    }

    fn when(condition: &'static str, expression: &'static str) -> Self {
        Self { condition: Some(condition), ..Self::always(expression) }
    }

    fn number(mut self, name: &str, value: i64) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }
}

/// Every expression sets `ttl`, which is a reserved word.
async fn write(store: &Store, key: &Key, write: Write) -> Result<Written> {
    let request = store
        .client
        .update_item()
        .table_name(store.name(key.table))
        .set_key(Some(key_of(key)))
        .update_expression(write.expression)
        .set_condition_expression(write.condition.map(str::to_owned))
        .expression_attribute_names("#ttl", "ttl")
        .set_expression_attribute_values(Some(write.values))
        .return_values(ReturnValue::AllNew)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match Box::pin(request.send()).await {
        Ok(UpdateItemOutput { attributes, .. }) => {
            Ok(Written::Done(attributes.unwrap_or_default()))
        }
        Err(error) => match error.as_service_error() {
            Some(service) if service.is_conditional_check_failed_exception() => {
                Ok(Written::Refused(old_item(error.into_service_error())))
            }
            _ => Err(fault::of(error)),
        },
    }
}

fn old_item(error: aws_sdk_dynamodb::operation::update_item::UpdateItemError) -> Attributes {
    use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
    if let UpdateItemError::ConditionalCheckFailedException(failed) = error {
        failed.item.unwrap_or_default()
    } else {
        Attributes::default()
    }
}

fn number(attributes: &Attributes, name: &str) -> Option<i64> {
    attributes.get(name)?.as_n().ok()?.parse().ok()
}
