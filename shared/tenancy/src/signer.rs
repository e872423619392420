//! Issues access tokens.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::role::TenantRole;
use domain::{Error, Ids, Result, SessionId, UserId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::claims::{Claims, TOKEN_TYPE};
use crate::scope::TenantScope;
use crate::secrets::{KeyStatus, SigningSecret, VerificationSecret};

/// How long an access token is good for.
const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// Signs access tokens with the newest key that may.
#[derive(Clone)]
pub struct Signer {
    kid: String,
    key: EncodingKey,
    issuer: String,
    audience: String,
}

/// Whom a token is for. The scope proves that the tenant is the user's.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub scope: &'a TenantScope,
    pub user: UserId,
    pub role: TenantRole,
    pub permission_version: u64,
    pub session: SessionId,
    /// When the person last proved who they are.
    pub proved_at: Timestamp,
    /// Whether the organisation wants a second factor that was not shown then.
    pub is_weak: bool,
}

/// A token and how long it is good for.
#[derive(Clone)]
pub struct IssuedToken {
    pub access_token: String,
    pub expires_in_s: i64,
}

impl Signer {
    /// Fails when no key of the secret may sign.
    pub fn new(signing: &SigningSecret, verification: &VerificationSecret) -> Result<Self> {
        let key = signing
            .keys
            .iter()
            .find(|key| key.status == KeyStatus::Signing)
            .ok_or_else(|| Error::internal("no key of the signing secret signs"))?;
        let private = STANDARD
            .decode(&key.private_pkcs8_b64)
            .map_err(|_| Error::internal("a signing key is not base64"))?;
        Ok(Self {
            kid: key.kid.clone(),
            key: EncodingKey::from_ed_der(&private),
            issuer: verification.issuer.clone(),
            audience: verification.audience.clone(),
        })
    }

    /// A token for the subject, good from `now` for half an hour.
    pub fn issue(
        &self,
        subject: &Subject<'_>,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<IssuedToken> {
        let issued_at = now.as_second();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: subject.user,
            tid: subject.scope.tenant(),
            role: subject.role,
            pv: subject.permission_version,
            sid: subject.session,
            auth_time: subject.proved_at.as_second(),
            weak: subject.is_weak,
            jti: domain::id::encode_base32(ids.uuid(now)),
            iat: issued_at,
            nbf: issued_at,
            exp: issued_at.saturating_add(LIFETIME.as_secs()),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let access_token =
            jsonwebtoken::encode(&header, &claims, &self.key).map_err(Error::internal)?;
        Ok(IssuedToken { access_token, expires_in_s: LIFETIME.as_secs() })
    }
}
