//! Refresh tokens, and the sessions they belong to.

use axum::body::Body;
use domain::Clock;
use domain::outbox::Letter;
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::{LOGIN, ME, Omar, REFRESH, cookie, tokens};
use crate::office::company::PASSWORD;
use crate::office::{ORIGIN, Office};

const DAY_S: i64 = 24 * 3_600;

#[tokio::test]
async fn a_refresh_token_is_replaced_and_a_used_one_ends_the_session() {
    let omar = Omar::hired().await;
    let (access, first) = omar.sign_in().await;
    let answer = omar.refresh(&first).await.ok(200);
    assert_eq!(
        (answer["token_type"].as_str(), answer["expires_in"].as_i64()),
        (Some("bearer"), Some(1800))
    );
    let (next, second) = tokens(&answer);
    assert_ne!(first, second);
    omar.office.get(&next, ME).await.ok(200);

    omar.office.cloud.advance(21);
    omar.refresh(&first).await.problem(401, "refresh_token_reused");
    omar.refresh(&second).await.problem(401, "invalid_refresh_token");
    omar.refresh(&first).await.problem(401, "invalid_refresh_token");
    assert!(matches!(omar.letters().await[..], [Letter::SessionRevoked { .. }]));
    assert_eq!(omar.audited().await, ["session.opened", "session.revoked_for_reuse"]);
    // What was remembered of the session is believed for a minute.
    omar.office.cloud.advance(40);
    for token in [&access, &next] {
        omar.office.get(token, ME).await.problem(401, "token_revoked");
    }
}

#[tokio::test]
async fn a_lost_answer_and_two_windows_get_the_same_token_again() {
    let omar = Omar::hired().await;
    let (_, first) = omar.sign_in().await;
    let answers = join_all((0..4).map(|_| omar.refresh(&first))).await;
    let successors: Vec<Value> =
        answers.iter().map(|answer| answer.ok(200)["refresh_token"].clone()).collect();
    assert!(successors.iter().all(|next| *next == successors[0] && *next != first.as_str()));
    omar.office.cloud.advance(20);
    let (again, second) = tokens(&omar.refresh(&first).await.ok(200));
    assert_eq!(successors[0], second.as_str());
    omar.office.get(&again, ME).await.ok(200);
    let (_, third) = tokens(&omar.refresh(&second).await.ok(200));
    // The one before the one just replaced is nobody's lost answer any more.
    omar.refresh(&first).await.problem(401, "refresh_token_reused");
    omar.refresh(&third).await.problem(401, "invalid_refresh_token");
}

#[tokio::test]
async fn a_token_of_ones_own_invention_ends_nothing() {
    let omar = Omar::hired().await;
    let (_, token) = omar.sign_in().await;
    let mut forged = token.clone();
    forged.replace_range(100..101, if &token[100..101] == "A" { "B" } else { "A" });
    for bad in [forged.as_str(), "x", &token[..159], &"A".repeat(160)] {
        omar.refresh(bad).await.problem(401, "invalid_refresh_token");
    }
    omar.office
        .post(&Office::nobody(), REFRESH, &json!({}))
        .await
        .problem(401, "invalid_refresh_token");
    omar.refresh(&token).await.ok(200);
    assert!(omar.letters().await.is_empty());
}

#[tokio::test]
async fn a_session_ends_after_seven_idle_days_or_thirty() {
    let omar = Omar::hired().await;
    let (_, idle) = omar.sign_in().await;
    let (_, mut used) = omar.sign_in().await;
    for _ in 0..4 {
        omar.office.cloud.advance(7 * DAY_S - 1);
        used = tokens(&omar.refresh(&used).await.ok(200)).1;
    }
    omar.refresh(&idle).await.problem(401, "invalid_refresh_token");
    omar.office.cloud.advance(2 * DAY_S + 4);
    omar.refresh(&used).await.problem(401, "invalid_refresh_token");
    // Signing in takes away what has ended.
    let (access, _) = omar.sign_in().await;
    let listed = omar.office.get(&access, "/api/v1/auth/sessions").await.ok(200);
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 1);
    let tenant = omar.company.store.sign_ins(omar.user.id).await.unwrap();
    assert_eq!(tenant.sessions.len(), 1);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_one_or_all() {
    let omar = Omar::hired().await;
    let (phone, of_phone) = omar.sign_in().await;
    omar.office.cloud.advance(1);
    let body = json!({ "username": omar.user.email.as_str(), "password": PASSWORD });
    let agent = [("user-agent", "Site tablet/2")];
    let answer = omar.office.post_with(&Office::nobody(), LOGIN, &agent, &body).await;
    let (tablet, _) = tokens(&answer.ok(200));
    let path = "/api/v1/auth/sessions";
    let listed = omar.office.get(&tablet, path).await.ok(200)["sessions"].clone();
    let brief: Vec<_> =
        listed.as_array().unwrap().iter().map(|one| (&one["device"], &one["is_current"])).collect();
    assert_eq!(brief, [(&json!("Site tablet/2"), &json!(true)), (&json!(null), &json!(false))]);
    assert_eq!(
        listed[1]["expires_at"],
        (omar.company.now + jiff::SignedDuration::from_hours(168)).to_string()
    );

    let of_first = format!("{path}/{}", listed[1]["id"].as_str().unwrap());
    let end = async |who, path: &str| {
        omar.office.call(who, (Method::DELETE, path), &[], Body::empty()).await
    };
    end(&omar.company.owner, &of_first).await.problem(404, "not_found");
    omar.office.get(&phone, ME).await.ok(200);
    assert_eq!(end(&tablet, &of_first).await.status, 204);
    end(&tablet, &of_first).await.problem(404, "not_found");
    omar.refresh(&of_phone).await.problem(401, "invalid_refresh_token");
    omar.office.cloud.advance(60);
    omar.office.get(&phone, ME).await.problem(401, "token_revoked");

    let (third, of_third) = omar.sign_in().await;
    let out = omar.office.post(&tablet, "/api/v1/auth/logout-all", &json!({})).await;
    assert_eq!(out.status, 204);
    omar.refresh(&of_third).await.problem(401, "invalid_refresh_token");
    omar.office.cloud.advance(60);
    for who in [&tablet, &third] {
        omar.office.get(who, ME).await.problem(401, "token_revoked");
    }
    let (fourth, _) = omar.sign_in().await;
    assert_eq!(omar.office.post(&fourth, "/api/v1/auth/logout", &json!({})).await.status, 204);
    let actions = omar.audited().await;
    assert_eq!(actions.iter().filter(|action| *action == "session.ended").count(), 2);
    assert!(actions.contains(&"user.signed_out_everywhere".to_owned()), "{actions:?}");
}

