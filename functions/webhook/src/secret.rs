//! What Meta's app shares with us.

use aws_clients::SecretText;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use domain::Result;
use serde::Deserialize;
use whatsapp::AppSecrets;

use crate::App;

/// The app's secret: `app_secret`, `previous_app_secret` while it rotates, `verify_token`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct MetaSecret {
    #[serde(flatten)]
    app: AppSecrets,
    verify_token: SecretText,
}

impl MetaSecret {
    /// Whether Meta signed this body, with the current or the previous secret.
    pub(crate) fn signed(&self, body: &[u8], header: Option<&str>) -> bool {
        whatsapp::verify(body, header, &self.app)
    }

    /// Whether this is the token we told Meta. The comparison tells neither content nor length.
    pub(crate) fn is_verify_token(&self, token: &str) -> bool {
        let ours = self.verify_token.expose();
        let [ours_hash, token_hash] = [ours, token].map(|text| digest(&SHA256, text.as_bytes()));
        let equal = verify_slices_are_equal(ours_hash.as_ref(), token_hash.as_ref()).is_ok();
        equal && !ours.is_empty()
    }
}

impl App {
    /// Whether the check passes, with the secret in use or with a newer one.
    pub(crate) async fn check_secret(&self, check: impl Fn(&MetaSecret) -> bool) -> Result<bool> {
        let used: MetaSecret = self.secrets.get(&self.meta_secret).await?;
        if check(&used) {
            return Ok(true);
        }
        let newer = self.secrets.changed(&self.meta_secret, &used).await?;
        Ok(newer.is_some_and(|newer| check(&newer)))
    }
}
