//! What surrounds every route: limits, headers, problem documents.

use axum::body::Body;
use http::Method;
use serde_json::json;

use crate::office::{Answer, Company, ORIGIN, Office};
use crate::tree;

/// aws.md §3.9.
const SECURITY: [(&str, &str); 7] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-site"),
];

#[track_caller]
fn is_secured(answer: &Answer) {
    for (name, value) in SECURITY {
        assert_eq!(answer.header(name), Some(value), "{name} on {}", answer.status);
    }
    assert!(answer.header("x-request-id").is_some());
}

#[tokio::test]
async fn every_answer_is_secured_and_every_failure_is_a_problem() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let (owner, nobody) = (&company.owner, Office::nobody());
    let messages = company.inbox("/messages");
    let json = [("content-type", "application/json")];
    let call = async |headers: &[(&str, &str)], body: Body| {
        office.call(owner, (Method::POST, &messages), headers, body).await
    };
    for (answer, status, code) in [
        (office.get(&nobody, "/api/v1/projects").await, 401, "token_required"),
        (office.get(owner, "/api/v1/conversations/nowhere/else").await, 404, "not_found"),
        (
            office.call(owner, (Method::DELETE, &messages), &[], Body::empty()).await,
            405,
            "method_not_allowed",
        ),
        (call(&json, Body::from("{\"content\":")).await, 400, "malformed_body"),
        (call(&json, Body::from("[1]")).await, 400, "malformed_body"),
        (call(&json, Body::from("[".repeat(200))).await, 400, "malformed_body"),
        (call(&json, Body::from(vec![0xff])).await, 400, "malformed_body"),
        (
            call(&[("content-type", "text/plain")], Body::from("hello")).await,
            415,
            "unsupported_media_type",
        ),
        (call(&json, Body::from(vec![b' '; 256 * 1024 + 1])).await, 413, "too_large"),
        (
            office.post(owner, &messages, &json!({ "tenant_id": "x" })).await,
            400,
            "tenant_not_accepted",
        ),
        (office.get(owner, "/api/v1/projects?tenant_id=x").await, 400, "tenant_not_accepted"),
        (call(&[("x-tenant-id", "x")], Body::empty()).await, 400, "tenant_not_accepted"),
    ] {
        is_secured(&answer);
        answer.problem(status, code);
    }
    is_secured(&office.get(owner, "/api/v1/projects").await);
    assert_eq!(
        office.get(&nobody, "/api/v1/projects").await.header("www-authenticate"),
        Some("Bearer")
    );
    let health = office.get(&nobody, "/health").await;
    is_secured(&health);
    assert_eq!(health.ok(200), json!({ "status": "ok" }));
    let ready = office.get(&nobody, "/health/ready").await.ok(200);
    assert_eq!(ready, json!({ "status": "ok", "checks": { "dynamodb": "ok" } }));

    let refused = office.call(owner, (Method::DELETE, &messages), &[], Body::empty()).await;
    assert!(refused.header("allow").is_some_and(|methods| methods.contains("POST")));

    let metrics = office.cloud.metrics.prometheus_text();
    let line = "http_requests_total{service=\"test\",method=\"DELETE\",\
                route=\"/api/v1/conversations/{conversation_id}/messages\",status=\"405\"} 2";
    assert!(metrics.contains(line), "{metrics}");
    assert!(!metrics.contains(&company.conversation.to_string()));
}

#[tokio::test]
async fn browsers_of_the_frontend_may_call_and_large_answers_are_compressed() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    let path = company.inbox("/messages");
    let preflight = |origin: &'static str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        let (office, path) = (&office, &path);
        async move {
            office.call(&Office::nobody(), (Method::OPTIONS, path), &headers, Body::empty()).await
        }
    };
    let allowed = preflight(ORIGIN).await;
    assert_eq!(
        (allowed.status.as_u16(), allowed.header("access-control-allow-origin")),
        (204, Some(ORIGIN))
    );
    let headers = allowed.header("access-control-allow-headers").unwrap();
    assert!(headers.contains("idempotency-key") && headers.contains("x-api-key"), "{headers}");
    assert!(allowed.header("access-control-allow-methods").unwrap().contains("DELETE"));
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    for origin in ["https://app.example.com.evil.test", "null", "https://app.example.com:8443"] {
        let refused = preflight(origin).await;
        assert_eq!(refused.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(refused.header("access-control-allow-methods"), None, "{origin}");
    }

    company.plan(&office, 24).await;
    let headers = [("accept-encoding", "gzip"), ("origin", ORIGIN)];
    let list = |limit: usize| {
        let path = company.path(&format!("/tasks?limit={limit}"));
        let (office, owner) = (&office, &company.owner);
        async move { office.call(owner, (Method::GET, &path), &headers, Body::empty()).await }
    };
    let large = list(25).await;
    assert_eq!((large.status.as_u16(), large.header("content-encoding")), (200, Some("gzip")));
    assert_eq!(
        large.header("access-control-expose-headers"),
        Some(
            "etag, idempotency-replayed, link, location, ratelimit-limit, ratelimit-policy, \
             ratelimit-remaining, ratelimit-reset, retry-after, x-next-cursor, x-request-id"
        )
    );
    assert_eq!(list(1).await.header("content-encoding"), None);
}

#[tokio::test]
async fn under_lambda_the_gateway_names_the_request() {
    let office = Office::open().await;
    for (event, status, code) in [
        ("list-projects", 401, "invalid_token"),
        ("list-conversations", 401, "invalid_token"),
        ("login", 401, "invalid_credentials"),
    ] {
        let answer = office.invoke(&tree::read(&format!("events/apigateway/{event}.json"))).await;
        is_secured(&answer);
        assert_eq!(answer.header("x-request-id"), Some("ExampleRequest="));
        answer.problem(status, code);
    }
}
