//! `POST /api/v1/api-keys/{key_id}/rotate`

use axum::Json;
use axum::extract::State;
use domain::{Error, KeyId};
use http::StatusCode;
use store::Commit;
use tenancy::key::MintedKey;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Creation, PathId, Problem, SignedIn};

use crate::App;
use crate::api_key::{ATTEMPTS_MAX, ShownApiKey, holder};

/// Makes a successor for a key, shown once in this answer. The old key works for another 14 days,
/// then it ends. A key has one successor: change that one the next time.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys/{key_id}/rotate",
    tag = "api-keys",
    params(
        ("key_id" = String, Path, example = "key_01jv8z0c9q0000000000000000"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 128,
            description = "Names this request, so that it makes one key however often it is sent")
    ),
    responses(
        (status = 201, description = "The new key, shown once", body = ShownApiKey),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn rotate_api_key(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    creation: Creation,
    PathId(id): PathId<KeyId>,
) -> Result<(StatusCode, Json<ShownApiKey>), Problem> {
    let (edge, now) = (&app.edge, app.edge.now());
    let store = edge.store().for_tenant(caller.scope());
    let trail = arrival.trail(caller.actor());
    for _ in 0..ATTEMPTS_MAX {
        let key = store.api_key(id).await?.ok_or(Error::NotFound)?;
        let minted = MintedKey::mint(edge.ids());
        let (old, new) = key.rotate(holder(&caller), &minted, edge.ids(), now)?;
        let mut transaction = store.transaction();
        transaction.replace_api_key(&old, key.version);
        transaction.insert_api_key(&new);
        transaction.list_api_key(minted.stored().label(), new.id);
        let rotated = trail.entry(edge.ids(), now, "api_key.rotated", old.id);
        transaction.audit(rotated, Some(&key), Some(&old));
        let created = trail.entry(edge.ids(), now, "api_key.created", new.id);
        transaction.audit(created, None, Some(&new));
        let answer = ShownApiKey::of(&minted, new, now);
        creation.seal(StatusCode::CREATED, &answer)?.keep(&mut transaction);
        match transaction.commit().await? {
            Commit::Done => return Ok((StatusCode::CREATED, Json(answer))),
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict.into())
}
