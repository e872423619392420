//! `PATCH /api/v1/users/{user_id}`

use axum::Json;
use axum::extract::State;
use domain::membership::UserChange;
use domain::role::TenantRole;
use domain::tenant::UserStatus;
use domain::{Error, UserId};
use utoipa::ToSchema;
use web::openapi::{OfBody, OfItem, OfRole, OfVersion, Usual};
use web::{Arrival, Etag, Fields, IfMatch, Input, JsonBody, PathId, Problem, SignedIn};

use crate::App;
use crate::administration::{ATTEMPTS_MAX, Administration};
use crate::user::UserAnswer;

/// Changes a person's role or status, and ends their sessions. Only an owner changes owners and
/// makes them; the last active one stays; nobody changes themselves.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{user_id}",
    tag = "users",
    params(
        ("user_id" = String, Path, example = "usr_01jv8z0c9q0000000000000000"),
        ("If-Match" = String, Header, example = "\"v7\"", description = "The `ETag` that was read")
    ),
    request_body = RoleAndStatus,
    responses(
        (status = 200, description = "The person as they are now", body = UserAnswer,
            headers(("ETag" = String, description = "Of the new version"))),
        Usual, OfItem, OfRole, OfBody, OfVersion
    ),
    security(("token" = []))
)]
#[expect(clippy::too_many_arguments, reason = "a handler's parameters are its contract")]
pub(crate) async fn change_user(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<UserId>,
    expected: IfMatch,
    JsonBody(RoleAndStatus { role, status }): JsonBody<RoleAndStatus>,
) -> Result<(Etag, Json<UserAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let administration =
        Administration { app: &app, arrival: &arrival, caller: &caller, store: &store };
    for _ in 0..ATTEMPTS_MAX {
        let user = store.user(id).await?.ok_or(Error::NotFound)?;
        expected.check(user.version)?;
        if let Some(user) = administration.change(&user, &UserChange { role, status }).await? {
            return Ok((Etag(user.version), Json(user.into())));
        }
    }
    Err(Error::Conflict.into())
}

/// What is to be different.
#[derive(ToSchema)]
pub(crate) struct RoleAndStatus {
    /// `owner`, `admin`, `manager`, `agent`, `member` or `viewer`.
    #[schema(value_type = Option<String>, example = "manager")]
    role: Option<TenantRole>,
    /// `active`, `suspended` or `deactivated`.
    #[schema(value_type = Option<String>, example = "suspended")]
    status: Option<UserStatus>,
}

impl Input for RoleAndStatus {
    fn read(fields: &mut Fields) -> Option<Self> {
        let role = fields.replacement("role", |fields, name| {
            fields.choice(name, &TenantRole::ALL.map(|role| (role.as_str(), role)))
        });
        let settable = [UserStatus::Active, UserStatus::Suspended, UserStatus::Deactivated];
        let status = fields.replacement("status", |fields, name| {
            fields.choice(name, &settable.map(|status| (status.as_str(), status)))
        });
        Some(Self { role, status })
    }
}
