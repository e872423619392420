//! Signing in, and what a token is good for.

use axum::body::Body;
use domain::UserId;
use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use http::Method;
use serde_json::json;
use tenancy::secrets::{VerificationSecret, generate};
use tenancy::{Signer, Subject};

use crate::office::company::PASSWORD;
use crate::office::{Company, Office};

const LOGIN: &str = "/api/v1/auth/login";

/// A person with a password.
fn hopeful(office: &Office, company: &Company, name: &str) -> User {
    let id = UserId::mint(&*office.cloud.ids, company.now);
    User {
        password_hash: auth::password::hash(PASSWORD, &*office.cloud.ids).unwrap(),
        ..company.user(id, name, TenantRole::Manager)
    }
}

#[tokio::test]
async fn a_form_and_json_sign_in_and_every_refusal_looks_the_same() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let omar = hopeful(&office, &company, "Omar");
    company.employ(&office, &omar).await;
    let left = User { status: UserStatus::Deactivated, ..hopeful(&office, &company, "Left") };
    company.employ(&office, &left).await;

    let nobody = Office::nobody();
    let form =
        "grant_type=password&username=OMAR%40example.com&password=correct+horse+battery+staple";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer =
        office.call(&nobody, (Method::POST, LOGIN), &headers, Body::from(form)).await.ok(200);
    assert_eq!(
        (answer["token_type"].as_str(), answer["expires_in"].as_i64()),
        (Some("bearer"), Some(1800))
    );
    assert_eq!(answer["user"]["organization"]["name"], "ALFA Contracting");
    assert!(answer["refresh_token"].as_str().is_some_and(|token| token.len() == 160));

    let json = json!({ "email": "omar@example.com", "password": PASSWORD });
    let token = office.post(&nobody, LOGIN, &json).await.ok(200)["access_token"].clone();
    let omar_signed_in = Office::bearer(token.as_str().unwrap());
    let me = office.get(&omar_signed_in, "/api/v1/auth/me").await.ok(200);
    assert_eq!((me["name"].as_str(), me["role"].as_str()), (Some("Omar"), Some("manager")));
    assert_eq!(office.get(&omar_signed_in, "/api/v1/projects").await.status, 200);

    let mut refusals = Vec::new();
    for (name, password) in [
        ("omar@example.com", "wrong"),
        ("who@example.com", PASSWORD),
        ("left@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ] {
        let body = json!({ "username": name, "password": password });
        let mut problem =
            office.post(&nobody, LOGIN, &body).await.problem(401, "invalid_credentials");
        problem.as_object_mut().unwrap().remove("request_id");
        refusals.push(problem);
    }
    assert!(refusals.windows(2).all(|pair| pair[0] == pair[1]), "{refusals:?}");
}

#[tokio::test]
async fn one_address_in_two_organisations_has_to_choose() {
    let office = Office::open().await;
    let alfa = Company::found(&office, "ALFA").await;
    let beta = Company::found(&office, "BETA").await;
    for company in [&alfa, &beta] {
        company.employ(&office, &hopeful(&office, company, "Omar")).await;
    }
    let nobody = Office::nobody();
    let mut login = json!({ "username": "omar@example.com", "password": PASSWORD });
    let problem = office.post(&nobody, LOGIN, &login).await.problem(409, "choose_organization");
    let names: Vec<_> =
        problem["organizations"].as_array().unwrap().iter().map(|o| o["name"].clone()).collect();
    assert_eq!(names, ["ALFA Contracting", "BETA Contracting"]);

    login["organization"] = problem["organizations"][1]["id"].clone();
    let answer = office.post(&nobody, LOGIN, &login).await.ok(200);
    assert_eq!(answer["user"]["organization"]["name"], "BETA Contracting");
    login["organization"] = json!("ten_00000000000000000000000000");
    office.post(&nobody, LOGIN, &login).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_change_of_permissions_ends_older_tokens_within_a_minute() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let omar = hopeful(&office, &company, "Omar");
    company.employ(&office, &omar).await;
    let token = office.person(&company.scope, omar.id, omar.role);
    assert_eq!(office.get(&token, "/api/v1/projects").await.status, 200);

    let stranger = office.person(
        &company.scope,
        UserId::mint(&*office.cloud.ids, company.now),
        TenantRole::Owner,
    );
    office.get(&stranger, "/api/v1/projects").await.problem(401, "token_revoked");
    office.cloud.advance(31 * 60);
    office.get(&token, "/api/v1/projects").await.problem(401, "invalid_token");
    let keys = office.get(&Office::nobody(), "/.well-known/jwks.json").await;
    assert_eq!(keys.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(keys.ok(200)["keys"][0]["kid"], office.verification.keys[0].kid.as_str());
}

#[tokio::test]
async fn a_new_key_works_at_once_and_a_dropped_one_for_five_minutes_more() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let old = &company.owner;
    let (signing, mut verification) =
        generate(&*office.cloud.ids, &office.verification.issuer, &office.verification.audience)
            .unwrap();
    verification.cursor_key_b64 = office.verification.cursor_key_b64.clone();
    let both = VerificationSecret {
        keys: office.verification.keys.iter().chain(&verification.keys).cloned().collect(),
        ..verification.clone()
    };
    let subject = Subject {
        session: office.sign_in(&company.scope, company.owner.id),
        proved_at: domain::Clock::now(&*office.cloud.clock),
        is_weak: false,
        scope: &company.scope,
        user: company.owner.id,
        role: TenantRole::Owner,
        permission_version: 1,
    };
    let issue = |now| {
        let signer = Signer::new(&signing, &verification).unwrap();
        let issued = signer.issue(&subject, now, &*office.cloud.ids).unwrap();
        Office::bearer(&issued.access_token)
    };
    let new = issue(company.now);
    office.get(&new, "/api/v1/projects").await.problem(401, "invalid_token");
    office.rotate(&both).await;
    office.cloud.advance(31);
    office.get(&new, "/api/v1/projects").await.ok(200);
    office.get(old, "/api/v1/projects").await.ok(200);
    office.rotate(&verification).await;
    office.get(old, "/api/v1/projects").await.ok(200);
    office.cloud.advance(301);
    office.get(old, "/api/v1/projects").await.problem(401, "invalid_token");
    office.get(&new, "/api/v1/projects").await.ok(200);
}
