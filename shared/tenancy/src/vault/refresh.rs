//! Refresh tokens: opaque to whoever holds one, and replaced by the next at every use.

use std::fmt;

use aws_lc_rs::{digest, hmac};
use domain::id::encode_hex;
use domain::{Ids, SessionId, TenantId, UserId};
use uuid::Uuid;

use super::{Reader, Vault};
use crate::scope::TenantScope;

/// A refresh token that is genuine. Whether it is still the one that counts, its session tells.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub scope: TenantScope,
    pub user: UserId,
    pub session: SessionId,
    /// How often the session's token had been replaced when this one was made.
    pub generation: u64,
    secret: [u8; 32],
}

impl RefreshToken {
    /// The first token of a session, with 32 fresh random bytes.
    pub fn first(scope: &TenantScope, user: UserId, session: SessionId, ids: &dyn Ids) -> Self {
        Self { scope: scope.clone(), user, session, generation: 1, secret: fresh(ids) }
    }

    /// The token that takes this one's place: made of this one and of a salt that its session
    /// keeps. So whoever did not get the answer can be given the same token again, and no table
    /// ever holds one.
    #[must_use]
    pub fn successor(&self, salt: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let mut context = hmac::Context::with_key(&key);
        context.update(b"refresh successor v1 ");
        context.update(salt);
        let mut secret = [0_u8; 32];
        for (to, from) in secret.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        Self { generation: self.generation.saturating_add(1), secret, ..self.clone() }
    }

    /// What the session keeps of the token: the SHA-256 of its secret in hexadecimal.
    pub fn hash(&self) -> String {
        encode_hex(digest::digest(&digest::SHA256, &self.secret).as_ref())
    }
}

/// Names the session, never the secret.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken")
            .field("session", &self.session)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// 32 random bytes: a secret, or a salt.
pub fn fresh(ids: &dyn Ids) -> [u8; 32] {
    let mut bytes = [0_u8; 32];
    ids.fill(&mut bytes);
    bytes
}

impl Vault {
    /// A refresh token as its holder gets it: 160 characters.
    pub fn write_refresh(&self, token: &RefreshToken) -> String {
        let mut payload = Vec::with_capacity(136);
        payload.extend_from_slice(token.scope.tenant().uuid().as_bytes());
        payload.extend_from_slice(token.user.uuid().as_bytes());
        payload.extend_from_slice(token.session.uuid().as_bytes());
        payload.extend_from_slice(&token.generation.to_be_bytes());
        payload.extend_from_slice(&token.secret);
        self.sign(|keys| &keys.refresh, payload)
    }

    /// A token that this vault wrote; nothing else opens, so that nobody can end a session with a
    /// token of their own invention.
    pub fn read_refresh(&self, text: &str) -> Option<RefreshToken> {
        let payload = self.verify(|keys| &keys.refresh, text)?;
        let mut reader = Reader(&payload);
        let tenant = TenantId::from_uuid(Uuid::from_bytes(reader.take()?));
        Some(RefreshToken {
            scope: TenantScope::of_verified_claim(tenant),
            user: UserId::from_uuid(Uuid::from_bytes(reader.take()?)),
            session: SessionId::from_uuid(Uuid::from_bytes(reader.take()?)),
            generation: u64::from_be_bytes(reader.take()?),
            secret: reader.take()?,
        })
    }
}
