//! What becomes of the events of a signed call.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use blob::Owner;
use domain::Error;
use jiff::SignedDuration;
use queue::{EventKind, Payload, keys};
use serde_json::{Value, json};
use telemetry::SystemIds;
use tenancy::TenantScope;

use crate::rig::{NUMBER, Queued, Rig, post_signed};

/// A text message of a person.
pub(crate) fn text(from: &str, id: &str, body: &str) -> Value {
    json!({
        "from": from, "id": id, "timestamp": "1763719200", "type": "text",
        "text": { "body": body },
    })
}

/// A signed call's body with these messages for `NUMBER`.
pub(crate) fn post_of(messages: &[Value]) -> Vec<u8> {
    body_for(NUMBER, messages, &[])
}

fn body_for(number: &str, messages: &[Value], statuses: &[Value]) -> Vec<u8> {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": number },
        "messages": messages, "statuses": statuses,
    });
    let entry = json!({ "id": "1", "changes": [{ "field": "messages", "value": value }] });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().into_bytes()
}

/// The words of an inline text message.
fn words(queued: &Queued) -> String {
    let Payload::Inline(raw) = &queued.envelope.payload else { panic!("a claim") };
    whatsapp_item(raw.get())["text"]["body"].as_str().unwrap().to_owned()
}

fn whatsapp_item(raw: &str) -> Value {
    serde_json::from_str::<Value>(raw).unwrap()["item"].clone()
}

