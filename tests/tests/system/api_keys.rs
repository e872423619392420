//! API keys: made, shown once, used, rotated, revoked; and what they never open.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Clock, KeyId};
use http::{Method, Request};
use serde_json::{Value, json};
use store::{Commit, PageRequest};
use tenancy::key::ApiKey;
use tenancy::policy::{Access, KeyScope, ROUTES, rule};

use tower::ServiceExt;

use crate::office::{Answer, Company, Office, Person};

const KEYS: &str = "/api/v1/api-keys";
const DAY_S: i64 = 24 * 3_600;

/// Everything there is to ask for.
fn everything() -> Value {
    let scopes: Vec<&str> = KeyScope::ALL.into_iter().map(KeyScope::as_str).collect();
    json!({ "name": "ERP import", "scopes": scopes })
}

/// A key's text and its answer.
async fn made(office: &Office, owner: &Person, body: &Value) -> (String, Value) {
    let answer = office.post(owner, KEYS, body).await.ok(201);
    (answer["key"].as_str().unwrap().to_owned(), answer)
}

/// Whoever holds a key sends it as a token.
fn holder(text: &str) -> Person {
    Office::bearer(text)
}

/// The owner with a token of this minute, so that a proof of identity is fresh.
fn owner_now(office: &Office, company: &Company) -> Person {
    office.person(&company.scope, company.owner.id, TenantRole::Owner)
}

async fn stored(company: &Company, id: &Value) -> ApiKey {
    let id: KeyId = id.as_str().unwrap().parse().unwrap();
    company.store.api_key(id).await.unwrap().unwrap()
}

/// A user's record, changed.
async fn change(company: &Company, office: &Office, user: &User) {
    let table = office.cloud.environment(telemetry::Function::Accounts, &[]);
    let table = table.get(telemetry::Setting::TenantsTable).unwrap();
    let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let doc = serde_dynamo::to_attribute_value(user).unwrap();
    let update = office.cloud.aws.dynamodb().update_item().table_name(table);
    let update = update.key("pk", text(company.scope.partition()));
    let update = update.key("sk", text(format!("U#{}", user.id.key())));
    let update = update.update_expression("SET doc = :doc");
    update.expression_attribute_values(":doc", doc).send().await.unwrap();
}

