//! `X-Hub-Signature-256`: HMAC-SHA256 of the raw body under the app secret.
//!
//! Invariant: the signature is checked over the bytes as received, before anything reads them;
//! Meta escapes JSON in its own way, so a re-serialised body would not match.

use std::fmt;

use aws_lc_rs::hmac;
use domain::id::encode_hex;
use serde::Deserialize;

use crate::digest::unhex;

/// The header that carries the signature.
pub const HEADER: &str = "X-Hub-Signature-256";

const PREFIX: &str = "sha256=";
const HEX_LEN: usize = 64;

/// A secret of no characters, under which anybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an app secret is not empty")]
pub struct EmptySecret;

/// The secret of a Meta app. Never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AppSecret(String);

impl AppSecret {
    pub fn new(secret: impl Into<String>) -> Result<Self, EmptySecret> {
        let secret = secret.into();
        if secret.is_empty() { Err(EmptySecret) } else { Ok(Self(secret)) }
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes())
    }
}

impl TryFrom<String> for AppSecret {
    type Error = EmptySecret;

    fn try_from(secret: String) -> Result<Self, EmptySecret> {
        Self::new(secret)
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(…)")
    }
}

/// The secrets that count: the current one and, while a rotation lasts, the one before.
///
/// Reads from the JSON of the secret store: `app_secret`, `previous_app_secret`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppSecrets {
    #[serde(rename = "app_secret")]
    pub current: AppSecret,
    #[serde(rename = "previous_app_secret", default)]
    pub previous: Option<AppSecret>,
}

/// Whether the header is a signature of this body under one of the secrets.
///
/// The header must read `sha256=` and 64 lower-case hexadecimal digits. Compared in constant time.
pub fn verify(body: &[u8], header: Option<&str>, secrets: &AppSecrets) -> bool {
    let Some(tag) = header
        .and_then(|header| header.strip_prefix(PREFIX))
        .filter(|digits| digits.len() == HEX_LEN)
        .and_then(unhex)
    else {
        return false;
    };
    std::iter::once(&secrets.current)
        .chain(&secrets.previous)
        .any(|secret| hmac::verify(&secret.key(), body, &tag).is_ok())
}

/// The header Meta would send with this body.
pub fn sign(body: &[u8], secret: &AppSecret) -> String {
    format!("{PREFIX}{}", encode_hex(hmac::sign(&secret.key(), body).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::{AppSecret, AppSecrets, sign, verify};

    #[test]
    fn matches_the_published_vector() {
        // RFC 4231, test case 2.
        let secret = AppSecret::new("Jefe").unwrap();
        assert_eq!(
            sign(b"what do ya want for nothing?", &secret),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_the_exact_header_form_passes() {
        let current = AppSecret::new("s").unwrap();
        let good = sign(b"{}", &current);
        let secrets = AppSecrets { current, previous: None };
        assert!(verify(b"{}", Some(&good), &secrets));
        let long = format!("{good}00");
        let padded = format!(" {good}");
        let upper = format!("sha256={}", good[7..].to_uppercase());
        let bare = &good[7..];
        let short = &good[..good.len() - 1];
        let other_hash = good.replace("sha256", "sha1");
        for header in [&*long, &padded, &upper, bare, short, &other_hash, "", "sha256="] {
            assert!(!verify(b"{}", Some(header), &secrets), "{header}");
        }
        assert!(!verify(b"{}", None, &secrets));
        assert!(!verify(b"{} ", Some(&good), &secrets));
    }

    #[test]
    fn secrets_read_from_json_and_never_print() {
        let json =
            r#"{"app_secret":"canary-1","previous_app_secret":"canary-2","verify_token":"t"}"#;
        let secrets: AppSecrets = serde_json::from_str(json).unwrap();
        assert!(!format!("{secrets:?}").contains("canary"));
        assert!(serde_json::from_str::<AppSecrets>(r#"{"app_secret":""}"#).is_err());
    }
}
