//! WhatsApp numbers: connected, asked about, given other tokens, taken off.

use domain::ChannelId;
use domain::role::TenantRole;
use serde_json::json;

use super::{actions, words};
use crate::office::{Company, Office};

const PATH: &str = "/api/v1/organization/channels";
const NUMBER: &str = "200000000000001";

fn connection(number: &str, token: &str) -> serde_json::Value {
    json!({ "phone_number_id": number, "access_token": token })
}

#[tokio::test]
async fn a_number_is_connected_after_meta_was_asked_and_its_token_is_kept_secret() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.graph.set_token(NUMBER, "EAA-of-the-number");
    let wrong = office.post(&company.owner, PATH, &connection(NUMBER, "EAA-of-another")).await;
    assert_eq!(wrong.problem(422, "validation")["errors"][0]["pointer"], "/access_token");
    let directory = office.cloud.store().directory();
    assert!(directory.channel_of(NUMBER).await.unwrap().is_none());

    let answer = office.post(&company.owner, PATH, &connection(NUMBER, "EAA-of-the-number")).await;
    let channel = answer.ok(201);
    assert!(!answer.body.contains("EAA"), "{}", answer.body);
    assert_eq!((&channel["status"], &channel["quality"]), (&json!("connected"), &json!("GREEN")));
    assert_eq!(channel["display_phone"], format!("+{NUMBER}"));
    let id = channel["id"].as_str().unwrap();
    assert_eq!(office.token_of(id).await.as_deref(), Some("EAA-of-the-number"));
    let routed = directory.channel_of(NUMBER).await.unwrap().unwrap();
    assert_eq!(
        (routed.scope(), routed.channel().to_string().as_str()),
        (company.scope.clone(), id)
    );
    let page = office.get(&company.member, PATH).await;
    assert!(!page.body.contains("EAA"));
    assert_eq!(page.ok(200)["channels"].as_array().unwrap().len(), 2);
    let again = office.post(&company.owner, PATH, &connection(NUMBER, "EAA-of-the-number")).await;
    again.problem(409, "channel_exists");
    assert_eq!(actions(&office, &company.scope).await, ["channel.connected"]);
}

