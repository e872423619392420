//! Signs people up and in, keeps their sessions and second factors, and publishes the keys that
//! verify their tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;
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
    web::finish(served().with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

web::endpoints! {
    App:
    sign_in,
    verify_second_factor,
    refresh,
    sign_out,
    sign_out_everywhere,
    get_me,
    step_up,
    list_sessions,
    end_session,
    enroll_second_factor,
    confirm_second_factor,
    disable_second_factor,
    renew_recovery_codes,
    change_password,
    get_keys,
    sign_up,
    verify_email,
    invite_user,
    accept_invitation,
    request_password_reset,
    reset_password,
}
