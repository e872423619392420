//! The proof that somebody passed the first step of a login and has to pass the second.

use domain::{TenantId, UserId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Reader, Vault};
use crate::scope::TenantScope;

/// How long a person may take to find the code.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Who passed the first step, and until when that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub scope: TenantScope,
    pub user: UserId,
    /// The user's permission version then: another password makes the proof worthless.
    pub permission_version: u64,
    pub expires_at: Timestamp,
}

impl Vault {
    /// The proof as its holder gets it.
    pub fn write_challenge(&self, challenge: &Challenge) -> String {
        let mut payload = Vec::with_capacity(80);
        payload.extend_from_slice(challenge.scope.tenant().uuid().as_bytes());
        payload.extend_from_slice(challenge.user.uuid().as_bytes());
        payload.extend_from_slice(&challenge.permission_version.to_be_bytes());
        payload.extend_from_slice(&challenge.expires_at.as_second().to_be_bytes());
        self.sign(|keys| &keys.challenge, payload)
    }

    /// A proof that this vault wrote and that has not expired.
    pub fn read_challenge(&self, text: &str, now: Timestamp) -> Option<Challenge> {
        let payload = self.verify(|keys| &keys.challenge, text)?;
        let mut reader = Reader(&payload);
        let tenant = TenantId::from_uuid(Uuid::from_bytes(reader.take()?));
        let challenge = Challenge {
            scope: TenantScope::of_verified_claim(tenant),
            user: UserId::from_uuid(Uuid::from_bytes(reader.take()?)),
            permission_version: u64::from_be_bytes(reader.take()?),
            expires_at: Timestamp::from_second(i64::from_be_bytes(reader.take()?)).ok()?,
        };
        (now < challenge.expires_at).then_some(challenge)
    }
}
