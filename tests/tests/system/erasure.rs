//! An organisation is erased: it, all of it, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::roles::{self, Journey};

/// Words of theirs that must be nowhere afterwards.
const THEIRS: [&str; 9] = [
    "Delta Works",
    "dana@example.com",
    "eman@example.com",
    "971500000777",
    "971501110001",
    "james@gulf-horizon.example",
    "waterproofing on roof block C",
    "do you sell sand?",
    "gulf-horizon-build",
];
const JAMES: (&str, &str) = ("james@gulf-horizon.example", "Marina-Tower-2026");
const FOREMAN: &str = "971501110001";

/// Items of all tables: table and key, whole item.
type Raw = BTreeMap<(String, String), String>;

#[expect(clippy::disallowed_methods, reason = "a test looks at everything there is")]
async fn raw(journey: &Journey) -> Raw {
    let client = journey.system.aws().dynamodb();
    let mut all = Raw::new();
    for table in client.list_tables().send().await.unwrap().table_names.unwrap() {
        let mut pages = client.scan().table_name(&table).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            let item = shown(&AttributeValue::M(item.unwrap()));
            let key = format!("{} {}", item["pk"].as_str().unwrap(), item["sk"].as_str().unwrap());
            all.insert((table.clone(), key), item.to_string());
        }
    }
    all
}

/// An attribute as JSON; bytes as the text they may be.
fn shown(attribute: &AttributeValue) -> Value {
    match attribute {
        AttributeValue::M(map) => {
            let sorted: BTreeMap<_, _> = map.iter().map(|(name, it)| (name, shown(it))).collect();
            json!(sorted)
        }
        AttributeValue::L(list) => list.iter().map(shown).collect(),
        AttributeValue::S(text) | AttributeValue::N(text) => json!(text),
        AttributeValue::B(bytes) => json!(String::from_utf8_lossy(bytes.as_ref())),
        AttributeValue::Bool(flag) => json!(flag),
        AttributeValue::Null(_) => Value::Null,
        // Sets; we write none.
        AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_) | _ => {
            json!(format!("{attribute:?}"))
        }
    }
}

