//! `POST /api/v1/auth/2fa/recovery-codes`

use axum::Json;
use axum::extract::State;
use web::openapi::{OfBody, Usual};
use web::{JsonBody, Problem, SignedIn};

use crate::App;
use crate::code::{active, wrong_code};
use crate::confirm_second_factor::{Confirm, RecoveryCodes, renewed};
use crate::visit::Visit;

/// Ten other recovery codes for a code of the app; those from before are good for nothing any
/// more.
#[utoipa::path(
    post,
    path = "/api/v1/auth/2fa/recovery-codes",
    tag = "auth",
    request_body = Confirm,
    responses(
        (status = 200, description = "The codes, shown once", body = RecoveryCodes),
        Usual, OfBody,
        (status = 429, description = "Five wrong codes; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(("token" = []))
)]
pub(crate) async fn renew_recovery_codes(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    JsonBody(given): JsonBody<Confirm>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let factor = active(store.second_factor(caller.user()).await?)?;
    let passed = given.code.check(&app, &store, factor, wrong_code).await?;
    let action = "second_factor.recovery_codes_renewed";
    renewed(&app, &visit, &store, (&passed.before, passed.after), action).await
}
