//! `POST /api/v1/auth/2fa/verify`

use axum::Json;
use axum::extract::State;
use domain::Error;
use domain::tenant::{User, UserStatus};
use http::HeaderMap;
use store::{Commit, TenantStore, Transaction};
use telemetry::metrics::names::LOGINS;
use tenancy::vault::challenge::Challenge;
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Fields, Input, JsonBody, Problem};

use crate::App;
use crate::code::{self, Code, Passed};
use crate::opening::{Carrier, Opening, SignedInAnswer};
use crate::visit::Visit;

/// The second step of signing in: a code of the app, or a recovery code.
#[utoipa::path(
    post,
    path = "/api/v1/auth/2fa/verify",
    tag = "auth",
    request_body = SecondStep,
    responses(
        (status = 200, description = "Signed in", body = SignedInAnswer),
        (status = 401, description = "The code is wrong, or the first step is too long ago",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Five wrong codes; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        OfAnybody, OfBody
    ),
    security(())
)]
pub(crate) async fn verify_second_factor(
    State(app): State<App>,
    visit: Visit,
    JsonBody(step): JsonBody<SecondStep>,
) -> Result<(HeaderMap, Json<SignedInAnswer>), Problem> {
    let keys = app.keys.current().await?;
    let challenge = keys.vault.read_challenge(&step.mfa_token, app.edge.now()).ok_or_else(stale)?;
    let store = app.edge.store().for_tenant(&challenge.scope);
    let user = person(&store, &challenge).await?;
    let all = store.sign_ins(user.id).await?;
    let factor = code::active(all.factor).map_err(|_| stale())?;
    let passed = step.code.check(&app, &store, factor, || wrong(&app)).await?;

    let opening = Opening::new(&app, &challenge.scope, &user, &visit, true);
    let mut transaction = store.transaction();
    write_passed(&app, &mut transaction, &visit, &passed);
    let entry = visit.trail_of(user.id).entry(
        app.edge.ids(),
        app.edge.now(),
        "session.opened",
        opening.session.id,
    );
    opening.write(&mut transaction, entry, &all.sessions);
    match transaction.commit().await? {
        Commit::Done => {}
        // The same code came twice at once: one of them is a repetition.
        Commit::Refused(_) | Commit::Busy => return Err(Error::Conflict.into()),
    }
    app.edge.store().guards().login_succeeded(&user.email, &visit.arrival.network()).await?;
    app.edge.metrics().count(&LOGINS, ["signed_in"]);
    opening.answer(&app, (&challenge.scope, user), step.refresh_in).await
}

/// Whoever passed the first step, if nothing has changed since.
async fn person(store: &TenantStore, challenge: &Challenge) -> Result<User, Problem> {
    let user = store.user(challenge.user).await?;
    user.filter(|user| {
        let is_same = user.permission_version == challenge.permission_version;
        is_same && user.status == UserStatus::Active
    })
    .ok_or_else(stale)
}

/// Writes a second factor after a code that was right, with what the code was given for.
pub(crate) fn write_passed(
    app: &App,
    transaction: &mut Transaction,
    visit: &Visit,
    passed: &Passed,
) {
    let Passed { before, after, is_recovery } = passed;
    transaction.replace_second_factor(after, before.version);
    if *is_recovery {
        let entry = visit.trail_of(before.user).entry(
            app.edge.ids(),
            app.edge.now(),
            "second_factor.recovery_code_used",
            before.user,
        );
        transaction.audit(entry, Some(before), Some(after));
    }
}

fn stale() -> Problem {
    Problem::unauthenticated("invalid_mfa_token", "Begin again: POST /api/v1/auth/login")
}

fn wrong(app: &App) -> Problem {
    app.edge.metrics().count(&LOGINS, ["refused"]);
    Problem::unauthenticated("invalid_code", "The code is wrong, too old, or was used before")
}

/// What the app or the paper says.
#[derive(ToSchema)]
pub(crate) struct SecondStep {
    /// Of the first step's answer.
    #[schema(example = "AZ0v3m1Xc0qQn5mXo0dV4gGdL9tq")]
    mfa_token: String,
    /// Six digits; or send `recovery_code` in its place.
    #[schema(value_type = Option<String>, example = "050471")]
    code: Code,
    /// `body` (the default) or `cookie`, as at login.
    #[schema(value_type = Option<String>, example = "body")]
    refresh_in: Carrier,
}

impl Input for SecondStep {
    fn read(fields: &mut Fields) -> Option<Self> {
        let mfa_token = fields.text("mfa_token", 1..=400);
        let refresh_in = Carrier::read(fields);
        let code = Code::read(fields);
        Some(Self { mfa_token: mfa_token?, code: code?, refresh_in })
    }
}
