//! Links and codes that prove that somebody reads an address or a phone.
//!
//! A token is not stored anywhere: whoever sends it and whoever checks it compute it from a key
//! that both know, so neither a table nor a queue ever holds one. What is stored is the proof's
//! record: what it is for, until when, and whether it was used.

use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Error, Ids, ProofId, Result, TenantId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::scope::TenantScope;

const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 32;
/// Six digits: what people copy from a message.
const CODES: u64 = 1_000_000;

/// The key behind proofs, as it stands in Secrets Manager.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofSecret {
    /// At least 32 bytes in base64.
    pub key_b64: String,
}

/// Makes and checks tokens and codes.
#[derive(Clone)]
pub struct Proofs {
    key: hmac::Key,
}

/// A token that is genuine: whose it is, and which proof. Whether the proof is still good, its
/// record tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    pub scope: TenantScope,
    pub proof: ProofId,
}

impl ProofSecret {
    /// A fresh one, for a new installation.
    pub fn generate(ids: &dyn Ids) -> Self {
        let mut key = [0_u8; 32];
        ids.fill(&mut key);
        Self { key_b64: STANDARD.encode(key) }
    }
}

impl std::fmt::Debug for ProofSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProofSecret").finish_non_exhaustive()
    }
}

impl Proofs {
    /// Fails when the secret is not at least 32 bytes of base64. Longer ones do: Secrets Manager
    /// makes 44 letters and digits, which are 33 bytes and more than 256 bits of chance.
    pub fn new(secret: &ProofSecret) -> Result<Self> {
        let key =
            STANDARD.decode(&secret.key_b64).ok().filter(|bytes| bytes.len() >= 32).ok_or_else(
                || Error::internal("the proof key is not 32 bytes of base64 or more"),
            )?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &key) })
    }

    /// The token of a proof: 86 characters that are safe in a link.
    pub fn token(&self, scope: &TenantScope, proof: ProofId) -> String {
        let mut bytes = Vec::with_capacity(2 * ID_BYTES + MAC_BYTES);
        bytes.extend_from_slice(scope.tenant().uuid().as_bytes());
        bytes.extend_from_slice(proof.uuid().as_bytes());
        let mac = self.mac(b"token", &bytes);
        bytes.extend_from_slice(mac.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token stands for; `None` when we never made it.
    pub fn open(&self, token: &str) -> Option<Proved> {
        if token.len() > 100 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (ids, mac) = bytes.split_at_checked(2 * ID_BYTES)?;
        constant_time::verify_slices_are_equal(self.mac(b"token", ids).as_ref(), mac).ok()?;
        let (tenant, proof) = ids.split_at_checked(ID_BYTES)?;
        let tenant = TenantId::from_uuid(Uuid::from_slice(tenant).ok()?);
        let proof = ProofId::from_uuid(Uuid::from_slice(proof).ok()?);
        Some(Proved { scope: TenantScope::of_verified_claim(tenant), proof })
    }

    /// The six digits of a proof. Few enough to guess: whoever checks one must count the attempts.
    pub fn code(&self, scope: &TenantScope, proof: ProofId) -> String {
        let mut bytes = scope.tenant().uuid().as_bytes().to_vec();
        bytes.extend_from_slice(proof.uuid().as_bytes());
        let mac = self.mac(b"code", &bytes);
        let number = mac
            .as_ref()
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{:06}", number % CODES)
    }

    /// Whether these are the six digits of a proof, in constant time.
    pub fn is_code(&self, scope: &TenantScope, proof: ProofId, given: &str) -> bool {
        let right = self.code(scope, proof);
        constant_time::verify_slices_are_equal(right.as_bytes(), given.as_bytes()).is_ok()
    }

    fn mac(&self, purpose: &[u8], bytes: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"proof v1 ");
        context.update(purpose);
        context.update(bytes);
        context.sign()
    }
}

#[cfg(test)]
mod tests {
    use domain::ProofId;
    use uuid::Uuid;

    use super::{ProofSecret, Proofs, STANDARD, TenantScope};
    use base64::Engine;

    fn proofs(byte: u8) -> Proofs {
        Proofs::new(&ProofSecret { key_b64: STANDARD.encode([byte; 32]) }).unwrap()
    }

    #[test]
    fn a_token_opens_with_its_own_key_and_not_when_a_character_differs() {
        let scope = TenantScope::of_stream_key(&format!("T#{}", "0".repeat(26))).unwrap();
        let proof = ProofId::from_uuid(Uuid::from_u128(7));
        let (ours, theirs) = (proofs(1), proofs(2));
        let token = ours.token(&scope, proof);
        assert_eq!(token.len(), 86);
        let opened = ours.open(&token).unwrap();
        assert_eq!((opened.scope, opened.proof), (scope.clone(), proof));
        assert_eq!(theirs.open(&token), None);
        for place in 0..token.len() {
            let mut forged = token.clone();
            let other = if &token[place..=place] == "A" { "B" } else { "A" };
            forged.replace_range(place..=place, other);
            assert_eq!(ours.open(&forged), None, "{place}");
        }
        for garbage in ["", "A", &"A".repeat(86), &"A".repeat(500)] {
            assert_eq!(ours.open(garbage), None);
        }
    }

    #[test]
    fn a_code_has_six_digits_and_belongs_to_one_proof() {
        let scope = TenantScope::of_stream_key(&format!("T#{}", "0".repeat(26))).unwrap();
        let proofs = proofs(1);
        for number in 0..200 {
            let proof = ProofId::from_uuid(Uuid::from_u128(number));
            let code = proofs.code(&scope, proof);
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
            assert!(proofs.is_code(&scope, proof, &code));
            assert!(!proofs.is_code(&scope, proof, "12345"));
        }
    }
}
