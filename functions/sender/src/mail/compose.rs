//! What a letter says, from the records as they are when it is sent.

use domain::outbox::Letter;
use domain::tenant::{User, UserStatus};
use domain::{Error, KeyId, ProofId, Result, UserId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::TenantStore;
use tenancy::key::KeyStatus;
use tenancy::proof::{ProofSecret, Proofs};

use crate::App;
use crate::mail::words::{Addressee, KeyNews, Topic, Written, write};

/// What became of writing a letter.
pub(super) enum Composed {
    Letter(Box<Written>),
    /// There is nobody to write to, or nothing to tell any more; why, in a word.
    Nothing(&'static str),
}

/// Writes a letter to a user.
pub(super) async fn letter(
    app: &App,
    tenant: &TenantStore,
    user: UserId,
    letter: &Letter,
) -> Result<Composed> {
    let (user, organization) = futures::try_join!(tenant.user(user), tenant.tenant())?;
    let Some(user) = user.filter(|user| user.status != UserStatus::Deactivated) else {
        return Ok(Composed::Nothing("no_addressee"));
    };
    let page = |path: &str| format!("{}{path}", app.post.public_url);
    let topic = match letter {
        Letter::VerifyEmail { proof } => {
            Topic::VerifyEmail { link: link(app, tenant, "/verify-email", *proof).await? }
        }
        Letter::Invitation { proof } => {
            Topic::Invitation { link: link(app, tenant, "/accept-invitation", *proof).await? }
        }
        Letter::PasswordReset { proof } => {
            Topic::PasswordReset { link: link(app, tenant, "/reset-password", *proof).await? }
        }
        Letter::PasswordChanged => Topic::PasswordChanged { page: page("/forgot-password") },
        Letter::SessionRevoked { .. } => Topic::SessionRevoked { page: page("/settings/sessions") },
        Letter::SecondFactorChanged => {
            Topic::SecondFactorChanged { page: page("/settings/security") }
        }
        Letter::KeyReminder { key } => {
            match key_news(app, tenant, *key, &organization.time_zone).await? {
                Some((name, news)) => {
                    Topic::Key { name, news, page: page(&format!("/settings/api-keys/{key}")) }
                }
                None => return Ok(Composed::Nothing("no_longer_true")),
            }
        }
    };
    let User { email, name, language, .. } = user;
    let addressee = Addressee { email, name, language, organization: organization.name };
    Ok(Composed::Letter(Box::new(write(&addressee, &topic))))
}

/// A link with a token. The token is behind `#`, which browsers send to nobody: it is in no access
/// log and in no `Referer`.
async fn link(app: &App, tenant: &TenantStore, path: &str, proof: ProofId) -> Result<String> {
    let secret: ProofSecret = app.secrets.get(&app.post.proof_secret).await.map_err(|error| {
        // Absent: a mistake of the deployment, to be mended while the letter waits.
        if matches!(error, Error::NotFound) { Error::unavailable(error) } else { error }
    })?;
    let token = Proofs::new(&secret)?.token(tenant.scope(), proof);
    Ok(format!("{}{path}#token={token}", app.post.public_url))
}

/// What is to be said of a key now, and its name. `None`: it has ended, or has a successor that
/// somebody has seen.
async fn key_news(
    app: &App,
    tenant: &TenantStore,
    id: KeyId,
    time_zone: &str,
) -> Result<Option<(String, KeyNews)>> {
    let Some(key) = tenant.api_key(id).await? else { return Ok(None) };
    let now = app.clock.now();
    let ends = date(key.ends_at(), time_zone);
    let news = match key.status(now) {
        KeyStatus::Pending => KeyNews::Waiting { until: ends },
        KeyStatus::Active if key.is_about_to_end(now) => KeyNews::Ends { on: ends },
        KeyStatus::Active => KeyNews::Old { made: date(key.created_at, time_zone), ends },
        KeyStatus::Ending | KeyStatus::Ended | KeyStatus::Revoked => return Ok(None),
    };
    Ok(Some((key.name, news)))
}

/// A date that reads the same in every language, in the organisation's own time.
fn date(at: Timestamp, time_zone: &str) -> String {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date().to_string()
}