/// Objects of the bucket: key and body.
async fn objects(journey: &Journey) -> BTreeMap<String, String> {
    let s3 = journey.system.aws().s3();
    let mut all = BTreeMap::new();
    for bucket in s3.list_buckets().send().await.unwrap().buckets.unwrap() {
        let name = bucket.name.unwrap();
        let listed = s3.list_objects_v2().bucket(&name).send().await.unwrap();
        assert_ne!(listed.is_truncated, Some(true));
        for key in listed.contents.unwrap_or_default().into_iter().filter_map(|one| one.key) {
            let got = s3.get_object().bucket(&name).key(&key).send().await.unwrap();
            let bytes = got.body.collect().await.unwrap().into_bytes();
            all.insert(key, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    all
}

/// Whether an item is of one of these organisations, by its key or its owner.
fn is_of(tenants: &[String], key: &str, item: &str) -> bool {
    tenants.iter().any(|tenant| key.contains(tenant.as_str()) || item.contains(tenant.as_str()))
}

/// Everything of other organisations and of nobody, but for what nobody keeps: guards end by
/// themselves.
fn of_others(raw: &Raw, tenants: &[String]) -> Raw {
    let kept = |table: &str, key: &str| !table.ends_with("-guards") || key.starts_with("T#");
    raw.iter()
        .filter(|((table, key), item)| kept(table, key) && !is_of(tenants, key, item))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect()
}

fn order(tenant: &str, name: &str) -> Value {
    json!({ "tenant_id": tenant, "organization_name": name, "operator": "ops@example.com" })
}

async fn tenant_named(journey: &Journey, name: &str) -> String {
    let found = raw(journey).await.into_iter().find(|((table, key), item)| {
        table.ends_with("-tenants") && key.ends_with(" META") && item.contains(name)
    });
    let ((_, key), _) = found.unwrap_or_else(|| panic!("no {name}"));
    key.trim_start_matches("T#").trim_end_matches(" META").to_owned()
}

fn said(text: &str) -> Value {
    json!({ "type": "text", "text": { "body": text } })
}

/// Every kind of thing there is of two organisations, and a neighbour beside them.
async fn three_organisations() -> (Journey, [(String, &'static str); 2]) {
    let mut journey = Journey::begin().await;
    roles::an_owner_comes(&mut journey).await;
    roles::numbers_and_people_come_and_go(&journey).await;
    roles::keys_are_made_and_changed(&mut journey).await;
    roles::a_site_writes(&journey).await;
    roles::an_office_answers(&mut journey).await;
    let neighbour = journey.system.companies()[1].company.phone_number_id;
    for (place, words) in ["hello", "water leaking in the basement, urgent"].iter().enumerate() {
        let wamid = format!("wamid.neighbour.{place}");
        journey.hear(neighbour, "4915112345678", &wamid, said(words)).await;
    }
    journey.advance(SignedDuration::from_hours(25)).await;
    journey.advance(SignedDuration::from_mins(20)).await;
    let seeded = &journey.system.companies()[0];
    let seeded = (seeded.routed.scope().tenant().key(), seeded.company.name);
    let founded = (tenant_named(&journey, "Delta Works").await, "Delta Works");
    (journey, [seeded, founded])
}

/// Reports of what we never sent, a code that waits, keys of a request, a letter that was posted:
/// what is there for a while.
async fn things_under_way(journey: &mut Journey) -> String {
    journey.sign_in(JAMES.0, JAMES.1).await;
    let key = json!({ "name": "ERP", "scopes": ["projects:read"] });
    let call = journey.client.post(format!("{}/api/v1/api-keys", journey.system.url()));
    let call = call.bearer_auth(&journey.token).header("idempotency-key", "under-way").json(&key);
    let made: Value = call.send().await.unwrap().json().await.unwrap();
    for _ in 0..8 {
        journey.get("/api/v1/projects").await;
    }
    let number = journey.system.companies()[0].company.phone_number_id;
    let status = json!({
        "id": "wamid.of.another.program", "status": "sent", "timestamp": "1763712000",
        "recipient_id": FOREMAN,
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "1", "phone_number_id": number },
        "statuses": [status],
    });
    let entry = json!({ "id": "1", "changes": [{ "field": "messages", "value": value }] });
    let body = json!({ "object": "whatsapp_business_account", "entry": [entry] });
    journey.post_to_webhook(&body.to_string()).await;
    journey.system.drain().await.unwrap();
    assert_eq!(journey.key_call(made["key"].as_str().unwrap()).await, StatusCode::OK);
    // Waits in the queue while the order comes.
    let waiting = journey.heard(number, FOREMAN, "wamid.waiting", &said("paint the stairs"));
    journey.post_to_webhook(&waiting).await;
    made["key"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_organisation_leaves_a_tombstone_and_everybody_else_as_they_were() {
    let (mut journey, gone) = three_organisations().await;
    let key = things_under_way(&mut journey).await;
    let tenants = gone.clone().map(|(tenant, _)| tenant);
    let (before, objects_before) = (raw(&journey).await, objects(&journey).await);
    a_rich_organisation(&before, &objects_before, &tenants);
    let sends = journey.system.graph().sends().len();

    let (seeded, name) = &gone[0];
    let slip = order(&format!("ten_{seeded}"), "Gulf Horizons");
    let answer = journey.system.invoke("eraser", slip).await.unwrap();
    assert_eq!(answer["state"], "refused", "{answer}");
    assert_eq!(raw(&journey).await, before, "a slip changed something");

    let meant = order(&format!("ten_{seeded}"), name);
    let answer = journey.system.invoke("eraser", meant.clone()).await.unwrap();
    assert_eq!(answer["state"], "waiting", "{answer}");
    everybody_is_locked_out(&mut journey, &key).await;
    assert_eq!(journey.erase(&meant).await["state"], "finished");
    let (founded, name) = &gone[1];
    let answer = journey.erase(&order(&format!("ten_{founded}"), name)).await;
    assert_eq!(answer["state"], "finished", "{answer}");

    assert_eq!(journey.system.graph().sends().len(), sends, "something left");
    journey.advance(SignedDuration::from_hours(25)).await;
    let after = raw(&journey).await;
    nothing_is_left(&after, &objects(&journey).await, &tenants);
    assert_eq!(of_others(&after, &tenants), of_others(&before, &tenants));
    assert_eq!(journey.system.roles().unwrap().denied(), []);
    // Once more changes nothing, and the address may come again.
    let again = journey.erase(&meant).await;
    assert_eq!(again["state"], "finished");
    assert_eq!(raw(&journey).await, after);
    journey.token.clear();
    roles::an_owner_comes(&mut journey).await;
    journey.system.shutdown().await.unwrap();
}

/// The search finds what is to be found: each table has something of theirs, and each word is
/// somewhere.
fn a_rich_organisation(raw: &Raw, objects: &BTreeMap<String, String>, tenants: &[String; 2]) {
    let tables: BTreeSet<&str> = raw.iter().map(|((table, _), _)| table.as_str()).collect();
    for table in tables {
        let found = raw.iter().filter(|((of, key), item)| of == table && is_of(tenants, key, item));
        assert!(found.count() > 0, "nothing of theirs in {table}");
    }
    let everything: String = raw.values().map(String::as_str).collect();
    for word in THEIRS {
        assert!(everything.contains(word), "{word} is nowhere");
    }
    assert!(objects.keys().any(|key| tenants.iter().any(|tenant| key.contains(tenant.as_str()))));
}

fn nothing_is_left(raw: &Raw, objects: &BTreeMap<String, String>, tenants: &[String; 2]) {
    let left: Vec<_> = raw
        .iter()
        .filter(|((_, key), item)| {
            is_of(tenants, key, item) || THEIRS.iter().any(|word| item.contains(word))
        })
        .map(|((table, key), _)| (table.as_str(), key.as_str()))
        .collect();
    let tombstones: BTreeSet<String> =
        tenants.iter().map(|tenant| format!("T#{tenant} ERASED")).collect();
    let found: BTreeSet<String> = left.iter().map(|(_, key)| (*key).to_owned()).collect();
    assert_eq!(found, tombstones, "{left:?}");
    for key in objects.keys() {
        assert!(!tenants.iter().any(|tenant| key.contains(tenant.as_str())), "{key}");
    }
}

/// A minute after the order nothing works any more that anybody had.
async fn everybody_is_locked_out(journey: &mut Journey, key: &str) {
    let number = journey.system.companies()[0].company.phone_number_id;
    let late = journey.heard(number, FOREMAN, "wamid.late", &said("and the doors"));
    journey.post_to_webhook(&late).await;
    journey.advance(SignedDuration::from_secs(61)).await;
    let (status, _) = journey.ask(Method::GET, "/api/v1/projects", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(journey.key_call(key).await, StatusCode::UNAUTHORIZED);
    journey.token.clear();
    let login = json!({ "email": JAMES.0, "password": JAMES.1 });
    let (status, _) = journey.ask(Method::POST, "/api/v1/auth/login", Some(login)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    // The number leads nowhere: what comes is set aside as of a number nobody has.
    journey.advance(SignedDuration::from_mins(6)).await;
    journey.hear(number, FOREMAN, "wamid.later", said("and the windows")).await;
    let aside = objects(journey).await;
    assert!(aside.keys().any(|key| key.starts_with(&format!("quarantine/unrouted/{number}"))));
    let channel = journey.system.companies()[0].routed.channel();
    let name = format!("hndasah/dev/channels/{channel}");
    let secret = journey.system.aws().secrets_manager().get_secret_value().secret_id(name);
    assert!(secret.send().await.is_err(), "the token of the number is still there");
}
