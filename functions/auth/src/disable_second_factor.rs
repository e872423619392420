//! `POST /api/v1/auth/2fa/disable`

use axum::extract::State;
use domain::Error;
use domain::outbox::Letter;
use http::StatusCode;
use store::Commit;
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Fields, Input, JsonBody, Problem, SignedIn};

use crate::code::{Code, active, wrong_code};
use crate::opening::require_fresh;
use crate::visit::Visit;
use crate::{App, letter};

/// Switches the second factor off, for a code of the app or a recovery code.
#[utoipa::path(
    post,
    path = "/api/v1/auth/2fa/disable",
    tag = "auth",
    request_body = Disable,
    responses(
        (status = 204, description = "Off from now"),
        (status = 403, description = "The sign-in is too long ago: `step_up_required`",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        Usual, OfBody,
        (status = 429, description = "Five wrong codes; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(("token" = []))
)]
pub(crate) async fn disable_second_factor(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    JsonBody(Disable { code }): JsonBody<Disable>,
) -> Result<StatusCode, Problem> {
    let now = app.edge.now();
    require_fresh(&caller, now)?;
    let store = app.edge.store().for_tenant(caller.scope());
    let factor = active(store.second_factor(caller.user()).await?)?;
    let passed = code.check(&app, &store, factor, wrong_code).await?;
    let user = caller.user();
    let mut transaction = store.transaction();
    transaction.remove_second_factor(user, passed.before.version);
    let entry = visit.trail_of(user).entry(app.edge.ids(), now, "second_factor.disabled", user);
    transaction.audit(entry, Some(&passed.before), None);
    letter::send(&app, &mut transaction, user, Letter::SecondFactorChanged, &visit.arrival);
    match transaction.commit().await? {
        Commit::Done => Ok(StatusCode::NO_CONTENT),
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict.into()),
    }
}

/// A code, of the app or on paper.
#[derive(ToSchema)]
pub(crate) struct Disable {
    /// Six digits; or send `recovery_code` in its place.
    #[schema(value_type = Option<String>, example = "050471")]
    code: Code,
}

impl Input for Disable {
    fn read(fields: &mut Fields) -> Option<Self> {
        Code::read(fields).map(|code| Self { code })
    }
}
