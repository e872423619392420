//! `GET /api/v1/quarantine`

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use store::Quarantined;
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;

/// Events that could not be processed, newest first. What they say is not shown.
#[utoipa::path(
    get,
    path = "/api/v1/quarantine",
    tag = "quarantine",
    params(PageParameters),
    responses(
        (status = 200, description = "A page of events", body = QuarantinePage),
        Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn list_quarantine(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<QuarantinePage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let page = store.quarantined(&paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = QuarantinePage {
        quarantine: page.items.into_iter().map(QuarantinedAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of quarantined events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantinePage {
    quarantine: Vec<QuarantinedAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// An event that no retry would help.
#[derive(Debug, Serialize, ToSchema)]
struct QuarantinedAnswer {
    #[schema(example = "01772352000000-0f343b0931126a20f133d67c2b018a3b")]
    id: String,
    #[schema(example = "the payload has another shape")]
    reason: String,
    #[schema(value_type = String, example = "2026-03-01T08:00:00Z")]
    received_at: Timestamp,
    #[schema(value_type = String, example = "2026-03-01T08:00:01Z")]
    quarantined_at: Timestamp,
}

impl From<Quarantined> for QuarantinedAnswer {
    fn from(event: Quarantined) -> Self {
        Self {
            id: event.id,
            reason: event.reason,
            received_at: event.received_at,
            quarantined_at: event.quarantined_at,
        }
    }
}
