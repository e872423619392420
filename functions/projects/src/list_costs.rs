//! `GET /api/v1/projects/{project_id}/costs`

use axum::Json;
use axum::extract::State;
use domain::project::{Cost, CostStatus};
use domain::{CostId, MessageId, ProjectId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tenancy::policy::Action;
use utoipa::ToSchema;
use web::openapi::{OfItem, OfList, PageParameters, Usual};
use web::{NextPage, Paging, PathId, Problem, SignedIn};

use crate::amount::Amount;
use crate::{App, reading};

/// The costs of a project, proposed ones included, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{project_id}/costs",
    tag = "projects",
    params(
        ("project_id" = String, Path, example = "prj_01jv8z0c9q0000000000000000"),
        PageParameters
    ),
    responses(
        (status = 200, description = "A page of costs", body = CostPage), Usual, OfItem, OfList
    ),
    security(("token" = []))
)]
pub(crate) async fn list_costs(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ProjectId>,
    paging: Paging,
) -> Result<(NextPage, Json<CostPage>), Problem> {
    let (store, project) = reading::project(&app, &caller, id, Action::ReadCosts).await?;
    let page = store.costs(project.id, &paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = CostPage {
        costs: page.items.into_iter().map(CostAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostPage {
    costs: Vec<CostAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Money spent, as reported; counts once it is confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct CostAnswer {
    #[schema(value_type = String, example = "cst_01jv8z0c9q0000000000000000")]
    id: CostId,
    #[schema(value_type = String, example = "prj_01jv8z0c9q0000000000000000")]
    project_id: ProjectId,
    #[schema(example = "Cement, 40 bags")]
    description: String,
    money: Amount,
    #[schema(value_type = String, example = "confirmed")]
    status: CostStatus,
    #[schema(value_type = String, example = "2026-03-01")]
    spent_on: Date,
    #[schema(value_type = Option<String>, example = "usr_01jv8z0c9q0000000000000000")]
    reported_by: Option<UserId>,
    #[schema(value_type = Option<String>)]
    decided_by: Option<UserId>,
    /// The message that reported it.
    #[schema(value_type = Option<String>, example = "msg_01jv8z0c9q0000000000000000")]
    source_message_id: Option<MessageId>,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    created_at: Timestamp,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    updated_at: Timestamp,
    version: u64,
}

impl From<Cost> for CostAnswer {
    fn from(cost: Cost) -> Self {
        Self {
            id: cost.id,
            project_id: cost.project,
            description: cost.description,
            money: cost.money.into(),
            status: cost.status,
            spent_on: cost.spent_on,
            reported_by: cost.reported_by,
            decided_by: cost.decided_by,
            source_message_id: cost.source,
            created_at: cost.created_at,
            updated_at: cost.updated_at,
            version: cost.version,
        }
    }
}