#[tokio::test]
async fn a_key_is_shown_once_and_only_its_hash_is_kept() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (text, answer) = made(&office, &company.owner, &everything()).await;
    assert!(text.starts_with("wac_live_") && text.len() == 57, "{text}");
    assert_eq!(answer["prefix"], text[..17]);
    assert_eq!((&answer["status"], &answer["last_used_at"]), (&json!("active"), &json!(null)));
    assert_eq!(answer["ends_at"], "2027-03-02T08:00:00Z");

    let list = office.get(&company.owner, KEYS).await;
    assert_eq!(list.ok(200)["api_keys"][0]["id"], answer["id"]);
    let record = serde_json::to_string(&stored(&company, &answer["id"]).await).unwrap();
    for place in [&list.body, &record] {
        assert!(!place.contains(&text[18..50]), "{place}");
    }
    let mut audited = 0;
    for entry in office.cloud.stream("AuditTable").await.records {
        let entry: Value = serde_dynamo::from_item(entry.change.new_image).unwrap();
        assert!(!entry.to_string().contains(&text[18..50]));
        let same = entry["doc"]["target"] == answer["id"];
        audited += usize::from(same && entry["doc"]["action"] == "api_key.created");
    }
    assert_eq!(audited, 1);

    // Used both ways, and noted once an hour.
    for headers in
        [vec![("authorization", format!("Bearer {text}"))], vec![("x-api-key", text.clone())]]
    {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let route = (Method::GET, "/api/v1/projects");
        office.call(&Office::nobody(), route, &headers, Body::empty()).await.ok(200);
    }
    let used = |list: Answer| list.ok(200)["api_keys"][0]["last_used_at"].clone();
    assert_eq!(used(office.get(&company.owner, KEYS).await), "2026-03-02T08:00:00Z");
    for (seconds, noted) in [(3_599, "08:00:00"), (1, "09:00:00")] {
        office.cloud.advance(seconds);
        office.get(&holder(&text), "/api/v1/projects").await.ok(200);
        let owner = owner_now(&office, &company);
        let expected = format!("2026-03-02T{noted}Z");
        assert_eq!(used(office.get(&owner, KEYS).await), expected);
    }
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_on_every_route_and_never_more() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (all, _) = made(&office, &company.owner, &everything()).await;
    let mut one_each = Vec::new();
    for scope in KeyScope::ALL {
        let body = json!({ "name": scope.as_str(), "scopes": [scope.as_str()] });
        one_each.push((scope, made(&office, &company.owner, &body).await.0));
    }
    let routed: BTreeSet<_> =
        crate::openapi::operations().into_iter().map(|(method, path, _)| (method, path)).collect();
    let mut probes = 0;
    for route in ROUTES {
        let Access::To(action) = route.access else { continue };
        if !routed.contains(&(route.method.to_owned(), route.path.to_owned())) {
            continue;
        }
        let path = route
            .path
            .replace("{project_id}", &company.project.to_string())
            .replace("{conversation_id}", &company.conversation.to_string())
            .replace("{quarantine_id}", &company.quarantined)
            .replace("{key_id}", &company.key.to_string());
        let body = json!({ "content": "hello", "message_type": "text" }).to_string();
        let scope = rule(action).scope;
        let keys = one_each.iter().map(|(scope, key)| (Some(*scope), key)).chain([(None, &all)]);
        for (only, key) in keys {
            let method = Method::from_bytes(route.method.as_bytes()).unwrap();
            let headers = [("content-type", "application/json"), ("x-api-key", key.as_str())];
            let who = Office::nobody();
            let answer =
                office.call(&who, (method, &path), &headers, Body::from(body.clone())).await;
            let opens = scope.is_some_and(|scope| only.is_none_or(|only| only == scope));
            if opens {
                assert!(![401, 403].contains(&answer.status.as_u16()), "{path}: {}", answer.body);
            } else {
                answer.problem(403, "forbidden");
            }
            probes += 1;
        }
    }
    println!("{probes} probes of routes with keys");
    assert!(probes > 100, "{probes}");
}

#[tokio::test]
async fn a_wrong_key_is_refused_in_the_same_words_and_a_typing_error_costs_no_read() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (text, _) = made(&office, &company.owner, &everything()).await;
    let (other, _) = made(&office, &company.owner, &everything()).await;
    let route = "/api/v1/projects";
    let refused = |answer: Answer| {
        let problem = answer.problem(401, "invalid_api_key");
        (problem["title"].clone(), problem.get("detail").cloned())
    };
    // Of the right form, of no key: the label of one with the rest of another is a bad checksum,
    // so a genuine stranger is minted.
    let stranger = tenancy::key::MintedKey::mint(&telemetry::SystemIds);
    let words = refused(office.get(&holder(stranger.text()), route).await);
    let mixed = format!("{}{}", &text[..17], &other[17..]);
    let last = if text.ends_with('0') { "1" } else { "0" };
    let typo = format!("{}{last}", &text[..56]);
    for wrong in [typo.as_str(), mixed.as_str(), "wac_live_", "wac_", &format!("{text}x")] {
        assert_eq!(refused(office.get(&holder(wrong), route).await), words, "{wrong}");
    }
    // With a table that nobody answers, a typing error is refused as before; the rest has to wait.
    let deaf = office.with_a_deaf_table();
    let ask = async |text: &str| {
        let request = Request::builder().uri(route).header("x-api-key", text);
        deaf.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    };
    assert_eq!(ask(&typo).await, 401);
    assert_eq!(ask(&text).await, 503);

    // Two credentials are none, and neither is a key in a place for another.
    let bearer = format!("Bearer {text}");
    let both = [("x-api-key", text.as_str()), ("authorization", bearer.as_str())];
    let twice = [("x-api-key", text.as_str()), ("x-api-key", other.as_str())];
    for headers in [both, twice] {
        let nobody = Office::nobody();
        let call = office.call(&nobody, (Method::GET, route), &headers, Body::empty());
        call.await.problem(401, "token_required");
    }
}

