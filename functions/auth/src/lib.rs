//! Signs people up and in, keeps their sessions and second factors, and publishes the keys that
//! verify their tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Edge;

mod accept_invitation;
mod change_password;
mod code;
mod confirm_second_factor;
mod cookie;
mod disable_second_factor;
mod end_session;
mod enroll_second_factor;
mod get_keys;
mod get_me;
mod invite_user;
mod letter;
mod link;
mod list_sessions;
mod new_password;
mod opening;
mod own_password;
mod person;
mod personal;
mod private_keys;
mod refresh;
mod renew_recovery_codes;
mod request_password_reset;
mod reset_password;
mod sign_in;
mod sign_out;
mod sign_out_everywhere;
mod sign_up;
mod step_up;
mod throttle;
mod totp;
mod verify_email;
mod verify_second_factor;
mod visit;

pub use private_keys::{PrivateKeys, SecretNames};
pub use tenancy::password;

/// Passwords hashed at once: each takes 19 MiB and a core.
const COMPARISONS_MAX: usize = 4;
/// Attempts at a change that somebody else's change may refuse.
const ATTEMPTS_MAX: u32 = 5;

/// What signing in takes.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    keys: PrivateKeys,
    comparisons: Arc<Semaphore>,
}

impl App {
    pub fn new(edge: Edge, keys: PrivateKeys) -> Self {
        Self { edge, keys, comparisons: Arc::new(Semaphore::new(COMPARISONS_MAX)) }
    }

    /// Work with passwords, away from where waiting is done, and little of it at once.
    async fn with_passwords<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> domain::Result<T> {
        let _permit = self.comparisons.acquire().await.map_err(domain::Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(domain::Error::internal)
    }
}

impl FromRef<App> for Edge {
    fn from_ref(app: &App) -> Self {
        app.edge.clone()
    }
}

/// The one door: Lambda, the embedded stack and the tests call it.
pub fn router(app: App) -> Router {
    let edge = app.edge.clone();
    let (router, _) = described().split_for_parts();
    web::finish(router.with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(verify_second_factor::verify_second_factor))
        .routes(routes!(refresh::refresh))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(sign_out_everywhere::sign_out_everywhere))
        .routes(routes!(get_me::get_me))
        .routes(routes!(step_up::step_up))
        .routes(routes!(list_sessions::list_sessions))
        .routes(routes!(end_session::end_session))
        .routes(routes!(enroll_second_factor::enroll_second_factor))
        .routes(routes!(confirm_second_factor::confirm_second_factor))
        .routes(routes!(disable_second_factor::disable_second_factor))
        .routes(routes!(renew_recovery_codes::renew_recovery_codes))
        .routes(routes!(change_password::change_password))
        .routes(routes!(get_keys::get_keys))
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(invite_user::invite_user))
        .routes(routes!(accept_invitation::accept_invitation))
        .routes(routes!(request_password_reset::request_password_reset))
        .routes(routes!(reset_password::reset_password))
}
