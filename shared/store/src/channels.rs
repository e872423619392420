//! The organisation's WhatsApp numbers.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::tenant::{Channel, ChannelStatus};
use domain::{ChannelId, Result};

use crate::fault;
use crate::item::Item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction, key_of};

impl TenantStore {
    pub async fn channel(&self, id: ChannelId) -> Result<Option<Channel>> {
        self.get(&key::channel(&self.scope, id)).await
    }

    /// Channels, oldest first, removed ones included.
    pub async fn channels(&self, request: &PageRequest) -> Result<Page<Channel>> {
        let stretch = Stretch {
            table: Table::Tenants,
            index: None,
            pk: self.scope.partition(),
            prefix: "CH#",
            newest_first: false,
        };
        self.records(&stretch, request).await
    }

    /// Marks a channel that is in state `from` as being in state `to`, and touches nothing else.
    /// A channel that is in another state stays as it is.
    pub async fn mark_channel(
        &self,
        id: ChannelId,
        from: ChannelStatus,
        to: ChannelStatus,
    ) -> Result<()> {
        let at = key::channel(&self.scope, id);
        let word = |status: ChannelStatus| AttributeValue::S(status.as_str().to_owned());
        let request = self
            .store
            .client
            .update_item()
            .table_name(self.store.name(at.table))
            .set_key(Some(key_of(&at)))
            .condition_expression("doc.#status = :from")
            .update_expression("SET doc.#status = :to")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":from", word(from))
            .expression_attribute_values(":to", word(to));
        match Box::pin(request.send()).await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(fault::of(error)),
        }
    }
}

impl Transaction {
    pub fn insert_channel(&mut self, channel: &Channel) {
        let at = key::channel(self.scope(), channel.id);
        let item = Item::new(self.scope(), at, channel.version, channel);
        self.insert(Part::Channel, item);
    }

    /// Writes a channel over its version `old`.
    pub fn replace_channel(&mut self, channel: &Channel, old: u64) {
        let at = key::channel(self.scope(), channel.id);
        let item = Item::new(self.scope(), at, channel.version, channel);
        self.replace(Part::Channel, item, old);
    }
}
