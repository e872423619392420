//! Sign-up, the proof of an address, invitations.

use domain::role::TenantRole;
use domain::tenant::UserStatus;
use domain::{TenantId, UserId};
use serde_json::{Value, json};
use store::PageRequest;
use tenancy::TenantScope;

use super::{PASSWORD, actions, last_link, letters, sign_in, words};
use crate::office::{Answer, Company, Office};

const SIGN_UP: &str = "/api/v1/organizations";
const VERIFY: &str = "/api/v1/auth/email/verify";
const INVITE: &str = "/api/v1/auth/register";
const ACCEPT: &str = "/api/v1/auth/invitations/accept";
const LOGIN: &str = "/api/v1/auth/login";

fn new_company(email: &str) -> Value {
    json!({
        "organization_name": "Delta Works", "name": "Dana Aziz", "email": email,
        "password": PASSWORD, "language": "ar", "time_zone": "asia/riyadh", "currency": "SAR"
    })
}

/// Whose data an answer of a sign-up is about.
fn founded(answer: &Value) -> (TenantScope, UserId) {
    let id: TenantId = answer["user"]["organization"]["id"].as_str().unwrap().parse().unwrap();
    let scope = TenantScope::of_stream_key(&format!("T#{}", id.key())).unwrap();
    (scope, answer["user"]["id"].as_str().unwrap().parse().unwrap())
}

async fn sign_up(office: &Office, email: &str) -> (TenantScope, UserId, Answer) {
    let answer = office.post(&Office::nobody(), SIGN_UP, &new_company(email)).await;
    let (scope, owner) = founded(&answer.ok(201));
    (scope, owner, answer)
}

#[tokio::test]
async fn whoever_signs_up_gets_in_once_the_address_is_proved() {
    let office = Office::open().await;
    let nobody = Office::nobody();
    let (scope, owner, answer) = sign_up(&office, "Dana@Example.com").await;
    let answer = answer.ok(201);
    assert_eq!(answer["verification"], "pending");
    assert_eq!(answer["user"]["role"], "owner");
    let organization = &answer["user"]["organization"];
    assert_eq!(
        (&organization["time_zone"], &organization["currency"]),
        (&json!("Asia/Riyadh"), &json!("SAR"))
    );
    assert!(!answer.to_string().contains("argon2"));

    let login = json!({ "username": "dana@example.com", "password": PASSWORD });
    office.post(&nobody, LOGIN, &login).await.problem(401, "invalid_credentials");
    let token = last_link(&office, &scope, owner).await;
    let body = json!({ "token": token });
    office.post(&nobody, VERIFY, &body).await.ok(200);
    office.post(&nobody, VERIFY, &body).await.problem(422, "validation");

    let dana = sign_in(&office, "dana@example.com", PASSWORD).await;
    let organization = office.get(&dana, "/api/v1/organization").await.ok(200);
    assert_eq!(
        (&organization["name"], &organization["language"]),
        (&json!("Delta Works"), &json!("ar"))
    );
    let expected = ["organization.founded", "user.invited", "user.email_verified"];
    assert_eq!(actions(&office, &scope).await, expected);
}

#[tokio::test]
async fn a_sign_up_looks_the_same_whether_the_address_is_known_or_not() {
    let office = Office::open().await;
    let (scope, owner, first) = sign_up(&office, "dana@example.com").await;
    let token = last_link(&office, &scope, owner).await;
    office.post(&Office::nobody(), VERIFY, &json!({ "token": token })).await.ok(200);
    let (other, _, second) = sign_up(&office, "dana@example.com").await;
    assert_ne!(scope, other);
    let shape = |answer: &Answer| {
        let mut answer = answer.ok(201);
        for pointer in ["/user/id", "/user/organization/id"] {
            *answer.pointer_mut(pointer).unwrap() = Value::Null;
        }
        answer
    };
    assert_eq!(shape(&first), shape(&second));
    // Nothing is listed under the address until it is proved: nobody can push others out of the
    // list by signing up in their name.
    let email = "dana@example.com".parse().unwrap();
    let listed = office.cloud.store().directory().accounts_of(&email).await.unwrap();
    assert_eq!(listed.iter().map(tenancy::Account::scope).collect::<Vec<_>>(), [scope]);
}

