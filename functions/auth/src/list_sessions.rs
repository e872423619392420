//! `GET /api/v1/auth/sessions`

use axum::Json;
use axum::extract::State;
use domain::SessionId;
use domain::session::Session;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::Usual;
use web::{Problem, SignedIn};

use crate::App;
use crate::opening::session_of;

/// Where the caller is signed in, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    tag = "auth",
    responses((status = 200, description = "At most fifty sessions", body = Sessions), Usual),
    security(("token" = []))
)]
pub(crate) async fn list_sessions(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Sessions>, Problem> {
    let own = session_of(&caller)?;
    let all = app.edge.store().for_tenant(caller.scope()).sign_ins(caller.user()).await?;
    let now = app.edge.now();
    let live = all.sessions.into_iter().rev().filter(|session| session.is_live(now));
    Ok(Json(Sessions { sessions: live.map(|session| SignIn::of(session, own)).collect() }))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    sessions: Vec<SignIn>,
}

/// One sign-in.
#[derive(Serialize, ToSchema)]
struct SignIn {
    #[schema(value_type = String, example = "ses_01jv8z0c9q0000000000000000")]
    id: SessionId,
    /// Whether it is the one that asks.
    is_current: bool,
    /// What the browser or program calls itself.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")]
    device: Option<String>,
    /// The network it signed in from.
    #[schema(example = "203.0.113.0/24")]
    network: Option<String>,
    #[schema(value_type = String, example = "2026-03-02T08:00:00Z")]
    created_at: Timestamp,
    /// When it last got a new token.
    #[schema(value_type = String, example = "2026-03-02T08:30:00Z")]
    last_used_at: Timestamp,
    /// When it ends unless it is used.
    #[schema(value_type = String, example = "2026-03-09T08:30:00Z")]
    expires_at: Timestamp,
}

impl SignIn {
    fn of(session: Session, own: SessionId) -> Self {
        Self {
            id: session.id,
            is_current: session.id == own,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.ends_at(),
            device: session.device,
            network: session.ip_prefix,
        }
    }
}
