//! `GET /api/v1/projects`

use axum::Json;
use axum::extract::State;
use domain::ProjectId;
use serde::Serialize;
use tenancy::policy::{Action, Reach};
use utoipa::ToSchema;
use web::openapi::{OfList, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::project::ProjectAnswer;

/// The projects the caller may read, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects",
    tag = "projects",
    params(PageParameters),
    responses((status = 200, description = "A page of projects", body = ProjectPage), Usual, OfList),
    security(("token" = []))
)]
pub(crate) async fn list_projects(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<ProjectPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let request = paging.request(&caller)?;
    let (projects, next) = if caller.reach(Action::ReadProjects) == Reach::Allow {
        let page = store.projects(&request).await?;
        (page.items, page.next)
    } else {
        let page = store.memberships(caller.user(), &request).await?;
        let ids: Vec<ProjectId> = page.items.iter().map(|member| member.project).collect();
        (store.projects_by_id(&ids).await?, page.next)
    };
    let next = paging.next(&caller, next.as_deref())?;
    let answer = ProjectPage {
        projects: projects.into_iter().map(ProjectAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectPage {
    projects: Vec<ProjectAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
