//! `DELETE /api/v1/users/me/phone`

use axum::extract::State;
use domain::Error;
use domain::tenant::User;
use http::StatusCode;
use web::openapi::Usual;
use web::{Arrival, Problem, SignedIn};

use crate::{App, binding};

/// The caller's number is theirs no more: what is written from it is a stranger's. May be repeated.
#[utoipa::path(
    delete,
    path = "/api/v1/users/me/phone",
    tag = "users",
    responses(
        (status = 204, description = "No number is linked"),
        (status = 409, description = "Somebody else is changing the account",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        Usual
    ),
    security(("token" = []))
)]
pub(crate) async fn unlink_phone(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
) -> Result<StatusCode, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    let Some(phone) = &before.phone else { return Ok(StatusCode::NO_CONTENT) };
    let after = User { phone: None, version: before.version + 1, ..before.clone() };
    let bound = binding::contact_bound_to(&store, phone, before.id).await?;
    let trail = arrival.trail(caller.actor());
    let refused = store.commit_patiently(|transaction| {
        transaction.replace_user(&after, before.version);
        transaction.unlink_phone(phone);
        if let Some(contact) = &bound {
            binding::unbind(transaction, contact);
        }
        let now = app.edge.now();
        let entry = trail.entry(app.edge.ids(), now, "user.phone_unlinked", after.id);
        transaction.audit(entry, Some(&before), Some(&after));
    });
    if !refused.await?.is_empty() {
        return Err(Error::Conflict.into());
    }
    tracing::info!(user.id = %after.id, "a phone was unlinked");
    Ok(StatusCode::NO_CONTENT)
}
