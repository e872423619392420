//! `DELETE /api/v1/auth/sessions/{session_id}`

use axum::extract::State;
use domain::{Error, SessionId};
use http::StatusCode;
use store::Commit;
use tenancy::Caller;
use web::openapi::{OfItem, Usual};
use web::{PathId, Problem, SignedIn};

use crate::App;
use crate::visit::Visit;

/// Ends one of the caller's sessions: its refresh token at once, its access tokens within a minute.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions/{session_id}",
    tag = "auth",
    params(("session_id" = String, Path, example = "ses_01jv8z0c9q0000000000000000")),
    responses((status = 204, description = "The session has ended"), Usual, OfItem),
    security(("token" = []))
)]
pub(crate) async fn end_session(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SessionId>,
) -> Result<StatusCode, Problem> {
    if end(&app, &visit, &caller, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}

/// Ends a session of the caller's; whether there was one.
pub(crate) async fn end(
    app: &App,
    visit: &Visit,
    caller: &Caller,
    id: SessionId,
) -> Result<bool, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let Some(session) = store.session(caller.user(), id).await? else { return Ok(false) };
    let mut transaction = store.transaction();
    transaction.end_session(caller.user(), id);
    let trail = visit.trail_of(caller.user());
    let entry = trail.entry(app.edge.ids(), app.edge.now(), "session.ended", id);
    transaction.audit(entry, Some(&session), None);
    match transaction.commit().await? {
        Commit::Done => Ok(true),
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict.into()),
    }
}
