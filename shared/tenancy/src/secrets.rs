//! The two secrets behind tokens, as they stand in Secrets Manager, and how to make new ones.
//!
//! Only `auth` reads the signing secret, and the scheduler, which changes the keys
//! ([`crate::rotation`]); every function of the API reads the other.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Error, Ids, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Private keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningSecret {
    pub keys: Vec<SigningKey>,
}

/// A private key and whether it signs yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    pub kid: String,
    /// PKCS #8 v1 in base64.
    pub private_pkcs8_b64: String,
    pub status: KeyStatus,
    /// Since when it has this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// A new key is published ten minutes before it signs, so that every verifier knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    Signing,
    Published,
}

/// What it takes to verify a token and to open a cursor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationSecret {
    pub issuer: String,
    pub audience: String,
    pub keys: Vec<VerificationKey>,
    /// 32 bytes in base64: seals cursors.
    pub cursor_key_b64: String,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationKey {
    pub kid: String,
    /// The 32 bytes in base64.
    pub public_b64: String,
    /// Since when nothing is signed with it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
}

impl VerificationSecret {
    /// The key that seals cursors.
    pub fn cursor_key(&self) -> Result<[u8; 32]> {
        STANDARD
            .decode(&self.cursor_key_b64)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Error::internal("the cursor key is not 32 bytes of base64"))
    }
}

/// A fresh pair of secrets with one key that signs at once; for a new installation.
pub fn generate(
    ids: &dyn Ids,
    issuer: &str,
    audience: &str,
) -> Result<(SigningSecret, VerificationSecret)> {
    let key = SigningKey::generate(ids, KeyStatus::Signing)?;
    let verification = VerificationSecret {
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
        keys: vec![key.verification_key()?],
        cursor_key_b64: random_b64(ids),
    };
    Ok((SigningSecret { keys: vec![key] }, verification))
}

/// 32 random bytes in base64.
pub(crate) fn random_b64(ids: &dyn Ids) -> String {
    let mut bytes = [0_u8; 32];
    ids.fill(&mut bytes);
    STANDARD.encode(bytes)
}

impl SigningKey {
    /// A fresh Ed25519 key.
    pub fn generate(ids: &dyn Ids, status: KeyStatus) -> Result<Self> {
        let mut seed = [0_u8; 32];
        ids.fill(&mut seed);
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Error::internal)?;
        let private: Pkcs8V1Der<'_> = pair.as_der().map_err(Error::internal)?;
        let public = pair.public_key().as_ref();
        Ok(Self {
            // The first bytes of the public key name it: nobody has to invent a name.
            kid: URL_SAFE_NO_PAD.encode(public.get(..12).unwrap_or(public)),
            private_pkcs8_b64: STANDARD.encode(private.as_ref()),
            status,
            since: None,
        })
    }

    /// The public half.
    pub fn verification_key(&self) -> Result<VerificationKey> {
        let private = STANDARD.decode(&self.private_pkcs8_b64).map_err(Error::internal)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).map_err(Error::internal)?;
        let public_b64 = STANDARD.encode(pair.public_key().as_ref());
        Ok(VerificationKey { kid: self.kid.clone(), public_b64, retired_at: None })
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningSecret").finish_non_exhaustive()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl fmt::Debug for VerificationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationSecret").field("keys", &self.keys).finish_non_exhaustive()
    }
}
