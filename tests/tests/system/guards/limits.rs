//! Who may call how often, and what happens when it cannot be counted.

use axum::body::Body;
use http::Method;
use serde_json::json;
use web::Limits;

use super::site::{self, ask, request, signed};
use crate::office::{Answer, Company, Office};

const PROJECTS: &str = "/api/v1/projects";
const LOGIN: &str = "/api/v1/auth/login";
const HERE: [u8; 4] = [203, 0, 113, 7];

fn number(answer: &Answer, name: &str) -> i64 {
    answer.header(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

#[tokio::test]
async fn sixty_calls_a_minute_of_one_caller_to_one_route_and_then_some_patience() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.settle().await;
    let mut remaining = 60;
    for _ in 0..60 {
        let answer = office.get(&company.owner, PROJECTS).await;
        assert_eq!(answer.status, 200);
        remaining -= 1;
        assert_eq!(number(&answer, "ratelimit-remaining"), remaining);
        assert_eq!(answer.header("ratelimit-policy"), Some("60;w=60"));
    }
    let refused = office.get(&company.owner, PROJECTS).await;
    refused.problem(429, "too_many_requests");
    let wait = number(&refused, "retry-after");
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(number(&refused, "ratelimit-remaining"), 0);
    assert_eq!(number(&refused, "ratelimit-reset"), 60);
    // Another route, another caller, and what nobody counts are not touched.
    office.get(&company.owner, &company.path("/tasks")).await.ok(200);
    office.get(&company.agent, PROJECTS).await.ok(200);
    assert_eq!(office.get(&Office::nobody(), "/health").await.header("ratelimit-limit"), None);

    office.cloud.advance(wait - 1);
    assert_eq!(office.get(&company.owner, PROJECTS).await.status, 429);
    office.cloud.advance(1);
    office.get(&company.owner, PROJECTS).await.ok(200);
    let metrics = office.cloud.metrics.prometheus_text();
    assert!(
        metrics.contains("rate_limited_total{service=\"test\",route=\"/api/v1/projects\"} 2"),
        "{metrics}"
    );
}

#[tokio::test]
async fn thirty_messages_a_minute() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.settle().await;
    let path = company.inbox("/messages");
    let message = json!({ "content": "hello", "message_type": "text" });
    for _ in 0..30 {
        office.post(&company.agent, &path, &message).await.ok(201);
    }
    office.post(&company.agent, &path, &message).await.problem(429, "too_many_requests");
    assert_eq!(company.head().await.message_count, 31, "the refused one was sent");
}

#[tokio::test]
async fn several_environments_share_one_bucket() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.settle().await;
    let environments: Vec<_> = (0..4)
        .map(|_| {
            let edge = site::edge(&office, office.cloud.aws.dynamodb(), site::names());
            projects::router(projects::App::new(edge, Vec::new()))
        })
        .collect();
    let mut admitted = 0;
    for _ in 0..60 {
        for environment in &environments {
            let request = request(HERE, Method::GET, PROJECTS, "");
            let answer = ask(environment, signed(&company.owner, request)).await;
            admitted += usize::from(answer.status == 200);
        }
    }
    // Each may give five away before it asks, and hold no call back that others could make.
    assert!((60..=60 + 4 * 5).contains(&admitted), "{admitted}");
}

#[tokio::test]
async fn credentials_are_tried_ten_times_a_minute_from_one_network() {
    let office = Office::open_with(Limits::PRODUCTION).await;
    let auth = site::edge(&office, office.cloud.aws.dynamodb(), site::names());
    let auth = office.auth_at(auth);
    let body = json!({ "username": "nobody@example.com", "password": 1 }).to_string();
    let from = |last: u8, third: u8| request([203, 0, third, last], Method::POST, LOGIN, &body);
    for neighbour in 0..10 {
        ask(&auth, from(neighbour, 113)).await.problem(422, "validation");
    }
    let refused = ask(&auth, from(200, 113)).await;
    refused.problem(429, "too_many_requests");
    assert_eq!(number(&refused, "retry-after"), 6, "one comes back every six seconds");
    ask(&auth, from(1, 114)).await.problem(422, "validation");
}

#[tokio::test]
async fn when_nobody_can_count_people_work_on_and_nobody_tries_passwords() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.settle().await;
    let names = || store::TableNames { guards: "not-there".to_owned(), ..site::names() };
    let edge = || site::edge(&office, office.cloud.aws.dynamodb(), names());
    let projects = projects::router(projects::App::new(edge(), Vec::new()));
    for _ in 0..70 {
        let request = request(HERE, Method::GET, PROJECTS, "");
        ask(&projects, signed(&company.owner, request)).await.ok(200);
    }
    let auth = office.auth_at(edge());
    let body = json!({ "username": "a@example.com", "password": "x" }).to_string();
    let answer = ask(&auth, request(HERE, Method::POST, LOGIN, &body)).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn a_refusal_is_secured_and_readable_by_the_frontend() {
    let office = Office::open().await;
    let company = Company::found(&office, "ALFA").await;
    office.settle().await;
    for _ in 0..60 {
        office.get(&company.owner, PROJECTS).await;
    }
    let origin = [("origin", crate::office::ORIGIN)];
    let refused =
        office.call(&company.owner, (Method::GET, PROJECTS), &origin, Body::empty()).await;
    refused.problem(429, "too_many_requests");
    assert_eq!(refused.header("access-control-allow-origin"), Some(crate::office::ORIGIN));
    assert!(refused.header("access-control-expose-headers").unwrap().contains("retry-after"));
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
}
