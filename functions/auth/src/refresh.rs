//! `POST /api/v1/auth/refresh`

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::audit::Actor;
use domain::outbox::Letter;
use domain::session::{Presented, Session};
use domain::tenant::{User, UserStatus};
use domain::{Error, Hidden};
use http::{HeaderMap, StatusCode};
use store::{Commit, TenantStore};
use telemetry::metrics::names::REFRESHES;
use tenancy::vault::refresh::{self, RefreshToken};
use utoipa::ToSchema;
use web::openapi::{OfAnybody, OfBody};
use web::{Fields, Input, JsonBody, Problem};

use crate::opening::{Carrier, TokenAnswer, access_token, carry};
use crate::visit::Visit;
use crate::{ATTEMPTS_MAX, App, letter};

/// A new access token for a refresh token, which is replaced.
///
/// The token comes in the body, or, from a page of ours, in the cookie `__Host-rt` with the header
/// `X-CSRF-Protection`; the new one goes where the old one came from. For 20 seconds the old one is
/// answered with the same new one again. After that, whoever sends it ends the session: one of the
/// two who had it is a stranger.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = "auth",
    params(
        ("X-CSRF-Protection" = Option<String>, Header, example = "1",
            description = "Any value; needed with the cookie")
    ),
    request_body = Refresh,
    responses(
        (status = 200, description = "Tokens", body = TokenAnswer),
        (status = 401, description = "Sign in again",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The cookie came without `X-CSRF-Protection`, or from \
            another site", body = web::ProblemDocument, content_type = "application/problem+json"),
        OfAnybody, OfBody
    ),
    security(())
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    visit: Visit,
    JsonBody(given): JsonBody<Refresh>,
) -> Result<(HeaderMap, Json<TokenAnswer>), Problem> {
    let (text, carrier) = match (given.refresh_token, &visit.cookie) {
        (Some(text), _) => (text, Carrier::Body),
        (None, Some(_)) if !visit.is_from_own_page => {
            let title = "Send X-CSRF-Protection, from a page of an allowed origin";
            return Err(Problem::new(StatusCode::FORBIDDEN, "csrf_protection_required", title));
        }
        (None, Some(text)) => (text.clone(), Carrier::Cookie),
        (None, None) => return Err(refused(&app)),
    };
    let token = app.keys.current().await?.vault.read_refresh(&text).ok_or_else(|| refused(&app))?;
    let store = app.edge.store().for_tenant(&token.scope);
    let (user, session, next) = exchange(&app, &store, &visit, &token).await?;
    let issued = access_token(&app, &token.scope, &user, &session).await?;
    let (headers, refresh_token) = carry(&app, &next, carrier).await?;
    Ok((headers, Json(TokenAnswer::of(issued, refresh_token))))
}

/// The token that takes this one's place, with its session and user.
async fn exchange(
    app: &App,
    store: &TenantStore,
    visit: &Visit,
    token: &RefreshToken,
) -> Result<(User, Session, RefreshToken), Problem> {
    for _ in 0..ATTEMPTS_MAX {
        let now = app.edge.now();
        let standing = store.standing(token.user, token.session).await?;
        let user = standing.user.filter(|user| user.status == UserStatus::Active);
        let session = standing.session.filter(|session| session.is_live(now));
        let (Some(user), Some(session)) = (user, session) else { return Err(refused(app)) };
        match session.judge(token.generation, &token.hash(), now) {
            Presented::Current => {
                let salt = refresh::fresh(app.edge.ids());
                let next = token.successor(&salt);
                let salt = Hidden::new(STANDARD.encode(salt));
                let after = session.rotated(Hidden::new(next.hash()), salt, now);
                // Alone, not in a transaction: that a token was replaced is no deed to be told of.
                if store.replace_session(&after, session.version).await? {
                    app.edge.metrics().count(&REFRESHES, ["rotated"]);
                    return Ok((user, after, next));
                }
                // Somebody was faster with the same token; now it is the one just replaced.
            }
            Presented::JustReplaced(salt) => {
                let salt = STANDARD.decode(salt.expose()).map_err(Error::internal)?;
                app.edge.metrics().count(&REFRESHES, ["repeated"]);
                let next = token.successor(&salt);
                return Ok((user, session, next));
            }
            Presented::Reused => return Err(revoke(app, store, visit, &session).await?),
            Presented::Unknown => return Err(refused(app)),
        }
    }
    Err(Error::Conflict.into())
}

/// Ends a session whose used token came again, and tells its owner.
async fn revoke(
    app: &App,
    store: &TenantStore,
    visit: &Visit,
    session: &Session,
) -> Result<Problem, Problem> {
    let mut transaction = store.transaction();
    transaction.end_session(session.user, session.id);
    let trail = visit.arrival.trail(Actor::System);
    let entry =
        trail.entry(app.edge.ids(), app.edge.now(), "session.revoked_for_reuse", session.id);
    transaction.audit(entry, Some(session), None);
    let told = Letter::SessionRevoked { session: session.id };
    letter::send(app, &mut transaction, session.user, told, &visit.arrival);
    match transaction.commit().await? {
        Commit::Done => {}
        Commit::Refused(_) | Commit::Busy => return Err(Error::Conflict.into()),
    }
    app.edge.metrics().count(&REFRESHES, ["reused"]);
    tracing::warn!(
        tenant.id = %store.scope().tenant(),
        user.id = %session.user,
        session.id = %session.id,
        "a used refresh token came again; the session was ended"
    );
    let title = "The token was used before: the session has ended, sign in again";
    Ok(Problem::unauthenticated("refresh_token_reused", title))
}

fn refused(app: &App) -> Problem {
    app.edge.metrics().count(&REFRESHES, ["refused"]);
    Problem::unauthenticated("invalid_refresh_token", "Sign in again")
}

/// The token to be exchanged.
#[derive(ToSchema)]
pub(crate) struct Refresh {
    /// Absent when it is in the cookie.
    #[schema(example = "AZ0v3m1Xc0qQn5mXo0dV4gGdL9tq")]
    refresh_token: Option<String>,
}

impl Input for Refresh {
    fn read(fields: &mut Fields) -> Option<Self> {
        if fields.optional_text("grant_type", 0..=100).is_some_and(|kind| kind != "refresh_token") {
            fields.fault("grant_type", "unsupported", "only `refresh_token`");
        }
        Some(Self { refresh_token: fields.optional_text("refresh_token", 1..=400) })
    }
}
