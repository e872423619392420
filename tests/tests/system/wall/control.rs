//! What shows that the wall's own checks see what they are for.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ProjectId;
use http::StatusCode;
use serde_json::json;
use store::TenantStore;
use tenancy::policy::{self, Route};
use web::Problem;

use super::asking::{Ask, named, of_company, of_nothing, placed};
use super::canaries::Canaries;
use super::site::{By, Site};
use super::{identifiers, life, remains};
use crate::office::{Company, Office, Planted};

const PROJECT: &str = "/api/v1/projects/{project_id}";

#[tokio::test]
async fn a_word_of_another_company_is_found_wherever_it_lies() {
    let mut site = Site::found().await;
    life::live(&mut site).await;
    let canaries = Canaries::of(&site);
    let clean = canaries.search(&remains::gather(&site).await);
    assert!(clean.is_empty(), "{}", clean.join("\n"));

    let (word, own) = (site.sides[1].word, &site.sides[0]);
    let (company, office) = (&own.company, &site.office);
    let by = By { person: &company.agent, side: Some(0) };
    let said = json!({ "content": format!("did {word} call?"), "message_type": "text" });
    office.post(&company.agent, &company.inbox("/messages"), &said).await.ok(201);
    site.ask("control", by, &Ask::get(&company.inbox("/messages"))).await.ok(200);
    let email = format!("{}.second@example.com", own.word);
    let invited = json!({ "email": email, "name": word, "role": "viewer" });
    office.post(&company.owner, "/api/v1/auth/register", &invited).await.ok(201);
    let large = json!({ "type": "hologram", "hologram": word.repeat(40_000) });
    site.works.write(company, &own.foreman, "wamid.control", large).await;
    let text = json!({ "type": "text", "text": { "body": word } });
    site.works.write(company, &own.foreman, "wamid.control.text", text).await;
    tracing::info!(tenant.id = %company.scope.tenant(), project.name = word, "control");
    tracing::info!(token = own.company.owner.token, "control");
    tracing::info!(phone = %own.stranger, "control");
    let names = telemetry::metrics::Counter { name: "control", help: "-", labels: ["who"] };
    office.cloud.metrics.count(&names, [word]);
    site.works.settle(&site.office).await;

    let found = canaries.search(&remains::gather(&site).await);
    for kind in remains::KINDS {
        let is_told = |line: &&String| line.starts_with(kind) && line.contains(word);
        assert!(found.iter().find(is_told).is_some(), "not found in {kind}");
    }
    for secret in [own_token(&site), site.sides[0].stranger.clone()] {
        let told = format!(": {secret}\n");
        let is_told = |line: &&String| line.starts_with("lines of the log") && line.contains(&told);
        assert!(found.iter().find(is_told).is_some(), "{secret} is not found in the log");
    }
}

fn own_token(site: &Site) -> String {
    site.sides[0].company.owner.token.clone().unwrap()
}

/// A handler that looks in everybody's data.
#[derive(Clone)]
struct Careless {
    everybody: Vec<TenantStore>,
    /// Whether it shows what it finds, or only says that it is not for the caller.
    shows: bool,
}

async fn careless(State(careless): State<Careless>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<ProjectId>() else { return Problem::not_found().into_response() };
    for store in &careless.everybody {
        if let Some(project) = store.project(id).await.unwrap() {
            let name = project.name;
            return if careless.shows {
                axum::Json(json!({ "name": name })).into_response()
            } else {
                (StatusCode::FORBIDDEN, "it is not yours").into_response()
            };
        }
    }
    Problem::not_found().into_response()
}

#[tokio::test]
async fn a_handler_that_ignores_the_company_is_found_out() {
    for shows in [true, false] {
        let mut site = Site::found().await;
        let everybody = site.sides.iter().map(|side| side.company.store.clone()).collect();
        let router = Router::new().route(PROJECT, get(careless));
        let router = router.with_state(Careless { everybody, shows });
        let is_its =
            |path: &str| path.strip_prefix("/api/v1/projects/").is_some_and(|id| !id.contains('/'));
        let router = web::finish(router, &site.office.edge);
        site.office.planted = Some(Planted { is_its, router });
        let route: &Route = policy::route("GET", PROJECT).unwrap();
        identifiers::in_paths(&site, &[route]).await;
        let breaches = site.breaches();
        assert!(breaches.len() >= 36, "{} of 36 askers breach the wall", breaches.len());
        let opened = breaches.iter().any(|breach| breach.contains("opened"));
        assert_eq!(opened, shows, "{}", breaches[0]);
        let found = Canaries::of(&site).search(&remains::gather(&site).await);
        let told = found.iter().any(|line| line.starts_with("answers"));
        assert_eq!(told, shows, "{found:?}");
    }
}

#[tokio::test]
async fn what_is_asked_of_another_company_is_carried_out_in_ones_own() {
    let office = Office::open_patient().await;
    for route in named() {
        let company = Company::found(&office, "own").await;
        let path = company.addressed(route.path, &company.owner);
        let ask = Ask::of(route, &path);
        let headers: Vec<(&str, &str)> =
            ask.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let method = http::Method::from_bytes(ask.method.as_bytes()).unwrap();
        let body = axum::body::Body::from(ask.text());
        let answer = office.call(&company.owner, (method, &path), &headers, body).await;
        // A key is shown once, and this one was.
        let is_found = answer.status.is_success() || answer.status == 409;
        assert!(is_found, "{} {path}: {} {}", route.method, answer.status, answer.body);
        assert_eq!(of_company(route, &company).len(), of_nothing(&office, route).len());
        assert_eq!(placed(route, &of_company(route, &company)), path);
    }
}
