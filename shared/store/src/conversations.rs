//! Conversation heads and the inbox.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::conversation::Conversation;
use domain::{ConversationId, Result};

use crate::item::{self, Item};
use crate::key;
use crate::page::{Page, PageRequest};
use crate::read::{Stretch, base_key};
use crate::tables::{Table, TenantStore};
use crate::transaction::{Part, Transaction};

/// A conversation moves up in the inbox at most once per this many milliseconds: a move is two
/// index writes.
const INBOX_STEP_MS: i64 = 60_000;

impl TenantStore {
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.get(&key::conversation(&self.scope, id)).await
    }

    /// Conversations by their last message, latest minute first.
    ///
    /// The shards are each in order, and a sort key names its conversation, so one position serves
    /// all of them.
    pub async fn conversations(&self, request: &PageRequest) -> Result<Page<Conversation>> {
        let shards: Vec<Stretch> = (0..key::INBOX_SHARDS)
            .map(|shard| Stretch {
                table: Table::Conversations,
                index: Some(1),
                pk: key::inbox_partition(&self.scope, shard),
                prefix: "",
                newest_first: true,
            })
            .collect();
        let pages =
            futures::future::try_join_all(shards.iter().map(|stretch| self.page(stretch, request)))
                .await?;
        let more = pages.iter().any(|page| page.next.is_some());
        let mut entries: Vec<_> = pages.into_iter().flat_map(|page| page.items).collect();
        entries.sort_by(|a, b| item::text(b, "g1sk").cmp(&item::text(a, "g1sk")));
        let more = more || entries.len() > request.limit;
        entries.truncate(request.limit);
        let next = entries
            .last()
            .filter(|_| more)
            .and_then(|entry| item::text(entry, "g1sk").map(str::to_owned));
        let keys: Vec<_> = entries.iter().filter_map(base_key).collect();
        Ok(Page { items: self.get_many(Table::Conversations, &keys).await?, next })
    }
}

impl Transaction {
    pub fn insert_conversation(&mut self, conversation: &Conversation) {
        let item = self.conversation_item(conversation);
        self.insert(Part::Conversation, item);
    }

    /// Writes a conversation over its version `old`.
    pub fn replace_conversation(&mut self, conversation: &Conversation, old: u64) {
        let item = self.conversation_item(conversation);
        self.replace(Part::Conversation, item, old);
    }

    /// Requires that the bot answers in the conversation, still under `generation`.
    pub fn require_bot(&mut self, id: ConversationId, generation: u64) {
        let at = key::conversation(self.scope(), id);
        let values = HashMap::from([
            (":generation".to_owned(), AttributeValue::N(generation.to_string())),
            (":active".to_owned(), AttributeValue::S("active".to_owned())),
        ]);
        let condition = "doc.generation = :generation AND doc.bot = :active";
        self.require(Part::Conversation, &at, condition, values);
    }

    fn conversation_item(&self, conversation: &Conversation) -> Result<Item> {
        let at = key::conversation(self.scope(), conversation.id);
        let minute = conversation.last_message_at.as_millisecond().max(0) / INBOX_STEP_MS;
        let shard = key::inbox_shard(conversation.id);
        Item::new(self.scope(), at, conversation.version, conversation).map(|item| {
            item.indexed(
                1,
                key::inbox_partition(self.scope(), shard),
                format!("{minute:012}#{}", conversation.id.key()),
            )
        })
    }
}
