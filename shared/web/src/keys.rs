//! The keys that verify tokens and seal cursors, as fresh as the secret they come from.

use std::sync::{Arc, PoisonError, RwLock};

use aws_clients::Secrets;
use domain::Result;
use tenancy::Verifier;
use tenancy::secrets::VerificationSecret;

use crate::cursor::CursorSeal;
use crate::seal::Seal;

/// Where keys come from. A function outlives the rotation of its keys, so on Lambda they are read
/// again every five minutes, and at once when a token names a key that is not known.
#[derive(Clone)]
pub struct KeyRing {
    source: Option<Source>,
    last: Arc<RwLock<Arc<Keys>>>,
}

#[derive(Clone)]
struct Source {
    secrets: Secrets,
    name: String,
}

/// The keys of one version of the secret.
pub struct Keys {
    secret: VerificationSecret,
    pub verifier: Verifier,
    pub(crate) cursors: CursorSeal,
    /// Seals what is answered to repetitions. What a seal is bound to tells the two apart.
    pub(crate) answers: Seal,
}

impl KeyRing {
    /// Keys that never change.
    pub fn fixed(secret: &VerificationSecret) -> Result<Self> {
        Ok(Self { source: None, last: Arc::new(RwLock::new(Arc::new(Keys::of(secret.clone())?))) })
    }

    /// The keys of a secret of Secrets Manager.
    pub async fn of_secret(secrets: Secrets, name: &str) -> Result<Self> {
        let first = Self::fixed(&secrets.get(name).await?)?;
        Ok(Self { source: Some(Source { secrets, name: name.to_owned() }), ..first })
    }

    /// The keys as they are now.
    pub async fn current(&self) -> Result<Arc<Keys>> {
        let last = self.last();
        let Some(Source { secrets, name }) = &self.source else { return Ok(last) };
        let secret: VerificationSecret = secrets.get(name).await?;
        if secret == last.secret { Ok(last) } else { self.replace(secret) }
    }

    /// After a token named a key that `used` does not have: other keys, if there are any.
    pub(crate) async fn newer(&self, used: &Keys) -> Result<Option<Arc<Keys>>> {
        let Some(Source { secrets, name }) = &self.source else { return Ok(None) };
        match secrets.changed(name, &used.secret).await? {
            Some(secret) => self.replace(secret).map(Some),
            None => Ok(None),
        }
    }

    fn last(&self) -> Arc<Keys> {
        Arc::clone(&self.last.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, secret: VerificationSecret) -> Result<Arc<Keys>> {
        let keys = Arc::new(Keys::of(secret)?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok(keys)
    }
}

impl Keys {
    fn of(secret: VerificationSecret) -> Result<Self> {
        Ok(Self {
            verifier: Verifier::new(&secret)?,
            cursors: CursorSeal::new(&secret.cursor_key()?)?,
            answers: Seal::new(&secret.cursor_key()?)?,
            secret,
        })
    }
}
