//! The keys that only this function has: those that sign, and those that make refresh tokens.

use std::sync::{Arc, PoisonError, RwLock};

use aws_clients::Secrets;
use domain::Result;
use futures::try_join;
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Setting};
use tenancy::Signer;
use tenancy::proof::{ProofSecret, Proofs};
use tenancy::secrets::{SigningSecret, VerificationSecret};
use tenancy::vault::{Vault, VaultSecret};

/// Where the keys come from. They change while the function runs, so on Lambda they are read when
/// first needed and again every five minutes.
#[derive(Clone)]
pub struct PrivateKeys(Origin);

#[derive(Clone)]
enum Origin {
    Fixed(Arc<Keys>, Box<Proofs>),
    Secrets(Source),
}

/// The names of the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNames {
    pub signing: String,
    pub verification: String,
    pub vault: String,
    pub proof: String,
}

#[derive(Clone)]
struct Source {
    secrets: Secrets,
    names: SecretNames,
    last: Arc<RwLock<Option<Arc<Keys>>>>,
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
    /// The keys of secrets of Secrets Manager, which is not asked yet.
    pub fn of_secrets(secrets: Secrets, names: SecretNames) -> Self {
        Self(Origin::Secrets(Source { secrets, names, last: Arc::default() }))
    }

    /// Keys that never change.
    pub fn fixed(
        (signing, verification): (SigningSecret, VerificationSecret),
        vault: VaultSecret,
        proof: &ProofSecret,
    ) -> Result<Self> {
        let keys = Keys::of(Read { signing, verification, vault })?;
        Ok(Self(Origin::Fixed(Arc::new(keys), Box::new(Proofs::new(proof)?))))
    }

    /// The keys as they are now.
    pub(crate) async fn current(&self) -> Result<Arc<Keys>> {
        let source = match &self.0 {
            Origin::Fixed(keys, _) => return Ok(Arc::clone(keys)),
            Origin::Secrets(source) => source,
        };
        let read = Box::pin(source.read()).await?;
        let last = source.last.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(last) = last.filter(|last| last.read == read) {
            return Ok(last);
        }
        let keys = match Keys::of(read) {
            Ok(keys) => Arc::new(keys),
            Err(error) => {
                source.forget().await;
                return Err(error);
            }
        };
        *source.last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok(keys)
    }

    /// What opens the tokens of letters.
    pub(crate) async fn proofs(&self) -> Result<Proofs> {
        match &self.0 {
            Origin::Fixed(_, proofs) => Ok((**proofs).clone()),
            Origin::Secrets(Source { secrets, names, .. }) => {
                Proofs::new(&secrets.own(&names.proof).await?)
            }
        }
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
            proof: name(Setting::ProofSecret)?,
        })
    }
}

impl Source {
    async fn read(&self) -> Result<Read> {
        let (signing, verification, vault) = try_join!(
            self.secrets.own(&self.names.signing),
            self.secrets.own(&self.names.verification),
            self.secrets.own(&self.names.vault),
        )?;
        Ok(Read { signing, verification, vault })
    }

    /// Has all be asked for again.
    async fn forget(&self) {
        let SecretNames { signing, verification, vault, proof: _ } = &self.names;
        for name in [signing, verification, vault] {
            self.secrets.forget(name).await;
        }
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
