//! What a body may not say.

use domain::UserId;
use http::Method;
use serde_json::{Value, json};

use super::PASSWORD;
use crate::office::{Company, Office, Person};

#[tokio::test]
async fn nobody_gives_themselves_a_role_an_id_or_a_version() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (owner, nobody) = (&company.owner, &Office::nobody());
    let user = format!("/api/v1/users/{}", company.member.id);
    let channel = format!("/api/v1/organization/channels/{}", company.channel);
    let sign_up = json!({
        "organization_name": "Delta", "name": "Dana", "email": "dana@example.com",
        "password": PASSWORD
    });
    let invitation = json!({ "email": "sara@example.com", "name": "Sara", "role": "viewer" });
    let link = json!({ "token": "x", "password": PASSWORD });
    let connection = json!({ "phone_number_id": "2000000", "access_token": "EAA-of-the-number" });
    let token = json!({ "access_token": "EAA-of-the-number" });
    let bodies: [(&Person, Method, String, Value); 14] = [
        (nobody, Method::POST, "/api/v1/organizations".to_owned(), sign_up),
        (nobody, Method::POST, "/api/v1/auth/email/verify".to_owned(), json!({ "token": "x" })),
        (nobody, Method::POST, "/api/v1/auth/invitations/accept".to_owned(), link.clone()),
        (nobody, Method::POST, "/api/v1/auth/password/reset".to_owned(), link),
        (
            nobody,
            Method::POST,
            "/api/v1/auth/password/forgot".to_owned(),
            json!({ "email": "dana@example.com" }),
        ),
        (owner, Method::POST, "/api/v1/auth/register".to_owned(), invitation),
        (owner, Method::PATCH, "/api/v1/organization".to_owned(), json!({ "name": "Alfa" })),
        (owner, Method::POST, "/api/v1/organization/channels".to_owned(), connection),
        (owner, Method::POST, format!("{channel}/verify"), json!({})),
        (owner, Method::POST, format!("{channel}/rotate-token"), token),
        (owner, Method::PATCH, user.clone(), json!({ "role": "viewer" })),
        (owner, Method::POST, format!("{user}/deactivate"), json!({})),
        (owner, Method::POST, "/api/v1/users/me/phone".to_owned(), json!({ "phone": "+9715000" })),
        (
            owner,
            Method::POST,
            "/api/v1/users/me/phone/verify".to_owned(),
            json!({ "code": "123456" }),
        ),
    ];
    let headers = [("content-type", "application/json"), ("if-match", "\"v1\"")];
    let mut refused = 0;
    for (who, method, path, body) in bodies {
        for name in ["role", "tenant_id", "version", "id", "permission_version", "status"] {
            if body.get(name).is_some() || (name == "status" && path == user) {
                continue;
            }
            let mut body = body.clone();
            body[name] = json!("owner");
            let call = office.call(who, (method.clone(), &path), &headers, body.to_string().into());
            let answer = call.await;
            if name == "tenant_id" {
                // A tenant's id is refused wherever it stands.
                let problem = answer.problem(400, "tenant_not_accepted");
                assert_eq!(problem["errors"][0]["pointer"], "/tenant_id");
            } else {
                let problem = answer.problem(422, "validation");
                let errors = problem["errors"].as_array().unwrap();
                let named = errors.iter().any(|error| {
                    error["pointer"] == format!("/{name}") && error["code"] == "unknown_field"
                });
                assert!(named, "{method} {path} {name}: {problem}");
            }
            refused += 1;
        }
    }
    println!("{refused} bodies with a member too many were refused");
    assert!(refused >= 80);
    let member: UserId = company.member.id;
    assert_eq!(company.store.user(member).await.unwrap().unwrap().version, 1);
    assert_eq!(company.store.tenant().await.unwrap().version, 1);
}
