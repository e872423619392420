//! `GET /api/v1/audit-log`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::audit_log::{AuditEntryAnswer, AuditParameters, filter};

/// What was done in the organisation, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit-log",
    tag = "audit log",
    params(AuditParameters, PageParameters),
    responses(
        (status = 200, description = "A page of entries", body = AuditPage),
        Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn list_audit_log(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<AuditPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let request = paging.request(&caller)?;
    let page = store.audit_entries(&filter(&paging)?, &request, app.edge.now()).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = AuditPage {
        entries: page.items.into_iter().map(AuditEntryAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    entries: Vec<AuditEntryAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
