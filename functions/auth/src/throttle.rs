//! How often a password may be tried for an address, and from a network.

use domain::Network;
use domain::email::Email;
use jiff::Timestamp;
use store::{Admission, Guards};
use telemetry::metrics::names::LOGINS;
use web::Problem;

use crate::App;
use crate::visit::Visit;

/// One try, from its beginning to its end.
pub(crate) struct Attempt {
    guards: Guards,
    email: Email,
    network: Network,
    now: Timestamp,
}

impl Attempt {
    /// Counts the try before anything is compared, or says when the next may be made.
    pub(crate) async fn begin(app: &App, email: &Email, visit: &Visit) -> Result<Self, Problem> {
        let attempt = Self {
            guards: app.edge.store().guards(),
            email: email.clone(),
            network: visit.arrival.network(),
            now: app.edge.now(),
        };
        match attempt.guards.login_attempt(email, &attempt.network, attempt.now).await? {
            Admission::Open => Ok(attempt),
            Admission::Closed { retry_after } => {
                app.edge.metrics().count(&LOGINS, ["throttled"]);
                Err(Problem::too_many(retry_after))
            }
        }
    }

    /// The password was wrong, or there is nobody at the address: the two are told apart nowhere.
    pub(crate) async fn failed(self) -> domain::Result<()> {
        self.guards.login_failed(&self.email, &self.network, self.now).await
    }

    pub(crate) async fn succeeded(self) -> domain::Result<()> {
        self.guards.login_succeeded(&self.email, &self.network).await
    }
}
