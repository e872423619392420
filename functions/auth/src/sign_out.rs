//! `POST /api/v1/auth/logout`

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use web::openapi::Usual;
use web::{Problem, SignedIn};

use crate::end_session::end;
use crate::opening::session_of;
use crate::visit::Visit;
use crate::{App, cookie};

/// Ends the caller's session: its refresh token at once, its access tokens within a minute.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    tag = "auth",
    responses((status = 204, description = "The session has ended"), Usual),
    security(("token" = []))
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    visit: Visit,
    SignedIn(caller): SignedIn,
) -> Result<(StatusCode, HeaderMap), Problem> {
    // A repetition finds no session, which is what was asked for.
    end(&app, &visit, &caller, session_of(&caller)?).await?;
    Ok((StatusCode::NO_CONTENT, forgotten(&visit)))
}

/// Has a browser forget its cookie, if it has one.
pub(crate) fn forgotten(visit: &Visit) -> HeaderMap {
    if visit.cookie.is_some() { cookie::header(None) } else { HeaderMap::new() }
}
