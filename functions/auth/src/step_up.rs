//! `POST /api/v1/auth/step-up`

use axum::Json;
use axum::extract::State;
use domain::Error;
use domain::factor::SecondFactor;
use domain::tenant::User;
use store::{Commit, TenantStore};
use tenancy::password::CHARS_MAX;
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Fields, Input, JsonBody, Problem, SignedIn};

use crate::code::{Code, Passed, wrong_code};
use crate::opening::{TokenAnswer, access_token, own_session};
use crate::verify_second_factor::write_passed;
use crate::visit::Visit;
use crate::{App, own_password};

/// Proves again who the caller is, for what a sign-in of long ago does not suffice. The access
/// token of the answer counts as fresh for five minutes.
///
/// Whoever has a second factor proves it with a code; a password alone would let a thief of the
/// password go on. The others prove it with the password.
#[utoipa::path(
    post,
    path = "/api/v1/auth/step-up",
    tag = "auth",
    request_body = StepUpRequest,
    responses(
        (status = 200, description = "A fresh access token", body = TokenAnswer), Usual, OfBody,
        (status = 429, description = "Too many tries; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(("token" = []))
)]
pub(crate) async fn step_up(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    JsonBody(given): JsonBody<StepUp>,
) -> Result<Json<TokenAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    let all = store.sign_ins(user.id).await?;
    let session = own_session(&caller, &all)?.clone();
    let mut transaction = store.transaction();
    let passed = prove(&app, &visit, (&store, &user), all.factor, given).await?;
    if let Some(passed) = &passed {
        write_passed(&app, &mut transaction, &visit, passed);
    }
    let proved = session.proved(app.edge.now(), passed.is_some());
    transaction.replace_session(&proved, session.version);
    let trail = visit.trail_of(user.id);
    let entry = trail.entry(app.edge.ids(), app.edge.now(), "session.proved", session.id);
    transaction.audit(entry, Some(&session), Some(&proved));
    match transaction.commit().await? {
        Commit::Done => {}
        Commit::Refused(_) | Commit::Busy => return Err(Error::Conflict.into()),
    }
    let issued = access_token(&app, caller.scope(), &user, &proved).await?;
    Ok(Json(TokenAnswer::of(issued, None)))
}

/// Looks at the proof; returns the second factor after the code that was taken, if it was one.
async fn prove(
    app: &App,
    visit: &Visit,
    (store, user): (&TenantStore, &User),
    factor: Option<SecondFactor>,
    given: StepUp,
) -> Result<Option<Passed>, Problem> {
    match (factor.filter(SecondFactor::is_active), given) {
        (Some(factor), StepUp::Code(code)) => {
            code.check(app, store, factor, wrong_code).await.map(Some)
        }
        (Some(_), StepUp::Password(_)) => {
            Err(Error::field("/code", "required", "you have a second factor: send its code").into())
        }
        (None, StepUp::Code(_)) => {
            Err(Error::field("/password", "required", "you have no second factor").into())
        }
        (None, StepUp::Password(password)) => {
            own_password::check(app, visit, user, password, "/password").await?;
            Ok(None)
        }
    }
}

/// The proof.
pub(crate) enum StepUp {
    /// `code` or `recovery_code`.
    Code(Code),
    /// `password`.
    Password(String),
}

impl Input for StepUp {
    fn read(fields: &mut Fields) -> Option<Self> {
        if let Some(password) = fields.optional_text("password", 1..=CHARS_MAX) {
            return Some(Self::Password(password));
        }
        Code::read(fields).map(Self::Code)
    }
}

/// The proof as it is sent: one of the three.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the request, which is read member by member")]
pub(crate) struct StepUpRequest {
    /// Of whoever has no second factor.
    #[schema(example = "correct horse battery staple")]
    password: Option<String>,
    /// Six digits of the app.
    #[schema(example = "050471")]
    code: Option<String>,
    #[schema(example = "mzxw-6ytb-oiag-4y3l")]
    recovery_code: Option<String>,
}
