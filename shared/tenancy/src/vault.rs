//! Credentials that only `auth` can make: refresh tokens, the proof of a login's first step, and
//! the sealed secrets of second factors.
//!
//! All keys are derived from one secret of Secrets Manager, which KMS encrypts: so a second
//! factor's secret in the table is sealed by a key that is itself wrapped by KMS, without a call of
//! KMS at every login. To change the secret, put the old one beside the new: it still opens.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Error, Ids, Result, UserId};
use serde::{Deserialize, Serialize};

use crate::scope::TenantScope;

pub mod challenge;
pub mod refresh;

const MAC_BYTES: usize = 32;
/// Longer than any token of ours.
const TOKEN_CHARS_MAX: usize = 300;
/// Fewer characters than this are not a secret.
const MAIN_CHARS_MIN: usize = 32;

/// The secret behind the vault, as it stands in Secrets Manager.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultSecret {
    /// At least 32 characters drawn at random.
    pub main: String,
    /// What was `main` before, newest first.
    #[serde(default)]
    pub older: Vec<String>,
}

/// Makes and opens these credentials.
#[derive(Clone)]
pub struct Vault {
    /// The first seals and signs; all open and verify. Never empty.
    keys: Vec<Keys>,
}

#[derive(Clone)]
struct Keys {
    refresh: hmac::Key,
    challenge: hmac::Key,
    factor: [u8; 32],
}

impl VaultSecret {
    /// A fresh one, for a new installation.
    pub fn generate(ids: &dyn Ids) -> Self {
        let mut bytes = [0_u8; 32];
        ids.fill(&mut bytes);
        Self { main: STANDARD.encode(bytes), older: Vec::new() }
    }
}

impl fmt::Debug for VaultSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultSecret").finish_non_exhaustive()
    }
}

impl Vault {
    /// Fails when the secret is too short to be one.
    pub fn new(secret: &VaultSecret) -> Result<Self> {
        let all = std::iter::once(&secret.main).chain(&secret.older);
        if all.clone().any(|text| text.len() < MAIN_CHARS_MIN) {
            return Err(Error::internal("the vault's secret is shorter than 32 characters"));
        }
        Ok(Self { keys: all.map(|text| Keys::derive(text)).collect() })
    }

    /// Seals a second factor's secret for one user's record.
    pub fn seal(
        &self,
        scope: &TenantScope,
        user: UserId,
        secret: &[u8],
        ids: &dyn Ids,
    ) -> Result<String> {
        let key = self.keys.first().ok_or_else(|| Error::internal("an empty vault"))?;
        let mut nonce = [0_u8; NONCE_LEN];
        ids.fill(&mut nonce);
        let mut text = secret.to_vec();
        key.cipher()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(owner(scope, user)),
                &mut text,
            )
            .map_err(Error::internal)?;
        let mut sealed = Vec::from(nonce);
        sealed.append(&mut text);
        Ok(STANDARD.encode(sealed))
    }

    /// What was sealed for this user. Another user's does not open.
    pub fn open(&self, scope: &TenantScope, user: UserId, sealed: &str) -> Result<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).map_err(Error::internal)?;
        let opened = self.keys.iter().find_map(|key| {
            let (nonce, text) = bytes.split_at_checked(NONCE_LEN)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = text.to_vec();
            let aad = Aad::from(owner(scope, user));
            let opened = key.cipher().ok()?.open_in_place(nonce, aad, &mut text).ok()?;
            Some(opened.to_vec())
        });
        opened.ok_or_else(|| Error::internal("a second factor's secret does not open"))
    }

    /// `payload` with its signature, as text that is safe in a header or a cookie.
    fn sign(&self, purpose: impl Fn(&Keys) -> &hmac::Key, mut payload: Vec<u8>) -> String {
        if let Some(keys) = self.keys.first() {
            let mac = hmac::sign(purpose(keys), &payload);
            payload.extend_from_slice(mac.as_ref());
        }
        URL_SAFE_NO_PAD.encode(payload)
    }

    /// The payload of a text that this vault signed.
    fn verify(&self, purpose: impl Fn(&Keys) -> &hmac::Key, text: &str) -> Option<Vec<u8>> {
        if text.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (payload, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        let genuine =
            self.keys.iter().any(|keys| hmac::verify(purpose(keys), payload, mac).is_ok());
        let length = payload.len();
        bytes.truncate(length);
        genuine.then_some(bytes)
    }
}

impl Keys {
    fn derive(main: &str) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, main.as_bytes());
        let key = |purpose: &str| hmac::sign(&root, format!("vault v1 {purpose}").as_bytes());
        let mut factor = [0_u8; 32];
        for (to, from) in factor.iter_mut().zip(key("factor").as_ref()) {
            *to = *from;
        }
        Self {
            refresh: hmac::Key::new(hmac::HMAC_SHA256, key("refresh").as_ref()),
            challenge: hmac::Key::new(hmac::HMAC_SHA256, key("challenge").as_ref()),
            factor,
        }
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&AES_256_GCM, &self.factor).map_err(Error::internal)?;
        Ok(LessSafeKey::new(key))
    }
}

fn owner(scope: &TenantScope, user: UserId) -> Vec<u8> {
    format!("factor v1 {} {user}", scope.tenant()).into_bytes()
}

/// Takes bytes off the front of a payload.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }
}

#[cfg(test)]
mod tests;
