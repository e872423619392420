//! Bodies made from the description of the API and then broken, through the real routers: whatever
//! they are, the answer is one that the description knows, and never a 5xx.
//!
//! `cargo test` reads what was ever found and tries a few hundred new ones; `cargo xtask fuzz
//! bodies` goes on for as long as it is told to.

use std::collections::BTreeMap;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use axum::body::Body;
use domain::role::TenantRole;
use futures::FutureExt;
use http::{Method, StatusCode};
use serde_json::Value;
use testkit::Dice;

use crate::office::{Company, Office};
use crate::openapi;

mod breaking;
mod making;

use making::{addressed, example};

/// Of one organisation; then another is founded, for what bodies did to the last one.
const BODIES_PER_COMPANY: usize = 250;
/// Without anybody asking for more.
const BODIES_OF_A_TEST: usize = 250;
const TRIES_TO_MINIMISE: usize = 300;

/// An operation that takes a body.
struct Operation {
    name: String,
    method: Method,
    path: String,
    /// A body as it should be.
    example: Value,
    /// The answers that the description has.
    statuses: Vec<String>,
}

struct Field {
    office: Office,
    company: Company,
    operations: Vec<Operation>,
    sent: usize,
    /// Of those that were sent.
    accepted: usize,
}

impl Field {
    async fn new() -> Self {
        let office = Office::open_patient().await;
        let company = Company::found(&office, "ALFA").await;
        let document = openapi::document();
        let of = |(method, path, operation): (String, String, Value)| {
            let content = &operation["requestBody"]["content"]["application/json"];
            Some(Operation {
                name: operation["operationId"].as_str()?.to_owned(),
                method: Method::from_bytes(method.as_bytes()).ok()?,
                example: example(&document, content.get("schema")?),
                path,
                statuses: operation["responses"].as_object()?.keys().cloned().collect(),
            })
        };
        let operations: Vec<_> = openapi::operations().into_iter().filter_map(of).collect();
        assert!(operations.len() > 20, "{} operations take a body", operations.len());
        Self { office, company, operations, sent: 0, accepted: 0 }
    }

    /// What is wrong with the answer to this body, if anything is.
    async fn fault(&mut self, place: usize, body: &[u8]) -> Option<String> {
        if self.sent % BODIES_PER_COMPANY == BODIES_PER_COMPANY - 1 {
            self.company = Company::found(&self.office, "ALFA").await;
        }
        if self.sent.is_multiple_of(10) {
            self.office.cloud.advance(60);
        }
        self.sent += 1;
        let operation = &self.operations[place];
        let company = &self.company;
        let owner = self.office.person(&company.scope, company.owner.id, TenantRole::Owner);
        let headers = [("content-type", "application/json"), ("if-match", "\"v1\"")];
        let path = addressed(&operation.path, company);
        let call = self.office.call(
            &owner,
            (operation.method.clone(), &path),
            &headers,
            Body::from(body.to_vec()),
        );
        let Ok(answer) = AssertUnwindSafe(call).catch_unwind().await else {
            return Some("a panic".to_owned());
        };
        let status = answer.status;
        if !operation.statuses.iter().any(|known| known == status.as_str()) {
            return Some(format!("{status} is not described: {}", answer.body));
        }
        if status.is_success() {
            self.accepted += 1;
            let is_json =
                answer.body.is_empty() || serde_json::from_str::<Value>(&answer.body).is_ok();
            return (!is_json).then(|| format!("not JSON: {}", answer.body));
        }
        problem_fault(status, &answer.body)
    }

    /// The smallest body found that is answered as badly.
    async fn minimised(&mut self, place: usize, body: Vec<u8>) -> Vec<u8> {
        let mut small = body;
        for _ in 0..TRIES_TO_MINIMISE {
            let mut smaller = None;
            for candidate in breaking::smaller(&small) {
                if self.fault(place, &candidate).await.is_some() {
                    smaller = Some(candidate);
                    break;
                }
            }
            let Some(next) = smaller else { break };
            small = next;
        }
        small
    }
}

/// What is wrong with a problem document: its form, or a code that no page explains.
fn problem_fault(status: StatusCode, body: &str) -> Option<String> {
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default();
    let is_formed = problem["status"] == status.as_u16()
        && problem["type"] == format!("urn:hndasah:problem:{code}")
        && problem["title"].is_string()
        && problem["request_id"].is_string();
    let is_known = crate::tree::read("docs/problems.md").contains(&format!("`{code}`"));
    if status.is_server_error() || !is_formed || !is_known {
        return Some(format!("{status}: {body}"));
    }
    None
}

/// Bodies that were once answered badly: a folder of `<operation>-<number>` files.
fn found() -> BTreeMap<String, Vec<u8>> {
    let Ok(files) = fs::read_dir(folder()) else { return BTreeMap::new() };
    let read = |file: fs::DirEntry| {
        (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
    };
    files.map(|file| read(file.unwrap())).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/found/bodies"))
}

#[expect(clippy::disallowed_methods, reason = "`cargo xtask fuzz` says how long and from where")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test]
async fn bodies_of_any_kind_are_taken_or_refused() {
    let mut field = Field::new().await;
    for (name, body) in found() {
        let operation = name.rsplit_once('-').map(|(operation, _)| operation);
        let place = field.operations.iter().position(|one| Some(&*one.name) == operation);
        let fault = field.fault(place.expect("the operation is gone"), &body).await;
        assert_eq!(fault, None, "{name}");
    }
    let seed = number("FUZZ_SEED").unwrap_or(1);
    let lasting = number("FUZZ_SECONDS").map(Duration::from_secs);
    let begun = Instant::now();
    let mut tried = 0_u64;
    while lasting.map_or(tried < BODIES_OF_A_TEST as u64, |lasting| begun.elapsed() < lasting) {
        let mut dice = Dice::of(seed, tried);
        let place = dice.below(field.operations.len());
        let body = breaking::broken(&mut dice, &field.operations[place].example);
        tried += 1;
        let Some(fault) = field.fault(place, &body).await else { continue };
        let small = field.minimised(place, body).await;
        let name = format!("{}-{seed}{tried:06}", field.operations[place].name);
        fs::create_dir_all(folder()).unwrap();
        fs::write(folder().join(&name), &small).unwrap();
        panic!("{fault}\nkept as {name}: {}", String::from_utf8_lossy(&small));
    }
    let seconds = begun.elapsed().as_secs().max(1);
    println!(
        "bodies     {tried:>10} executions in {seconds} s, {} a second, {} accepted, {} operations",
        tried / seconds,
        field.accepted,
        field.operations.len()
    );
    assert!(field.accepted > 0, "not one of them was near enough to be accepted");
}

#[tokio::test]
async fn a_bad_answer_is_noticed() {
    assert!(problem_fault(StatusCode::INTERNAL_SERVER_ERROR, "{}").is_some());
    let unknown = r#"{"type":"urn:hndasah:problem:odd_one","title":"","status":422,
        "code":"odd_one","request_id":"1"}"#;
    assert!(problem_fault(StatusCode::UNPROCESSABLE_ENTITY, unknown).is_some());
    let known = unknown.replace("odd_one", "validation");
    assert_eq!(problem_fault(StatusCode::UNPROCESSABLE_ENTITY, &known), None);
    assert!(problem_fault(StatusCode::CONFLICT, &known).is_some());
    let mut field = Field::new().await;
    let place = field.operations.iter().position(|one| one.name == "send_message").unwrap();
    assert_eq!(field.fault(place, b"{}").await, None);
    field.operations[place].statuses.retain(|status| status != "422");
    assert!(field.fault(place, b"{}").await.is_some());
}
