//! Everything that is left when nobody asks any more, and whose it is.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

use super::site::Site;

/// Something that was answered, logged, carried, stored or sent.
pub(crate) struct Remain {
    pub(crate) kind: &'static str,
    /// Where it was found.
    pub(crate) place: String,
    pub(crate) owner: Owner,
    pub(crate) text: String,
    /// Of an answer: what was asked, in lower case. What one says oneself is no secret.
    pub(crate) asked: String,
}

/// Whose words may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Side(usize),
    Nobody,
    /// One side's, whichever it is.
    Either,
}

pub(crate) const KINDS: [&str; 8] = [
    "answers",
    "lines of the log",
    "messages of queues",
    "items of tables",
    "objects of S3",
    "letters",
    "calls of Graph",
    "metrics",
];

impl Remain {
    pub(crate) fn new(kind: &'static str, place: String, owner: Owner, text: String) -> Self {
        Self { kind, place, owner, text, asked: String::new() }
    }
}

/// All of it.
pub(crate) async fn gather(site: &Site) -> Vec<Remain> {
    let mut remains = Vec::new();
    for heard in site.heard.borrow().iter() {
        let owner = heard.side.map_or(Owner::Nobody, Owner::Side);
        let place = heard.asked.chars().take(200).collect();
        let remain = Remain::new("answers", place, owner, heard.answered.clone());
        remains.push(Remain { asked: heard.asked.clone(), ..remain });
    }
    for line in site.log.lines() {
        remains.push(Remain::new("lines of the log", "log".to_owned(), of_text(site, &line), line));
    }
    for (queue, body) in &site.works.carried {
        let owner = of_text(site, body);
        remains.push(Remain::new("messages of queues", (*queue).to_owned(), owner, body.clone()));
    }
    items(site, &mut remains).await;
    objects(site, &mut remains).await;
    for letter in site.office.cloud.aws.mailbox().letters() {
        let to = letter.to.join(" ");
        let owner = of_word(site, &to);
        remains.push(Remain::new("letters", to, owner, format!("{letter:?}")));
    }
    for send in site.office.graph.sends() {
        let is_own = |side: &super::site::Side| side.company.number == send.chat.channel;
        let owner = site.sides.iter().position(is_own).map_or(Owner::Either, Owner::Side);
        let text = format!("{} {} {}", send.chat.channel, send.chat.person, send.body);
        remains.push(Remain::new("calls of Graph", send.chat.channel.clone(), owner, text));
    }
    for line in site.office.cloud.metrics.prometheus_text().lines() {
        let (place, text) = ("metrics".to_owned(), line.to_owned());
        remains.push(Remain::new("metrics", place, Owner::Nobody, text));
    }
    remains
}

/// Whose text it is that names its company.
fn of_text(site: &Site, text: &str) -> Owner {
    let names = |side: &super::site::Side| text.contains(&side.company.scope.tenant().key());
    site.sides.iter().position(names).map_or(Owner::Either, Owner::Side)
}

fn of_word(site: &Site, text: &str) -> Owner {
    let names = |side: &super::site::Side| text.contains(side.word);
    site.sides.iter().position(names).map_or(Owner::Either, Owner::Side)
}

async fn items(site: &Site, remains: &mut Vec<Remain>) {
    let client = site.office.cloud.aws.dynamodb();
    for table in client.list_tables().send().await.unwrap().table_names() {
        let mut from = None;
        loop {
            #[expect(clippy::disallowed_methods, reason = "it is about everybody's data")]
            let scan = client.scan().table_name(table).consistent_read(true);
            let page = scan.set_exclusive_start_key(from).send().await.unwrap();
            for item in page.items.unwrap_or_default() {
                let owner = owner_of(site, &item);
                let place = format!("{table} {:?} {:?}", item.get("pk"), item.get("sk"));
                let text = members(&item);
                remains.push(Remain::new("items of tables", place, owner, text));
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
    }
}

/// An item's members by their names: the same item is the same text.
fn members(item: &HashMap<String, AttributeValue>) -> String {
    let sorted: BTreeMap<_, _> = item.iter().collect();
    let told = sorted.into_iter().map(|(name, value)| format!("{name}: {}", told(value)));
    format!("{{{}}}", told.collect::<Vec<_>>().join(", "))
}

fn told(value: &AttributeValue) -> String {
    if let Ok(map) = value.as_m() {
        members(map)
    } else if let Ok(list) = value.as_l() {
        list.iter().map(told).collect::<Vec<_>>().join(", ")
    } else {
        format!("{value:?}")
    }
}

/// Whose an item says that it is: by its owner, or by its key.
fn owner_of(site: &Site, item: &HashMap<String, AttributeValue>) -> Owner {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let is = |side: &super::site::Side| {
        let tenant = side.company.scope.tenant().key();
        let pk = text("pk").is_some_and(|pk| pk.starts_with(&format!("T#{tenant}")));
        text("t").map_or(pk, |owner| *owner == tenant)
    };
    site.sides.iter().position(is).map_or(Owner::Nobody, Owner::Side)
}

async fn objects(site: &Site, remains: &mut Vec<Remain>) {
    let client = site.office.cloud.aws.s3();
    for bucket in client.list_buckets().send().await.unwrap().buckets() {
        let bucket = bucket.name().unwrap();
        let listed = client.list_objects_v2().bucket(bucket).send().await.unwrap();
        for object in listed.contents() {
            let key = object.key().unwrap();
            let found = client.get_object().bucket(bucket).key(key).send().await.unwrap();
            let bytes = found.body.collect().await.unwrap().to_vec();
            let text = format!("{key} {}", String::from_utf8_lossy(&bytes));
            let owner = of_text(site, key);
            remains.push(Remain::new("objects of S3", key.to_owned(), owner, text));
        }
    }
}
