//! `POST /api/v1/auth/password/change`

use axum::Json;
use axum::extract::State;
use domain::Error;
use domain::factor::SecondFactor;
use domain::outbox::Letter;
use domain::session::Session;
use domain::tenant::User;
use store::Commit;
use tenancy::Caller;
use tenancy::password::{self, CHARS_MAX};
use utoipa::ToSchema;
use web::openapi::{OfBody, Usual};
use web::{Fields, Input, JsonBody, Problem, SignedIn};

use crate::opening::{TokenAnswer, access_token, own_session};
use crate::visit::Visit;
use crate::{ATTEMPTS_MAX, App, letter, own_password};

/// Gives the caller another password. All their other sessions end, and every access token within
/// a minute; the one in the answer goes on, and so does this session's refresh token.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password/change",
    tag = "auth",
    request_body = ChangePassword,
    responses(
        (status = 200, description = "An access token under the new password", body = TokenAnswer),
        Usual, OfBody,
        (status = 429, description = "Too many tries; `Retry-After` says how long to wait",
            body = web::ProblemDocument, content_type = "application/problem+json")
    ),
    security(("token" = []))
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
    JsonBody(given): JsonBody<ChangePassword>,
) -> Result<Json<TokenAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    password::check_new(&given.new_password, user.email.as_str(), &user.name)
        .map_err(|unfit| Error::field("/new_password", unfit.code(), unfit.to_string()))?;
    own_password::check(&app, &visit, &user, given.current_password, "/current_password").await?;
    let (edge, new) = (app.edge.clone(), given.new_password);
    let hash = app.with_passwords(move || password::hash(&new, edge.ids())).await??;
    let after = User {
        password_hash: hash,
        permission_version: user.permission_version.saturating_add(1),
        version: user.version.saturating_add(1),
        ..user.clone()
    };
    let issued = write(&app, &visit, &caller, &user, &after).await?;
    Ok(Json(issued))
}

/// Writes the password and ends the other sessions. One of them may be refreshed meanwhile.
async fn write(
    app: &App,
    visit: &Visit,
    caller: &Caller,
    user: &User,
    after: &User,
) -> Result<TokenAnswer, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    for _ in 0..ATTEMPTS_MAX {
        let now = app.edge.now();
        let all = store.sign_ins(user.id).await?;
        let own = own_session(caller, &all)?;
        let mut transaction = store.transaction();
        transaction.replace_user(after, user.version);
        for other in all.sessions.iter().filter(|session| session.id != own.id) {
            transaction.end_session(user.id, other.id);
        }
        // With a second factor the password alone proves nothing new.
        let has_factor = all.factor.as_ref().is_some_and(SecondFactor::is_active);
        let proved = if has_factor {
            Session { version: own.version.saturating_add(1), ..own.clone() }
        } else {
            own.proved(now, false)
        };
        transaction.replace_session(&proved, own.version);
        let trail = visit.trail_of(user.id);
        let entry = trail.entry(app.edge.ids(), now, "user.password_changed", user.id);
        transaction.audit(entry, Some(user), Some(after));
        letter::send(app, &mut transaction, user.id, Letter::PasswordChanged, &visit.arrival);
        match transaction.commit().await? {
            Commit::Done => {
                let issued = access_token(app, caller.scope(), after, &proved).await?;
                return Ok(TokenAnswer::of(issued, None));
            }
            Commit::Refused(parts) if parts.contains(&store::Part::User) => break,
            Commit::Refused(_) | Commit::Busy => {}
        }
    }
    Err(Error::Conflict.into())
}

/// The old and the new one.
#[derive(ToSchema)]
pub(crate) struct ChangePassword {
    #[schema(example = "correct horse battery staple")]
    current_password: String,
    /// 12 to 128 characters, not one that many people use, not made from one's own name.
    #[schema(min_length = 12, max_length = 128, example = "tower crane sings at nine")]
    new_password: String,
}

impl Input for ChangePassword {
    fn read(fields: &mut Fields) -> Option<Self> {
        let current_password = fields.text("current_password", 1..=CHARS_MAX);
        // Its length is a rule of passwords, told with the others.
        let new_password = fields.text("new_password", 1..=1_000);
        Some(Self { current_password: current_password?, new_password: new_password? })
    }
}
