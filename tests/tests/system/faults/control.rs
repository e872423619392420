//! The check itself is checked: storage that is damaged on purpose must not pass.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use campaign::storage::{Attributes, Item, Storage};
use domain::{MessageId, TaskId};
use uuid::Uuid;

use super::day::{Campaign, Weather};

/// Changes to items: what is there before and after.
type Damage = Vec<(Option<Item>, Option<Item>)>;
/// A kind of damage, the invariants it must be seen to break, and how it is done.
type Kind = (&'static str, &'static [&'static str], fn(&Storage, &str) -> Damage);

const KINDS: [Kind; 13] = [
    ("a message is gone", &["I1", "I2", "I3"], |storage, _| {
        vec![(Some(task_message(storage)), None)]
    }),
    ("a quarantined event is there twice", &["I1"], |storage, _| {
        let mut copy = storage.find(|item| item.text("pk").ends_with("#Q"));
        copy.put("sk", "00000000000000-again");
        vec![(None, Some(copy))]
    }),
    ("a task is there twice", &["I2", "I3"], |storage, _| {
        let mut copy = storage.find(|item| item.text("sk").starts_with("K#"));
        copy.put("sk", "K#again");
        copy.put_in_record("id", &TaskId::from_uuid(Uuid::max()).to_string());
        vec![(None, Some(copy))]
    }),
    ("a total is wrong", &["I3"], |storage, _| {
        let project = storage.find(|item| {
            item.text("sk") == "META" && item.record().contains_key("cost_confirmed_minor")
        });
        let mut wrong = project.clone();
        let number = AttributeValue::N("1".to_owned());
        wrong.record_mut().insert("cost_confirmed_minor".to_owned(), number);
        vec![(Some(project), Some(wrong))]
    }),
    ("two messages have changed places", &["I4"], |storage, _| {
        let first = task_message(storage);
        let second = storage.find(|item| {
            item.text("pk") == first.text("pk")
                && item.record().contains_key("ordinal")
                && item.text("sk") != first.text("sk")
        });
        let (mut earlier, mut later) = (first.clone(), second.clone());
        for (item, seq_of) in [(&mut earlier, &second), (&mut later, &first)] {
            item.record_mut().insert("seq".to_owned(), seq_of.record()["seq"].clone());
        }
        vec![(Some(first), Some(earlier)), (Some(second), Some(later))]
    }),
    ("two messages have one place", &["I11"], |storage, _| {
        let first = task_message(storage);
        let second = storage.find(|item| {
            item.text("pk") == first.text("pk")
                && item.record().contains_key("ordinal")
                && item.text("sk") != first.text("sk")
        });
        let mut wrong = second.clone();
        wrong.record_mut().insert("seq".to_owned(), first.record()["seq"].clone());
        vec![(Some(second), Some(wrong))]
    }),
    ("a status has gone down", &["I5"], |storage, _| {
        let message = storage.find(|item| item.in_record("delivery") == "read");
        let mut lowered = message.clone();
        lowered.put_in_record("delivery", "sent");
        vec![(Some(message), Some(lowered))]
    }),
    ("another firm's word is in a message", &["I6"], |storage, word| {
        let message = task_message(storage);
        let mut foreign = message.clone();
        foreign.put("raw", word);
        vec![(Some(message), Some(foreign))]
    }),
    ("an answer is there that nobody got", &["I7"], |storage, _| {
        let mut copy = storage.find(|item| item.in_record("direction") == "outbound");
        copy.put("sk", "M#again");
        copy.put_in_record("id", &MessageId::from_uuid(Uuid::max()).to_string());
        vec![(None, Some(copy))]
    }),
    ("an answer still waits", &["I8"], |storage, _| {
        let message = storage.find(|item| item.in_record("direction") == "outbound");
        let mut waiting = message.clone();
        waiting.put_in_record("delivery", "queued");
        vec![(Some(message), Some(waiting))]
    }),
    ("an effect was not told to the audit log", &["I13"], |storage, _| {
        vec![(Some(storage.find(|item| item.in_record("action") == "task.created")), None)]
    }),
    ("the audit log says something else", &["I13"], |storage, _| {
        let entry = storage.find(|item| item.in_record("action") == "contact.created");
        let mut changed = entry.clone();
        changed.put_in_record("trace", "another");
        vec![(Some(entry), Some(changed))]
    }),
    ("an outbox item is left", &["I8"], |storage, _| {
        let mut left = storage.find(|item| item.text("sk").starts_with("K#"));
        left.table = left.table.replace("projects", "jobs");
        vec![(None, Some(left))]
    }),
];

#[tokio::test]
async fn the_check_sees_every_kind_of_damage() {
    let campaign = Campaign::play(7, &[2, 1], 3, Weather::Calm).await;
    let (storage, findings) = campaign.check().await;
    assert!(findings.violations.is_empty(), "{:#?}", findings.violations);
    let (owner, word) = (0, &campaign.world.firms[1].canary);
    assert_eq!(task_message(&storage).firm, owner);
    for (what, expected, damage) in KINDS {
        let damage = damage(&storage, word);
        for (before, after) in &damage {
            campaign.replace(before.as_ref(), after.as_ref()).await;
        }
        let (_, findings) = campaign.check().await;
        for name in expected {
            assert!(
                findings.broken(name) > 0,
                "{what}: {name} is not among {:#?}",
                findings.violations
            );
        }
        for (before, after) in &damage {
            campaign.replace(after.as_ref(), before.as_ref()).await;
        }
    }
    let (_, findings) = campaign.check().await;
    assert!(findings.violations.is_empty(), "not repaired: {:#?}", findings.violations);
}

/// A message of a person that made a task.
fn task_message(storage: &Storage) -> Item {
    storage.find(|item| {
        let effects = item.record().get("effects").and_then(|effects| effects.as_l().ok());
        item.firm == 0
            && effects.is_some_and(|effects| {
                let kind = effects.first().and_then(|effect| effect.as_m().ok()?.get("kind"));
                kind.and_then(|kind| kind.as_s().ok()).is_some_and(|kind| kind == "task_created")
            })
    })
}

impl Campaign {
    async fn replace(&self, before: Option<&Item>, after: Option<&Item>) {
        let client = self.world.cloud.aws.dynamodb();
        if let Some(item) = after {
            let put = client.put_item().table_name(&item.table);
            put.set_item(Some(item.attributes.clone())).send().await.unwrap();
        } else if let Some(item) = before {
            let key = ["pk", "sk"].map(|name| (name.to_owned(), item.attributes[name].clone()));
            let delete = client.delete_item().table_name(&item.table);
            delete.set_key(Some(HashMap::from(key))).send().await.unwrap();
        }
    }
}

trait Search {
    fn find(&self, wanted: impl Fn(&Item) -> bool) -> Item;
}

impl Search for Storage {
    fn find(&self, wanted: impl Fn(&Item) -> bool) -> Item {
        self.items.iter().find(|item| wanted(item)).expect("there is such an item").clone()
    }
}

/// Items as they are damaged.
trait Change {
    fn put(&mut self, name: &str, text: &str);
    fn record(&self) -> &Attributes;
    fn record_mut(&mut self) -> &mut Attributes;
    fn in_record(&self, name: &str) -> &str;
    fn put_in_record(&mut self, name: &str, text: &str);
}

impl Change for Item {
    fn put(&mut self, name: &str, text: &str) {
        self.attributes.insert(name.to_owned(), AttributeValue::S(text.to_owned()));
    }

    fn record(&self) -> &Attributes {
        self.attributes["doc"].as_m().unwrap()
    }

    fn record_mut(&mut self) -> &mut Attributes {
        let Some(AttributeValue::M(record)) = self.attributes.get_mut("doc") else {
            panic!("an item has no record")
        };
        record
    }

    fn in_record(&self, name: &str) -> &str {
        self.record().get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
    }

    fn put_in_record(&mut self, name: &str, text: &str) {
        self.record_mut().insert(name.to_owned(), AttributeValue::S(text.to_owned()));
    }
}
