//! `POST /api/v1/auth/email/verify`

use axum::Json;
use axum::extract::State;
use domain::proof::Purpose;
use domain::tenant::{User, UserStatus};
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Fields, Input, JsonBody, Problem};

use crate::link;
use crate::person::Person;
use crate::{App, personal};

/// Proves that whoever signed up reads the address. From now on the account can sign in.
#[utoipa::path(
    post,
    path = "/api/v1/auth/email/verify",
    tag = "auth",
    request_body = Verification,
    responses((status = 200, description = "Proved; sign in now", body = Person), OfAnybody, OfBody),
    security(())
)]
pub(crate) async fn verify_email(
    State(app): State<App>,
    arrival: Arrival,
    JsonBody(verification): JsonBody<Verification>,
) -> Result<Json<Person>, Problem> {
    let opened = link::open(&app, &verification.token, Purpose::VerifyEmail).await?;
    let before = &opened.user;
    let user = User {
        status: UserStatus::Active,
        permission_version: before.permission_version + 1,
        version: before.version + 1,
        ..before.clone()
    };
    opened.prove_address(&app, &arrival, (user, "user.email_verified")).await
}

/// The token of the link in the letter.
#[derive(ToSchema)]
pub(crate) struct Verification {
    #[schema(example = "AZ0mGr…")]
    token: String,
}

impl Input for Verification {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: personal::token(fields)? })
    }
}
