//! Everything that is stored, read past the functions.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::AuditId;
use domain::audit::AuditEntry;
use domain::conversation::Conversation;
use domain::message::Message;
use domain::project::{Cost, Insight, Project, Task};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::Quarantined;

use crate::firm::Firm;

pub type Attributes = HashMap<String, AttributeValue>;

/// A record and whose it is.
#[derive(Debug, Clone)]
pub struct Owned<T> {
    /// The firm, by its place in the world.
    pub firm: usize,
    pub record: T,
}

/// All tables at one instant.
#[derive(Debug, Default)]
pub struct Storage {
    pub heads: Vec<Owned<Conversation>>,
    pub messages: Vec<Owned<Message>>,
    pub quarantined: Vec<Owned<Quarantined>>,
    pub projects: Vec<Owned<Project>>,
    pub tasks: Vec<Owned<Task>>,
    pub costs: Vec<Owned<Cost>>,
    pub insights: Vec<Owned<Insight>>,
    pub audit: Vec<Owned<AuditEntry>>,
    /// The entries in the chains, by their links.
    pub linked: Vec<AuditId>,
    pub outbox: usize,
    /// Changes that are neither messages nor statuses.
    pub notices: usize,
    pub items: Vec<Item>,
}

/// An item as it lies in its table.
#[derive(Debug, Clone)]
pub struct Item {
    pub firm: usize,
    pub table: String,
    pub attributes: Attributes,
}

impl Storage {
    pub async fn read(client: &Client, firms: &[Firm]) -> Self {
        let mut storage = Self::default();
        for table in client.list_tables().send().await.unwrap().table_names() {
            let mut from = None;
            loop {
                #[expect(clippy::disallowed_methods, reason = "it is about every firm's data")]
                let scan = client.scan().table_name(table).consistent_read(true);
                let page = scan.set_exclusive_start_key(from).send().await.unwrap();
                for attributes in page.items.unwrap_or_default() {
                    storage.take(firms, table, attributes);
                }
                from = page.last_evaluated_key;
                if from.is_none() {
                    break;
                }
            }
        }
        storage
    }

    fn take(&mut self, firms: &[Firm], table: &str, attributes: Attributes) {
        let mut item = Item { firm: 0, table: table.to_owned(), attributes };
        let is_owner = |firm: &Firm| firm.scope.tenant().key() == item.text("t");
        item.firm = firms.iter().position(is_owner).expect("an item has an owner");
        let (pk, sk) = (item.text("pk"), item.text("sk"));
        if table.ends_with("conversations") {
            if pk.contains("#C#") && sk == "META" {
                self.heads.push(item.owned());
            } else if sk.starts_with("M#") {
                self.messages.push(item.owned());
            } else if pk.ends_with("#Q") {
                self.quarantined.push(item.owned());
            } else if pk.ends_with("#E") {
                self.notices += 1;
            }
        } else if table.ends_with("projects") {
            match sk.split('#').next() {
                Some("META") => self.projects.push(item.owned()),
                Some("K") => self.tasks.push(item.owned()),
                Some("C") => self.costs.push(item.owned()),
                Some("I") => self.insights.push(item.owned()),
                _ => {}
            }
        } else if table.ends_with("audit") {
            if sk.starts_with("E#") {
                self.audit.push(item.owned());
            } else if pk.ends_with("#L") {
                let link: Value = item.owned().record;
                let entries = link["entries"].as_array().unwrap().iter();
                self.linked
                    .extend(entries.map(|e| e["id"].as_str().unwrap().parse::<AuditId>().unwrap()));
            }
        } else if table.ends_with("jobs") {
            self.outbox += 1;
        }
        self.items.push(item);
    }
}

impl Item {
    pub fn text(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
    }

    fn owned<T: DeserializeOwned>(&self) -> Owned<T> {
        let record = serde_dynamo::from_attribute_value(self.attributes["doc"].clone()).unwrap();
        Owned { firm: self.firm, record }
    }
}
