//! `POST /api/v1/auth/invitations/accept`

use axum::Json;
use axum::extract::State;
use domain::proof::Purpose;
use domain::tenant::{User, UserStatus};
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Fields, Input, JsonBody, Problem};

use crate::link;
use crate::person::Person;
use crate::{App, new_password, personal};

/// Joins the organisation that sent the invitation, with a password of one's own.
#[utoipa::path(
    post,
    path = "/api/v1/auth/invitations/accept",
    tag = "auth",
    request_body = Acceptance,
    responses((status = 200, description = "Joined; sign in now", body = Person), OfAnybody, OfBody),
    security(())
)]
pub(crate) async fn accept_invitation(
    State(app): State<App>,
    arrival: Arrival,
    JsonBody(acceptance): JsonBody<Acceptance>,
) -> Result<Json<Person>, Problem> {
    // Before the work of hashing: whoever has no link makes us do none.
    let opened = link::open(&app, &acceptance.token, Purpose::Invitation).await?;
    let before = &opened.user;
    let name = acceptance.name.unwrap_or_else(|| before.name.clone());
    let chosen = acceptance.password;
    let password_hash = new_password::hash(&app, chosen, &before.email, &name).await?;
    let user = User {
        name,
        status: UserStatus::Active,
        password_hash,
        permission_version: before.permission_version + 1,
        version: before.version + 1,
        ..before.clone()
    };
    opened.prove_address(&app, &arrival, (user, "user.joined")).await
}

/// An invitation taken.
#[derive(ToSchema)]
pub(crate) struct Acceptance {
    /// Of the link in the letter.
    #[schema(example = "AZ0mGr…")]
    token: String,
    #[schema(min_length = 12, max_length = 128, example = "correct horse battery staple")]
    password: String,
    /// Instead of the name in the invitation.
    #[schema(min_length = 1, max_length = 120, example = "Sara Nasser")]
    name: Option<String>,
}

impl Input for Acceptance {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = personal::token(fields);
        let password = new_password::read(fields);
        let name = fields.optional_line("name", 1..=120);
        Some(Self { token: token?, password: password?, name })
    }
}
