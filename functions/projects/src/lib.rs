//! Shows projects and what happens in them; answers the health checks.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use utoipa::openapi::OpenApi;
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
    web::finish(served().with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

web::endpoints! {
    App:
    list_projects,
    get_project,
    list_tasks,
    list_costs,
    list_insights,
    list_members,
    get_health,
    get_ready,
}
