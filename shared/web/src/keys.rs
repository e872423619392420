//! The keys that verify tokens and seal cursors, as fresh as the secret they come from.

use std::sync::{Arc, PoisonError, RwLock};

use aws_clients::Secrets;
use domain::Result;
use tenancy::Verifier;
use tenancy::secrets::VerificationSecret;

use crate::cursor::CursorSeal;
use crate::seal::Seal;

/// Where keys come from. A function outlives the rotation of its keys, so on Lambda they are read
/// when first needed, again every five minutes, and at once when a token names a key that is not
/// known.
#[derive(Clone)]
pub struct KeyRing(Origin);

#[derive(Clone)]
enum Origin {
    Fixed(Arc<Keys>),
    Secret(Source),
}

#[derive(Clone)]
struct Source {
    secrets: Secrets,
    name: String,
    last: Arc<RwLock<Option<Arc<Keys>>>>,
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
        Ok(Self(Origin::Fixed(Arc::new(Keys::of(secret.clone())?))))
    }

    /// The keys of a secret of Secrets Manager, which is not asked yet.
    pub fn of_secret(secrets: Secrets, name: &str) -> Self {
        Self(Origin::Secret(Source { secrets, name: name.to_owned(), last: Arc::default() }))
    }

    /// The keys as they are now.
    pub async fn current(&self) -> Result<Arc<Keys>> {
        let source = match &self.0 {
            Origin::Fixed(keys) => return Ok(Arc::clone(keys)),
            Origin::Secret(source) => source,
        };
        let secret: VerificationSecret = source.secrets.own(&source.name).await?;
        match source.last().filter(|last| last.secret == secret) {
            Some(last) => Ok(last),
            None => match source.replace(secret) {
                Err(error) => {
                    source.secrets.forget(&source.name).await;
                    Err(error)
                }
                keys => keys,
            },
        }
    }

    /// After a token named a key that `used` does not have: other keys, if there are any.
    pub(crate) async fn newer(&self, used: &Keys) -> Result<Option<Arc<Keys>>> {
        let Origin::Secret(source) = &self.0 else { return Ok(None) };
        match source.secrets.changed(&source.name, &used.secret).await? {
            Some(secret) => source.replace(secret).map(Some),
            None => Ok(None),
        }
    }
}

impl Source {
    fn last(&self) -> Option<Arc<Keys>> {
        self.last.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, secret: VerificationSecret) -> Result<Arc<Keys>> {
        let keys = Arc::new(Keys::of(secret)?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
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
