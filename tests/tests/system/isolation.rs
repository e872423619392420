//! One company's token opens nothing of another's.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Clock;
use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::office::{Company, Office, Person};
use crate::openapi;

const CANARY: &str = "CANARY-B";
/// Routes that anybody may call.
const OPEN: [&str; 11] = [
    "/.well-known/jwks.json",
    "/api/v1/auth/2fa/verify",
    "/api/v1/auth/email/verify",
    "/api/v1/auth/invitations/accept",
    "/api/v1/auth/login",
    "/api/v1/auth/password/forgot",
    "/api/v1/auth/password/reset",
    "/api/v1/auth/refresh",
    "/api/v1/organizations",
    "/health",
    "/health/ready",
];
/// Routes after which whoever called is signed out.
const LAST: [&str; 2] = ["/api/v1/auth/logout", "/api/v1/auth/logout-all"];

/// A route's path with the identifiers of a company in it.
fn addressed(path: &str, company: &Company) -> String {
    path.replace("{project_id}", &company.project.to_string())
        .replace("{conversation_id}", &company.conversation.to_string())
        .replace("{quarantine_id}", &company.quarantined)
        .replace("{session_id}", &company.owner.session.to_string())
        .replace("{channel_id}", &company.channel.to_string())
        .replace("{user_id}", &company.member.id.to_string())
        .replace("{key_id}", &company.key.to_string())
}

async fn call(office: &Office, who: &Person, method: &str, path: &str) -> crate::office::Answer {
    let body = if path.ends_with("/messages") {
        json!({ "content": "hello", "message_type": "text" })
    } else if path.ends_with("/rotate-token") {
        json!({ "access_token": "EAA-another-token" })
    } else {
        json!({})
    };
    let headers = [("content-type", "application/json"), ("if-match", "\"v1\"")];
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    office.call(who, (method, path), &headers, Body::from(body.to_string())).await
}

#[tokio::test]
async fn on_every_route_a_stranger_finds_nothing_and_nobody_gets_in() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, CANARY).await;
    let before = beta.head().await;
    let mut with_id = 0;
    for (method, path, _) in openapi::operations() {
        let theirs = addressed(&path, &beta);
        assert!(!theirs.contains('{'), "{path} has an identifier this test does not know");
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        let strangers = [&alfa.owner, &alfa.agent, &alfa.member];
        for stranger in strangers.into_iter().filter(|_| !LAST.contains(&path.as_str())) {
            let answer = call(&office, stranger, &method, &theirs).await;
            assert!(!answer.body.contains(CANARY), "{method} {theirs}: {}", answer.body);
            if theirs != path && answer.status != 403 {
                answer.problem(404, "not_found");
                with_id += 1;
            }
        }
        let nobody = call(&office, &Office::nobody(), &method, &theirs).await;
        nobody.problem(401, "token_required");
    }
    assert!(with_id > 20, "only {with_id} routes with an identifier");
    assert_eq!(beta.head().await, before, "a stranger changed something");
    assert!(office.cloud.receive("InboundQueue").await.records.is_empty());

    // The same routes do answer their own people, so that the silence above means something.
    let mut seen = 0;
    for (_, path, _) in openapi::operations().iter().filter(|(method, ..)| method == "GET") {
        let answer = call(&office, &beta.owner, "GET", &addressed(path, &beta)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        seen += usize::from(answer.body.contains(CANARY));
    }
    assert!(seen >= 10, "only {seen} answers had the canary in them");
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_tenant_list_and_filter_only() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, CANARY).await;
    alfa.plan(&office, 5).await;
    beta.plan(&office, 5).await;
    let first = office.get(&beta.owner, &beta.path("/tasks?limit=2")).await;
    let cursor = first.header("x-next-cursor").unwrap().to_owned();
    let own = beta.path(&format!("/tasks?cursor={cursor}"));
    office.get(&beta.owner, &own).await.ok(200);

    let projects = office.get(&beta.owner, "/api/v1/projects?limit=1").await;
    let of_projects = projects.header("x-next-cursor").unwrap().to_owned();

    let mut flipped = cursor.clone().into_bytes();
    flipped[20] = if flipped[20] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for (who, path) in [
        (&alfa.owner, alfa.path(&format!("/tasks?cursor={cursor}"))),
        (&alfa.owner, format!("/api/v1/projects?cursor={of_projects}")),
        (&beta.owner, format!("/api/v1/projects?cursor={cursor}")),
        (&beta.owner, beta.path(&format!("/costs?cursor={cursor}"))),
        (&beta.owner, beta.path(&format!("/tasks?status=done&cursor={cursor}"))),
        (&beta.owner, beta.path(&format!("/tasks?cursor={flipped}"))),
        (&beta.owner, beta.path("/tasks?cursor=")),
        (&beta.owner, format!("/api/v1/projects/{}/tasks?cursor={cursor}", beta.other_project)),
    ] {
        office.get(who, &path).await.problem(400, "invalid_cursor");
    }
    office.cloud.advance(24 * 3_600);
    let later = office.person(&beta.scope, beta.owner.id, domain::role::TenantRole::Owner);
    office.get(&later, &own).await.problem(400, "invalid_cursor");
}