#[tokio::test]
async fn a_key_works_from_its_networks_only() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let mut body = everything();
    body["networks"] = json!(["203.0.113.7", "2001:db8::1234/32"]);
    let (text, answer) = made(&office, &company.owner, &body).await;
    assert_eq!(answer["networks"], json!(["203.0.113.7/32", "2001:db8::/32"]));
    for (from, inside) in [
        ("203.0.113.7:1", true),
        ("[::ffff:203.0.113.7]:1", true),
        ("[2001:db8:1::9]:1", true),
        ("203.0.113.8:1", false),
        ("[2001:db9::1]:1", false),
    ] {
        let address: SocketAddr = from.parse().unwrap();
        let answer =
            office.call_from(&holder(&text), ConnectInfo(address), "/api/v1/projects").await;
        assert_eq!(answer.status == 200, inside, "{from}: {}", answer.body);
    }
    office.get(&holder(&text), "/api/v1/projects").await.problem(401, "invalid_api_key");
}

#[tokio::test]
async fn a_revoked_key_and_the_key_of_a_person_who_left_end_within_a_minute() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (text, answer) = made(&office, &company.owner, &everything()).await;
    let (kept, _) = made(&office, &company.owner, &everything()).await;
    let route = "/api/v1/projects";
    office.get(&holder(&text), route).await.ok(200);
    let path = format!("{KEYS}/{}", answer["id"].as_str().unwrap());
    for _ in 0..2 {
        let delete = (Method::DELETE, path.as_str());
        assert_eq!(office.call(&company.owner, delete, &[], Body::empty()).await.status, 204);
    }
    office.cloud.advance(60);
    office.get(&holder(&text), route).await.problem(401, "invalid_api_key");

    // A demoted maker's key does what the maker may do now; a suspended one's does nothing.
    office.get(&holder(&kept), "/api/v1/conversations").await.ok(200);
    let owner = company.store.user(company.owner.id).await.unwrap().unwrap();
    change(&company, &office, &User { role: TenantRole::Viewer, ..owner.clone() }).await;
    office.cloud.advance(60);
    office.get(&holder(&kept), "/api/v1/conversations").await.problem(403, "forbidden");
    office.get(&holder(&kept), route).await.ok(200);
    change(&company, &office, &User { status: UserStatus::Suspended, ..owner }).await;
    office.cloud.advance(60);
    office.get(&holder(&kept), route).await.problem(401, "invalid_api_key");
}

#[tokio::test]
async fn a_rotated_key_works_beside_its_successor_for_two_weeks_and_is_rotated_once() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (old, answer) = made(&office, &company.owner, &everything()).await;
    let path = format!("{KEYS}/{}/rotate", answer["id"].as_str().unwrap());
    let nothing = json!({});
    let (first, second) = tokio::join!(
        office.post(&company.owner, &path, &nothing),
        office.post(&company.owner, &path, &nothing)
    );
    let (done, late) = if first.status == 201 { (first, second) } else { (second, first) };
    late.problem(409, "key_already_rotated");
    let new = done.ok(201);
    assert_eq!((&new["replaces"], &new["scopes"]), (&answer["id"], &answer["scopes"]));
    let new = new["key"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    let page = company.store.api_keys(&PageRequest::first(10)).await.unwrap();
    assert_eq!(page.items.iter().filter(|key| key.replaces.is_some()).count(), 1);

    for key in [&old, &new] {
        office.get(&holder(key), "/api/v1/projects").await.ok(200);
    }
    office.cloud.advance(14 * DAY_S - 1);
    office.get(&holder(&old), "/api/v1/projects").await.ok(200);
    office.cloud.advance(1);
    office.get(&holder(&old), "/api/v1/projects").await.problem(401, "invalid_api_key");
    office.get(&holder(&new), "/api/v1/projects").await.ok(200);
    let owner = owner_now(&office, &company);
    office.post(&owner, &path, &json!({})).await.problem(409, "key_ended");
}

