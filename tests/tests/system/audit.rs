//! The audit log: told by every change, chained, listed, exported, verified.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::{Actor, AuditEntry, Trail, Via};
use domain::role::TenantRole;
use domain::{Clock, UserId};
use jiff::Timestamp;
use serde_json::Value;
use store::Commit;
use telemetry::Function;
use testkit::Stream;
use tokio::sync::Mutex;

use crate::office::{Company, Office, Person};

mod chain;
mod exporting;
mod reading;
mod tampering;

type Row = HashMap<String, AttributeValue>;

/// An office whose audit log is chained as in AWS: by the dispatcher, from the table's stream.
struct Archive {
    office: Office,
    dispatcher: dispatcher::App,
    stream: Mutex<Stream>,
}

impl Archive {
    async fn open() -> Self {
        let office = Office::open().await;
        let cloud = &office.cloud;
        let environment = cloud.environment(Function::Dispatcher, &[]);
        let clock = Arc::clone(&cloud.clock) as Arc<dyn Clock>;
        let dispatcher = dispatcher::App::new(&environment, clock, cloud.metrics.clone()).unwrap();
        let stream = Mutex::new(cloud.open_stream("AuditTable").await);
        Self { office, dispatcher, stream }
    }

    /// What is new in the stream and passes the template's filter.
    async fn records(&self) -> Vec<EventRecord> {
        let mut records = self.stream.lock().await.read().await.records;
        records.retain(|record| {
            let keys: Value = serde_dynamo::from_item(record.change.keys.clone()).unwrap();
            record.event_name == "INSERT" && keys["sk"].as_str().unwrap().starts_with("E#")
        });
        records
    }

    /// Hands records to the dispatcher; whether it took all of them.
    async fn dispatch(&self, records: Vec<EventRecord>) -> bool {
        let mut event = Event::default();
        event.records = records;
        dispatcher::handle(event, &self.dispatcher).await.batch_item_failures.is_empty()
    }

    async fn chain_what_is_new(&self) {
        assert!(self.dispatch(self.records().await).await);
    }

    /// The owner, signed in just now.
    fn owner(&self, company: &Company) -> Person {
        self.office.person(&company.scope, company.owner.id, TenantRole::Owner)
    }

    /// Tells the log of things that happened at `at`.
    async fn tell(&self, company: &Company, at: Timestamp, actions: &[&str]) -> Vec<AuditEntry> {
        let ids = &*self.office.cloud.ids;
        let trail = trail(company.owner.id);
        let entries: Vec<AuditEntry> =
            actions.iter().map(|action| trail.entry(ids, at, action, "a-target")).collect();
        for some in entries.chunks(50) {
            let mut write = company.store.transaction();
            for entry in some {
                write.audit::<()>(entry.clone(), None, None);
            }
            assert_eq!(write.commit().await.unwrap(), Commit::Done);
        }
        entries
    }

    /// Every page of a verification, findings of all of them together.
    async fn verify(&self, company: &Company, query: &str) -> Verdict {
        let owner = self.owner(company);
        let mut path = format!("/api/v1/audit-log/verify?{query}");
        let mut verdict = Verdict::default();
        loop {
            let page = self.office.get(&owner, &path).await.ok(200);
            let count = |name: &str| usize::try_from(page[name].as_u64().unwrap()).unwrap();
            verdict.pages += 1;
            verdict.links += count("links_checked");
            verdict.entries += count("entries_checked");
            verdict.rows += count("rows_checked");
            verdict.pending += count("pending");
            verdict.most_links = verdict.most_links.max(count("links_checked"));
            let findings = page["findings"].as_array().unwrap();
            assert_eq!(page["intact"], findings.is_empty());
            let kinds = findings.iter().map(|found| found["kind"].as_str().unwrap().to_owned());
            verdict.kinds.extend(kinds);
            verdict.head = page["head"].clone();
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/audit-log/verify?{query}&cursor={cursor}");
        }
        verdict.kinds.sort();
        verdict
    }

    /// Every row of the table under a company's key, read past the functions.
    async fn rows(&self, company: &Company) -> Vec<Row> {
        let client = self.office.cloud.aws.dynamodb();
        #[expect(clippy::disallowed_methods, reason = "it looks where the functions do not")]
        let scan = client.scan().table_name(TABLE).consistent_read(true);
        let mut rows = scan.send().await.unwrap().items.unwrap_or_default();
        rows.retain(|row| text(row, "pk").starts_with(&company.scope.partition()));
        rows.sort_by(|a, b| (text(a, "sk"), text(a, "pk")).cmp(&(text(b, "sk"), text(b, "pk"))));
        rows
    }

    async fn put(&self, row: Row) {
        let client = self.office.cloud.aws.dynamodb();
        client.put_item().table_name(TABLE).set_item(Some(row)).send().await.unwrap();
    }

    async fn delete(&self, row: &Row) {
        let key = ["pk", "sk"].map(|name| (name.to_owned(), row[name].clone()));
        let client = self.office.cloud.aws.dynamodb();
        let delete = client.delete_item().table_name(TABLE);
        delete.set_key(Some(key.into())).send().await.unwrap();
    }
}

const TABLE: &str = "hndasah-local-audit";

/// What a whole verification came to.
#[derive(Debug, Default)]
struct Verdict {
    pages: usize,
    links: usize,
    most_links: usize,
    entries: usize,
    rows: usize,
    pending: usize,
    kinds: Vec<String>,
    head: Value,
}

fn trail(user: UserId) -> Trail {
    Trail {
        actor: Actor::User { id: user },
        via: Via::Api,
        ip_prefix: Some("203.0.113.0/24".to_owned()),
        trace: "a-trace".to_owned(),
    }
}

fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row[name].as_s().unwrap()
}
