//! Verifies access tokens.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::{Error, Result};
use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Serialize;

use crate::caller::Caller;
use crate::claims::{Claims, TOKEN_TYPE};
use crate::secrets::VerificationSecret;

/// Clocks of issuer and verifier may differ by this much.
const LEEWAY_S: i64 = 30;
/// Our tokens are about 500 bytes; longer ones are not worth parsing.
const TOKEN_BYTES_MAX: usize = 4_096;

/// Verifies access tokens against the known public keys.
///
/// Invariant: the algorithm is pinned to `EdDSA`; what a token says of its own algorithm is only
/// compared with it.
#[derive(Clone)]
pub struct Verifier {
    keys: BTreeMap<String, (DecodingKey, Jwk)>,
    validation: Validation,
    issuer: String,
    audience: String,
}

/// Why a token was refused. For the log; the caller learns only that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("not a token")]
    Malformed,
    #[error("another algorithm than EdDSA")]
    Algorithm,
    #[error("not an access token")]
    Type,
    #[error("an unknown key")]
    Key,
    #[error("the signature does not hold")]
    Signature,
    #[error("a claim is missing or has another shape")]
    Claims,
    #[error("another issuer")]
    Issuer,
    #[error("another audience")]
    Audience,
    #[error("expired")]
    Expired,
    #[error("not valid yet")]
    NotYet,
}

impl TokenFault {
    /// The word used in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::NotYet => "not_yet",
        }
    }
}

/// A public key as RFC 8037 writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    pub kty: &'static str,
    pub crv: &'static str,
    pub alg: &'static str,
    #[serde(rename = "use")]
    pub usage: &'static str,
    pub kid: String,
    pub x: String,
}

/// The keys tokens may be verified with, as RFC 7517 writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    pub keys: Vec<Jwk>,
}

impl Verifier {
    /// Fails when a key of the secret is not an Ed25519 public key.
    pub fn new(secret: &VerificationSecret) -> Result<Self> {
        let mut keys = BTreeMap::new();
        for key in &secret.keys {
            let public = STANDARD
                .decode(&key.public_b64)
                .ok()
                .filter(|bytes| bytes.len() == 32)
                .ok_or_else(|| Error::internal("a verification key is not 32 bytes of base64"))?;
            let jwk = Jwk {
                kty: "OKP",
                crv: "Ed25519",
                alg: "EdDSA",
                usage: "sig",
                kid: key.kid.clone(),
                x: URL_SAFE_NO_PAD.encode(&public),
            };
            keys.insert(key.kid.clone(), (DecodingKey::from_ed_der(&public), jwk));
        }
        // Instants, issuer and audience are compared below, against the injected clock.
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(Self {
            keys,
            validation,
            issuer: secret.issuer.clone(),
            audience: secret.audience.clone(),
        })
    }

    /// The caller a token stands for at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> std::result::Result<Caller, TokenFault> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenFault::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|error| {
            let fault = fault(&error);
            // No claim has been looked at yet: it is the header that cannot be read, or names an
            // algorithm that nobody knows.
            if fault == TokenFault::Claims { TokenFault::Malformed } else { fault }
        })?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenFault::Algorithm);
        }
        if header.typ.as_deref() != Some(TOKEN_TYPE) || header.crit.is_some() {
            return Err(TokenFault::Type);
        }
        let (key, _) = header.kid.and_then(|kid| self.keys.get(&kid)).ok_or(TokenFault::Key)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation)
            .map_err(|error| fault(&error))?
            .claims;
        self.check(&claims, now.as_second())?;
        Ok(Caller::of_verified(&claims))
    }

    /// The public keys, for others who verify our tokens.
    pub fn key_set(&self) -> JwkSet {
        JwkSet { keys: self.keys.values().map(|(_, jwk)| jwk.clone()).collect() }
    }

    fn check(&self, claims: &Claims, now_s: i64) -> std::result::Result<(), TokenFault> {
        if claims.iss != self.issuer {
            return Err(TokenFault::Issuer);
        }
        if claims.aud != self.audience {
            return Err(TokenFault::Audience);
        }
        if claims.exp.saturating_add(LEEWAY_S) <= now_s {
            return Err(TokenFault::Expired);
        }
        if claims.auth_time.saturating_sub(LEEWAY_S) > now_s {
            return Err(TokenFault::Claims);
        }
        // A token from the future was made by a clock that cannot be trusted with its end either.
        if claims.nbf.max(claims.iat).saturating_sub(LEEWAY_S) > now_s {
            return Err(TokenFault::NotYet);
        }
        Ok(())
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors")]
fn fault(error: &jsonwebtoken::errors::Error) -> TokenFault {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenFault::Algorithm,
        ErrorKind::Json(_) | ErrorKind::MissingRequiredClaim(_) => TokenFault::Claims,
        _ => TokenFault::Malformed,
    }
}

#[cfg(test)]
mod tests;
