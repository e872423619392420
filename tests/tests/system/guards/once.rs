//! A request that creates something, sent twice, is one request.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{FromRef, State};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Clock;
use domain::delivery::Delivery;
use domain::message::Message;
use futures::future::{Either, select};
use http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{Commit, PageRequest, Part};
use tenancy::TenantScope;
use tenancy::secrets::{VerificationSecret, generate};
use web::{Creation, Edge, Fields, Input, JsonBody, Problem};

use super::site::{ask, request};
use crate::office::{Answer, Company, Office};

const HERE: [u8; 4] = [203, 0, 113, 7];
/// A route of the table that creates something and that anybody may call.
const PATH: &str = "/api/v1/organizations";

/// A function that founds organisations, and dies when it is told to.
#[derive(Clone)]
struct Founding {
    edge: Edge,
    called: Arc<AtomicU32>,
}

impl FromRef<Founding> for Edge {
    fn from_ref(app: &Founding) -> Self {
        app.edge.clone()
    }
}

struct New {
    name: String,
    how: String,
}

impl Input for New {
    fn read(fields: &mut Fields) -> Option<Self> {
        let name = fields.line("name", 1..=50);
        let how = fields.optional_text("how", 0..=50).unwrap_or_default();
        Some(Self { name: name?, how })
    }
}

async fn found(
    State(app): State<Founding>,
    creation: Creation,
    JsonBody(new): JsonBody<New>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let call = app.called.fetch_add(1, Ordering::Relaxed);
    if new.how == "unavailable once" && call == 0 {
        return Err(domain::Error::unavailable("a dependency").into());
    }
    let scope = TenantScope::found(app.edge.clock(), app.edge.ids());
    let answer = json!({ "id": scope.tenant(), "name": new.name, "secret": "shown-only-once" });
    let mut transaction = app.edge.store().for_tenant(&scope).transaction();
    transaction.claim_slug(&new.name.to_lowercase());
    creation.seal(StatusCode::CREATED, &answer)?.keep(&mut transaction);
    match transaction.commit().await? {
        Commit::Done => {}
        Commit::Refused(parts) if parts.contains(&Part::Slug) => {
            return Err(domain::Error::refused("slug_taken", "it is taken").into());
        }
        Commit::Refused(_) | Commit::Busy => return Err(domain::Error::Conflict.into()),
    }
    assert!(new.how != "dies after its commit", "told to");
    Ok((StatusCode::CREATED, Json(answer)))
}

struct Desk {
    office: Office,
    app: Founding,
    router: Router,
}

impl Desk {
    async fn open() -> Self {
        let office = Office::open().await;
        let app = Founding { edge: office.edge.clone(), called: Arc::default() };
        let router = Self::router(&app);
        Self { office, app, router }
    }

    fn router(app: &Founding) -> Router {
        web::finish(Router::new().route(PATH, post(found)).with_state(app.clone()), &app.edge)
    }

    async fn post(&self, key: &str, body: &Value) -> Answer {
        self.post_from(HERE, key, &body.to_string()).await
    }

    async fn post_from(&self, from: [u8; 4], key: &str, body: &str) -> Answer {
        let mut request = request(from, Method::POST, PATH, body);
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        ask(&self.router, request).await
    }

    fn called(&self) -> u32 {
        self.app.called.load(Ordering::Relaxed)
    }
}

