//! `GET /health/ready`

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::{Error, ProjectId, Result};
use futures::future::{BoxFuture, join_all};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use tenancy::TenantScope;
use tokio::time::timeout;
use utoipa::ToSchema;
use web::Problem;

use crate::App;

/// A dependency that does not answer in this time is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// A dependency and how to ask whether it is there.
#[derive(Clone)]
pub struct Probe {
    name: &'static str,
    ask: Arc<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>,
}

impl Probe {
    pub fn new(
        name: &'static str,
        ask: impl Fn() -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        Self { name, ask: Arc::new(ask) }
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Probe").field(&self.name).finish()
    }
}

/// Says whether everything the API needs can be reached.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "health",
    responses(
        (status = 200, description = "Everything is reachable", body = Ready),
        (status = 503, description = "Something is not; `checks` says what",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(())
)]
pub(crate) async fn get_ready(State(app): State<App>) -> std::result::Result<Json<Ready>, Problem> {
    let tables = {
        let app = app.clone();
        Probe::new("dynamodb", move || {
            let app = app.clone();
            Box::pin(async move { tables(&app).await })
        })
    };
    let probes: Vec<&Probe> = std::iter::once(&tables).chain(app.probes.iter()).collect();
    let answers = join_all(probes.iter().map(|probe| timeout(PATIENCE, (probe.ask)()))).await;
    let mut checks = BTreeMap::new();
    let mut cause = None;
    for (probe, answer) in probes.iter().zip(answers) {
        let outcome = answer.unwrap_or_else(|_| Err(Error::unavailable("no answer in time")));
        checks.insert(probe.name, if outcome.is_ok() { "ok" } else { "unreachable" });
        cause = outcome.err().or(cause);
    }
    match cause {
        None => Ok(Json(Ready { status: "ok", checks })),
        Some(error) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let problem = Problem::new(status, "not_ready", "A dependency cannot be reached");
            Err(problem.with("checks", json!(checks)).caused_by(&error))
        }
    }
}

/// Looks for a project of a tenant that has just been thought of: nobody's data are read.
async fn tables(app: &App) -> Result<()> {
    let nobody = TenantScope::found(app.edge.clock(), app.edge.ids());
    let absent = ProjectId::mint(app.edge.ids(), app.edge.now());
    app.edge.store().for_tenant(&nobody).project(absent).await.map(|_| ())
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    #[schema(example = "ok")]
    status: &'static str,
    /// Each dependency: `ok` or `unreachable`.
    #[schema(value_type = Object, example = json!({"dynamodb": "ok"}))]
    checks: BTreeMap<&'static str, &'static str>,
}
