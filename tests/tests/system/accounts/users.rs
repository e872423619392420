//! Roles and statuses, and who may change whose.

use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Phone, UserId};
use serde_json::json;

use super::{actions, audited, words};
use crate::office::{Company, Office, Person};

async fn hire(office: &Office, company: &Company, name: &str, role: TenantRole) -> Person {
    let id = UserId::mint(&*office.cloud.ids, company.now);
    company.employ(office, &company.user(id, name, role)).await;
    office.person(&company.scope, id, role)
}

fn path(user: UserId) -> String {
    format!("/api/v1/users/{user}")
}

#[tokio::test]
async fn people_are_listed_page_by_page_to_those_who_may_see_them() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let manager = hire(&office, &company, "Mona", TenantRole::Manager).await;
    let mut names = Vec::new();
    let mut next = Some("/api/v1/users?limit=2".to_owned());
    while let Some(page) = next {
        let page = office.get(&manager, &page).await.ok(200);
        assert!(!page.to_string().contains("password"));
        for user in page["users"].as_array().unwrap() {
            names.push(user["name"].as_str().unwrap().to_owned());
        }
        next = page["next_cursor"].as_str().map(|c| format!("/api/v1/users?limit=2&cursor={c}"));
    }
    assert_eq!(names, ["ALFA owner", "ALFA agent", "ALFA second agent", "ALFA member", "Mona"]);
    let one = office.get(&manager, &path(company.member.id)).await;
    assert_eq!(one.header("etag"), Some("\"v1\""));
    assert_eq!(one.ok(200)["role"], "member");
    for who in [&company.agent, &company.member] {
        office.get(who, "/api/v1/users").await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn a_role_is_changed_over_the_version_that_was_read_and_older_tokens_end() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let mona = hire(&office, &company, "Mona", TenantRole::Member).await;
    let body = json!({ "role": "manager" });
    let answer = office.patch(&company.owner, &path(mona.id), "\"v1\"", &body).await;
    assert_eq!(answer.header("etag"), Some("\"v2\""));
    assert_eq!(answer.ok(200)["role"], "manager");
    office.get(&mona, "/api/v1/projects").await.problem(401, "token_revoked");
    let older = json!({ "role": "viewer" });
    let stale = office.patch(&company.owner, &path(mona.id), "\"v1\"", &older).await;
    stale.problem(412, "precondition_failed");
    let both = json!({ "role": "agent", "status": "suspended" });
    office.patch(&company.owner, &path(mona.id), "\"v2\"", &both).await.ok(200);
    let same = office.patch(&company.owner, &path(mona.id), "\"v3\"", &both).await.ok(200);
    assert_eq!(same["version"], 3);
    let back = json!({ "status": "active" });
    office.patch(&company.owner, &path(mona.id), "\"v3\"", &back).await.ok(200);
    let log = actions(&office, &company.scope).await;
    let role = "user.role_changed";
    assert_eq!(log, [role, role, "user.suspended", "user.activated"]);
}

#[tokio::test]
async fn the_last_active_owner_stays_whatever_happens_at_once() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let owner = &company.owner;
    let other = hire(&office, &company, "Olga", TenantRole::Owner).await;
    let admin = hire(&office, &company, "Adam", TenantRole::Admin).await;
    for body in [json!({ "role": "admin" }), json!({ "status": "suspended" })] {
        let own = office.patch(owner, &path(owner.id), "\"v1\"", &body).await;
        own.problem(409, "own_account");
        // Admins do not touch owners.
        office.patch(&admin, &path(owner.id), "\"v1\"", &body).await.problem(403, "forbidden");
    }
    let promotion = json!({ "role": "owner" });
    let promoted = office.patch(&admin, &path(company.member.id), "\"v1\"", &promotion).await;
    promoted.problem(403, "forbidden");

    // Two owners, each of whom removes the other in the same moment.
    let leave = json!({});
    let (a, b) =
        (format!("{}/deactivate", path(owner.id)), format!("{}/deactivate", path(other.id)));
    let (one, two) = tokio::join!(office.post(&other, &a, &leave), office.post(owner, &b, &leave));
    let statuses = [one.status.as_u16(), two.status.as_u16()];
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(done, 1, "{statuses:?} {} {}", one.body, two.body);
    let mut active = 0;
    for id in [owner.id, other.id] {
        let user = company.store.user(id).await.unwrap().unwrap();
        active += usize::from(user.is_active_owner());
    }
    assert_eq!(active, 1);
}

