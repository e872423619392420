//! Messages of a conversation, and what the provider calls them.

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::message::Message;
use domain::{ConversationId, Error, MessageId, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tenancy::TenantScope;

use crate::fault;
use crate::item::{self, Item};
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction, key_of};

/// The id of an inbound message: a hash of what the provider calls it, so that the item of a
/// message is its own duplicate check, for ever, and can be read without an index.
pub fn inbound_message_id(phone_number_id: &str, provider_id: &str) -> MessageId {
    let hash =
        digest::digest(&digest::SHA256, format!("{phone_number_id}|{provider_id}").as_bytes());
    let mut bytes = [0_u8; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *hashed;
    }
    MessageId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What is kept beside a message: the event it came as, and what was understood of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// The raw event.
    pub raw: Option<String>,
    /// JSON of the understanding.
    pub understanding: Option<String>,
}

impl Proof {
    fn beside(&self, mut item: Item) -> Item {
        for (name, text) in [("raw", &self.raw), ("understanding", &self.understanding)] {
            if let Some(text) = text {
                item = item.with(name, AttributeValue::S(text.clone()));
            }
        }
        item
    }
}

/// Where a message is that the provider knows by its own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct ProviderRef {
    conversation: ConversationId,
    message: MessageId,
}

impl TenantStore {
    pub async fn message(
        &self,
        conversation: ConversationId,
        id: MessageId,
    ) -> Result<Option<Message>> {
        self.get(&key::message(&self.scope, conversation, id)).await
    }

    /// What is kept beside a message.
    pub async fn proof(
        &self,
        conversation: ConversationId,
        id: MessageId,
    ) -> Result<Option<Proof>> {
        let found = self.store.item(&key::message(&self.scope, conversation, id)).await?;
        Ok(found.map(|attributes| Proof {
            raw: item::text(&attributes, "raw").map(str::to_owned),
            understanding: item::text(&attributes, "understanding").map(str::to_owned),
        }))
    }

    /// The latest messages, newest first; pages lead to older ones.
    pub async fn messages(
        &self,
        conversation: ConversationId,
        request: &PageRequest,
    ) -> Result<Page<Message>> {
        let stretch = Stretch {
            table: Table::Conversations,
            index: Some(2),
            pk: key::conversation_partition(&self.scope, conversation),
            prefix: "",
            newest_first: true,
        };
        self.indexed_records(&stretch, request).await
    }

    /// The outbound message the provider knows by `provider_id`.
    pub async fn message_of_provider(
        &self,
        provider_id: &str,
    ) -> Result<Option<(ConversationId, MessageId)>> {
        let found: Option<ProviderRef> =
            self.get(&key::provider_ref(&self.scope, provider_id)).await?;
        Ok(found.map(|found| (found.conversation, found.message)))
    }

    /// Keeps a report that came before the message it is about. Repetition changes nothing.
    pub async fn keep_early_report(
        &self,
        provider_id: &str,
        report: &str,
        record: &impl Serialize,
    ) -> Result<()> {
        let at = key::early_report(&self.scope, provider_id, report);
        self.put(Item::new(&self.scope, at, 1, record)?.stray(&self.scope)).await
    }

    /// Reports kept for a provider id, at most fifty.
    pub async fn early_reports<T: DeserializeOwned>(&self, provider_id: &str) -> Result<Vec<T>> {
        let stretch = Stretch {
            table: Table::Conversations,
            index: None,
            pk: key::provider_partition(&self.scope, provider_id),
            prefix: "S#",
            newest_first: false,
        };
        Ok(self.records(&stretch, &PageRequest::first(50)).await?.items)
    }

    /// Writes a message over its version `old`; `Conflict` when it has changed since.
    ///
    /// Alone, not as a transaction of one: that would cost twice the units.
    pub async fn update_message(&self, message: &Message, old: u64) -> Result<()> {
        let item = message_item(&self.scope, message)?;
        let (doc, ver) = item::parts(&item)?;
        let request = self
            .store
            .client
            .update_item()
            .table_name(self.store.name(item.key.table))
            .set_key(Some(key_of(&item.key)))
            .condition_expression("ver = :old")
            .update_expression("SET doc = :doc, ver = :ver")
            .expression_attribute_values(":old", AttributeValue::N(old.to_string()))
            .expression_attribute_values(":doc", doc)
            .expression_attribute_values(":ver", ver);
        match Box::pin(request.send()).await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(service) if service.is_conditional_check_failed_exception() => {
                    self.after_lost_answer(message).await
                }
                _ => Err(fault::of(error)),
            },
        }
    }

    /// A refused update may be the repetition of one whose answer was lost: then what is stored is
    /// what was to be written.
    async fn after_lost_answer(&self, message: &Message) -> Result<()> {
        let stored = self.message(message.conversation, message.id).await?;
        if stored.as_ref() == Some(message) { Ok(()) } else { Err(Error::Conflict) }
    }
}

impl Transaction {
    /// A message that is not there yet.
    pub fn insert_message(&mut self, part: Part, message: &Message, proof: &Proof) {
        let item = message_item(self.scope(), message).map(|item| proof.beside(item));
        self.insert(part, item);
    }

    /// Fills the placeholder that an edit or a revocation left at version `old`.
    pub fn fill_placeholder(&mut self, message: &Message, proof: &Proof, old: u64) {
        let item = message_item(self.scope(), message).map(|item| proof.beside(item));
        self.replace(Part::Message, item, old);
    }

    /// Writes a message over its version `old`, and leaves its raw event as it is.
    pub fn replace_message(&mut self, message: &Message, old: u64) {
        let item = message_item(self.scope(), message);
        self.update_record(Part::Message, item, old);
    }

    /// From now on the provider's id leads to the message.
    pub fn insert_provider_ref(&mut self, provider_id: &str, message: &Message) {
        let at = key::provider_ref(self.scope(), provider_id);
        let record = ProviderRef { conversation: message.conversation, message: message.id };
        let item = Item::new(self.scope(), at, 1, &record);
        self.upsert(Part::Reference, item);
    }
}

fn message_item(scope: &TenantScope, message: &Message) -> Result<Item> {
    let at = key::message(scope, message.conversation, message.id);
    let partition = at.pk.clone();
    let order = format!("{}#{:010}", key::instant(message.at), message.seq);
    Ok(Item::new(scope, at, message.version, message)?.indexed(2, partition, order))
}
