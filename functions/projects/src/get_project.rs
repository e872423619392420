//! `GET /api/v1/projects/{project_id}`

use axum::Json;
use axum::extract::State;
use domain::ProjectId;
use tenancy::policy::Action;
use web::openapi::{OfItem, Usual};
use web::{PathId, Problem, SignedIn};

use crate::project::ProjectAnswer;
use crate::{App, reading};

/// One project with its totals and how much of its budget is used.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{project_id}",
    tag = "projects",
    params(("project_id" = String, Path, example = "prj_01jv8z0c9q0000000000000000")),
    responses((status = 200, description = "The project", body = ProjectAnswer), Usual, OfItem),
    security(("token" = []))
)]
pub(crate) async fn get_project(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ProjectId>,
) -> Result<Json<ProjectAnswer>, Problem> {
    let (_, project) = reading::project(&app, &caller, id, Action::ReadProjects).await?;
    Ok(Json(project.into()))
}