#[tokio::test]
async fn a_number_of_another_organisation_is_refused_and_nothing_more_is_said() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    // Whoever has no token for it learns nothing: as of a number that is nobody's.
    let theirs = office.post(&alfa.owner, PATH, &connection(&beta.number, "EAA-a-guess")).await;
    let nobodys = office.post(&alfa.owner, PATH, &connection("29999999999", "EAA-a-guess")).await;
    let theirs = words(theirs.problem(422, "validation"));
    assert_eq!(theirs, words(nobodys.problem(422, "validation")));
    let stolen = office.post(&alfa.owner, PATH, &connection(&beta.number, "EAA-first-token")).await;
    let problem = stolen.problem(409, "number_unavailable");
    assert!(!problem.to_string().contains("BETA") && !problem.to_string().contains("ten_"));
    let routed = office.cloud.store().directory().channel_of(&beta.number).await.unwrap().unwrap();
    assert_eq!(routed.channel(), beta.channel);
    assert!(actions(&office, &alfa.scope).await.is_empty());
    assert_eq!(
        office.get(&alfa.owner, PATH).await.ok(200)["channels"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn meta_is_asked_again_and_believed() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let verify = format!("{PATH}/{}/verify", company.channel);
    let rotate = format!("{PATH}/{}/rotate-token", company.channel);
    let nothing = json!({});
    let known = office.post(&company.owner, &verify, &nothing).await.ok(200);
    assert_eq!(
        (&known["status"], &known["verified_name"]),
        (&json!("connected"), &json!("A business"))
    );

    office.graph.set_token(&company.number, "EAA-second-token");
    let refused = office.post(&company.owner, &verify, &nothing).await.ok(200);
    assert_eq!(refused["status"], "disconnected");
    let wrong = json!({ "access_token": "EAA-third-token" });
    office.post(&company.owner, &rotate, &wrong).await.problem(422, "validation");
    let right = json!({ "access_token": "EAA-second-token" });
    let rotated = office.post(&company.owner, &rotate, &right).await.ok(200);
    assert_eq!(rotated["status"], "connected");
    let id = company.channel.to_string();
    assert_eq!(office.token_of(&id).await.as_deref(), Some("EAA-second-token"));
    let known = office.post(&company.owner, &verify, &nothing).await.ok(200);
    assert_eq!(known["status"], "connected");

    office.lose_meta().await;
    office.post(&company.owner, &verify, &nothing).await.problem(503, "unavailable");
    let still = office.get(&company.owner, PATH).await.ok(200);
    assert_eq!(still["channels"][0]["status"], "connected");
    let log = actions(&office, &company.scope).await;
    let verified = "channel.verified";
    assert_eq!(log, [verified, verified, "channel.token_rotated", verified]);
}

#[tokio::test]
async fn a_disconnected_number_keeps_its_history_and_can_be_connected_elsewhere_or_again() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    let path = format!("{PATH}/{}", alfa.channel);
    let id = alfa.channel.to_string();
    for _ in 0..2 {
        let answer = office.delete(&alfa.owner, &path).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    }
    let directory = office.cloud.store().directory();
    assert!(directory.channel_of(&alfa.number).await.unwrap().is_none());
    assert_eq!(office.token_of(&id).await, None);
    assert_eq!(office.get(&alfa.owner, PATH).await.ok(200)["channels"][0]["status"], "removed");
    office.get(&alfa.owner, &alfa.inbox("/messages")).await.ok(200);
    for rest in ["verify", "rotate-token"] {
        let body = json!({ "access_token": "EAA-first-token" });
        let body = if rest == "verify" { json!({}) } else { body };
        let answer = office.post(&alfa.owner, &format!("{path}/{rest}"), &body).await;
        answer.problem(409, "channel_removed");
    }

    let body = connection(&alfa.number, "EAA-first-token");
    // Nobody else has it while somebody may still remember whose it was.
    office.cloud.advance(599);
    let beta_owner = |office: &Office| office.person(&beta.scope, beta.owner.id, TenantRole::Owner);
    let alfa_owner = |office: &Office| office.person(&alfa.scope, alfa.owner.id, TenantRole::Owner);
    office.post(&beta_owner(&office), PATH, &body).await.problem(409, "number_unavailable");
    office.cloud.advance(1);
    let elsewhere = office.post(&beta_owner(&office), PATH, &body).await.ok(201);
    office.post(&alfa_owner(&office), PATH, &body).await.problem(409, "number_unavailable");
    let theirs: ChannelId = elsewhere["id"].as_str().unwrap().parse().unwrap();
    let theirs = format!("{PATH}/{theirs}");
    office.delete(&beta_owner(&office), &theirs).await;
    // Whose it was last may have it back at once.
    office.post(&beta_owner(&office), PATH, &body).await.ok(201);
    office.delete(&beta_owner(&office), &theirs).await;
    office.cloud.advance(600);
    // The same channel again: its conversations go on.
    let again = office.post(&alfa_owner(&office), PATH, &body).await.ok(201);
    assert_eq!((&again["id"], &again["status"]), (&json!(id), &json!("connected")));
    let log = actions(&office, &alfa.scope).await;
    assert_eq!(log, ["channel.disconnected", "channel.connected"]);
}

#[tokio::test]
async fn channels_are_few_for_owners_and_admins_and_nobody_elses() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    let limit = json!({ "limits": { "channels": 1 } });
    office.patch(&alfa.owner, "/api/v1/organization", "\"v1\"", &limit).await.ok(200);
    office.graph.set_token(NUMBER, "EAA-of-the-number");
    let body = connection(NUMBER, "EAA-of-the-number");
    office.post(&alfa.owner, PATH, &body).await.problem(409, "channel_limit");
    for who in [&alfa.agent, &alfa.member] {
        office.post(who, PATH, &body).await.problem(403, "forbidden");
    }
    let missing = ChannelId::mint(&*office.cloud.ids, alfa.now);
    let mut seen = Vec::new();
    for id in [beta.channel, missing] {
        for rest in ["/verify", "/rotate-token", ""] {
            let path = format!("{PATH}/{id}{rest}");
            let answer = match rest {
                "" => office.delete(&alfa.owner, &path).await,
                "/verify" => office.post(&alfa.owner, &path, &json!({})).await,
                _ => {
                    office
                        .post(&alfa.owner, &path, &json!({ "access_token": "EAA-first-token" }))
                        .await
                }
            };
            seen.push(words(answer.problem(404, "not_found")));
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    assert!(office.cloud.store().directory().channel_of(&beta.number).await.unwrap().is_some());
    // A proof of identity five minutes old is too old for this.
    office.cloud.advance(301);
    let stale = office.delete(&alfa.owner, &format!("{PATH}/{}", alfa.channel)).await;
    stale.problem(403, "step_up_required");
}
