//! How a key that was shown becomes a caller.

use std::net::IpAddr;

use domain::role::TenantRole;
use domain::{KeyId, TenantId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::life::KeyStatus;
use super::{ApiKey, ShownKey};
use crate::caller::Caller;
use crate::scope::TenantScope;

/// A key found by its label in the directory; nothing is proved yet, so only the gate may use it,
/// to read the key's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyRef {
    tenant: TenantId,
    key: KeyId,
}

/// A key that is what it says, good now and from where it was shown.
///
/// There is no way to make one but [`KeyRef::check`]:
///
/// ```compile_fail
/// fn forge(scope: tenancy::TenantScope, key: tenancy::key::ApiKey) -> tenancy::key::GenuineKey {
///     tenancy::key::GenuineKey { scope, key }
/// }
/// ```
///
/// but it tells for whom it acts:
///
/// ```
/// fn whose(key: &tenancy::key::GenuineKey) -> domain::UserId {
///     key.user()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct GenuineKey {
    scope: TenantScope,
    key: ApiKey,
}

/// Why a key lets nobody in. For the log: the caller is told that the key is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("it has not the form of a key, or its checksum is wrong")]
    Form,
    #[error("there is no such key")]
    Unknown,
    #[error("the secret is another")]
    Secret,
    #[error("the key was revoked")]
    Revoked,
    #[error("the key has ended")]
    Ended,
    #[error("the key may not be used from there")]
    Network,
    #[error("whom the key acts for may not sign in")]
    User,
}

impl KeyRef {
    /// The row the directory keeps for a key of this tenant.
    pub fn of_key(scope: &TenantScope, key: KeyId) -> Self {
        Self { tenant: scope.tenant(), key }
    }

    pub fn scope(&self) -> TenantScope {
        TenantScope::of_verified_claim(self.tenant)
    }

    pub fn key(&self) -> KeyId {
        self.key
    }

    /// Whether the key shown is the record's, and good at `now` and at the address `from`. An
    /// address that is not known is in no network.
    pub fn check(
        &self,
        key: &ApiKey,
        shown: &ShownKey,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<GenuineKey, KeyFault> {
        let stored = key.secret.as_ref().filter(|_| key.id == self.key);
        // The secret first: what else is wrong with a key concerns only who has it.
        if !stored.ok_or(KeyFault::Unknown)?.is(shown) {
            return Err(KeyFault::Secret);
        }
        match key.status(now) {
            KeyStatus::Active | KeyStatus::Ending => {}
            KeyStatus::Revoked => return Err(KeyFault::Revoked),
            KeyStatus::Ended | KeyStatus::Pending => return Err(KeyFault::Ended),
        }
        let from = from.map(|ip| ip.to_canonical());
        let inside = |ip: IpAddr| key.networks.iter().any(|network| network.contains(&ip));
        if !key.networks.is_empty() && !from.is_some_and(inside) {
            return Err(KeyFault::Network);
        }
        Ok(GenuineKey { scope: self.scope(), key: key.clone() })
    }
}

impl GenuineKey {
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }

    pub fn id(&self) -> KeyId {
        self.key.id
    }

    /// For whom it acts.
    pub fn user(&self) -> UserId {
        self.key.user
    }

    /// The caller, with the role its user has now.
    pub fn caller(&self, role: TenantRole, permission_version: u64) -> Caller {
        let Self { scope, key } = self;
        Caller::of_key(scope.clone(), key, role, permission_version)
    }
}
