//! Signs people up and in, and publishes the keys that verify their tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use tenancy::Signer;
use tenancy::proof::Proofs;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Edge;

mod accept_invitation;
mod get_keys;
mod get_me;
mod invite_user;
mod link;
mod new_password;
mod person;
mod personal;
mod request_password_reset;
mod reset_password;
mod sign_in;
mod sign_up;
mod verify_email;

pub use tenancy::password;

/// Passwords compared at once: each takes 19 MiB and a core.
const COMPARISONS_MAX: usize = 4;

/// What signing in takes.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    signer: Signer,
    proofs: Proofs,
    comparisons: Arc<Semaphore>,
}

impl App {
    pub fn new(edge: Edge, signer: Signer, proofs: Proofs) -> Self {
        Self { edge, signer, proofs, comparisons: Arc::new(Semaphore::new(COMPARISONS_MAX)) }
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
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(invite_user::invite_user))
        .routes(routes!(accept_invitation::accept_invitation))
        .routes(routes!(request_password_reset::request_password_reset))
        .routes(routes!(reset_password::reset_password))
}
