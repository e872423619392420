//! `POST /api/v1/api-keys/{key_id}/reveal`

use axum::Json;
use axum::extract::State;
use domain::{Error, KeyId};
use store::Commit;
use tenancy::key::MintedKey;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, PathId, Problem, SignedIn};

use crate::App;
use crate::api_key::{ATTEMPTS_MAX, ShownApiKey, holder};

/// Shows a key that was made by itself, once, and from now on it works, for the caller. The key it
/// replaces works for another week at least.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys/{key_id}/reveal",
    tag = "api-keys",
    params(("key_id" = String, Path, example = "key_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "The key, shown once", body = ShownApiKey),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn reveal_api_key(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<KeyId>,
) -> Result<Json<ShownApiKey>, Problem> {
    let (edge, now) = (&app.edge, app.edge.now());
    let store = edge.store().for_tenant(caller.scope());
    let trail = arrival.trail(caller.actor());
    for _ in 0..ATTEMPTS_MAX {
        let pending = store.api_key(id).await?.ok_or(Error::NotFound)?;
        let minted = MintedKey::mint(edge.ids());
        let key = pending.reveal(holder(&caller), &minted, now)?;
        let mut transaction = store.transaction();
        transaction.replace_api_key(&key, pending.version);
        transaction.list_api_key(minted.stored().label(), key.id);
        let entry = trail.entry(edge.ids(), now, "api_key.revealed", key.id);
        transaction.audit(entry, Some(&pending), Some(&key));
        let old = match key.replaces {
            Some(old) => store.api_key(old).await?,
            None => None,
        };
        if let Some(old) = old
            && let Some(longer) = old.after_reveal(now)
        {
            transaction.replace_api_key(&longer, old.version);
            let entry = trail.entry(edge.ids(), now, "api_key.prolonged", old.id);
            transaction.audit(entry, Some(&old), Some(&longer));
        }
        match transaction.commit().await? {
            Commit::Done => return Ok(Json(ShownApiKey::of(&minted, key, now))),
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict.into())
}
