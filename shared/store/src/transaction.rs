//! A fact, its effects and its outbox items: written all together or not at all.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use domain::{Error, ProjectId, Result};
use jiff::Timestamp;

use crate::fault;
use crate::item::{self, Item};
use crate::key::{self, Key};
use crate::tables::{Table, TenantStore};

/// DynamoDB's own limit for one transaction.
const OPERATIONS_MAX: usize = 100;

/// What an operation of a transaction is about; names it when its condition fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Message,
    Reply,
    Conversation,
    Contact,
    Identity,
    Project,
    Task,
    Cost,
    Insight,
    Outbox,
    Reference,
    Tenant,
    User,
    Session,
    Factor,
    Channel,
    /// A pending proof or a phone code.
    Proof,
    /// What is known before a tenant is.
    Directory,
    Audit,
    /// The record of a request that is carried out once.
    Once,
    Key,
    Letter,
    /// The name of an organisation's sub-domain.
    Slug,
    /// The next link of the audit log's chain.
    Link,
    /// The mark of an entry that is in the chain.
    Mark,
}

/// How a transaction ended, short of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// Everything is written.
    Done,
    /// Nothing is written: the conditions of these parts did not hold.
    Refused(Vec<Part>),
    /// Nothing is written: another transaction was at the same items; read again and retry.
    Busy,
}

/// Changes to a project's running totals, added exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProjectDelta {
    pub tasks_total: i64,
    pub tasks_done: i64,
    /// Minor units of the project's currency.
    pub cost_confirmed_minor: i64,
    pub insights_open: i64,
}

impl ProjectDelta {
    fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// Writes gathered for one tenant, committed at once.
#[derive(Debug)]
pub struct Transaction {
    tenant: TenantStore,
    operations: Vec<TransactWriteItem>,
    parts: Vec<Part>,
    fault: Option<Error>,
}

impl TenantStore {
    /// An empty transaction over this tenant's data.
    pub fn transaction(&self) -> Transaction {
        Transaction { tenant: self.clone(), operations: Vec::new(), parts: Vec::new(), fault: None }
    }
}

impl Transaction {
    pub(crate) fn tenant_store(&self) -> &TenantStore {
        &self.tenant
    }

    pub(crate) fn scope(&self) -> &tenancy::TenantScope {
        self.tenant.scope()
    }

    /// Whose data it writes.
    pub fn tenant(&self) -> domain::TenantId {
        self.scope().tenant()
    }

    pub(crate) fn name_of(&self, table: Table) -> &str {
        self.tenant.store.name(table)
    }

    /// Puts an item that must not exist yet.
    pub(crate) fn insert(&mut self, part: Part, item: Result<Item>) {
        self.put(part, item, |put| put.condition_expression("attribute_not_exists(pk)"));
    }

    /// Puts an item over the version `old` of itself.
    pub(crate) fn replace(&mut self, part: Part, item: Result<Item>, old: u64) {
        self.put(part, item, |put| {
            put.condition_expression("ver = :old")
                .expression_attribute_values(":old", AttributeValue::N(old.to_string()))
        });
    }

    /// Puts an item whether it exists or not; for what is the same each time it is written.
    pub(crate) fn upsert(&mut self, part: Part, item: Result<Item>) {
        self.put(part, item, |put| put);
    }

    /// Writes the record of an item over its version `old`, and leaves its other attributes.
    pub(crate) fn update_record(&mut self, part: Part, item: Result<Item>, old: u64) {
        let built = item.and_then(|item| {
            let (doc, ver) = item::parts(&item)?;
            Update::builder()
                .table_name(self.tenant.store.name(item.key.table))
                .set_key(Some(key_of(&item.key)))
                .condition_expression("ver = :old")
                .update_expression("SET doc = :doc, ver = :ver")
                .expression_attribute_values(":old", AttributeValue::N(old.to_string()))
                .expression_attribute_values(":doc", doc)
                .expression_attribute_values(":ver", ver)
                .build()
                .map_err(Error::internal)
        });
        match built {
            Ok(update) => self.add(part, TransactWriteItem::builder().update(update).build()),
            Err(error) => self.fault = Some(error),
        }
    }

    pub(crate) fn put(
        &mut self,
        part: Part,
        item: Result<Item>,
        condition: impl FnOnce(
            aws_sdk_dynamodb::types::builders::PutBuilder,
        ) -> aws_sdk_dynamodb::types::builders::PutBuilder,
    ) {
        let built = item.and_then(|item| {
            let put = Put::builder()
                .table_name(self.tenant.store.name(item.key.table))
                .set_item(Some(item.attributes));
            condition(put).build().map_err(Error::internal)
        });
        match built {
            Ok(put) => self.add(part, TransactWriteItem::builder().put(put).build()),
            Err(error) => self.fault = Some(error),
        }
    }

    /// Deletes an item for which a condition on `:seen` holds.
    pub(crate) fn delete(
        &mut self,
        part: Part,
        key: &Key,
        condition: &str,
        seen: &impl serde::Serialize,
    ) {
        let built = serde_dynamo::to_attribute_value(seen).map_err(Error::internal).and_then(
            |seen: AttributeValue| {
                Delete::builder()
                    .table_name(self.tenant.store.name(key.table))
                    .set_key(Some(key_of(key)))
                    .condition_expression(condition)
                    .expression_attribute_values(":seen", seen)
                    .build()
                    .map_err(Error::internal)
            },
        );
        match built {
            Ok(delete) => self.add(part, TransactWriteItem::builder().delete(delete).build()),
            Err(error) => self.fault = Some(error),
        }
    }

