//! Who answers: takeover, release, replies, and the bot that has to be silent.

use std::cell::Cell;

use axum::body::Body;
use domain::Clock;
use domain::delivery::Delivery;
use domain::message::Message;
use domain::outbox::OutboundEffect;
use futures::future::join_all;
use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use crate::office::{Company, Office};

const TAKEOVER: &str = "/takeover";
const MESSAGES: &str = "/messages";

#[tokio::test]
async fn a_takeover_silences_the_bot_and_an_answer_goes_out() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let waiting = company.bot_answers(&office, Delivery::Queued, None).await;

    let taken = office
        .call(&company.agent, (Method::POST, &company.inbox(TAKEOVER)), &[], Body::empty())
        .await
        .ok(200);
    assert_eq!((&taken["is_bot_active"], &taken["status"]), (&json!(false), &json!("open")));
    assert_eq!(taken["assignee_id"], company.agent.id.to_string());
    let stored = company.store.message(company.conversation, waiting.id).await.unwrap().unwrap();
    assert_eq!(stored.delivery, Delivery::Cancelled);
    let again = office.post(&company.agent, &company.inbox(TAKEOVER), &json!({})).await.ok(200);
    assert_eq!(again["version"], taken["version"]);

    let new = json!({ "content": "We are on our way.", "message_type": "text" });
    let answer = office.post(&company.agent, &company.inbox(MESSAGES), &new).await;
    let sent = answer.ok(201);
    assert_eq!(
        (&sent["author"], &sent["status"], &sent["seq"]),
        (&json!("user"), &json!("queued"), &json!(3))
    );
    let due = office.cloud.store().due(office.cloud.clock.now(), 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(Some(due[0].item.trace.as_str()), answer.header("x-request-id"));
    let OutboundEffect::Message { conversation, message, .. } = due[0].item.effect else {
        panic!("{:?}", due[0].item.effect)
    };
    assert_eq!(
        (conversation, message.to_string()),
        (company.conversation, sent["id"].as_str().unwrap().to_owned())
    );

    let released =
        office.post(&company.agent, &company.inbox("/release"), &json!({})).await.ok(200);
    assert_eq!(
        (&released["is_bot_active"], &released["assignee_id"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(company.head().await.generation, 3);
}

#[tokio::test]
async fn a_takeover_waits_for_the_answer_that_is_on_its_way() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let claim = office.cloud.clock.now() + SignedDuration::from_secs(60);
    let underway = company.bot_answers(&office, Delivery::Sending, Some(claim)).await;
    let answered = Cell::new(false);
    let sender = async {
        while company.head().await.is_bot_active() {
            tokio::task::yield_now().await;
        }
        // Many times what the takeover would need if it did not wait.
        for _ in 0..40 {
            company.head().await;
        }
        assert!(!answered.get(), "it answered while a bot's message was on its way");
        let accepted = Message {
            delivery: Delivery::Accepted,
            claim_until: None,
            version: underway.version + 1,
            ..underway.clone()
        };
        company.store.update_message(&accepted, underway.version).await.unwrap();
    };
    let (path, body) = (company.inbox(TAKEOVER), json!({}));
    let takeover = async {
        let answer = office.post(&company.agent, &path, &body).await;
        answered.set(true);
        answer
    };
    let (answer, ()) = tokio::join!(takeover, sender);
    answer.ok(200);
}

#[tokio::test]
async fn of_many_agents_one_gets_it_and_a_manager_may_force() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let agents = [&company.agent, &company.other_agent, &company.owner];
    let path = company.inbox(TAKEOVER);
    let body = json!({});
    let answers = join_all(agents.map(|who| office.post(who, &path, &body))).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        lost.problem(409, "taken_by_another");
    }
    assert_eq!(company.head().await.generation, 2);

    let force = json!({ "force": true });
    office.post(&company.agent, &path, &force).await.problem(403, "forbidden");
    let forced = office.post(&company.owner, &path, &force).await.ok(200);
    assert_eq!(forced["assignee_id"], company.owner.id.to_string());
    office.post(&company.agent, &path, &body).await.problem(409, "taken_by_another");
    office.cloud.advance(30);
    office.post(&company.agent, &path, &body).await.ok(200);
}

