//! `GET /api/v1/projects/{project_id}/insights`

use axum::Json;
use axum::extract::State;
use domain::project::{Insight, InsightKind, Priority};
use domain::{InsightId, MessageId, ProjectId, UserId};
use jiff::Timestamp;
use serde::Serialize;
use tenancy::policy::Action;
use utoipa::ToSchema;
use web::openapi::{OfItem, OfList, PageParameters, Usual};
use web::{NextPage, Paging, PathId, Problem, SignedIn};

use crate::{App, reading};

/// What the manager of a project should know, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{project_id}/insights",
    tag = "projects",
    params(
        ("project_id" = String, Path, example = "prj_01jv8z0c9q0000000000000000"),
        PageParameters
    ),
    responses(
        (status = 200, description = "A page of insights", body = InsightPage), Usual, OfItem, OfList
    ),
    security(("token" = []))
)]
pub(crate) async fn list_insights(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ProjectId>,
    paging: Paging,
) -> Result<(NextPage, Json<InsightPage>), Problem> {
    let (store, project) = reading::project(&app, &caller, id, Action::ReadProjects).await?;
    let page = store.insights(project.id, &paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = InsightPage {
        insights: page.items.into_iter().map(InsightAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of insights.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InsightPage {
    insights: Vec<InsightAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Something the project manager should know, with the message that says it.
#[derive(Debug, Serialize, ToSchema)]
struct InsightAnswer {
    #[schema(value_type = String, example = "ins_01jv8z0c9q0000000000000000")]
    id: InsightId,
    #[schema(value_type = String, example = "prj_01jv8z0c9q0000000000000000")]
    project_id: ProjectId,
    #[schema(value_type = String, example = "risk_alert")]
    kind: InsightKind,
    #[schema(value_type = String, example = "high")]
    priority: Priority,
    #[schema(example = "Water is coming through the roof of block C")]
    summary: String,
    #[schema(value_type = Option<String>, example = "usr_01jv8z0c9q0000000000000000")]
    reported_by: Option<UserId>,
    #[schema(value_type = String, example = "msg_01jv8z0c9q0000000000000000")]
    source_message_id: MessageId,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
}

impl From<Insight> for InsightAnswer {
    fn from(insight: Insight) -> Self {
        Self {
            id: insight.id,
            project_id: insight.project,
            kind: insight.kind,
            priority: insight.priority,
            summary: insight.summary,
            reported_by: insight.reported_by,
            source_message_id: insight.source,
            created_at: insight.created_at,
        }
    }
}