#[tokio::test]
async fn an_invited_person_joins_with_the_role_that_was_given_and_once() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let nobody = Office::nobody();
    let body =
        json!({ "email": "sara@example.com", "name": "Sara", "role": "manager", "language": "ru" });
    let invited = office.post(&company.owner, INVITE, &body).await.ok(201);
    assert_eq!((&invited["status"], &invited["role"]), (&json!("invited"), &json!("manager")));
    let sara: UserId = invited["id"].as_str().unwrap().parse().unwrap();
    let token = last_link(&office, &company.scope, sara).await;

    let weak = json!({ "token": token, "password": "short" });
    office.post(&nobody, ACCEPT, &weak).await.problem(422, "validation");
    let acceptance = json!({ "token": token, "password": PASSWORD, "name": "Sara Nasser" });
    let joined = office.post(&nobody, ACCEPT, &acceptance).await.ok(200);
    assert_eq!((&joined["name"], &joined["role"]), (&json!("Sara Nasser"), &json!("manager")));
    office.post(&nobody, ACCEPT, &acceptance).await.problem(422, "validation");

    let signed_in = sign_in(&office, "sara@example.com", PASSWORD).await;
    assert_eq!(signed_in.id, sara);
    office.get(&signed_in, "/api/v1/users").await.ok(200);
    office.post(&company.owner, INVITE, &body).await.problem(409, "already_member");
    let log = actions(&office, &company.scope).await;
    assert_eq!(log, ["user.invited", "user.joined"]);
}

#[tokio::test]
async fn two_who_use_one_link_at_once_are_one() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let body = json!({ "email": "sara@example.com", "name": "Sara", "role": "viewer" });
    let invited = office.post(&company.owner, INVITE, &body).await.ok(201);
    let sara: UserId = invited["id"].as_str().unwrap().parse().unwrap();
    let token = last_link(&office, &company.scope, sara).await;
    let nobody = Office::nobody();
    let take = async |password: &str| {
        let body = json!({ "token": token, "password": password });
        office.post(&nobody, ACCEPT, &body).await.status.as_u16()
    };
    let (one, two) = tokio::join!(take("the first password"), take("the second password"));
    let mut statuses = [one, two];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!([409, 422].contains(&statuses[1]), "{statuses:?}");
}

#[tokio::test]
async fn inviting_again_sends_one_letter_in_two_minutes_and_corrects_the_role() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let mut body = json!({ "email": "sara@example.com", "name": "Sara", "role": "admin" });
    let invited = office.post(&company.owner, INVITE, &body).await.ok(201);
    let sara: UserId = invited["id"].as_str().unwrap().parse().unwrap();
    body["role"] = json!("viewer");
    office.post(&company.owner, INVITE, &body).await.ok(201);
    assert_eq!(letters(&office, &company.scope, sara).await.len(), 1);
    office.cloud.advance(120);
    assert_eq!(office.post(&company.owner, INVITE, &body).await.ok(201)["id"], invited["id"]);
    assert_eq!(letters(&office, &company.scope, sara).await.len(), 2);

    let token = last_link(&office, &company.scope, sara).await;
    let acceptance = json!({ "token": token, "password": PASSWORD });
    let joined = office.post(&Office::nobody(), ACCEPT, &acceptance).await.ok(200);
    assert_eq!(joined["role"], "viewer");
}