#[tokio::test]
async fn a_key_sends_once_and_concurrent_answers_all_get_a_place() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let path = company.inbox(MESSAGES);
    let key = [("idempotency-key", "7f0c-once")];
    let new = json!({ "content": "once", "message_type": "text" });
    let send = || office.post_with(&company.agent, &path, &key, &new);
    let together = join_all((0..3).map(|_| send())).await;
    for meanwhile in together.iter().filter(|answer| answer.status != 201) {
        meanwhile.problem(409, "in_flight");
        assert_eq!(meanwhile.header("retry-after"), Some("1"));
    }
    let first = together.iter().find(|answer| answer.status == 201).unwrap();
    let later = send().await;
    assert_eq!(later.header("idempotency-replayed"), Some("true"));
    assert_eq!((later.status, &later.body), (first.status, &first.body));
    let ids = [first.ok(201)["id"].clone()];
    assert_eq!(company.head().await.message_count, 2);
    let other = json!({ "content": "twice", "message_type": "text" });
    let reused = office.post_with(&company.agent, &path, &key, &other).await;
    reused.problem(422, "idempotency_key_reused");
    let elsewhere = office.post_with(&company.other_agent, &path, &key, &other).await.ok(201);
    assert_ne!(elsewhere["id"], ids[0], "a key is one user's");

    let four = join_all((0..4).map(|_| office.post(&company.agent, &path, &new))).await;
    let mut places: Vec<_> =
        four.iter().map(|answer| answer.ok(201)["seq"].as_u64().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, [4, 5, 6, 7]);
}

#[tokio::test]
async fn a_closed_window_and_faulty_messages_are_refused() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let path = company.inbox(MESSAGES);
    let faulty = json!({ "content": "", "message_type": "image", "surprise": 1 });
    let problem = office.post(&company.agent, &path, &faulty).await.problem(422, "validation");
    let faults: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        faults,
        [
            ("/message_type", "unsupported"),
            ("/content", "too_short"),
            ("/surprise", "unknown_field")
        ]
    );
    let long = json!({ "content": "x".repeat(4_097), "message_type": "text" });
    office.post(&company.agent, &path, &long).await.problem(422, "validation");
    let key = [("idempotency-key", "a key")];
    let fine = json!({ "content": "x", "message_type": "text" });
    office
        .post_with(&company.agent, &path, &key, &fine)
        .await
        .problem(400, "invalid_idempotency_key");
    office.post(&company.member, &path, &fine).await.problem(403, "forbidden");

    office.cloud.advance(24 * 3600);
    let token = office.person(&company.scope, company.agent.id, domain::role::TenantRole::Agent);
    let closed = office.post(&token, &path, &fine).await.problem(422, "window_closed");
    let expected = company.now + SignedDuration::from_hours(24);
    assert_eq!(closed["expires_at"], expected.to_string());
    assert_eq!(company.head().await.message_count, 1, "nothing was written");
}

#[tokio::test]
async fn an_operator_replays_what_was_quarantined() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let listed = office.get(&company.owner, "/api/v1/quarantine").await.ok(200);
    let id = listed["quarantine"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(id, company.quarantined);
    let path = format!("/api/v1/quarantine/{id}/replay");
    office.post(&company.agent, &path, &json!({})).await.problem(403, "forbidden");
    office.post(&company.owner, &path, &json!({})).await.ok(202);
    let event = office.cloud.receive("InboundQueue").await;
    assert_eq!(event.records.len(), 1);
    assert!(event.records[0].body.as_deref().unwrap().contains("wamid.ALFA"));
    office.post(&company.owner, &path, &json!({})).await.problem(404, "not_found");
    let endless = format!("/api/v1/quarantine/{}/replay", "0".repeat(2_000));
    office.post(&company.owner, &endless, &json!({})).await.problem(404, "not_found");
    let empty = office.get(&company.owner, "/api/v1/quarantine").await.ok(200);
    assert_eq!(empty["quarantine"], json!([]));
}
