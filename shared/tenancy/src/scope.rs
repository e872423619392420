//! The proof that the caller may touch one tenant's data.

use domain::{ChannelId, Clock, Ids, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// Permission to read and write one tenant's data, and nobody else's.
///
/// There is no way to make one from an id:
///
/// ```compile_fail
/// # use domain::TenantId;
/// fn steal(tenant: TenantId) -> tenancy::TenantScope {
///     tenancy::TenantScope { tenant }
/// }
/// ```
///
/// but it tells whose it is:
///
/// ```
/// # use domain::TenantId;
/// fn owner(scope: &tenancy::TenantScope) -> TenantId {
///     scope.tenant()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TenantScope {
    tenant: TenantId,
}

impl TenantScope {
    /// The tenant this scope opens.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Every partition key of this tenant starts with this, followed by `#` or nothing.
    pub fn partition(&self) -> String {
        format!("T#{}", self.tenant.key())
    }

    /// A new tenant's scope: the id is minted here, so it cannot be anybody else's.
    pub fn found(clock: &dyn Clock, ids: &dyn Ids) -> Self {
        Self { tenant: TenantId::mint(ids, clock.now()) }
    }

    /// The scope of a record of our own DynamoDB stream, from its partition key.
    pub fn of_stream_key(partition_key: &str) -> Option<Self> {
        let text = partition_key.strip_prefix("T#")?;
        let id = text.split('#').next()?;
        format!("{}_{id}", TenantId::PREFIX).parse().ok().map(|tenant| Self { tenant })
    }

    /// The scope of an organisation that an operator has ordered to be erased. For the eraser alone,
    /// which no API reaches: whoever may call it is whom the account trusts with everybody's data.
    pub fn of_erasure(tenant: TenantId) -> Self {
        Self { tenant }
    }

    /// Used by the token verifier in this crate alone.
    pub(crate) fn of_verified_claim(tenant: TenantId) -> Self {
        Self { tenant }
    }
}

/// A tenant's channel, found by the phone number id of a webhook whose signature held.
///
/// Comes only out of bytes we wrote ourselves, the directory's row or a queue's envelope, or from
/// a scope already earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Routed {
    tenant: TenantId,
    channel: ChannelId,
}

impl Routed {
    /// The row the directory keeps for a channel of this tenant.
    pub fn of_channel(scope: &TenantScope, channel: ChannelId) -> Self {
        Self { tenant: scope.tenant, channel }
    }

    pub fn scope(&self) -> TenantScope {
        TenantScope { tenant: self.tenant }
    }

    pub fn channel(&self) -> ChannelId {
        self.channel
    }
}

/// A user found by the e-mail address of a login attempt; nothing is proved yet, so only `auth`
/// may use it, to compare a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    tenant: TenantId,
    user: UserId,
}

impl Account {
    /// The row the directory keeps for a user of this tenant.
    pub fn of_user(scope: &TenantScope, user: UserId) -> Self {
        Self { tenant: scope.tenant, user }
    }

    pub fn scope(&self) -> TenantScope {
        TenantScope { tenant: self.tenant }
    }

    pub fn user(&self) -> UserId {
        self.user
    }
}

#[cfg(test)]
mod tests {
    use super::TenantScope;

    #[test]
    fn a_stream_key_names_its_tenant_or_nothing() {
        let id = "0".repeat(26);
        for key in [format!("T#{id}"), format!("T#{id}#O#xyz")] {
            let scope = TenantScope::of_stream_key(&key).unwrap();
            assert_eq!(scope.partition(), format!("T#{id}"));
        }
        for key in ["", "T#", "EMAIL#x", "T#short#x"] {
            assert_eq!(TenantScope::of_stream_key(key), None, "{key}");
        }
    }
}
