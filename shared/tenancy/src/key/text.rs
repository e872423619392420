//! The text of a key: `wac_live_<8 of a label>_<32 of a secret>_<6 of a checksum>`.
//!
//! The beginning lets scanners of repositories find keys that leaked; the checksum lets a scanner
//! and the gate tell a key from a typing error without asking a table.

use std::str::FromStr;

use aws_lc_rs::{constant_time, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Hidden, Ids};
use serde::{Deserialize, Serialize};

use super::gate::KeyFault;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The largest multiple of 62 in a byte: what is above would make some characters likelier.
const FAIR: u8 = 248;
const BEGINNING: &str = "wac_live_";
const LABEL_LEN: usize = 8;
/// 190 bits: no need of a slow hash.
const SECRET_LEN: usize = 32;
/// 62⁶ is just above 2³².
const CHECKSUM_LEN: usize = 6;
const TEXT_LEN: usize = BEGINNING.len() + LABEL_LEN + 1 + SECRET_LEN + 1 + CHECKSUM_LEN;

/// The public part of a key: where it is found, and what may be shown of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyLabel(String);

/// What is stored of a key's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSecret {
    label: KeyLabel,
    /// SHA-256 of the key's whole text.
    hash: Hidden,
}

/// A key somebody shows: of the right form, its checksum right; nothing else is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownKey(StoredSecret);

/// A fresh key. Its text is for the one answer that shows it.
#[derive(Debug)]
pub struct MintedKey {
    text: Hidden,
    stored: StoredSecret,
}

impl KeyLabel {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What may be shown of a key: the beginning of its text.
    pub fn prefix(&self) -> String {
        format!("{BEGINNING}{}", self.0)
    }
}

impl StoredSecret {
    pub fn label(&self) -> &KeyLabel {
        &self.label
    }

    /// Whether the key that was shown is this one. Takes as long for every wrong one.
    pub(super) fn is(&self, shown: &ShownKey) -> bool {
        let (ours, theirs) = (self.hash.expose().as_bytes(), shown.0.hash.expose().as_bytes());
        self.label == shown.0.label && constant_time::verify_slices_are_equal(ours, theirs).is_ok()
    }
}

impl ShownKey {
    /// Whether a credential means to be a key.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("wac_")
    }

    pub fn label(&self) -> &KeyLabel {
        &self.0.label
    }
}

impl FromStr for ShownKey {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        if text.len() != TEXT_LEN || !text.is_ascii() {
            return Err(KeyFault::Form);
        }
        let mut parts = text.strip_prefix(BEGINNING).ok_or(KeyFault::Form)?.split('_');
        let (label, secret, checksum) = (parts.next(), parts.next(), parts.next());
        let is = |part: Option<&str>, length: usize| {
            part.is_some_and(|part| {
                part.len() == length && part.bytes().all(|byte| ALPHABET.contains(&byte))
            })
        };
        let formed = is(label, LABEL_LEN)
            && is(secret, SECRET_LEN)
            && is(checksum, CHECKSUM_LEN)
            && parts.next().is_none();
        let (Some(label), Some(checksum)) = (label.filter(|_| formed), checksum) else {
            return Err(KeyFault::Form);
        };
        let body = text.get(..TEXT_LEN - CHECKSUM_LEN - 1).ok_or(KeyFault::Form)?;
        if checksum_of(body) != checksum {
            return Err(KeyFault::Form);
        }
        Ok(Self(StoredSecret { label: KeyLabel(label.to_owned()), hash: hash_of(text) }))
    }
}

impl MintedKey {
    pub fn mint(ids: &dyn Ids) -> Self {
        let label = random(ids, LABEL_LEN);
        let body = format!("{BEGINNING}{label}_{}", random(ids, SECRET_LEN));
        let text = format!("{body}_{}", checksum_of(&body));
        let stored = StoredSecret { label: KeyLabel(label), hash: hash_of(&text) };
        Self { text: Hidden::new(text), stored }
    }

    /// The key itself.
    pub fn text(&self) -> &str {
        self.text.expose()
    }

    pub fn stored(&self) -> StoredSecret {
        self.stored.clone()
    }
}

fn hash_of(text: &str) -> Hidden {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    Hidden::new(URL_SAFE_NO_PAD.encode(hash.as_ref()))
}

/// So many characters, each as likely as every other.
fn random(ids: &dyn Ids, length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut bytes = vec![0_u8; length - text.len()];
        ids.fill(&mut bytes);
        text.extend(bytes.into_iter().filter(|byte| *byte < FAIR).map(|byte| digit(byte.into())));
    }
    text
}

/// CRC-32 in six digits, the most significant first.
fn checksum_of(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [char::from(b'0'); CHECKSUM_LEN];
    for place in digits.iter_mut().rev() {
        *place = digit(rest);
        rest /= 62;
    }
    digits.iter().collect()
}

fn digit(value: u32) -> char {
    let place = usize::try_from(value % 62).unwrap_or(0);
    char::from(ALPHABET.get(place).copied().unwrap_or(b'0'))
}