#[tokio::test]
async fn a_quarantined_event_of_another_tenant_is_not_replayed() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, CANARY).await;
    let misplaced = beta.store.quarantined_event(&beta.quarantined).await.unwrap();
    alfa.store.quarantine(&misplaced).await.unwrap();
    let path = format!("/api/v1/quarantine/{}/replay", misplaced.id);
    office.post(&alfa.owner, &path, &json!({})).await.problem(500, "internal");
    assert!(office.cloud.receive("InboundQueue").await.records.is_empty());
}

/// Tokens that are all but right.
struct Forger {
    header: Header,
    claims: Value,
    key: EncodingKey,
}

impl Forger {
    fn of(office: &Office, company: &Company) -> Self {
        let token = company.owner.token.as_deref().unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let private = STANDARD.decode(&office.signing.keys[0].private_pkcs8_b64).unwrap();
        Self {
            header: jsonwebtoken::decode_header(token).unwrap(),
            claims: serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap(),
            key: EncodingKey::from_ed_der(&private),
        }
    }

    fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[claim] = value;
        jsonwebtoken::encode(&self.header, &claims, &self.key).unwrap()
    }

    fn headed(&self, change: impl FnOnce(&mut Header), key: &EncodingKey) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        jsonwebtoken::encode(&header, &self.claims, key).unwrap()
    }
}

#[tokio::test]
async fn a_forged_token_opens_nothing() {
    let office = Office::open().await;
    let beta = Company::found(&office, CANARY).await;
    let forger = Forger::of(&office, &beta);
    let path = beta.path("");
    let genuine = forger.with("jti", json!("another"));
    office.get(&Office::bearer(&genuine), &path).await.ok(200);

    let now = office.cloud.clock.now().as_second();
    let public = STANDARD.decode(&office.verification.keys[0].public_b64).unwrap();
    let stranger = Ed25519KeyPair::generate().unwrap();
    assert_eq!(stranger.public_key().as_ref().len(), 32);
    let strange_key = EncodingKey::from_ed_der(stranger.to_pkcs8v1().unwrap().as_ref());
    let symmetric = EncodingKey::from_secret(&public);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = office.verification.keys[0].kid.as_str();
    let none = part(&json!({ "alg": "none", "typ": "at+jwt", "kid": kid }));
    let mut promoted = forger.claims.clone();
    promoted["sub"] = json!(beta.agent.id.to_string());
    let (head, signature) = {
        let mut parts = genuine.split('.');
        (parts.next().unwrap(), parts.next_back().unwrap())
    };
    for (name, token) in [
        ("alg none", format!("{none}.{}.", part(&forger.claims))),
        ("alg none, signed", format!("{none}.{}.{signature}", part(&forger.claims))),
        ("HS256 with the public key", forger.headed(|h| h.alg = Algorithm::HS256, &symmetric)),
        ("a foreign key id", forger.headed(|h| h.kid = Some("foreign".to_owned()), &forger.key)),
        ("no key id", forger.headed(|h| h.kid = None, &forger.key)),
        ("another type", forger.headed(|h| h.typ = Some("JWT".to_owned()), &forger.key)),
        ("a stranger's key", forger.headed(|_| (), &strange_key)),
        ("expired", forger.with("exp", json!(now - 31))),
        ("not yet valid", forger.with("nbf", json!(now + 31))),
        ("another audience", forger.with("aud", json!("other"))),
        ("another issuer", forger.with("iss", json!("other"))),
        ("tampered", format!("{head}.{}.{signature}", part(&promoted))),
        ("truncated", genuine[..genuine.len() - 2].to_owned()),
    ] {
        let answer = office.get(&Office::bearer(&token), &path).await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        answer.problem(401, "invalid_token");
        assert!(!answer.body.contains(CANARY), "{name}");
    }
    let stale = forger.with("pv", json!(0));
    office.get(&Office::bearer(&stale), &path).await.problem(401, "token_revoked");
}