#[track_caller]
fn is_replay(again: &Answer, first: &Answer) {
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    assert_eq!(again.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn the_same_again_is_answered_the_same_to_the_byte_for_a_day() {
    let desk = Desk::open().await;
    let body = json!({ "name": "Acme" });
    let first = desk.post("k1", &body).await;
    first.ok(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    is_replay(&desk.post("k1", &body).await, &first);
    desk.office.cloud.advance(23 * 3_600);
    is_replay(&desk.post("k1", &body).await, &first);
    assert_eq!(desk.called(), 1);

    let other = desk.post("k1", &json!({ "name": "Acme", "how": "" })).await;
    other.problem(422, "idempotency_key_reused");
    desk.post("k2", &body).await.problem(409, "slug_taken");
    desk.post_from([198, 51, 100, 1], "k1", &body.to_string()).await.problem(409, "slug_taken");
    desk.office.cloud.advance(3_601);
    desk.post("k1", &body).await.problem(409, "slug_taken");
    for key in ["", "with space", &"x".repeat(129)] {
        desk.post(key, &body).await.problem(400, "invalid_idempotency_key");
    }
}

#[tokio::test]
async fn a_refusal_is_kept_with_its_own_request_id_and_an_outage_is_not_kept() {
    let desk = Desk::open().await;
    let faulty = json!({ "name": "", "role": "owner" });
    let first = desk.post("k1", &faulty).await;
    first.problem(422, "validation");
    is_replay(&desk.post("k1", &faulty).await, &first);
    desk.post("k1", &json!({ "name": "Acme" })).await.problem(422, "idempotency_key_reused");

    let passing = json!({ "name": "Acme", "how": "unavailable once" });
    desk.post("k2", &passing).await.problem(503, "unavailable");
    let second = desk.post("k2", &passing).await;
    second.ok(201);
    is_replay(&desk.post("k2", &passing).await, &second);
    let large = "x".repeat(300 * 1024);
    desk.post_from(HERE, "k3", &large).await.problem(413, "too_large");
}

#[tokio::test]
async fn whoever_dies_after_the_commit_has_answered_all_the_same() {
    let desk = Desk::open().await;
    let body = json!({ "name": "Acme", "how": "dies after its commit" });
    desk.post("k1", &body).await.problem(500, "internal");
    let again = desk.post("k1", &body).await;
    assert_eq!(again.ok(201)["name"], "Acme");
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(desk.called(), 1);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test may read a whole table")]
async fn an_answer_at_rest_says_nothing_and_opens_with_its_own_key_only() {
    let desk = Desk::open().await;
    let body = json!({ "name": "Acme" });
    desk.post("a-key-of-a-client", &body).await.ok(201);
    let scan = desk.office.cloud.aws.dynamodb().scan().table_name("hndasah-local-guards");
    let items = scan.send().await.unwrap().items.unwrap();
    let stored = items.iter().find(|item| item.contains_key("answer")).unwrap();
    let answer = stored["answer"].as_b().unwrap().as_ref();
    for word in ["shown-only-once", "Acme", "a-key-of-a-client"] {
        let plain = answer.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(!plain && !format!("{stored:?}").contains(word), "{word}");
    }

    let (_, new) =
        generate(&*desk.office.cloud.ids, "https://hndasah.test", "hndasah-api").unwrap();
    let cursor_key_b64 = STANDARD.encode([9_u8; 32]);
    let new = VerificationSecret { cursor_key_b64, ..new };
    desk.office.rotate(&new).await;
    desk.office.cloud.advance(301);
    desk.post("a-key-of-a-client", &body).await.problem(409, "answer_lost");
    assert_eq!(desk.called(), 1, "it is not carried out again");
}

#[tokio::test]
async fn a_message_sent_once_is_answered_as_it_was_then() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let path = company.inbox("/messages");
    let key = [("idempotency-key", "k1")];
    let new = json!({ "content": "once", "message_type": "text" });
    let first = office.post_with(&company.agent, &path, &key, &new).await;
    let sent: domain::MessageId = first.ok(201)["id"].as_str().unwrap().parse().unwrap();
    let stored = company.store.message(company.conversation, sent).await.unwrap().unwrap();
    let mut after = stored.clone();
    after.delivery = Delivery::Accepted;
    after.version += 1;
    company.store.update_message(&after, stored.version).await.unwrap();
    let again = office.post_with(&company.agent, &path, &key, &new).await;
    is_replay(&again, &first);
    office.get(&company.agent, &path).await.ok(200);
    assert_eq!(company.head().await.message_count, 2);
}

#[tokio::test]
async fn a_message_is_answered_as_it_was_then_though_the_first_request_died() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    // It waits for an answer of the bot's that is on its way, and dies waiting.
    let claim = office.cloud.clock.now() + SignedDuration::from_secs(60);
    company.bot_answers(&office, Delivery::Sending, Some(claim)).await;
    let path = company.inbox("/messages");
    let key = [("idempotency-key", "k1")];
    let new = json!({ "content": "once", "message_type": "text" });
    let written = async {
        loop {
            let latest =
                company.store.messages(company.conversation, &PageRequest::first(10)).await;
            let mut latest = latest.unwrap().items.into_iter();
            if let Some(message) = latest.find(|message| message.content.preview() == "once") {
                return message;
            }
            tokio::task::yield_now().await;
        }
    };
    let dying = office.post_with(&company.agent, &path, &key, &new);
    let sent = match select(pin!(dying), pin!(written)).await {
        Either::Left((answer, _)) => panic!("it did not wait: {}", answer.body),
        Either::Right((sent, _)) => sent,
    };
    let after = Message { delivery: Delivery::Accepted, version: sent.version + 1, ..sent.clone() };
    company.store.update_message(&after, sent.version).await.unwrap();
    office.cloud.advance(61);
    let again = office.post_with(&company.agent, &path, &key, &new).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.ok(201)["status"], "queued");
    assert_eq!(company.head().await.message_count, 3);
}
