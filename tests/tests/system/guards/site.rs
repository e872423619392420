//! Functions made otherwise than the office's, and requests from somewhere.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use store::{Store, TableNames};
use telemetry::Machine;
use tower::ServiceExt;
use web::Edge;

use crate::office::{Answer, Office, Person};

/// The tables of the template, by the stage of tests.
pub(super) fn names() -> TableNames {
    let name = |table: &str| format!("hndasah-local-{table}");
    TableNames {
        directory: name("directory"),
        tenants: name("tenants"),
        projects: name("projects"),
        conversations: name("conversations"),
        jobs: name("jobs"),
        guards: name("guards"),
        audit: name("audit"),
    }
}

/// An edge of the office's keys and clock over another store.
pub(super) fn edge(office: &Office, client: Client, names: TableNames) -> Edge {
    let machine = Machine {
        clock: Arc::clone(&office.cloud.clock) as _,
        ids: Arc::clone(&office.cloud.ids) as _,
        metrics: office.cloud.metrics.clone(),
    };
    Edge::new(Store::new(client, names), &office.verification, machine, &[]).unwrap()
}

/// A request with a JSON body from an address.
pub(super) fn request(from: [u8; 4], method: Method, path: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(SocketAddr::from((IpAddr::from(from), 40_000))))
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// The same of somebody.
pub(super) fn signed(who: &Person, mut request: Request<Body>) -> Request<Body> {
    let token = format!("Bearer {}", who.token.as_deref().unwrap());
    request.headers_mut().insert(AUTHORIZATION, token.parse().unwrap());
    request
}

pub(super) async fn ask(router: &Router, request: Request<Body>) -> Answer {
    Answer::of(router.clone().oneshot(request).await.unwrap()).await
}
