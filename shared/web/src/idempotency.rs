//! `Idempotency-Key`: the same request sent twice is one request.

use aws_lc_rs::digest::{Context, SHA256};
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use tenancy::Caller;
use uuid::Uuid;

use crate::problem::Problem;

const KEY_CHARS_MAX: usize = 128;

/// The key of a request that creates something, if it has one, and the path it is for.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: Option<String>,
    path: String,
}

impl IdempotencyKey {
    /// What the created thing is to be called: a hash of tenant, user, path and key, so that the
    /// thing itself tells that it was created before. `None` without a key.
    pub fn uuid(&self, caller: &Caller) -> Option<Uuid> {
        let key = self.key.as_deref()?;
        let mut context = Context::new(&SHA256);
        for part in [
            &caller.scope().tenant().to_string(),
            &caller.user().to_string(),
            self.path.as_str(),
            key,
        ] {
            context.update(part.as_bytes());
            context.update(b"\n");
        }
        let mut bytes = [0_u8; 16];
        for (byte, hashed) in bytes.iter_mut().zip(context.finish().as_ref()) {
            *byte = *hashed;
        }
        Some(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let path = parts.uri.path().to_owned();
        Ok(Self { key: Self::of(&parts.headers)?, path })
    }
}

impl IdempotencyKey {
    /// The key a request's headers have, if any.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let visible = |key: &&str| {
            (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
        };
        match value.to_str().ok().filter(visible) {
            Some(key) => Ok(Some(key.to_owned())),
            None => Err(Problem::bad_request(
                "invalid_idempotency_key",
                "Idempotency-Key is 1 to 128 visible ASCII characters",
            )),
        }
    }
}
