//! `POST /api/v1/auth/password/reset`

use axum::extract::State;
use domain::outbox::Letter;
use domain::proof::Purpose;
use domain::tenant::User;
use http::StatusCode;
use store::Transaction;
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Fields, Input, JsonBody, Problem};

use crate::link::{self, Asking};
use crate::{App, new_password, personal};

/// Sets a new password by the link in a letter. Ends every session of the user.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password/reset",
    tag = "auth",
    request_body = NewPassword,
    responses((status = 204, description = "Set; sign in now"), OfAnybody, OfBody),
    security(())
)]
pub(crate) async fn reset_password(
    State(app): State<App>,
    arrival: Arrival,
    JsonBody(new): JsonBody<NewPassword>,
) -> Result<StatusCode, Problem> {
    let opened = link::open(&app, &new.token, Purpose::PasswordReset).await?;
    let before = &opened.user;
    let password_hash = new_password::hash(&app, new.password, &before.email, &before.name).await?;
    let user = User {
        password_hash,
        // Ends sessions, and makes other links of the kind worthless.
        permission_version: before.permission_version + 1,
        version: before.version + 1,
        ..before.clone()
    };
    let tell = |asking: &Asking<'_>, transaction: &mut Transaction| {
        asking.write(transaction, &user, Letter::PasswordChanged);
    };
    opened.use_up(&app, &arrival, (&user, "user.password_reset"), tell).await?;
    tracing::info!(user.id = %user.id, "a password was set anew");
    Ok(StatusCode::NO_CONTENT)
}

/// A new password, and the right to set it.
#[derive(ToSchema)]
pub(crate) struct NewPassword {
    /// Of the link in the letter.
    #[schema(example = "AZ0mGr…")]
    token: String,
    #[schema(min_length = 12, max_length = 128, example = "correct horse battery staple")]
    password: String,
}

impl Input for NewPassword {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = personal::token(fields);
        let password = new_password::read(fields);
        Some(Self { token: token?, password: password? })
    }
}
