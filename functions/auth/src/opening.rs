//! Opening a session, and the tokens of one.

use axum::Json;
use domain::audit::AuditEntry;
use domain::role::TenantRole;
use domain::session::{SESSIONS_MAX, Session};
use domain::tenant::User;
use domain::{Error, Hidden, SessionId};
use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use store::{SignIns, Transaction};
use tenancy::vault::refresh::RefreshToken;
use tenancy::{Caller, Credential, IssuedToken, Subject, TenantScope};
use utoipa::ToSchema;
use web::{Fields, Problem};

use crate::person::Person;
use crate::visit::Visit;
use crate::{App, cookie};

/// Ended sessions removed along with a sign-in; a transaction has a hundred operations.
const REMOVED_MAX: usize = 40;

/// Where the refresh token is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Into the answer, for programs and apps.
    Body,
    /// Into a cookie that no script can read, for pages.
    Cookie,
}

impl Carrier {
    /// The member `refresh_in` of a request.
    pub(crate) fn read(fields: &mut Fields) -> Self {
        match fields.optional_text("refresh_in", 0..=20).as_deref() {
            None | Some("body") => Self::Body,
            Some("cookie") => Self::Cookie,
            Some(_) => {
                fields.fault("refresh_in", "unsupported", "`body` or `cookie`");
                Self::Body
            }
        }
    }
}

/// A session on its way into the table, and its first refresh token.
pub(crate) struct Opening {
    pub(crate) session: Session,
    token: RefreshToken,
}

impl Opening {
    /// `two_factors`: whether the person has shown a second one.
    pub(crate) fn new(
        app: &App,
        scope: &TenantScope,
        user: &User,
        visit: &Visit,
        two_factors: bool,
    ) -> Self {
        let (now, ids) = (app.edge.now(), app.edge.ids());
        let id = SessionId::mint(ids, now);
        let token = RefreshToken::first(scope, user.id, id, ids);
        let session = Session {
            id,
            user: user.id,
            created_at: now,
            last_used_at: now,
            proved_at: now,
            two_factors,
            token_hash: Hidden::new(token.hash()),
            generation: token.generation,
            previous: None,
            device: visit.device.clone(),
            ip_prefix: visit.trail_of(user.id).ip_prefix,
            version: 1,
        };
        Self { session, token }
    }

    /// Writes it, removes sessions that have ended, and the oldest when there are too many.
    pub(crate) fn write(
        &self,
        transaction: &mut Transaction,
        entry: AuditEntry,
        others: &[Session],
    ) {
        let now = self.session.created_at;
        let (live, ended): (Vec<_>, Vec<_>) =
            others.iter().partition(|session| session.is_live(now));
        let too_many = (live.len() + 1).saturating_sub(SESSIONS_MAX);
        let removed = ended.into_iter().chain(live.into_iter().take(too_many));
        for session in removed.take(REMOVED_MAX) {
            transaction.end_session(session.user, session.id);
        }
        transaction.insert_session(&self.session);
        transaction.audit(entry, None, Some(&self.session));
    }

    /// What the person gets, once it is written.
    pub(crate) async fn answer(
        self,
        app: &App,
        (scope, user): (&TenantScope, User),
        carrier: Carrier,
    ) -> Result<(HeaderMap, Json<SignedInAnswer>), Problem> {
        let tenant = app.edge.store().for_tenant(scope).tenant().await?;
        let is_weak =
            lacks_second_factor(&user, &self.session) && tenant.settings.require_second_factor;
        let issued = issue(app, scope, (&user, &self.session), is_weak).await?;
        let (headers, refresh_token) = carry(app, &self.token, carrier).await?;
        tracing::info!(tenant.id = %scope.tenant(), user.id = %user.id, "signed in");
        let answer = SignedInAnswer {
            access_token: issued.access_token,
            token_type: "bearer",
            expires_in: issued.expires_in_s,
            refresh_token,
            user: Person::of(user, tenant),
        };
        Ok((headers, Json(answer)))
    }
}

/// An access token for a session of a user as they stand now.
pub(crate) async fn access_token(
    app: &App,
    scope: &TenantScope,
    user: &User,
    session: &Session,
) -> domain::Result<IssuedToken> {
    let is_weak = lacks_second_factor(user, session)
        && app.edge.store().for_tenant(scope).tenant().await?.settings.require_second_factor;
    issue(app, scope, (user, session), is_weak).await
}

/// Whether this is one of those an organisation may want a second factor of, without one.
fn lacks_second_factor(user: &User, session: &Session) -> bool {
    !session.two_factors && [TenantRole::Owner, TenantRole::Admin].contains(&user.role)
}

async fn issue(
    app: &App,
    scope: &TenantScope,
    (user, session): (&User, &Session),
    is_weak: bool,
) -> domain::Result<IssuedToken> {
    let subject = Subject {
        scope,
        user: user.id,
        role: user.role,
        permission_version: user.permission_version,
        session: session.id,
        proved_at: session.proved_at,
        is_weak,
    };
    app.keys.current().await?.signer.issue(&subject, app.edge.now(), app.edge.ids())
}

/// A refresh token on its way to whoever asked for it: in a header, or in the body.
pub(crate) async fn carry(
    app: &App,
    token: &RefreshToken,
    carrier: Carrier,
) -> domain::Result<(HeaderMap, Option<String>)> {
    let text = app.keys.current().await?.vault.write_refresh(token);
    Ok(match carrier {
        Carrier::Body => (HeaderMap::new(), Some(text)),
        Carrier::Cookie => (cookie::header(Some(&text)), None),
    })
}

/// The session of whoever called. Routes of one's own account let nobody else through.
pub(crate) fn session_of(caller: &Caller) -> Result<SessionId, Problem> {
    match caller.credential() {
        Credential::Session { id, .. } => Ok(*id),
        Credential::Key { .. } => Err(Problem::forbidden("a key has no session")),
    }
}

/// The caller's own session among what they sign in with.
pub(crate) fn own_session<'a>(caller: &Caller, all: &'a SignIns) -> Result<&'a Session, Problem> {
    let id = session_of(caller)?;
    all.sessions.iter().find(|session| session.id == id).ok_or_else(|| Error::Conflict.into())
}

/// Access and refresh token, and whose they are.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInAnswer {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub(crate) access_token: String,
    #[schema(example = "bearer")]
    pub(crate) token_type: &'static str,
    /// Seconds.
    #[schema(example = 1800)]
    pub(crate) expires_in: i64,
    /// Absent when it went into the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "AZ0v3m1Xc0qQn5mXo0dV4gGdL9tq")]
    pub(crate) refresh_token: Option<String>,
    pub(crate) user: Person,
}

/// Access and refresh token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub(crate) access_token: String,
    #[schema(example = "bearer")]
    pub(crate) token_type: &'static str,
    /// Seconds.
    #[schema(example = 1800)]
    pub(crate) expires_in: i64,
    /// Absent when it went into the cookie, and where the one there is stays good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "AZ0v3m1Xc0qQn5mXo0dV4gGdL9tq")]
    pub(crate) refresh_token: Option<String>,
}

impl TokenAnswer {
    pub(crate) fn of(issued: IssuedToken, refresh_token: Option<String>) -> Self {
        Self {
            access_token: issued.access_token,
            token_type: "bearer",
            expires_in: issued.expires_in_s,
            refresh_token,
        }
    }
}

/// Lets through whoever proved who they are a short while ago.
pub(crate) fn require_fresh(caller: &Caller, now: Timestamp) -> Result<(), Problem> {
    if caller.is_fresh(now) { Ok(()) } else { Err(Problem::step_up_required()) }
}
