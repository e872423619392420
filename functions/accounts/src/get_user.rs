//! `GET /api/v1/users/{user_id}`

use axum::Json;
use axum::extract::State;
use domain::{Error, UserId};
use web::openapi::{OfItem, OfRole, Usual};
use web::{Etag, PathId, Problem, SignedIn};

use crate::App;
use crate::user::UserAnswer;

/// A person of the organisation.
#[utoipa::path(
    get,
    path = "/api/v1/users/{user_id}",
    tag = "users",
    params(("user_id" = String, Path, example = "usr_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "The person", body = UserAnswer,
            headers(("ETag" = String, description = "For `If-Match` of a change"))),
        Usual, OfItem, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn get_user(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<UserId>,
) -> Result<(Etag, Json<UserAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(id).await?.ok_or(Error::NotFound)?;
    Ok((Etag(user.version), Json(user.into())))
}
