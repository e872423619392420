//! `DELETE /api/v1/api-keys/{key_id}`

use axum::extract::State;
use domain::{Error, KeyId};
use http::StatusCode;
use store::Commit;
use web::openapi::{OfItem, OfRole, Usual};
use web::{Arrival, PathId, Problem, SignedIn};

use crate::App;
use crate::api_key::ATTEMPTS_MAX;

/// Takes a key's power, everywhere within a minute. May be repeated.
#[utoipa::path(
    delete,
    path = "/api/v1/api-keys/{key_id}",
    tag = "api-keys",
    params(("key_id" = String, Path, example = "key_01jv8z0c9q0000000000000000")),
    responses((status = 204, description = "It opens nothing any more"), Usual, OfItem, OfRole),
    security(("token" = []))
)]
pub(crate) async fn revoke_api_key(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<KeyId>,
) -> Result<StatusCode, Problem> {
    let (edge, now) = (&app.edge, app.edge.now());
    let store = edge.store().for_tenant(caller.scope());
    for _ in 0..ATTEMPTS_MAX {
        let key = store.api_key(id).await?.ok_or(Error::NotFound)?;
        let Some(revoked) = key.revoke(now) else { return Ok(StatusCode::NO_CONTENT) };
        let mut transaction = store.transaction();
        transaction.replace_api_key(&revoked, key.version);
        let trail = arrival.trail(caller.actor());
        let entry = trail.entry(edge.ids(), now, "api_key.revoked", id);
        transaction.audit(entry, Some(&key), Some(&revoked));
        match transaction.commit().await? {
            Commit::Done => return Ok(StatusCode::NO_CONTENT),
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict.into())
}
