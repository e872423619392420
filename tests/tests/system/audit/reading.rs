//! The log as it is asked for, and who tells it.

use std::collections::BTreeSet;

use domain::audit::{Actor, AuditEntry};
use domain::role::TenantRole;
use domain::{AuditId, Clock, KeyId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::Dice;

use super::{Archive, trail};
use crate::office::{Company, Office, Person};

/// All pages of a list, ids only. `between` is done after each page.
async fn every(
    office: &Office,
    who: &Person,
    query: &str,
    between: impl AsyncFn(),
) -> Vec<AuditId> {
    let mut path = format!("/api/v1/audit-log?{query}");
    let mut ids = Vec::new();
    loop {
        let page = office.get(who, &path).await.ok(200);
        let entries = page["entries"].as_array().unwrap();
        ids.extend(entries.iter().map(|e| e["id"].as_str().unwrap().parse::<AuditId>().unwrap()));
        let Some(cursor) = page["next_cursor"].as_str() else { return ids };
        assert_eq!(page["has_more"], true);
        path = format!("/api/v1/audit-log?{query}&cursor={cursor}");
        between().await;
    }
}

/// Things done over a hundred days by three actors.
async fn history(archive: &Archive, company: &Company) -> Vec<AuditEntry> {
    let mut dice = Dice::new(11);
    let ids = &*archive.office.cloud.ids;
    let key = KeyId::mint(ids, company.now);
    let actors = [
        Actor::User { id: company.owner.id },
        Actor::User { id: company.agent.id },
        Actor::Key { id: key, user: company.owner.id },
    ];
    let mut all = Vec::new();
    for _ in 0..160 {
        let later = i64::try_from(dice.below(100 * 86_400_000)).unwrap();
        let at = company.now + SignedDuration::from_millis(later);
        let mut trail = trail(company.owner.id);
        trail.actor = actors[dice.below(3)].clone();
        let action = ["task.created", "task.done", "tasks.moved"][dice.below(3)];
        let target = ["first", "second"][dice.below(2)];
        all.push(trail.entry(ids, at, action, target));
    }
    for some in all.chunks(50) {
        let mut write = company.store.transaction();
        some.iter().for_each(|entry| write.audit::<()>(entry.clone(), None, None));
        write.commit().await.unwrap();
    }
    all.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    all
}

#[tokio::test]
async fn pages_hold_each_entry_once_newest_first_whatever_is_added_meanwhile() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    archive.office.cloud.advance(100 * 86_400);
    let all = history(&archive, &company).await;
    let now = archive.office.cloud.clock.now();
    let expected: Vec<AuditId> = all.iter().map(|entry| entry.id).collect();
    let owner = archive.owner(&company);
    for limit in [7, 160, 200] {
        let query = format!("limit={limit}");
        let found = every(&archive.office, &owner, &query, async || {
            archive.tell(&company, now, &["organization.changed"]).await;
        });
        let found = found.await;
        let newer: BTreeSet<_> = found.iter().filter(|id| !expected.contains(id)).collect();
        let old: Vec<AuditId> = found.iter().filter(|id| !newer.contains(id)).copied().collect();
        assert_eq!(old, expected, "limit {limit}");
        assert!(found.is_sorted_by(|a, b| a > b), "limit {limit}");
    }
}

#[tokio::test]
async fn filters_choose_as_they_say() {
    let archive = Archive::open().await;
    let company = Company::found(&archive.office, "ALFA").await;
    archive.office.cloud.advance(100 * 86_400);
    let all = history(&archive, &company).await;
    let owner = archive.owner(&company);
    let (from, to) = (all[120].at, all[30].at);
    let by = |id: &str| all.iter().filter(|e| e.actor.is(id)).collect::<Vec<_>>();
    let (boss, agent) = (company.owner.id.to_string(), company.agent.id.to_string());
    let key = all.iter().find_map(|e| match &e.actor {
        Actor::Key { id, .. } => Some(id.to_string()),
        Actor::User { .. } | Actor::Contact { .. } | Actor::Anonymous | Actor::System => None,
    });
    let key = key.unwrap();
    let of = |keep: &dyn Fn(&AuditEntry) -> bool| all.iter().filter(|e| keep(e)).collect();
    let cases: Vec<(String, Vec<&AuditEntry>)> = vec![
        (format!("actor={boss}"), by(&boss)),
        (format!("actor={agent}"), by(&agent)),
        (format!("actor={key}"), by(&key)),
        ("action=task.done".to_owned(), of(&|e| e.action == "task.done")),
        ("action=task".to_owned(), of(&|e| e.action.starts_with("task."))),
        ("target=second".to_owned(), of(&|e| e.target == "second")),
        (format!("from={from}&to={to}"), of(&|e| from <= e.at && e.at < to)),
        (
            format!("from={from}&to={to}&action=tasks&target=first&actor={boss}"),
            of(&|e| {
                (from <= e.at && e.at < to)
                    && e.action == "tasks.moved"
                    && e.target == "first"
                    && e.actor.is(&boss)
            }),
        ),
        ("action=nothing".to_owned(), Vec::new()),
    ];
    assert!(by(&boss).len() > by(&key).len() && !by(&key).is_empty());
    for (query, expected) in cases {
        for limit in [4, 200] {
            let query = format!("{query}&limit={limit}");
            let found = every(&archive.office, &owner, &query, async || {}).await;
            assert_eq!(found, expected.iter().map(|e| e.id).collect::<Vec<_>>(), "{query}");
        }
    }
    for (query, field) in [
        ("from=yesterday", "from"),
        ("to=2026-13-01T00:00:00Z", "to"),
        ("actor=", "actor"),
        ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "to"),
    ] {
        let path = format!("/api/v1/audit-log?{query}");
        let problem = archive.office.get(&owner, &path).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], field, "{problem}");
    }
}

