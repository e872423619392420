//! What an organisation says of itself.

use serde_json::json;

use super::{actions, audited};
use crate::office::{Company, Office};

const PATH: &str = "/api/v1/organization";

#[tokio::test]
async fn it_is_changed_part_by_part_over_the_version_that_was_read() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let read = office.get(&company.member, PATH).await;
    assert_eq!(read.header("etag"), Some("\"v1\""));
    let before = read.ok(200);
    assert_eq!(before["limits"], json!({ "users": 200, "channels": 5 }));

    let change = json!({
        "name": "Alfa Holding", "language": "ru", "time_zone": "Europe/Berlin", "currency": "EUR",
        "week_start": "sunday", "slug": "alfa-holding", "limits": { "channels": 7 },
        "branding": { "name": "Alfa", "color": "#0a0b0c" },
        "code_template": { "name": "login_code", "language": "en_US" }
    });
    let changed = office.patch(&company.owner, PATH, "\"v1\"", &change).await;
    assert_eq!(changed.header("etag"), Some("\"v2\""));
    let after = changed.ok(200);
    for name in ["name", "language", "time_zone", "currency", "week_start", "slug", "code_template"]
    {
        assert_eq!(after[name], change[name], "{name}");
    }
    assert_eq!(after["limits"], json!({ "users": 200, "channels": 7 }));
    assert_eq!(office.get(&company.owner, PATH).await.ok(200), after);

    let part = json!({ "branding": { "name": null, "logo_url": "https://cdn.example.com/a.png" }, "slug": null });
    let after = office.patch(&company.owner, PATH, "\"v2\"", &part).await.ok(200);
    let expected =
        json!({ "name": null, "color": "#0a0b0c", "logo_url": "https://cdn.example.com/a.png" });
    assert_eq!((&after["branding"], &after["slug"]), (&expected, &json!(null)));
    assert_eq!(after["name"], "Alfa Holding");
    // Nothing different is nothing done.
    let same =
        office.patch(&company.owner, PATH, "\"v3\"", &json!({ "name": "Alfa Holding" })).await;
    assert_eq!(same.ok(200)["version"], 3);
    let log = audited(&office, &company.scope).await;
    assert_eq!(log.len(), 2);
    assert!(log.iter().all(|entry| entry.action == "organization.changed"));
    assert!(log[0].before.is_some() && log[0].after == log[1].before);
}

#[tokio::test]
async fn without_the_version_that_is_there_nothing_is_changed() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let body = json!({ "name": "Another" });
    let missing = office
        .call(
            &company.owner,
            (http::Method::PATCH, PATH),
            &[("content-type", "application/json")],
            body.to_string().into(),
        )
        .await;
    missing.problem(428, "precondition_required");
    let stale = office.patch(&company.owner, PATH, "\"v0\"", &body).await;
    assert_eq!(stale.problem(412, "precondition_failed")["etag"], "\"v1\"");
    for garbage in ["v1", "*", "\"1\"", "W/\"v1\"", "\"v-1\""] {
        let answer = office.patch(&company.owner, PATH, garbage, &body).await;
        answer.problem(400, "invalid_if_match");
    }
    for who in [&company.agent, &company.member] {
        office.patch(who, PATH, "\"v1\"", &body).await.problem(403, "forbidden");
    }
    let (name, other) = (json!({ "name": "One" }), json!({ "name": "Two" }));
    let (one, two) = tokio::join!(
        office.patch(&company.owner, PATH, "\"v1\"", &name),
        office.patch(&company.owner, PATH, "\"v1\"", &other)
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(actions(&office, &company.scope).await, ["organization.changed"]);
}

#[tokio::test]
async fn a_sub_domain_is_one_organisations_until_it_gives_it_back() {
    let office = Office::open().await;
    let (alfa, beta) =
        (Company::found(&office, "ALFA").await, Company::found(&office, "BETA").await);
    let slug = json!({ "slug": "gulf-build" });
    office.patch(&alfa.owner, PATH, "\"v1\"", &slug).await.ok(200);
    office.patch(&beta.owner, PATH, "\"v1\"", &slug).await.problem(409, "slug_taken");
    let other = json!({ "slug": "other-name" });
    office.patch(&alfa.owner, PATH, "\"v2\"", &other).await.ok(200);
    office.patch(&beta.owner, PATH, "\"v1\"", &slug).await.ok(200);
    office.patch(&alfa.owner, PATH, "\"v3\"", &slug).await.problem(409, "slug_taken");
    let kept = office.get(&alfa.owner, PATH).await.ok(200);
    assert_eq!((&kept["slug"], &kept["version"]), (&json!("other-name"), &json!(3)));
}

#[tokio::test]
async fn every_fault_of_a_change_is_named_at_its_place() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let bad = json!({
        "name": null, "language": "fr", "time_zone": "Mars/Olympus", "currency": "dirham",
        "week_start": "tuesday", "slug": "www", "limits": { "users": 501, "channels": 0 },
        "branding": { "color": "red", "logo_url": "http://x.example", "font": "serif" },
        "code_template": { "name": "Login" }
    });
    let problem =
        office.patch(&company.owner, PATH, "\"v1\"", &bad).await.problem(422, "validation");
    let mut places: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["pointer"].as_str().unwrap())
        .collect();
    places.sort_unstable();
    let expected = [
        "/branding/color",
        "/branding/font",
        "/branding/logo_url",
        "/code_template/language",
        "/code_template/name",
        "/currency",
        "/language",
        "/limits/channels",
        "/limits/users",
        "/name",
        "/slug",
        "/time_zone",
        "/week_start",
    ];
    assert_eq!(places, expected);
}
