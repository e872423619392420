//! Passwords: changed, upgraded, guessed at.

use domain::UserId;
use domain::outbox::Letter;
use domain::role::TenantRole;
use domain::tenant::User;
use serde_json::{Value, json};

use super::{LOGIN, ME, Omar, tokens};
use crate::office::Office;
use crate::office::company::PASSWORD;

const CHANGE: &str = "/api/v1/auth/password/change";
const NEW: &str = "tower crane sings at nine";

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let omar = Omar::hired().await;
    let (here, of_here) = omar.sign_in().await;
    let (there, of_there) = omar.sign_in().await;
    let change =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    for (new, code) in [
        ("short", "too_short"),
        ("password123456", "common_password"),
        ("omar@example.com", "personal_password"),
        (&"long".repeat(40), "too_long"),
    ] {
        let problem = omar
            .office
            .post(&here, CHANGE, &change(PASSWORD, new))
            .await
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["code"], code, "{new}");
    }
    let wrong = omar.office.post(&here, CHANGE, &change("wrong", NEW)).await;
    assert_eq!(wrong.problem(422, "validation")["errors"][0]["pointer"], "/current_password");

    let answer = omar.office.post(&here, CHANGE, &change(PASSWORD, NEW)).await.ok(200);
    let (changed, _) = tokens(&answer);
    omar.office.get(&changed, ME).await.ok(200);
    omar.refresh(&of_there).await.problem(401, "invalid_refresh_token");
    omar.refresh(&of_here).await.ok(200);
    omar.try_login(PASSWORD).await.problem(401, "invalid_credentials");
    omar.try_login(NEW).await.ok(200);
    omar.office.cloud.advance(60);
    for old in [&here, &there] {
        omar.office.get(old, ME).await.problem(401, "token_revoked");
    }
    assert_eq!(omar.letters().await, [Letter::PasswordChanged]);
    assert!(omar.audited().await.contains(&"user.password_changed".to_owned()));
}

#[tokio::test]
async fn a_bcrypt_hash_is_replaced_at_the_next_sign_in() {
    let omar = Omar::hired().await;
    let id = UserId::mint(&*omar.office.cloud.ids, omar.company.now);
    let legacy = User {
        // "U*U" under bcrypt, of the test vectors that came with crypt_blowfish.
        password_hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW".to_owned(),
        ..omar.company.user(id, "Lama", TenantRole::Member)
    };
    omar.company.employ(&omar.office, &legacy).await;
    let login = json!({ "username": legacy.email.as_str(), "password": "U*U" });
    for _ in 0..2 {
        omar.office.post(&Office::nobody(), LOGIN, &login).await.ok(200);
        let kept = omar.company.store.user(id).await.unwrap().unwrap();
        assert!(kept.password_hash.starts_with("$argon2id$"));
        assert_eq!(kept.permission_version, 1);
    }
    let actions = omar.audited().await;
    assert_eq!(actions, ["session.opened", "user.password_rehashed", "session.opened"]);
}

#[tokio::test]
async fn guessing_is_slowed_and_looks_the_same_whether_the_address_exists() {
    let omar = Omar::hired().await;
    let mut seen: Vec<Vec<Value>> = Vec::new();
    for name in [omar.user.email.as_str(), "nobody@example.com"] {
        let mut answers = Vec::new();
        for _ in 0..8 {
            let body = json!({ "username": name, "password": "a guess" });
            let answer = omar.office.post(&Office::nobody(), LOGIN, &body).await;
            let mut problem = answer.json();
            problem.as_object_mut().unwrap().remove("request_id");
            problem["retry"] = answer.header("retry-after").into();
            answers.push(problem);
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    let codes: Vec<_> = seen[0].iter().map(|answer| answer["status"].clone()).collect();
    assert_eq!(codes[..5], [401, 401, 401, 401, 401]);
    assert_eq!(codes[7], 429);
    // Even the right password has to wait, and then is taken.
    omar.try_login(PASSWORD).await.problem(429, "too_many_requests");
    omar.office.cloud.advance(900);
    omar.try_login(PASSWORD).await.ok(200);
}
