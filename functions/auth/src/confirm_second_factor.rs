//! `POST /api/v1/auth/2fa/confirm`

use axum::Json;
use axum::extract::State;
use domain::factor::SecondFactor;
use domain::outbox::Letter;
use domain::{Error, UserId};
use serde::Serialize;
use store::{Commit, TenantStore};
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Fields, Input, JsonBody, Problem, SignedIn};

use crate::code::{Code, recovery_codes, wrong_code};
use crate::visit::Visit;
use crate::{App, letter};

/// Switches the second factor on, after a code has shown that the app works. The recovery codes
/// of the answer are shown once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/2fa/confirm",
    tag = "auth",
    request_body = Confirm,
    responses(
        (status = 200, description = "On from now; ten recovery codes", body = RecoveryCodes),
        Usual, OfBody,
        (status = 429, description = "Five wrong codes; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(("token" = []))
)]
pub(crate) async fn confirm_second_factor(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    JsonBody(Confirm { code }): JsonBody<Confirm>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let found = store.second_factor(caller.user()).await?;
    let pending = found.filter(|factor| !factor.is_active());
    let pending = pending.ok_or_else(|| {
        Error::refused("second_factor_not_enrolled", "begin with /api/v1/auth/2fa/enroll")
    })?;
    let passed = code.check(&app, &store, pending, wrong_code).await?;
    renewed(&app, &visit, &store, (&passed.before, passed.after), "second_factor.enabled").await
}

/// Gives a second factor other recovery codes, and tells its owner by letter.
pub(crate) async fn renewed(
    app: &App,
    visit: &Visit,
    store: &TenantStore,
    (before, passed): (&SecondFactor, SecondFactor),
    action: &str,
) -> Result<Json<RecoveryCodes>, Problem> {
    let now = app.edge.now();
    let (codes, kept) = recovery_codes(app.edge.ids());
    let after = passed.confirmed(kept, now);
    let user: UserId = before.user;
    let mut transaction = store.transaction();
    transaction.replace_second_factor(&after, before.version);
    let entry = visit.trail_of(user).entry(app.edge.ids(), now, action, user);
    transaction.audit(entry, Some(before), Some(&after));
    letter::send(app, &mut transaction, user, Letter::SecondFactorChanged, &visit.arrival);
    match transaction.commit().await? {
        Commit::Done => Ok(Json(RecoveryCodes { recovery_codes: codes })),
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict.into()),
    }
}

/// A code of the app.
#[derive(ToSchema)]
pub(crate) struct Confirm {
    /// Six digits.
    #[schema(value_type = String, example = "050471")]
    pub(crate) code: Code,
}

impl Input for Confirm {
    fn read(fields: &mut Fields) -> Option<Self> {
        fields.text("code", 1..=20).map(|code| Self { code: Code::App(code) })
    }
}

/// To be kept on paper, for when the app is lost.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Each is good once.
    #[schema(example = json!(["mzxw-6ytb-oiag-4y3l"]))]
    recovery_codes: Vec<String>,
}