#[tokio::test]
async fn links_that_do_not_count_all_look_the_same() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let nobody = Office::nobody();
    let invite = async |email: &str| {
        let body = json!({ "email": email, "name": "Somebody", "role": "member" });
        let answer = office.post(&company.owner, INVITE, &body).await.ok(201);
        answer["id"].as_str().unwrap().parse::<UserId>().unwrap()
    };
    let withdrawn = invite("withdrawn@example.com").await;
    let withdrawn_token = last_link(&office, &company.scope, withdrawn).await;
    let path = format!("/api/v1/users/{withdrawn}/deactivate");
    office.post(&company.owner, &path, &json!({})).await.ok(200);
    let late = invite("late@example.com").await;
    let late_token = last_link(&office, &company.scope, late).await;
    let unknown =
        office.proofs.token(&company.scope, domain::ProofId::from_uuid(uuid::Uuid::nil()));
    let mut forged = late_token.clone();
    forged.replace_range(..1, if late_token.starts_with('A') { "B" } else { "A" });
    let mut seen = Vec::new();
    let answer = async |token: &str| {
        let body = json!({ "token": token, "password": PASSWORD });
        words(office.post(&nobody, ACCEPT, &body).await.problem(422, "validation"))
    };
    for token in [&withdrawn_token, &unknown, &forged, "nonsense"] {
        seen.push(answer(token).await);
    }
    // An invitation does not prove an address that nobody asked for, nor set a password.
    let body = json!({ "token": late_token });
    seen.push(words(office.post(&nobody, VERIFY, &body).await.problem(422, "validation")));
    let body = json!({ "token": late_token, "password": PASSWORD });
    let reset = "/api/v1/auth/password/reset";
    seen.push(words(office.post(&nobody, reset, &body).await.problem(422, "validation")));
    office.cloud.advance(7 * 86_400);
    seen.push(answer(&late_token).await);
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    assert_eq!(seen[0]["errors"][0]["pointer"], "/token");
}

#[tokio::test]
async fn only_owners_and_admins_invite_only_owners_invite_owners_and_there_is_a_limit() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let ids = &*office.cloud.ids;
    let admin = UserId::mint(ids, company.now);
    company.employ(&office, &company.user(admin, "Adam", TenantRole::Admin)).await;
    let admin = office.person(&company.scope, admin, TenantRole::Admin);
    let body = |email: &str, role: &str| json!({ "email": email, "name": "New", "role": role });
    for who in [&company.agent, &company.member] {
        office.post(who, INVITE, &body("a@example.com", "viewer")).await.problem(403, "forbidden");
    }
    office.post(&admin, INVITE, &body("b@example.com", "admin")).await.ok(201);
    office.post(&admin, INVITE, &body("c@example.com", "owner")).await.problem(403, "forbidden");
    let owner = office.post(&company.owner, INVITE, &body("c@example.com", "owner")).await;
    assert_eq!(owner.ok(201)["role"], "owner");
    // Nor does an admin turn an invited owner into somebody else.
    office.post(&admin, INVITE, &body("c@example.com", "viewer")).await.problem(403, "forbidden");

    let users = company.store.users(&PageRequest::first(200)).await.unwrap().items;
    let staying = users.iter().filter(|user| user.status != UserStatus::Deactivated).count();
    let limits = json!({ "limits": { "users": staying } });
    office.patch(&company.owner, "/api/v1/organization", "\"v1\"", &limits).await.ok(200);
    let refused = office.post(&admin, INVITE, &body("d@example.com", "viewer")).await;
    refused.problem(409, "user_limit");
    // Somebody who was invited before is counted already.
    office.cloud.advance(120);
    office.post(&company.owner, INVITE, &body("b@example.com", "viewer")).await.ok(201);
}

#[tokio::test]
async fn nobody_s_address_is_flooded_with_letters() {
    let office = Office::open().await;
    for round in 0..5 {
        // A minute on, so that the network is not what is counted.
        office.cloud.advance(61);
        let answer =
            office.post(&Office::nobody(), SIGN_UP, &new_company("dana@example.com")).await;
        assert_eq!(answer.status, 201, "{round}: {}", answer.body);
    }
    office.cloud.advance(61);
    let answer = office.post(&Office::nobody(), SIGN_UP, &new_company("Dana@example.com")).await;
    assert!(answer.headers.contains_key("retry-after"));
    answer.problem(429, "too_many_requests");
    let another = office.post(&Office::nobody(), SIGN_UP, &new_company("deema@example.com")).await;
    assert_eq!(another.status, 201);
    office.cloud.advance(24 * 3_600);
    let answer = office.post(&Office::nobody(), SIGN_UP, &new_company("dana@example.com")).await;
    assert_eq!(answer.status, 201);
}
