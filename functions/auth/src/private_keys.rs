//! The keys that only this function has: those that sign, and those that make refresh tokens.

use std::sync::{Arc, PoisonError, RwLock};

use aws_clients::Secrets;
use domain::Result;
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Setting};
use tenancy::Signer;
use tenancy::secrets::{SigningSecret, VerificationSecret};
use tenancy::vault::{Vault, VaultSecret};

/// Where the keys come from. They change while the function runs, so on Lambda they are read again
/// every five minutes.
#[derive(Clone)]
pub struct PrivateKeys {
    source: Option<Source>,
    last: Arc<RwLock<Arc<Keys>>>,
}

/// The names of the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNames {
    pub signing: String,
    pub verification: String,
    pub vault: String,
}

#[derive(Clone)]
struct Source {
    secrets: Secrets,
    names: SecretNames,
}

/// The secrets as they are at one time.
#[derive(PartialEq, Eq)]
struct Read {
    signing: SigningSecret,
    /// Says who issues tokens, and for whom.
    verification: VerificationSecret,
    vault: VaultSecret,
}

/// The keys of one version of the secrets.
pub(crate) struct Keys {
    read: Read,
    pub(crate) signer: Signer,
    pub(crate) vault: Vault,
}

impl PrivateKeys {
    /// The keys of secrets of Secrets Manager.
    pub async fn of_secrets(secrets: Secrets, names: SecretNames) -> Result<Self> {
        let source = Source { secrets, names };
        let first = Arc::new(Keys::of(source.read().await?)?);
        Ok(Self { source: Some(source), last: Arc::new(RwLock::new(first)) })
    }

    /// Keys that never change.
    pub fn fixed(
        signing: SigningSecret,
        verification: VerificationSecret,
        vault: VaultSecret,
    ) -> Result<Self> {
        let keys = Keys::of(Read { signing, verification, vault })?;
        Ok(Self { source: None, last: Arc::new(RwLock::new(Arc::new(keys))) })
    }

    /// The keys as they are now.
    pub(crate) async fn current(&self) -> Result<Arc<Keys>> {
        let last = Arc::clone(&self.last.read().unwrap_or_else(PoisonError::into_inner));
        let Some(source) = &self.source else { return Ok(last) };
        let read = source.read().await?;
        if read == last.read {
            return Ok(last);
        }
        let keys = Arc::new(Keys::of(read)?);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok(keys)
    }
}

impl SecretNames {
    /// The names a function's environment gives.
    pub fn of(environment: &Environment) -> std::result::Result<Self, MissingVariables> {
        let name = |setting| environment.get(setting).map(str::to_owned);
        Ok(Self {
            signing: name(Setting::SigningSecret)?,
            verification: name(Setting::VerificationSecret)?,
            vault: name(Setting::VaultSecret)?,
        })
    }
}

impl Source {
    async fn read(&self) -> Result<Read> {
        Ok(Read {
            signing: self.secrets.get(&self.names.signing).await?,
            verification: self.secrets.get(&self.names.verification).await?,
            vault: self.secrets.get(&self.names.vault).await?,
        })
    }
}

impl Keys {
    fn of(read: Read) -> Result<Self> {
        Ok(Self {
            signer: Signer::new(&read.signing, &read.verification)?,
            vault: Vault::new(&read.vault)?,
            read,
        })
    }
}
