//! Everything that is stored, read past the functions.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::conversation::Conversation;
use domain::message::Message;
use domain::project::{Cost, Insight, Project, Task};
use serde::de::DeserializeOwned;
use store::Quarantined;

use super::world::World;

type Attributes = HashMap<String, AttributeValue>;

/// A record and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Owned<T> {
    /// The firm, by its place in the world.
    pub(crate) firm: usize,
    pub(crate) record: T,
}

/// All tables at one instant.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    pub(crate) heads: Vec<Owned<Conversation>>,
    pub(crate) messages: Vec<Owned<Message>>,
    pub(crate) quarantined: Vec<Owned<Quarantined>>,
    pub(crate) projects: Vec<Owned<Project>>,
    pub(crate) tasks: Vec<Owned<Task>>,
    pub(crate) costs: Vec<Owned<Cost>>,
    pub(crate) insights: Vec<Owned<Insight>>,
    pub(crate) outbox: usize,
    /// Every item as text.
    pub(crate) texts: Vec<Owned<String>>,
}

impl Storage {
    pub(crate) async fn read(world: &World) -> Self {
        let client = world.cloud.aws.dynamodb();
        let mut storage = Self::default();
        for table in client.list_tables().send().await.unwrap().table_names() {
            let mut from = None;
            loop {
                #[expect(clippy::disallowed_methods, reason = "it is about every firm's data")]
                let scan = client.scan().table_name(table).consistent_read(true);
                let page = scan.set_exclusive_start_key(from).send().await.unwrap();
                for item in page.items.unwrap_or_default() {
                    storage.take(world, table, &item);
                }
                from = page.last_evaluated_key;
                if from.is_none() {
                    break;
                }
            }
        }
        storage
    }

    fn take(&mut self, world: &World, table: &str, item: &Attributes) {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let owner = text("t").unwrap_or_else(|| panic!("nobody's item in {table}: {item:?}"));
        let is_owner = |firm: &super::firm::Firm| firm.scope.tenant().key() == owner;
        let firm = world.firms.iter().position(is_owner).unwrap();
        self.texts.push(Owned { firm, record: format!("{table}: {item:?}") });
        let (pk, sk) = (text("pk").unwrap(), text("sk").unwrap());
        if table.ends_with("conversations") {
            if pk.contains("#C#") && sk == "META" {
                self.heads.push(owned(firm, item));
            } else if sk.starts_with("M#") {
                self.messages.push(owned(firm, item));
            } else if pk.ends_with("#Q") {
                self.quarantined.push(owned(firm, item));
            }
        } else if table.ends_with("projects") {
            match sk.split('#').next() {
                Some("META") => self.projects.push(owned(firm, item)),
                Some("K") => self.tasks.push(owned(firm, item)),
                Some("C") => self.costs.push(owned(firm, item)),
                Some("I") => self.insights.push(owned(firm, item)),
                _ => {}
            }
        } else if table.ends_with("jobs") {
            self.outbox += 1;
        }
    }
}

fn owned<T: DeserializeOwned>(firm: usize, item: &Attributes) -> Owned<T> {
    let record = serde_dynamo::from_attribute_value(item["doc"].clone()).unwrap();
    Owned { firm, record }
}