#[tokio::test]
async fn a_call_of_a_thousand_updates_is_in_the_queues_in_each_persons_order() {
    let rig = Rig::start().await;
    let messages: Vec<Value> = (0..900)
        .map(|place| {
            let from = format!("2010012{:05}", place % 37);
            text(&from, &format!("wamid.{place}"), &place.to_string())
        })
        .collect();
    let statuses: Vec<Value> = (0..100)
        .map(|place| {
            json!({
                "id": format!("wamid.out.{place}"), "status": "delivered",
                "timestamp": "1763719200", "recipient_id": "201001200001",
            })
        })
        .collect();
    let body = body_for(NUMBER, &messages, &statuses);
    // The same call twice at once: Meta retries while the first is under way.
    let (first, second) = tokio::join!(rig.post_signed(body.clone()), rig.post_signed(body));
    assert_eq!(first, (StatusCode::OK, r#"{"ok":true}"#.to_owned()));
    assert_eq!(second.0, StatusCode::OK);

    let inbound = rig.drain("inbound.fifo").await;
    assert_eq!(inbound.len(), 900, "the second call's messages are the same messages");
    let mut by_group: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for queued in &inbound {
        assert_eq!(queued.envelope.kind, EventKind::Message);
        assert_eq!(queued.envelope.phone_number_id.as_deref(), Some(NUMBER));
        let scope = queued.envelope.route.unwrap().scope();
        assert_eq!(scope, rig.scope);
        let identity = queued.envelope.sender.as_ref().unwrap().identity().unwrap();
        assert_eq!(queued.group, keys::contact_group(&scope, &identity));
        by_group.entry(queued.group.clone()).or_default().push(words(queued).parse().unwrap());
    }
    assert_eq!(by_group.len(), 37);
    assert!(by_group.values().all(|places| places.is_sorted()), "{by_group:?}");

    let statuses = rig.drain("statuses").await;
    assert_eq!(statuses.len(), 200, "a standard queue takes both; the processor tells them apart");
    assert!(statuses.iter().all(|queued| queued.envelope.kind == EventKind::Status));
    assert!(statuses.iter().all(|queued| queued.group == rig.scope.tenant().to_string()));
    let metrics = rig.metrics.prometheus_text();
    assert!(metrics.contains("intake_events_total{service=\"webhook\",kind=\"message\"} 1800"));
}

#[tokio::test]
async fn four_megabytes_are_read_and_one_byte_more_is_not() {
    let rig = Rig::start().await;
    let mut body = post_of(&[text("201001234567", "wamid.1", "hello")]);
    body.resize(4 * 1024 * 1024, b' ');
    assert_eq!(rig.post_signed(body.clone()).await.0, StatusCode::OK);
    body.push(b' ');
    assert_eq!(rig.post_signed(body).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(rig.drain("inbound.fifo").await.len(), 1);
}

#[tokio::test]
async fn a_signed_body_that_cannot_be_read_is_kept_and_answered_200() {
    let rig = Rig::start().await;
    let body = b"{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"\xff\xfe\"}]}";
    assert_eq!(rig.post_signed(*body).await.0, StatusCode::OK);
    assert_eq!(rig.post_signed("[]").await.0, StatusCode::OK);
    let queued = rig.drain("inbound.fifo").await;
    assert_eq!(queued.len(), 2);
    assert!(queued.iter().all(|queued| queued.envelope.kind == EventKind::Unparsed));
    let Payload::Claim(key) = &queued[0].envelope.payload else { panic!("inline") };
    assert_eq!(rig.blobs.get_quarantine(key).await.unwrap(), body);
    let metrics = rig.metrics.prometheus_text();
    assert!(metrics.contains("quarantined_total{service=\"webhook\"} 2"), "{metrics}");
}

#[tokio::test]
async fn nothing_is_answered_200_while_a_queue_or_the_directory_is_away() {
    let rig = Rig::start().await;
    let body = post_of(&[text("201001234567", "wamid.1", "hello")]);
    let down = rig.without_queues();
    for body in [body.clone(), b"not json".to_vec()] {
        let answer = post_signed(&down, body).await;
        assert_eq!(answer, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    }
    rig.aws.dynamodb().delete_table().table_name("directory").send().await.unwrap();
    assert_eq!(rig.post_signed(body).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(rig.drain("inbound.fifo").await.is_empty());
}

#[tokio::test]
async fn a_number_of_nobody_is_set_apart_until_it_is_connected() {
    let rig = Rig::start().await;
    let new_number = "999000111222333";
    let send = async |id: &str| {
        let body = body_for(new_number, &[text("201001234567", id, "hello")], &[]);
        assert_eq!(rig.post_signed(body).await.0, StatusCode::OK);
        rig.drain("inbound.fifo").await.remove(0)
    };
    let first = send("wamid.1").await;
    assert_eq!((first.envelope.kind, first.envelope.route), (EventKind::Unrouted, None));
    assert_eq!(first.group, "unrouted");

    rig.connect(new_number).await;
    assert_eq!(send("wamid.2").await.envelope.kind, EventKind::Unrouted, "remembered for 30 s");
    rig.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(send("wamid.3").await.envelope.kind, EventKind::Message);
}

#[tokio::test]
async fn an_event_too_large_for_a_queue_travels_by_reference() {
    let rig = Rig::start().await;
    let long = "ع".repeat(700_000);
    let messages =
        [text("201001234567", "wamid.1", &long), text("201001234567", "wamid.2", "short")];
    assert_eq!(rig.post_signed(post_of(&messages)).await.0, StatusCode::OK);
    let queued = rig.drain("inbound.fifo").await;
    assert_eq!(words(&queued[1]), "short", "after the long one, in the same group");
    let Payload::Claim(key) = &queued[0].envelope.payload else { panic!("inline") };
    let bytes = rig.blobs.get_claim(Owner::Tenant(&rig.scope), key).await.unwrap();
    let item = whatsapp_item(std::str::from_utf8(&bytes).unwrap());
    assert_eq!(item["text"]["body"], long);

    let other = TenantScope::found(&*rig.clock, &SystemIds);
    for owner in [Owner::Tenant(&other), Owner::Unrouted] {
        let read = rig.blobs.get_claim(owner, key).await;
        assert!(matches!(read, Err(Error::NotFound)), "another's claim looks absent");
    }
}

#[tokio::test]
async fn everything_meta_may_send_is_taken_in() {
    let rig = Rig::start().await;
    let anonymous = json!({ "id": "wamid.1", "timestamp": "1", "type": "text",
        "from_user_id": "EG.1502576394655843", "text": { "body": "x" } });
    let unknown = json!({ "from": "201001234567", "id": "wamid.2", "type": "hologram", "x": [1] });
    let nobody = json!({ "id": "wamid.3", "timestamp": "1", "type": "system" });
    assert_eq!(rig.post_signed(post_of(&[anonymous, unknown, nobody])).await.0, StatusCode::OK);
    let account = json!({ "object": "whatsapp_business_account", "entry": [
        { "id": "1", "time": 1, "changes": [
            { "field": "account_update", "value": { "event": "VERIFIED_ACCOUNT" } },
            { "field": "never_heard_of", "value": { "metadata": { "phone_number_id": NUMBER } } },
        ] },
    ] });
    assert_eq!(rig.post_signed(account.to_string()).await.0, StatusCode::OK);
    assert_eq!(rig.post_signed(r#"{"entry":[]}"#).await.0, StatusCode::OK);
    let mut kinds: Vec<&str> = rig
        .drain("inbound.fifo")
        .await
        .iter()
        .map(|queued| queued.envelope.kind.as_str())
        .collect();
    kinds.sort_unstable();
    // The account's own update names no number, so it is nobody's yet.
    assert_eq!(kinds, ["message", "message", "message", "notice", "unrouted"]);
}

#[tokio::test]
async fn the_sample_events_pass_through_lambdas_door() {
    let rig = Rig::start().await;
    rig.set_secret(r#"{"app_secret":"example-app-secret","verify_token":"example-verify-token"}"#)
        .await;
    assert_eq!(rig.invoke("webhook-verify.json").await.0, StatusCode::OK);
    let (status, answer) = rig.invoke("webhook-receive.json").await;
    assert_eq!((status, answer.as_str()), (StatusCode::OK, r#"{"ok":true}"#));
    assert_eq!(rig.drain("inbound.fifo").await.len(), 1);
}

/// Collects log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_tell_facts_and_no_content() {
    let lines = Lines::default();
    let writer = lines.clone();
    // For all threads: one thread's subscriber would miss what another thread met first. So the
    // other tests' lines are searched too.
    tracing_subscriber::fmt()
        .json()
        .with_writer(move || writer.clone())
        .with_max_level(tracing::Level::INFO)
        .init();
    let rig = Rig::start().await;
    let body = post_of(&[text("201009998877", "wamid.1", "canary words")]);
    assert_eq!(rig.post_signed(body.clone()).await.0, StatusCode::OK);
    rig.post(Some("sha256=00"), body.clone()).await;
    rig.post_signed("canary words 201009998877").await;
    post_signed(&rig.without_queues(), body).await;

    let logs = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for fact in
        ["a webhook call was taken in", "not signed by Meta", "set aside", "was not taken in"]
    {
        assert!(logs.contains(fact), "{fact}: {logs}");
    }
    for content in ["canary", "201009998877", crate::rig::SECRET, crate::rig::TOKEN] {
        assert!(!logs.contains(content), "{content}: {logs}");
    }
}
