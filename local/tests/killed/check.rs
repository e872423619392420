//! What must hold, read from storage.

use std::collections::{BTreeMap, BTreeSet};

use domain::delivery::Delivery;
use domain::message::{Direction, Message};
use domain::project::{CostStatus, Project, Task, TaskStatus};
use jiff::SignedDuration;
use local::System;
use local::seed::Seeded;
use serde_json::Value;
use store::{AuditFilter, PageRequest, TenantStore};

use crate::plan::{Meaning, Plan};

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Found {
    stored: usize,
    quarantined: usize,
    tasks: usize,
    told: usize,
    replies: usize,
    unknown: usize,
    sent_twice: usize,
}

pub(crate) async fn everything(system: &System, plan: &Plan) -> Found {
    let company = &system.companies()[0];
    let tenant = system.tenant(company);
    let mut found = Found::default();
    let people: BTreeSet<&str> = plan.messages.iter().map(|m| m.from.as_str()).collect();
    let mut stored: BTreeMap<String, usize> = BTreeMap::new();
    let mut answers = Vec::new();
    for person in people {
        let messages = conversation(&tenant, company, person).await;
        assert_in_order(&messages, plan);
        for message in messages {
            match message.direction {
                Direction::Inbound => {
                    *stored.entry(message.provider_id.unwrap()).or_default() += 1;
                }
                Direction::Outbound => answers.push(message),
            }
        }
    }
    let quarantined = quarantined(&tenant).await;
    for planned in &plan.messages {
        let (expected, set_aside) = match planned.meaning {
            Meaning::Task | Meaning::Note => (1, false),
            Meaning::Poison => (0, true),
        };
        let times = stored.get(&planned.wamid()).copied().unwrap_or(0);
        assert_eq!(times, expected, "{planned:?} is stored {times} times");
        let held = quarantined.contains(&planned.wamid());
        assert_eq!(held, set_aside, "{planned:?} in quarantine: {held}");
        found.stored += times;
        found.quarantined += usize::from(held);
    }
    assert_eq!(found.stored + found.quarantined, plan.messages.len());
    found.tasks = assert_effects_once(&tenant, company, plan).await;
    found.told = assert_told_and_chained(system, &tenant).await;
    assert_eq!(found.told, found.tasks, "an entry for each effect");
    count_answers(system, &answers, &mut found);
    assert_nothing_waits(system).await;
    found
}

async fn conversation(tenant: &TenantStore, company: &Seeded, person: &str) -> Vec<Message> {
    let Some(contact) = tenant.contact_of(person).await.unwrap() else { return Vec::new() };
    let contact = tenant.contact(contact).await.unwrap().unwrap();
    let id = contact.conversation_on(company.routed.channel()).unwrap();
    let head = tenant.conversation(id).await.unwrap().unwrap();
    let mut request = PageRequest::first(200);
    let mut messages: Vec<Message> = Vec::new();
    loop {
        let page = tenant.messages(id, &request).await.unwrap();
        messages.extend(page.items);
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    messages.sort_by_key(|message| message.seq);
    let seqs: Vec<u64> = messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=head.message_count).collect::<Vec<_>>(), "a dense order");
    messages
}

