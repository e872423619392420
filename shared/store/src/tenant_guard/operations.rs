//! Where the keys are in each operation of the SDK.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemInput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsInput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;
use aws_sdk_dynamodb::types::{TransactWriteItem, WriteRequest};
use aws_smithy_runtime_api::client::interceptors::context::Input;

use super::expression::Expression;
use super::{Place, TenantGuard, Trespass};
use crate::item::{self, Attributes};

type Checked = Result<(), Trespass>;

/// The attributes that are keys of indexes.
const INDEX_KEYS: [&str; 2] = ["g1pk", "g2pk"];

impl TenantGuard {
    /// Whether a request is one's own. One the guard does not know is not.
    pub(super) fn request(&self, input: &Input) -> Checked {
        if let Some(get) = input.downcast_ref::<GetItemInput>() {
            self.at(named(get.table_name()), get.key())
        } else if let Some(query) = input.downcast_ref::<QueryInput>() {
            self.query(query)
        } else if let Some(put) = input.downcast_ref::<PutItemInput>() {
            self.item(named(put.table_name()), put.item())
        } else if let Some(update) = input.downcast_ref::<UpdateItemInput>() {
            if update.attribute_updates().is_some() {
                return Err(Trespass::Operation);
            }
            let (names, values) =
                (update.expression_attribute_names(), update.expression_attribute_values());
            let sentence = |text| Expression { text, names, values };
            let table = named(update.table_name());
            self.change(table, update.key(), sentence(update.condition_expression()))?;
            self.sets(sentence(update.update_expression()))
        } else if let Some(delete) = input.downcast_ref::<DeleteItemInput>() {
            let condition = Expression {
                text: delete.condition_expression(),
                names: delete.expression_attribute_names(),
                values: delete.expression_attribute_values(),
            };
            self.change(named(delete.table_name()), delete.key(), condition)
        } else {
            self.several(input)
        }
    }

    fn several(&self, input: &Input) -> Checked {
        if let Some(batch) = input.downcast_ref::<BatchGetItemInput>() {
            pairs(batch.request_items())
                .flat_map(|(table, wanted)| wanted.keys().iter().map(move |key| (table, key)))
                .try_for_each(|(table, key)| self.at(table, Some(key)))
        } else if let Some(batch) = input.downcast_ref::<BatchWriteItemInput>() {
            pairs(batch.request_items())
                .flat_map(|(table, writes)| writes.iter().map(move |write| (table, write)))
                .try_for_each(|(table, write)| self.write(table, write))
        } else if let Some(reads) = input.downcast_ref::<TransactGetItemsInput>() {
            reads.transact_items().iter().try_for_each(|read| {
                let get = read.get().ok_or(Trespass::Operation)?;
                self.at(get.table_name(), Some(get.key()))
            })
        } else if let Some(writes) = input.downcast_ref::<TransactWriteItemsInput>() {
            writes.transact_items().iter().try_for_each(|write| self.part(write))
        } else {
            Err(Trespass::Operation)
        }
    }

    fn part(&self, part: &TransactWriteItem) -> Checked {
        if let Some(put) = part.put() {
            self.item(put.table_name(), Some(put.item()))?;
        }
        if let Some(update) = part.update() {
            let (names, values) =
                (update.expression_attribute_names(), update.expression_attribute_values());
            let sentence = |text| Expression { text, names, values };
            let condition = sentence(update.condition_expression());
            self.change(update.table_name(), Some(update.key()), condition)?;
            self.sets(sentence(Some(update.update_expression())))?;
        }
        if let Some(delete) = part.delete() {
            let condition = Expression {
                text: delete.condition_expression(),
                names: delete.expression_attribute_names(),
                values: delete.expression_attribute_values(),
            };
            self.change(delete.table_name(), Some(delete.key()), condition)?;
        }
        if let Some(check) = part.condition_check() {
            let condition = Expression {
                text: Some(check.condition_expression()),
                names: check.expression_attribute_names(),
                values: check.expression_attribute_values(),
            };
            self.change(check.table_name(), Some(check.key()), condition)?;
        }
        Ok(())
    }

