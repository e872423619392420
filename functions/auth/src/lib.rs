//! Signs people in and publishes the keys that verify their tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use tenancy::Signer;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Edge;

mod get_keys;
mod get_me;
pub use tenancy::password;
mod person;
mod sign_in;

/// Passwords compared at once: each takes 19 MiB and a core.
const COMPARISONS_MAX: usize = 4;

/// What signing in takes.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    signer: Signer,
    comparisons: Arc<Semaphore>,
}

impl App {
    pub fn new(edge: Edge, signer: Signer) -> Self {
        Self { edge, signer, comparisons: Arc::new(Semaphore::new(COMPARISONS_MAX)) }
    }
}

impl FromRef<App> for Edge {
    fn from_ref(app: &App) -> Self {
        app.edge.clone()
    }
}

/// The one door: Lambda, the embedded stack and the tests call it.
pub fn router(app: App) -> Router {
    let edge = app.edge.clone();
    let (router, _) = described().split_for_parts();
    web::finish(router.with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(get_me::get_me))
        .routes(routes!(get_keys::get_keys))
}