/// A person's calls were accepted one after the other, so their messages stand in that order.
fn assert_in_order(messages: &[Message], plan: &Plan) {
    let place: BTreeMap<String, usize> =
        plan.messages.iter().map(|planned| (planned.wamid(), planned.number)).collect();
    let order: Vec<usize> = messages
        .iter()
        .filter(|message| message.direction == Direction::Inbound)
        .map(|message| place[message.provider_id.as_ref().unwrap()])
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

async fn quarantined(tenant: &TenantStore) -> BTreeSet<String> {
    let page = tenant.quarantined(&PageRequest::first(200)).await.unwrap();
    assert_eq!(page.next, None);
    let wamid = |envelope: &str| {
        let envelope: Value = serde_json::from_str(envelope).unwrap();
        envelope["event"]["item"]["id"].as_str().unwrap().to_owned()
    };
    page.items.iter().map(|event| wamid(&event.envelope)).collect()
}

/// Every task message made one task, and the project's totals equal a recount.
async fn assert_effects_once(tenant: &TenantStore, company: &Seeded, plan: &Plan) -> usize {
    let mut request = PageRequest::first(200);
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let page = tenant.tasks(company.project, &request).await.unwrap();
        tasks.extend(page.items);
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for task in &tasks {
        *titles.entry(task.title.as_str()).or_default() += 1;
    }
    let mut expected = 0;
    for planned in plan.messages.iter().filter(|planned| planned.meaning == Meaning::Task) {
        expected += 1;
        assert_eq!(titles.get(planned.title().as_str()), Some(&1), "{planned:?}");
    }
    let project: Project = tenant.project(company.project).await.unwrap().unwrap();
    let counted = tasks.iter().filter(|task| task.status != TaskStatus::Cancelled).count();
    let done = tasks.iter().filter(|task| task.status == TaskStatus::Done).count();
    assert_eq!(project.tasks_total, u64::try_from(counted).unwrap());
    assert_eq!(project.tasks_done, u64::try_from(done).unwrap());
    let costs = tenant.costs(company.project, &PageRequest::first(200)).await.unwrap().items;
    let spent: i64 = costs
        .iter()
        .filter(|cost| cost.status == CostStatus::Confirmed)
        .map(|cost| cost.money.minor_units())
        .sum();
    assert_eq!(project.cost_confirmed_minor, spent);
    expected
}

/// The audit log's chain holds and has every entry; how many tell of a new task, each of another.
async fn assert_told_and_chained(system: &System, tenant: &TenantStore) -> usize {
    let now = system.clock().now();
    let mut request = PageRequest::first(200);
    loop {
        let page = tenant.verify_audit(&request, None, now).await.unwrap();
        assert_eq!((page.findings, page.pending), (Vec::new(), 0));
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    let filter = AuditFilter { action: Some("task.created".to_owned()), ..AuditFilter::default() };
    let mut request = PageRequest::first(200);
    let mut tasks = BTreeSet::new();
    let mut told = 0;
    loop {
        let page = tenant.audit_entries(&filter, &request, now).await.unwrap();
        told += page.items.len();
        tasks.extend(page.items.into_iter().map(|entry| entry.target));
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    assert_eq!(tasks.len(), told, "a task is told of once");
    told
}

/// Meta has each answer once; twice only where a first outcome was lost with the process.
fn count_answers(system: &System, answers: &[Message], found: &mut Found) {
    let mut sends: BTreeMap<String, usize> = BTreeMap::new();
    for send in system.graph().sends() {
        let callback = send.body["biz_opaque_callback_data"].as_str().unwrap().to_owned();
        *sends.entry(callback).or_default() += 1;
    }
    for answer in answers {
        let callback = format!("{}/{}", answer.conversation, answer.id);
        let times = sends.remove(&callback).unwrap_or(0);
        found.replies += 1;
        match answer.delivery {
            Delivery::Unknown => found.unknown += 1,
            Delivery::Accepted
            | Delivery::Sent
            | Delivery::Delivered
            | Delivery::Read
            | Delivery::Played => assert!(times >= 1, "{answer:?} was never sent"),
            Delivery::Received
            | Delivery::Queued
            | Delivery::Sending
            | Delivery::Failed
            | Delivery::Cancelled => panic!("{answer:?} was left behind"),
        }
        let most = if answer.attempts > 1 { 2 } else { 1 };
        assert!(times <= most, "{answer:?} was sent {times} times");
        found.sent_twice += usize::from(times == 2);
    }
    assert!(sends.is_empty(), "sent without being stored: {sends:?}");
}

/// No outbox item is due, no queue holds anything, no dead letter was written.
async fn assert_nothing_waits(system: &System) {
    let late = system.clock().now() + SignedDuration::from_hours(24);
    assert_eq!(system.store().due(late, 10).await.unwrap().len(), 0);
    let sqs = system.aws().sqs();
    for url in sqs.list_queues().send().await.unwrap().queue_urls.unwrap() {
        let attributes = sqs
            .get_queue_attributes()
            .queue_url(&url)
            .attribute_names("All".into())
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap();
        for name in ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] {
            let count = attributes.iter().find(|(key, _)| key.as_str() == name).unwrap().1;
            assert_eq!(count, "0", "{url} {name}");
        }
    }
}
