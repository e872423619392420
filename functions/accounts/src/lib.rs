//! The organisation, its people, its keys, and what was done there.

use axum::Router;
use axum::extract::FromRef;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Edge;

mod api_key;
mod audit_log;
mod create_api_key;
mod export_audit_log;
mod get_policy;
mod list_api_keys;
mod list_audit_log;
mod reveal_api_key;
mod revoke_api_key;
mod rotate_api_key;
mod verify_audit_log;

/// What the routes work with.
#[derive(Clone)]
pub struct App {
    edge: Edge,
}

impl App {
    pub fn new(edge: Edge) -> Self {
        Self { edge }
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
        .routes(routes!(get_policy::get_policy))
        .routes(routes!(list_api_keys::list_api_keys, create_api_key::create_api_key))
        .routes(routes!(rotate_api_key::rotate_api_key))
        .routes(routes!(reveal_api_key::reveal_api_key))
        .routes(routes!(revoke_api_key::revoke_api_key))
        .routes(routes!(list_audit_log::list_audit_log))
        .routes(routes!(export_audit_log::export_audit_log))
        .routes(routes!(verify_audit_log::verify_audit_log))
}
