//! The change of the keys behind access tokens, a step at a time; `tenancy::rotation` says which.

use aws_clients::SecretText;
use domain::{Error, Result};
use serde::Serialize;
use telemetry::metrics::names::KEYS_ROTATED;
use tenancy::rotation;
use tenancy::secrets::{SigningSecret, VerificationSecret};

use crate::App;

/// Takes the step that is due, if there is one. Repetition is harmless.
pub(crate) async fn rotate_keys(app: &App) -> Result<()> {
    let (secrets, names) = (&app.secrets, &app.names);
    let signing: SigningSecret = secrets.get(&names.signing).await?;
    let verification: VerificationSecret = secrets.get(&names.verification).await?;
    let step = rotation::step(&signing, &verification, app.clock.now(), &*app.ids)?;
    let Some((signing, verification)) = step else { return Ok(()) };
    // First what verifies: no key signs that nobody can know.
    secrets.put(&names.verification, &text(&verification)?).await?;
    secrets.put(&names.signing, &text(&signing)?).await?;
    app.metrics.count(&KEYS_ROTATED, []);
    let kids: Vec<&str> = verification.keys.iter().map(|key| key.kid.as_str()).collect();
    tracing::info!(key.ids = kids.join(" "), "the keys of tokens were changed");
    Ok(())
}

fn text(secret: &impl Serialize) -> Result<SecretText> {
    serde_json::to_string(secret).map(SecretText::new).map_err(Error::internal)
}
