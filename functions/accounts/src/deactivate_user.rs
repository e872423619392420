//! `POST /api/v1/users/{user_id}/deactivate`

use axum::Json;
use axum::extract::State;
use domain::membership::UserChange;
use domain::tenant::UserStatus;
use domain::{Error, UserId};
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Etag, JsonBody, PathId, Problem, SignedIn};

use crate::App;
use crate::administration::{ATTEMPTS_MAX, Administration};
use crate::nothing::Nothing;
use crate::user::UserAnswer;

/// Ends a person's access: no sign-in, no sessions, no acting by phone. An open invitation is
/// withdrawn. What the person did stays. May be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/users/{user_id}/deactivate",
    tag = "users",
    params(("user_id" = String, Path, example = "usr_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "The person as they are now", body = UserAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn deactivate_user(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<UserId>,
    JsonBody(Nothing): JsonBody<Nothing>,
) -> Result<(Etag, Json<UserAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let administration =
        Administration { app: &app, arrival: &arrival, caller: &caller, store: &store };
    let change = UserChange { role: None, status: Some(UserStatus::Deactivated) };
    for _ in 0..ATTEMPTS_MAX {
        let user = store.user(id).await?.ok_or(Error::NotFound)?;
        if let Some(user) = administration.change(&user, &change).await? {
            return Ok((Etag(user.version), Json(user.into())));
        }
    }
    Err(Error::Conflict.into())
}