#[tokio::test]
async fn the_fifty_first_session_takes_the_place_of_the_oldest() {
    let omar = Omar::hired().await;
    for _ in 0..50 {
        omar.office.cloud.advance(1);
        omar.office.sign_in(&omar.company.scope, omar.user.id);
    }
    let (access, _) = omar.sign_in().await;
    let all = omar.company.store.sign_ins(omar.user.id).await.unwrap().sessions;
    assert_eq!(all.len(), 50);
    assert!(all[0].created_at > omar.company.now + jiff::SignedDuration::from_secs(1));
    omar.office.get(&access, ME).await.ok(200);
}

#[tokio::test]
async fn a_browser_keeps_the_token_in_a_cookie_that_only_our_pages_use() {
    let omar = Omar::hired().await;
    let nobody = Office::nobody();
    let mut body = json!({ "username": omar.user.email.as_str(), "password": PASSWORD });
    body["refresh_in"] = json!("pocket");
    omar.office.post(&nobody, LOGIN, &body).await.problem(422, "validation");
    body["refresh_in"] = json!("cookie");
    let answer = omar.office.post_with(&nobody, LOGIN, &[("origin", ORIGIN)], &body).await;
    assert_eq!(answer.ok(200).get("refresh_token"), None);
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    let (kept, attributes) = cookie(&answer).split_once("; ").unwrap();
    assert!(kept.starts_with("__Host-rt="));
    assert_eq!(attributes, "Max-Age=604800; Path=/; Secure; HttpOnly; SameSite=Strict");

    let cookies = format!("theme=dark; {kept}");
    let ours = [("cookie", cookies.as_str()), ("origin", ORIGIN), ("x-csrf-protection", "1")];
    let refresh = async |headers: &[(&str, &str)]| {
        omar.office.call(&nobody, (Method::POST, REFRESH), headers, Body::empty()).await
    };
    for stolen in [
        vec![ours[0]],
        vec![ours[0], ours[1]],
        vec![ours[0], ours[2]],
        vec![ours[0], ("origin", "https://evil.example"), ours[2]],
        vec![ours[0], ("origin", "null"), ours[2]],
    ] {
        refresh(&stolen).await.problem(403, "csrf_protection_required");
    }
    let answer = refresh(&ours).await;
    let (access, in_body) = tokens(&answer.ok(200));
    assert!(in_body.is_empty() && cookie(&answer).starts_with("__Host-rt="));
    assert!(!cookie(&answer).contains(kept));
    let out = "/api/v1/auth/logout";
    let answer = omar.office.post_with(&access, out, &[ours[0]], &json!({})).await;
    assert_eq!(answer.status, 204);
    assert!(cookie(&answer).starts_with("__Host-rt=; Max-Age=0;"));
}

#[tokio::test]
async fn somebody_who_was_suspended_gets_no_token_any_more() {
    let omar = Omar::hired().await;
    let (_, token) = omar.sign_in().await;
    let table = "hndasah-local-tenants";
    let client = omar.office.cloud.aws.dynamodb();
    let key = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    client
        .update_item()
        .table_name(table)
        .key("pk", key(omar.company.scope.partition()))
        .key("sk", key(format!("U#{}", omar.user.id.key())))
        .update_expression("SET doc.#status = :status")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", key("suspended".to_owned()))
        .send()
        .await
        .unwrap();
    omar.refresh(&token).await.problem(401, "invalid_refresh_token");
    omar.try_login(PASSWORD).await.problem(401, "invalid_credentials");
    assert!(omar.office.cloud.clock.now() == omar.company.now);
}
