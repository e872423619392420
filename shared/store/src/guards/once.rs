//! Idempotency: what became of a request under the key its sender gave it.
//!
//! A record is first *running*, under a fence that only its maker knows, for as long as a request
//! can last; then it holds the answer. Whoever was overtaken cannot write it any more.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::{Error, Network, Result};
use jiff::{SignedDuration, Timestamp};

use super::{Guards, guard, of_network};
use crate::fault;
use crate::item::{self, Attributes};
use crate::key::{self, Key};
use crate::tables::{Store, TenantStore};
use crate::transaction::{Part, Transaction, key_of};

/// How long an answer is given again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Longer than any function of the API may run; then a request that died may be sent again.
const RUNS_AT_MOST: SignedDuration = SignedDuration::from_secs(60);
/// Answers to what creates something are far smaller; an item may have 400 KB.
const ANSWER_BYTES_MAX: usize = 100 * 1_024;

const FINISH: &str = "SET st = :done, answer = :answer";
const IS_MINE: &str = "own = :own AND st = :run";

/// A request, as far as it matters whether it is the same.
#[derive(Debug, Clone, Copy)]
pub struct Once<'a> {
    /// Who sent it: `usr_…` or `key_…`.
    pub caller: &'a str,
    /// What tells it from others of the sender: path and key.
    pub name: &'a str,
    /// A hash of what was asked.
    pub asked: &'a str,
    /// Unpredictable, and never used before.
    pub fence: &'a str,
}

/// What is known of a request.
#[derive(Debug)]
pub enum Begun {
    /// Nothing: it is the holder's to carry out, and to finish.
    Mine(Claim),
    /// It was carried out, and this was the answer.
    Done(Vec<u8>),
    /// It is being carried out.
    Running,
    /// Its key was used for something else.
    Other,
}

/// The right to say what became of a request.
#[derive(Debug, Clone)]
pub struct Claim {
    store: Store,
    key: Key,
    fence: String,
}

impl TenantStore {
    /// Begins a request of one of the tenant's callers. One write unit.
    pub async fn begin_once(&self, once: Once<'_>, now: Timestamp) -> Result<Begun> {
        let pk = key::requests(&self.scope, once.caller);
        begin(&self.store, guard(pk, key::hash(once.name)), once, now).await
    }
}

impl Guards {
    /// Begins a request of somebody of a network who is not known; the caller's name is ignored.
    pub async fn begin_once(
        &self,
        network: &Network,
        once: Once<'_>,
        now: Timestamp,
    ) -> Result<Begun> {
        let pk = format!("IDEM#{}#{}", of_network(network), key::hash(once.name));
        begin(&self.store, guard(pk, "R".to_owned()), once, now).await
    }
}

async fn begin(store: &Store, key: Key, once: Once<'_>, now: Timestamp) -> Result<Begun> {
    let kept_until = now.checked_add(KEPT).unwrap_or(now);
    let runs_until = now.checked_add(RUNS_AT_MOST).unwrap_or(now);
    let mut record = key_of(&key);
    for (name, value) in [
        ("st", text("RUN")),
        ("own", text(once.fence)),
        ("asked", text(once.asked)),
        ("lease", millis(runs_until)),
        ("ttl", AttributeValue::N(kept_until.as_second().to_string())),
    ] {
        record.insert(name.to_owned(), value);
    }
    let request = store
        .client
        .put_item()
        .table_name(store.name(key.table))
        .set_item(Some(record))
        .condition_expression(
            "attribute_not_exists(pk) OR #ttl < :now_s OR (st = :run AND lease < :now) \
             OR (st = :run AND own = :own)",
        )
        .expression_attribute_names("#ttl", "ttl")
        .expression_attribute_values(":now_s", AttributeValue::N(now.as_second().to_string()))
        .expression_attribute_values(":now", millis(now))
        .expression_attribute_values(":run", text("RUN"))
        .expression_attribute_values(":own", text(once.fence))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match Box::pin(request.send()).await {
        Ok(_) => {
            let (store, fence) = (store.clone(), once.fence.to_owned());
            Ok(Begun::Mine(Claim { store, key, fence }))
        }
        Err(error) => match error.as_service_error() {
            Some(service) if service.is_conditional_check_failed_exception() => {
                Ok(known(failed_put(error.into_service_error()), once.asked))
            }
            _ => Err(fault::of(error)),
        },
    }
}

/// What a record of somebody else's says.
fn known(mut record: Attributes, asked: &str) -> Begun {
    if item::text(&record, "asked") != Some(asked) {
        return Begun::Other;
    }
    match record.remove("answer") {
        Some(AttributeValue::B(answer)) => Begun::Done(answer.into_inner()),
        Some(_) | None => Begun::Running,
    }
}

impl Claim {
    /// Keeps the answer, unless the transaction of the effect has kept it already or somebody has
    /// taken over: a claim that is not this one's any more is left alone.
    pub async fn finish(&self, answer: &[u8]) -> Result<()> {
        let request = self
            .store
            .client
            .update_item()
            .table_name(self.store.name(self.key.table))
            .set_key(Some(key_of(&self.key)))
            .condition_expression(IS_MINE)
            .update_expression(FINISH)
            .set_expression_attribute_values(Some(self.done(answer)?));
        unless_lost(Box::pin(request.send()).await)
    }

    /// Forgets the request: it may be sent again.
    pub async fn release(&self) -> Result<()> {
        let request = self
            .store
            .client
            .delete_item()
            .table_name(self.store.name(self.key.table))
            .set_key(Some(key_of(&self.key)))
            .condition_expression(IS_MINE)
            .set_expression_attribute_values(Some(self.mine()));
        unless_lost(Box::pin(request.send()).await)
    }

    fn mine(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([(":own".to_owned(), text(&self.fence)), (":run".to_owned(), text("RUN"))])
    }

    fn done(&self, answer: &[u8]) -> Result<HashMap<String, AttributeValue>> {
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(Error::internal("an answer is too large to be kept"));
        }
        let mut values = self.mine();
        values.insert(":done".to_owned(), text("DONE"));
        values.insert(":answer".to_owned(), AttributeValue::B(Blob::new(answer)));
        Ok(values)
    }
}

impl Transaction {
    /// Keeps the answer of a request together with its effect: either both are there or neither,
    /// and whoever was overtaken while carrying it out writes nothing at all ([`Part::Once`] is
    /// refused). Costs two write units instead of the one of [`Claim::finish`].
    pub fn finish_once(&mut self, claim: &Claim, answer: &[u8]) {
        let name = claim.store.name(claim.key.table);
        let update = claim.done(answer).and_then(|values| {
            Update::builder()
                .table_name(name)
                .set_key(Some(key_of(&claim.key)))
                .condition_expression(IS_MINE)
                .update_expression(FINISH)
                .set_expression_attribute_values(Some(values))
                .build()
                .map_err(Error::internal)
        });
        self.push(Part::Once, update.map(|it| TransactWriteItem::builder().update(it).build()));
    }
}

fn unless_lost<T, E>(ended: std::result::Result<T, SdkError<E>>) -> Result<()>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match ended {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
        Err(error) => Err(fault::of(error)),
    }
}

fn failed_put(error: aws_sdk_dynamodb::operation::put_item::PutItemError) -> Attributes {
    use aws_sdk_dynamodb::operation::put_item::PutItemError;
    if let PutItemError::ConditionalCheckFailedException(failed) = error {
        failed.item.unwrap_or_default()
    } else {
        Attributes::default()
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn millis(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_millisecond().to_string())
}
