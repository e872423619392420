//! Forgotten passwords.

use domain::UserId;
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use serde_json::json;

use super::{PASSWORD, actions, last_link, letters, outbox, sign_in, words};
use crate::office::{Company, Office};

const FORGOT: &str = "/api/v1/auth/password/forgot";
const RESET: &str = "/api/v1/auth/password/reset";

async fn omar(office: &Office, company: &Company) -> User {
    let id = UserId::mint(&*office.cloud.ids, company.now);
    let user = User {
        password_hash: auth::password::hash("the old password", &*office.cloud.ids).unwrap(),
        ..company.user(id, "Omar", TenantRole::Manager)
    };
    company.employ(office, &user).await;
    user
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_every_session_ends() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let omar = omar(&office, &company).await;
    let nobody = Office::nobody();
    let signed_in = sign_in(&office, "omar@example.com", "the old password").await;
    let forgot = json!({ "email": "OMAR@example.com" });
    assert_eq!(
        office.post(&nobody, FORGOT, &forgot).await.ok(202),
        json!({ "status": "accepted" })
    );
    let first = last_link(&office, &company.scope, omar.id).await;
    office.cloud.advance(121);
    office.post(&nobody, FORGOT, &forgot).await.ok(202);
    let second = last_link(&office, &company.scope, omar.id).await;
    assert_ne!(first, second);

    let reset = json!({ "token": second, "password": PASSWORD });
    let answer = office.post(&nobody, RESET, &reset).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    // Used; and the earlier link went with the password it was for.
    for token in [&second, &first] {
        let again = json!({ "token": token, "password": "yet another password" });
        office.post(&nobody, RESET, &again).await.problem(422, "validation");
    }
    office.cloud.advance(60);
    office.get(&signed_in, "/api/v1/projects").await.problem(401, "token_revoked");
    let old = json!({ "username": "omar@example.com", "password": "the old password" });
    office.post(&nobody, "/api/v1/auth/login", &old).await.problem(401, "invalid_credentials");
    sign_in(&office, "omar@example.com", PASSWORD).await;
    let expected =
        ["user.password_reset_requested", "user.password_reset_requested", "user.password_reset"];
    assert_eq!(actions(&office, &company.scope).await, expected);
    let told = outbox(&office, &company.scope).await;
    let told = serde_json::to_value(&told.last().unwrap().effect).unwrap();
    assert_eq!(told["letter"]["letter"], "password_changed");
}

#[tokio::test]
async fn whether_an_address_is_known_the_answer_does_not_say_and_letters_are_few() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let omar = omar(&office, &company).await;
    let left = UserId::mint(&*office.cloud.ids, company.now);
    let left =
        User { status: UserStatus::Deactivated, ..company.user(left, "Left", TenantRole::Member) };
    company.employ(&office, &left).await;
    let nobody = Office::nobody();
    let mut seen = Vec::new();
    for email in ["omar@example.com", "omar@example.com", "who@example.com", "left@example.com"] {
        let answer = office.post(&nobody, FORGOT, &json!({ "email": email })).await;
        seen.push((answer.status.as_u16(), answer.body.clone()));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    assert_eq!(letters(&office, &company.scope, omar.id).await.len(), 1);
    assert!(letters(&office, &company.scope, left.id).await.is_empty());
}

#[tokio::test]
async fn a_reset_link_is_good_for_half_an_hour_and_for_who_may_sign_in() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let omar = omar(&office, &company).await;
    let nobody = Office::nobody();
    let forgot = json!({ "email": "omar@example.com" });
    office.post(&nobody, FORGOT, &forgot).await.ok(202);
    let link = last_link(&office, &company.scope, omar.id).await;
    office.cloud.advance(30 * 60);
    let late = office.post(&nobody, RESET, &json!({ "token": link, "password": PASSWORD })).await;
    let late = words(late.problem(422, "validation"));

    office.post(&nobody, FORGOT, &forgot).await.ok(202);
    let link = last_link(&office, &company.scope, omar.id).await;
    let owner = office.person(&company.scope, company.owner.id, TenantRole::Owner);
    let path = format!("/api/v1/users/{}", omar.id);
    office.patch(&owner, &path, "\"v1\"", &json!({ "status": "suspended" })).await.ok(200);
    let out = office.post(&nobody, RESET, &json!({ "token": link, "password": PASSWORD })).await;
    assert_eq!(words(out.problem(422, "validation")), late);
}

#[tokio::test]
async fn in_two_organisations_one_or_both_are_asked() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    let (one, two) = (omar(&office, &alfa).await, omar(&office, &beta).await);
    let nobody = Office::nobody();
    let only = json!({ "email": "omar@example.com", "organization": beta.scope.tenant() });
    office.post(&nobody, FORGOT, &only).await.ok(202);
    assert!(letters(&office, &alfa.scope, one.id).await.is_empty());
    assert_eq!(letters(&office, &beta.scope, two.id).await.len(), 1);
    office.cloud.advance(121);
    office.post(&nobody, FORGOT, &json!({ "email": "omar@example.com" })).await.ok(202);
    assert_eq!(letters(&office, &alfa.scope, one.id).await.len(), 1);
    assert_eq!(letters(&office, &beta.scope, two.id).await.len(), 2);
}
