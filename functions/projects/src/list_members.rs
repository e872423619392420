//! `GET /api/v1/projects/{project_id}/members`

use axum::Json;
use axum::extract::State;
use domain::project::Member;
use domain::role::ProjectRole;
use domain::{ProjectId, UserId};
use jiff::Timestamp;
use serde::Serialize;
use tenancy::policy::Action;
use utoipa::ToSchema;
use web::openapi::{OfItem, OfList, PageParameters, Usual};
use web::{NextPage, Paging, PathId, Problem, SignedIn};

use crate::{App, reading};

/// Who is in a project, and as what.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{project_id}/members",
    tag = "projects",
    params(
        ("project_id" = String, Path, example = "prj_01jv8z0c9q0000000000000000"),
        PageParameters
    ),
    responses(
        (status = 200, description = "A page of members", body = MemberPage), Usual, OfItem, OfList
    ),
    security(("token" = []))
)]
pub(crate) async fn list_members(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ProjectId>,
    paging: Paging,
) -> Result<(NextPage, Json<MemberPage>), Problem> {
    let (store, project) = reading::project(&app, &caller, id, Action::ReadProjects).await?;
    let page = store.members(project.id, &paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = MemberPage {
        members: page.items.into_iter().map(MemberAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberPage {
    members: Vec<MemberAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// A person in a project.
#[derive(Debug, Serialize, ToSchema)]
struct MemberAnswer {
    #[schema(value_type = String, example = "usr_01jv8z0c9q0000000000000000")]
    user_id: UserId,
    #[schema(example = "Omar Haddad")]
    name: String,
    #[schema(value_type = String, example = "engineer")]
    role: ProjectRole,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    added_at: Timestamp,
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user,
            name: member.name,
            role: member.role,
            added_at: member.added_at,
        }
    }
}
