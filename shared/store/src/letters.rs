//! What became of letters, beside the outbox items that asked for them.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::letter::Posting;
use domain::{OutboxId, Result};
use jiff::SignedDuration;

use crate::item::Item;
use crate::key;
use crate::tables::TenantStore;
use crate::transaction::{Part, Transaction};

/// How long a letter's record is kept: far longer than a queue can bring its item again.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

impl TenantStore {
    /// What became of the letter that an outbox item asks for.
    pub async fn posting(&self, id: OutboxId) -> Result<Option<Posting>> {
        self.get(&key::posting(&self.scope, id)).await
    }
}

impl Transaction {
    /// The record of a letter nobody has been at.
    pub fn insert_posting(&mut self, posting: &Posting) {
        let item = self.posting_item(posting);
        self.insert(Part::Letter, item);
    }

    /// Writes a letter's record over its version `old`.
    pub fn replace_posting(&mut self, posting: &Posting, old: u64) {
        let item = self.posting_item(posting);
        self.replace(Part::Letter, item, old);
    }

    fn posting_item(&self, posting: &Posting) -> Result<Item> {
        let at = key::posting(self.scope(), posting.id);
        let item = Item::new(self.scope(), at, posting.version, posting)?;
        let ttl = (posting.updated_at + KEPT_FOR).as_second();
        let order = posting.id.key();
        let item = item.indexed(1, key::letters_partition(self.scope()), order);
        Ok(item.with("ttl", AttributeValue::N(ttl.to_string())))
    }
}
