//! `POST /api/v1/auth/logout-all`

use axum::extract::State;
use domain::Error;
use domain::tenant::User;
use http::{HeaderMap, StatusCode};
use store::Commit;
use web::openapi::Usual;
use web::{Problem, SignedIn};

use crate::App;
use crate::sign_out::forgotten;
use crate::visit::Visit;

/// Ends all of the caller's sessions, and every token of theirs within a minute.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout-all",
    tag = "auth",
    responses((status = 204, description = "Signed out everywhere"), Usual),
    security(("token" = []))
)]
pub(crate) async fn sign_out_everywhere(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    let mut transaction = store.transaction();
    let after = User {
        permission_version: user.permission_version.saturating_add(1),
        version: user.version.saturating_add(1),
        ..user.clone()
    };
    transaction.replace_user(&after, user.version);
    for session in store.sign_ins(user.id).await?.sessions {
        transaction.end_session(user.id, session.id);
    }
    let trail = visit.trail_of(user.id);
    let entry = trail.entry(app.edge.ids(), app.edge.now(), "user.signed_out_everywhere", user.id);
    transaction.audit(entry, Some(&user), Some(&after));
    match transaction.commit().await? {
        Commit::Done => Ok((StatusCode::NO_CONTENT, forgotten(&visit))),
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict.into()),
    }
}
