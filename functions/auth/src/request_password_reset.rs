//! `POST /api/v1/auth/password/forgot`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::audit::Actor;
use domain::email::Email;
use domain::proof::Purpose;
use domain::tenant::UserStatus;
use domain::{Error, TenantId};
use futures::future::try_join_all;
use http::StatusCode;
use serde::Serialize;
use tenancy::Account;
use tokio::time::Instant;
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Fields, Input, JsonBody, Problem};

use crate::link::Asking;
use crate::{App, personal};

/// Every answer takes at least this long: more than the writes for a known address take, so that
/// the time does not tell whether it is known.
const ANSWER_AFTER: Duration = Duration::from_millis(300);

/// Sends a letter with a link, good for half an hour, to whoever has an account under the address.
/// Whether anybody has, the answer does not say.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password/forgot",
    tag = "auth",
    request_body = Forgotten,
    responses(
        (status = 202, description = "Whoever reads the address knows more", body = Noted),
        OfAnybody, OfBody
    ),
    security(())
)]
pub(crate) async fn request_password_reset(
    State(app): State<App>,
    arrival: Arrival,
    JsonBody(forgotten): JsonBody<Forgotten>,
) -> Result<(StatusCode, Json<Noted>), Problem> {
    let answer_at = Instant::now() + ANSWER_AFTER;
    let accounts = app.edge.store().directory().accounts_of(&forgotten.email).await?;
    let wanted = accounts.into_iter().filter(|account| {
        forgotten.organization.is_none_or(|wanted| wanted == account.scope().tenant())
    });
    try_join_all(wanted.map(|account| ask(&app, &arrival, account, &forgotten.email))).await?;
    tokio::time::sleep_until(answer_at).await;
    Ok((StatusCode::ACCEPTED, Json(Noted { status: "accepted" })))
}

/// Asks one account. Asked a moment ago, it is not asked again.
async fn ask(app: &App, arrival: &Arrival, account: Account, email: &Email) -> Result<(), Error> {
    let store = app.edge.store().for_tenant(&account.scope());
    let found = store.user(account.user()).await?;
    // A row of the directory outlives a change of address; the user's record decides.
    let Some(user) = found.filter(|u| u.status == UserStatus::Active && u.email == *email) else {
        return Ok(());
    };
    let trail = arrival.trail(Actor::Anonymous);
    let asking = Asking { app, trail: &trail, now: app.edge.now() };
    let refused = store.commit_patiently(|transaction| {
        asking.ask(transaction, Purpose::PasswordReset, &user);
        asking.tell(transaction, "user.password_reset_requested", Some(&user), &user);
    });
    if refused.await?.is_empty() {
        tracing::info!(user.id = %user.id, "a new password was asked for");
    }
    Ok(())
}

/// Whose password is forgotten.
#[derive(ToSchema)]
pub(crate) struct Forgotten {
    #[schema(value_type = String, example = "omar@example.com")]
    email: Email,
    /// In which organisation; otherwise in all of them.
    #[schema(value_type = Option<String>, example = "ten_01jv8z0c9q0000000000000000")]
    organization: Option<TenantId>,
}

impl Input for Forgotten {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = personal::email(fields);
        let organization = fields.optional_parsed("organization", "an organisation's id");
        Some(Self { email: email?, organization })
    }
}

/// The same for everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Noted {
    #[schema(example = "accepted")]
    status: &'static str,
}