    fn write(&self, table: &str, write: &WriteRequest) -> Checked {
        if let Some(put) = write.put_request() {
            self.item(table, Some(put.item()))?;
        }
        match write.delete_request() {
            Some(delete) => self.at(table, Some(delete.key())),
            None => Ok(()),
        }
    }

    /// A row that is read or deleted by its key.
    fn at(&self, table: &str, key: Option<&Attributes>) -> Checked {
        self.key(table, partition(key)?, Place::Table)
    }

    /// A row that is changed, deleted or looked at under a condition. In the directory the key does
    /// not say whose it is, so the condition has to.
    fn change(&self, table: &str, key: Option<&Attributes>, condition: Expression<'_>) -> Checked {
        if !self.is_foreign_ground(table, partition(key)?) {
            return self.at(table, key);
        }
        let mut owners = condition.equals("t").peekable();
        owners.peek().ok_or(Trespass::Unasked)?;
        owners.try_for_each(|owner| self.owner(owner.ok_or(Trespass::Unasked)?))
    }

    /// A row that is written whole.
    fn item(&self, table: &str, item: Option<&Attributes>) -> Checked {
        let pk = partition(item)?;
        let attributes = item.ok_or(Trespass::Key)?;
        let owner = item::text(attributes, "t");
        owner.map_or(Ok(()), |owner| self.owner(owner))?;
        if !self.is_foreign_ground(table, pk) {
            self.key(table, pk, Place::Table)?;
        } else if owner.is_none() {
            return Err(Trespass::Unasked);
        }
        INDEX_KEYS.iter().filter_map(|name| attributes.get(*name)).try_for_each(|value| {
            self.key(table, value.as_s().map_err(|_| Trespass::Key)?, Place::Entry)
        })
    }

    /// An update may move a row in an index, but only to where it may be.
    fn sets(&self, update: Expression<'_>) -> Checked {
        for name in INDEX_KEYS {
            update
                .equals(name)
                .try_for_each(|value| self.key("", value.ok_or(Trespass::Key)?, Place::Entry))?;
        }
        update.equals("t").try_for_each(|owner| self.owner(owner.ok_or(Trespass::Owner)?))
    }

    fn query(&self, query: &QueryInput) -> Checked {
        let table = named(query.table_name());
        let condition = Expression {
            text: query.key_condition_expression(),
            names: query.expression_attribute_names(),
            values: query.expression_attribute_values(),
        };
        let place = if query.index_name().is_some() { Place::Index } else { Place::Table };
        let keys: Vec<_> =
            ["pk", "g1pk", "g2pk"].iter().flat_map(|name| condition.equals(name)).collect();
        let [Some(key)] = keys.as_slice() else { return Err(Trespass::Condition) };
        self.key(table, key, place)?;
        // DynamoDB refuses it, and the embedded one does not.
        let operands = query.expression_attribute_values().into_iter().flatten();
        if operands.into_iter().any(|(_, value)| value.as_s().is_ok_and(String::is_empty)) {
            return Err(Trespass::Empty);
        }
        // Where a page begins is a key too; the sweep's, of nobody, may be anybody's.
        match query.exclusive_start_key() {
            Some(start) if place == Place::Table || !self.is_nobodys() => {
                self.at(table, Some(start))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn named(table: Option<&str>) -> &str {
    table.unwrap_or_default()
}

fn partition(attributes: Option<&Attributes>) -> Result<&str, Trespass> {
    attributes.and_then(|attributes| item::text(attributes, "pk")).ok_or(Trespass::Key)
}

fn pairs<T>(tables: Option<&HashMap<String, T>>) -> impl Iterator<Item = (&str, &T)> {
    tables.into_iter().flatten().map(|(table, of)| (table.as_str(), of))
}