#[tokio::test]
async fn the_only_owner_cannot_be_removed_by_another_who_is_not_active() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let second = hire(&office, &company, "Olga", TenantRole::Owner).await;
    let away = json!({ "status": "suspended" });
    office.patch(&company.owner, &path(second.id), "\"v1\"", &away).await.ok(200);
    // Olga's token is worth nothing any more, so only the owner could act, on nobody but himself.
    let body = json!({});
    let deactivate = format!("{}/deactivate", path(company.owner.id));
    office.post(&second, &deactivate, &body).await.problem(401, "token_revoked");
    office.post(&company.owner, &deactivate, &body).await.problem(409, "own_account");
    let user = company.store.user(company.owner.id).await.unwrap().unwrap();
    assert!(user.is_active_owner());
}

#[tokio::test]
async fn whoever_leaves_cannot_sign_in_act_by_token_or_by_phone() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let phone: Phone = "+971500000001".parse().unwrap();
    let id = UserId::mint(&*office.cloud.ids, company.now);
    let nora = User { phone: Some(phone.clone()), ..company.user(id, "Nora", TenantRole::Manager) };
    company.employ(&office, &nora).await;
    let token = office.person(&company.scope, id, TenantRole::Manager);
    let contact = company.head().await.contact;
    let before = company.store.contact(contact).await.unwrap().unwrap();
    let bound =
        domain::contact::Contact { user: Some(id), version: before.version + 1, ..before.clone() };
    let mut write = company.store.transaction();
    write.replace_contact(&bound, before.version);
    crate::office::company::commit(write).await;

    let deactivate = format!("{}/deactivate", path(id));
    for _ in 0..2 {
        let answer = office.post(&company.owner, &deactivate, &json!({})).await.ok(200);
        assert_eq!((&answer["status"], &answer["phone"]), (&json!("deactivated"), &json!(null)));
    }
    office.get(&token, "/api/v1/projects").await.problem(401, "token_revoked");
    assert_eq!(company.store.user_of_phone(&phone).await.unwrap(), None);
    assert_eq!(company.store.contact(contact).await.unwrap().unwrap().user, None);
    let log = audited(&office, &company.scope).await;
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].action.as_str(), &log[0].target), ("user.deactivated", &id.to_string()));
    assert!(log[0].before.is_some() && log[0].after.is_some() && log[0].before != log[0].after);
    let stored = company.store.user(id).await.unwrap().unwrap();
    assert_eq!((stored.status, stored.permission_version), (UserStatus::Deactivated, 2));
}

#[tokio::test]
async fn foreign_and_missing_people_look_alike() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    let missing = UserId::mint(&*office.cloud.ids, alfa.now);
    let mut seen = Vec::new();
    for id in [beta.member.id, beta.owner.id, missing] {
        let role = json!({ "role": "viewer" });
        seen.push(office.get(&alfa.owner, &path(id)).await);
        seen.push(office.patch(&alfa.owner, &path(id), "\"v1\"", &role).await);
        seen.push(office.post(&alfa.owner, &format!("{}/deactivate", path(id)), &json!({})).await);
    }
    let seen: Vec<_> = seen.iter().map(|answer| words(answer.problem(404, "not_found"))).collect();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    let there = beta.store.user(beta.member.id).await.unwrap().unwrap();
    assert_eq!((there.version, there.status), (1, UserStatus::Active));
}