#[tokio::test]
async fn another_tenant_sees_and_proves_nothing_of_it_and_only_owner_and_admin_read_it() {
    let archive = Archive::open().await;
    let office = &archive.office;
    let alfa = Company::found(office, "ALFA").await;
    let beta = Company::found(office, "BETA").await;
    archive.tell(&beta, beta.now, &["task.created"; 5]).await;
    archive.chain_what_is_new().await;
    for path in ["", "/export", "/verify"] {
        let path = format!("/api/v1/audit-log{path}");
        let theirs = office.get(&alfa.owner, &path).await;
        assert_eq!(theirs.status, 200, "{path}");
        assert!(!theirs.body.contains("task.created"), "{path}: {}", theirs.body);
        for person in [&beta.agent, &beta.member] {
            office.get(person, &path).await.problem(403, "forbidden");
        }
        office.get(&Office::nobody(), &path).await.problem(401, "token_required");
        let own = office.get(&beta.owner, &format!("{path}?limit=2")).await;
        assert_eq!(own.status, 200, "{path}");
    }
    let first = office.get(&beta.owner, "/api/v1/audit-log?limit=2").await;
    let cursor = first.header("x-next-cursor").unwrap();
    let path = format!("/api/v1/audit-log?cursor={cursor}");
    office.get(&alfa.owner, &path).await.problem(400, "invalid_cursor");
    let verdict = archive.verify(&alfa, "").await;
    // What it sees is what it did itself: one export.
    assert_eq!((verdict.links, verdict.entries, verdict.rows), (0, 0, 1), "{verdict:?}");
}

#[tokio::test]
async fn each_change_by_the_api_is_told_once_and_a_repetition_or_refusal_is_not() {
    let archive = Archive::open().await;
    let office = &archive.office;
    let company = Company::found(office, "ALFA").await;
    let (agent, empty) = (&company.agent, json!({}));
    let mut requests = Vec::new();
    for (path, body, status) in [
        (company.inbox("/takeover"), &empty, 200),
        (company.inbox("/takeover"), &empty, 200),
        (company.inbox("/messages"), &json!({ "content": "hi", "message_type": "text" }), 201),
        (company.inbox("/release"), &empty, 200),
        (company.inbox("/release"), &empty, 200),
    ] {
        let answer = office.post(agent, &path, body).await;
        answer.ok(status);
        requests.push(answer.header("x-request-id").unwrap().to_owned());
        office.cloud.advance(1);
    }
    let refused = office.post(&company.member, &company.inbox("/takeover"), &empty).await;
    refused.problem(403, "forbidden");
    let replay = format!("/api/v1/quarantine/{}/replay", company.quarantined);
    office.post(&company.owner, &replay, &empty).await.ok(202);
    office.post(&company.owner, &replay, &empty).await.problem(404, "not_found");

    let log = office.get(&company.owner, "/api/v1/audit-log").await.ok(200);
    let entries: Vec<&Value> = log["entries"].as_array().unwrap().iter().rev().collect();
    let told: Vec<_> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        ["conversation.taken_over", "message.sent", "conversation.released", "quarantine.replayed"]
    );
    for (entry, request) in entries.iter().zip([0, 2, 3]) {
        assert_eq!(entry["actor"]["id"], agent.id.to_string());
        assert_eq!((&entry["via"], &entry["trace"]), (&json!("api"), &json!(requests[request])));
    }
    assert_eq!(entries[0]["target"], company.conversation.to_string());
    assert!(entries[0]["before"].is_string() && entries[0]["before"] != entries[0]["after"]);
    assert!(entries[1]["before"].is_null() && entries[1]["after"].is_string());
    assert_eq!(entries[3]["target"], company.quarantined);
    // Only who has been proved to be the owner within minutes takes the log away.
    office.cloud.advance(6 * 60);
    let owner = office.person(&company.scope, company.owner.id, TenantRole::Owner);
    assert_eq!(office.get(&owner, "/api/v1/audit-log/export").await.status, 200);
}
