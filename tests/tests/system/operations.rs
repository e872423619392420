//! The operator's procedures of `docs/operations.md`, each done once as it is written there, and the
//! document held to what there is.

use std::fmt::Write as _;

use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::roles::Journey;

mod document;

const JAMES: (&str, &str) = ("james@gulf-horizon.example", "Marina-Tower-2026");
const FOREMAN: &str = "971501110001";

impl Journey {
    async fn secret(&self, name: &str) -> Value {
        let manager = self.system.aws().secrets_manager();
        let found = manager.get_secret_value().secret_id(name).send().await.unwrap();
        serde_json::from_str(found.secret_string().unwrap()).unwrap()
    }

    async fn put_secret(&self, name: &str, value: &Value) {
        let manager = self.system.aws().secrets_manager();
        let put = manager.put_secret_value().secret_id(name).secret_string(value.to_string());
        put.send().await.unwrap();
    }

    fn number(&self) -> &'static str {
        self.system.companies()[0].company.phone_number_id
    }

    /// Whether a webhook call under an app secret is taken.
    async fn is_signed_well(&self, app_secret: &str, wamid: &str) -> bool {
        let text = json!({ "type": "text", "text": { "body": "hello" } });
        let body = self.heard(self.number(), FOREMAN, wamid, &text);
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, app_secret.as_bytes());
        let tag = aws_lc_rs::hmac::sign(&key, body.as_bytes());
        let mut hex = String::new();
        for byte in tag.as_ref() {
            write!(hex, "{byte:02x}").unwrap();
        }
        let call = self.client.post(format!("{}/api/v1/webhooks/whatsapp", self.system.url()));
        let call = call.header("x-hub-signature-256", format!("sha256={hex}")).body(body);
        call.send().await.unwrap().status() == StatusCode::OK
    }

    async fn may_read(&self) -> bool {
        let (status, _) = self.ask(Method::GET, "/api/v1/projects", None).await;
        status == StatusCode::OK
    }

    /// The file of `events/` that an operator sends to `scheduler`.
    async fn rotate_keys(&self) {
        let event = crate::tree::read("events/schedule/key-rotation.json");
        self.system.invoke("scheduler", serde_json::from_str(&event).unwrap()).await.unwrap();
    }

    /// How many messages wait in a queue.
    async fn waiting(&self, queue: &str) -> String {
        let url = self.system.aws().queue_url(queue);
        let name = aws_sdk_sqs::types::QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.system.aws().sqs().get_queue_attributes().queue_url(url);
        let found = asked.attribute_names(name.clone()).send().await.unwrap();
        found.attributes.unwrap()[&name].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_secrets_are_filled_in() {
    let mut journey = Journey::begin().await;
    journey.sign_in(JAMES.0, JAMES.1).await;
    // As the template makes them.
    journey.put_secret("hndasah/dev/signing", &json!({ "keys": [] })).await;
    let verification = json!({
        "issuer": "hndasah-dev", "audience": "hndasah-api", "keys": [], "cursor_key_b64": "",
    });
    journey.put_secret("hndasah/dev/verification", &verification).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    let (status, _) = journey.ask(Method::GET, "/api/v1/projects", None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    journey.rotate_keys().await;
    // At once, although secrets are kept for five minutes: the key of this token is unknown now.
    let (status, _) = journey.ask(Method::GET, "/api/v1/projects", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        journey.secret("hndasah/dev/verification").await["keys"].as_array().unwrap().len(),
        1
    );
    assert_eq!(journey.secret("hndasah/dev/signing").await["keys"].as_array().unwrap().len(), 1);
    let meta = json!({ "app_secret": "of-the-dashboard", "verify_token": "generated" });
    journey.put_secret("hndasah/dev/meta", &meta).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    assert!(journey.is_signed_well("of-the-dashboard", "wamid.first").await);
    let challenge =
        "/api/v1/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=7&hub.verify_token=generated";
    let (status, answer) = journey.ask(Method::GET, challenge, None).await;
    assert_eq!((status, answer), (StatusCode::OK, json!(7)));
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_secret_is_rotated() {
    let journey = Journey::begin().await;
    let mut meta = journey.secret("hndasah/dev/meta").await;
    let old = meta["app_secret"].take();
    assert!(journey.is_signed_well(old.as_str().unwrap(), "wamid.1").await);
    assert!(!journey.is_signed_well("the-new-one", "wamid.2").await);
    meta["previous_app_secret"] = old.clone();
    meta["app_secret"] = json!("the-new-one");
    journey.put_secret("hndasah/dev/meta", &meta).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    assert!(journey.is_signed_well("the-new-one", "wamid.3").await);
    assert!(journey.is_signed_well(old.as_str().unwrap(), "wamid.4").await);
    meta.as_object_mut().unwrap().remove("previous_app_secret");
    journey.put_secret("hndasah/dev/meta", &meta).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    assert!(!journey.is_signed_well(old.as_str().unwrap(), "wamid.5").await);
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_key_is_thrown_away() {
    let mut journey = Journey::begin().await;
    let tokens = journey.sign_in(JAMES.0, JAMES.1).await;
    assert!(journey.may_read().await);
    for name in ["hndasah/dev/signing", "hndasah/dev/verification"] {
        let mut secret = journey.secret(name).await;
        secret["keys"] = json!([]);
        journey.put_secret(name, &secret).await;
    }
    journey.rotate_keys().await;
    journey.clock.advance(SignedDuration::from_mins(6));
    assert!(!journey.may_read().await, "a token of the old key is still taken");
    // Nobody has to sign in again.
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    journey.token.clear();
    let renewed = journey.post("/api/v1/auth/refresh", refresh).await;
    renewed["access_token"].as_str().unwrap().clone_into(&mut journey.token);
    assert!(journey.may_read().await);
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_is_rotated() {
    let mut journey = Journey::begin().await;
    let tokens = journey.sign_in(JAMES.0, JAMES.1).await;
    let mut vault = journey.secret("hndasah/dev/vault").await;
    let main = vault["main"].take();
    let mut older = vec![main];
    older.extend(vault["older"].as_array().unwrap().clone());
    vault = json!({ "main": "m".repeat(64), "older": older });
    journey.put_secret("hndasah/dev/vault", &vault).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    journey.token.clear();
    let renewed = journey.post("/api/v1/auth/refresh", refresh).await;
    renewed["access_token"].as_str().unwrap().clone_into(&mut journey.token);
    assert!(journey.may_read().await);
    journey.sign_in(JAMES.0, JAMES.1).await;
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_number_is_rotated() {
    let mut journey = Journey::begin().await;
    journey.sign_in(JAMES.0, JAMES.1).await;
    let channels = journey.get("/api/v1/organization/channels").await;
    let channel = channels["channels"][0]["id"].as_str().unwrap().to_owned();
    journey.system.graph().set_token(journey.number(), "EAA-of-this-quarter");
    let path = format!("/api/v1/organization/channels/{channel}/rotate-token");
    let proof = journey.post("/api/v1/auth/step-up", json!({ "password": JAMES.1 })).await;
    proof["access_token"].as_str().unwrap().clone_into(&mut journey.token);
    journey.post(&path, json!({ "access_token": "EAA-of-this-quarter" })).await;
    journey.clock.advance(SignedDuration::from_mins(6));
    let before = journey.system.graph().sends().len();
    let text = json!({ "type": "text", "text": { "body": "show my tasks" } });
    journey.hear(journey.number(), FOREMAN, "wamid.newer", text).await;
    assert_eq!(journey.system.graph().sends().len(), before + 1);
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quarantine_is_replayed() {
    let mut journey = Journey::begin().await;
    let poison = json!({ "timestamp": "half past nine", "type": "text", "text": { "body": "?" } });
    journey.hear(journey.number(), FOREMAN, "wamid.poison", poison).await;
    journey.sign_in(JAMES.0, JAMES.1).await;
    let listed = journey.get("/api/v1/quarantine").await;
    let kept = &listed["quarantine"][0];
    assert!(!kept["reason"].as_str().unwrap().is_empty(), "{kept}");
    let id = kept["id"].as_str().unwrap().to_owned();
    journey.post(&format!("/api/v1/quarantine/{id}/replay"), json!({})).await;
    assert_eq!(journey.get("/api/v1/quarantine").await["quarantine"], json!([]));
    // Its cause is not mended here, so it comes back, as the same one.
    journey.system.drain().await.unwrap();
    assert_eq!(journey.get("/api/v1/quarantine").await["quarantine"][0]["id"], json!(id));
    journey.system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_sent_back() {
    let journey = Journey::begin().await;
    let (source, dead) = ("hndasah-dev-inbound.fifo", "hndasah-dev-inbound-dlq.fifo");
    let text = json!({ "type": "text", "text": { "body": "show my tasks" } });
    journey.post_to_webhook(&journey.heard(journey.number(), FOREMAN, "wamid.dead", &text)).await;
    // Twenty crashes, played: taken from its queue and put aside.
    let sqs = journey.system.aws().sqs();
    let (url, dead_url) =
        (journey.system.aws().queue_url(source), journey.system.aws().queue_url(dead));
    let taken = sqs.receive_message().queue_url(&url).send().await.unwrap();
    let taken = taken.messages.unwrap().remove(0);
    let put = sqs.send_message().queue_url(&dead_url).message_body(taken.body.unwrap());
    put.message_group_id("g").message_deduplication_id("d").send().await.unwrap();
    let handle = taken.receipt_handle.unwrap();
    sqs.delete_message().queue_url(&url).receipt_handle(handle).send().await.unwrap();
    journey.system.drain().await.unwrap();
    assert_eq!(journey.waiting(dead).await, "1");
    let before = journey.system.graph().sends().len();

    let arn = format!("arn:aws:sqs:us-east-1:000000000000:{dead}");
    sqs.start_message_move_task()
        .source_arn(arn)
        .destination_arn(format!("arn:aws:sqs:us-east-1:000000000000:{source}"))
        .send()
        .await
        .unwrap();
    journey.system.drain().await.unwrap();
    assert_eq!(journey.waiting(dead).await, "0");
    assert_eq!(journey.system.graph().sends().len(), before + 1, "no answer");
    journey.system.shutdown().await.unwrap();
}
