//! Shows projects and what happens in them; answers the health checks.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Edge;

mod amount;
mod get_health;
mod get_project;
mod get_ready;
mod list_costs;
mod list_insights;
mod list_members;
mod list_projects;
mod list_tasks;
mod project;
mod reading;

pub use get_ready::Probe;

/// What the routes work with.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    probes: Arc<[Probe]>,
}

impl App {
    /// `probes` are asked by `/health/ready`, besides the tables.
    pub fn new(edge: Edge, probes: Vec<Probe>) -> Self {
        Self { edge, probes: probes.into() }
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
        .routes(routes!(list_projects::list_projects))
        .routes(routes!(get_project::get_project))
        .routes(routes!(list_tasks::list_tasks))
        .routes(routes!(list_costs::list_costs))
        .routes(routes!(list_insights::list_insights))
        .routes(routes!(list_members::list_members))
        .routes(routes!(get_health::get_health))
        .routes(routes!(get_ready::get_ready))
}
