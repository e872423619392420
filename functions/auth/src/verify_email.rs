//! `POST /api/v1/auth/email/verify`

use axum::Json;
use axum::extract::State;
use domain::audit::Actor;
use domain::proof::Purpose;
use domain::tenant::{User, UserStatus};
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Arrival, Fields, Input, JsonBody, Problem};

use crate::link::{self, Asking};
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
    let before = opened.user;
    let user = User {
        status: UserStatus::Active,
        permission_version: before.permission_version + 1,
        version: before.version + 1,
        ..before.clone()
    };
    let now = app.edge.now();
    let trail = arrival.trail(Actor::Anonymous);
    let asking = Asking { app: &app, trail: &trail, now };
    let refused = opened.store.commit_patiently(|transaction| {
        transaction.use_proof(&opened.proof, now);
        transaction.replace_user(&user, before.version);
        transaction.list_account(&user.email, user.id);
        asking.tell(transaction, "user.email_verified", Some(&before), &user);
    });
    link::settled(&refused.await?)?;
    tracing::info!(user.id = %user.id, "an address was proved");
    Ok(Json(Person::of(user, opened.store.tenant().await?)))
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
