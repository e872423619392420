//! `POST /api/v1/auth/2fa/enroll`

use axum::Json;
use axum::extract::State;
use domain::factor::SecondFactor;
use domain::{Error, Hidden};
use serde::Serialize;
use store::Commit;
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Problem, SignedIn};

use crate::opening::require_fresh;
use crate::visit::Visit;
use crate::{App, totp};

/// Begins a second factor: a secret for an authenticator app, shown once. It is asked for from
/// `POST /api/v1/auth/2fa/confirm` on; a repetition before that begins anew.
#[utoipa::path(
    post,
    path = "/api/v1/auth/2fa/enroll",
    tag = "auth",
    responses(
        (status = 200, description = "The secret, for the app", body = Enrolled),
        (status = 403, description = "The sign-in is too long ago: `step_up_required`",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        Usual, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn enroll_second_factor(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
) -> Result<Json<Enrolled>, Problem> {
    let now = app.edge.now();
    require_fresh(&caller, now)?;
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    let before = store.second_factor(user.id).await?;
    if before.as_ref().is_some_and(SecondFactor::is_active) {
        return Err(Error::refused("second_factor_on", "switch the present one off first").into());
    }
    let secret = totp::secret(app.edge.ids());
    let keys = app.keys.current().await?;
    let sealed = keys.vault.seal(caller.scope(), user.id, &secret, app.edge.ids())?;
    let mut factor = SecondFactor::begin(user.id, Hidden::new(sealed), now);
    let mut transaction = store.transaction();
    match &before {
        None => transaction.insert_second_factor(&factor),
        Some(before) => {
            factor.version = before.version.saturating_add(1);
            transaction.replace_second_factor(&factor, before.version);
        }
    }
    let trail = visit.trail_of(user.id);
    let entry = trail.entry(app.edge.ids(), now, "second_factor.enrolled", user.id);
    transaction.audit(entry, before.as_ref(), Some(&factor));
    match transaction.commit().await? {
        Commit::Done => {}
        Commit::Refused(_) | Commit::Busy => return Err(Error::Conflict.into()),
    }
    let tenant = store.tenant().await?;
    Ok(Json(Enrolled {
        secret: totp::base32(&secret),
        otpauth_url: totp::link(&secret, user.email.as_str(), &tenant.name),
    }))
}

/// What an authenticator app needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolled {
    /// Base32, to be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same with names, to be shown as a QR code.
    #[schema(example = "otpauth://totp/Hndasah:omar@example.com?secret=GEZDGNBVGY3TQOJQ")]
    otpauth_url: String,
}