    /// Requires that a condition holds for an item.
    pub(crate) fn require(
        &mut self,
        part: Part,
        key: &Key,
        condition: &str,
        values: HashMap<String, AttributeValue>,
    ) {
        let check = ConditionCheck::builder()
            .table_name(self.tenant.store.name(key.table))
            .set_key(Some(key_of(key)))
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build();
        match check {
            Ok(check) => {
                self.add(part, TransactWriteItem::builder().condition_check(check).build());
            }
            Err(error) => self.fault = Some(Error::internal(error)),
        }
    }

    /// Requires that an item is still at a version.
    pub(crate) fn require_version(&mut self, part: Part, key: &Key, version: u64) {
        let values = [(":old".to_owned(), AttributeValue::N(version.to_string()))];
        self.require(part, key, "ver = :old", values.into());
    }

    /// Deletes an item of this tenant that must be there.
    pub(crate) fn delete_own(&mut self, part: Part, key: &Key) {
        let delete = Delete::builder()
            .table_name(self.tenant.store.name(key.table))
            .set_key(Some(key_of(key)))
            .condition_expression("t = :owner")
            .expression_attribute_values(":owner", AttributeValue::S(self.scope().tenant().key()))
            .build();
        match delete {
            Ok(delete) => self.add(part, TransactWriteItem::builder().delete(delete).build()),
            Err(error) => self.fault = Some(Error::internal(error)),
        }
    }

    /// Adds to a project's running totals. At most once per project in a transaction.
    pub fn add_to_project(&mut self, project: ProjectId, delta: ProjectDelta, at: Timestamp) {
        if delta.is_zero() {
            return;
        }
        let key = key::project(self.scope(), project);
        let update = Update::builder()
            .table_name(self.tenant.store.name(key.table))
            .set_key(Some(key_of(&key)))
            .condition_expression("attribute_exists(pk)")
            .update_expression(
                "SET doc.tasks_total = doc.tasks_total + :total, \
                 doc.tasks_done = doc.tasks_done + :done, \
                 doc.cost_confirmed_minor = doc.cost_confirmed_minor + :cost, \
                 doc.insights_open = doc.insights_open + :insights, \
                 doc.updated_at = :at",
            )
            .set_expression_attribute_values(Some(HashMap::from([
                (":total".to_owned(), number(delta.tasks_total)),
                (":done".to_owned(), number(delta.tasks_done)),
                (":cost".to_owned(), number(delta.cost_confirmed_minor)),
                (":insights".to_owned(), number(delta.insights_open)),
                (":at".to_owned(), AttributeValue::S(at.to_string())),
            ])))
            .build();
        match update {
            Ok(update) => {
                self.add(Part::Project, TransactWriteItem::builder().update(update).build());
            }
            Err(error) => self.fault = Some(Error::internal(error)),
        }
    }

    /// Adds what could be built.
    pub(crate) fn push(&mut self, part: Part, operation: Result<TransactWriteItem>) {
        match operation {
            Ok(operation) => self.add(part, operation),
            Err(error) => self.fault = Some(error),
        }
    }

    fn add(&mut self, part: Part, operation: TransactWriteItem) {
        self.operations.push(operation);
        self.parts.push(part);
    }

    /// Writes everything or nothing. The SDK's own retries carry one token, so that a lost answer
    /// does not write twice.
    pub async fn commit(self) -> Result<Commit> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if self.operations.len() > OPERATIONS_MAX {
            return Err(Error::internal("a transaction has more than 100 operations"));
        }
        let client = &self.tenant.store.client;
        let request = client.transact_write_items().set_transact_items(Some(self.operations));
        match Box::pin(request.send()).await {
            Ok(_) => Ok(Commit::Done),
            Err(error) => refusal(error, &self.parts),
        }
    }
}

fn refusal(error: SdkError<TransactWriteItemsError>, parts: &[Part]) -> Result<Commit> {
    if let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
        error.as_service_error()
    {
        let reasons = canceled.cancellation_reasons();
        let failed: Vec<Part> = reasons
            .iter()
            .zip(parts)
            .filter(|(reason, _)| has_code(reason, &["ConditionalCheckFailed"]))
            .map(|(_, part)| *part)
            .collect();
        if !failed.is_empty() {
            return Ok(Commit::Refused(failed));
        }
        if reasons.iter().any(|reason| has_code(reason, &["TransactionConflict"])) {
            return Ok(Commit::Busy);
        }
        let passing = ["ThrottlingError", "ProvisionedThroughputExceeded"];
        if reasons.iter().any(|reason| has_code(reason, &passing)) {
            return Err(Error::unavailable(error));
        }
    }
    Err(fault::of(error))
}

fn has_code(reason: &CancellationReason, codes: &[&str]) -> bool {
    reason.code().is_some_and(|code| codes.contains(&code))
}

pub(crate) fn key_of(key: &Key) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
        ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