#[tokio::test]
async fn a_successor_made_by_itself_is_shown_once_to_an_administrator() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (old, answer) = made(&office, &company.owner, &everything()).await;
    let key = stored(&company, &answer["id"]).await;
    let (ids, now) = (&*office.cloud.ids, office.cloud.clock.now());
    let (rotated, pending) = key.rotate_unseen(ids, now).unwrap();
    let mut write = company.store.transaction();
    write.replace_api_key(&rotated, key.version);
    write.insert_api_key(&pending);
    assert_eq!(write.commit().await.unwrap(), Commit::Done);

    let path = format!("{KEYS}/{}/reveal", pending.id);
    office.post(&company.agent, &path, &json!({})).await.problem(403, "forbidden");
    office.cloud.advance(10 * DAY_S);
    let stale = office.post(&company.owner, &path, &json!({})).await;
    assert_eq!(stale.status, 401, "{}", stale.body);
    let owner = owner_now(&office, &company);
    let shown = office.post(&owner, &path, &json!({})).await.ok(200);
    assert_eq!((&shown["status"], &shown["replaces"]), (&json!("active"), &answer["id"]));
    let new = shown["key"].as_str().unwrap().to_owned();
    office.post(&owner, &path, &json!({})).await.problem(409, "key_already_revealed");

    // The old one has a week from now, which is later than two weeks from the rotation.
    office.cloud.advance(7 * DAY_S - 1);
    for key in [&old, &new] {
        office.get(&holder(key), "/api/v1/projects").await.ok(200);
    }
    office.cloud.advance(1);
    office.get(&holder(&old), "/api/v1/projects").await.problem(401, "invalid_api_key");
    office.get(&holder(&new), "/api/v1/projects").await.ok(200);
}

#[tokio::test]
async fn only_an_administrator_with_a_fresh_proof_makes_keys_and_every_fault_is_named() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    for (person, status) in [(&company.agent, 403), (&company.member, 403)] {
        assert_eq!(office.post(person, KEYS, &everything()).await.status, status);
    }
    let body = json!({
        "name": " ", "scopes": ["costs:read", "everything"], "networks": ["10.0.0.0/33"],
        "expires_at": "tomorrow", "auto_rotate": "yes", "role": "owner",
    });
    let problem = office.post(&company.owner, KEYS, &body).await.problem(422, "validation");
    let named: BTreeSet<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["pointer"].as_str().unwrap())
        .collect();
    let expected = ["/name", "/scopes/1", "/networks/0", "/expires_at", "/auto_rotate", "/role"];
    assert_eq!(named, BTreeSet::from(expected));
    for (expires_at, auto_rotate) in [
        ("2026-03-02T08:00:00Z", false),
        ("2027-03-02T08:00:01Z", false),
        ("2026-03-20T08:00:00Z", true),
    ] {
        let body = json!({
            "name": "x", "scopes": ["costs:read"],
            "expires_at": expires_at, "auto_rotate": auto_rotate,
        });
        office.post(&company.owner, KEYS, &body).await.problem(422, "validation");
    }
    office.cloud.advance(5 * 60 + 1);
    office.post(&company.owner, KEYS, &everything()).await.problem(403, "step_up_required");
}

#[tokio::test]
async fn somebody_else_s_key_and_one_that_is_not_there_look_the_same() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, "BETA").await;
    let missing = KeyId::from_uuid(uuid::Uuid::from_u128(1));
    let mut answers = BTreeSet::new();
    for id in [beta.key, missing] {
        for (method, path) in [
            (Method::POST, format!("{KEYS}/{id}/rotate")),
            (Method::POST, format!("{KEYS}/{id}/reveal")),
            (Method::DELETE, format!("{KEYS}/{id}")),
        ] {
            let answer = office.call(&alfa.owner, (method, &path), &[], Body::empty()).await;
            let mut problem = answer.problem(404, "not_found");
            problem.as_object_mut().unwrap().remove("request_id");
            answers.insert(problem.to_string());
        }
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    let theirs = beta.store.api_key(beta.key).await.unwrap().unwrap();
    assert_eq!((theirs.version, theirs.revoked_at), (1, None));
}
