//! Who calls.

use std::collections::BTreeSet;

use domain::audit::Actor;
use domain::role::TenantRole;
use domain::{KeyId, SessionId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::claims::Claims;
use crate::key::ApiKey;
use crate::policy::{self, Action, KeyScope, Reach};
use crate::scope::TenantScope;

/// How long a proof of identity is fresh enough for dangerous actions.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Whoever has been verified: whose data they may touch, who they are, what they may do.
///
/// There is no way to make one but [`crate::Verifier::verify`] and [`crate::key::GenuineKey::caller`]:
///
/// ```compile_fail
/// # use domain::{UserId, role::TenantRole};
/// fn promote(mut caller: tenancy::Caller) -> tenancy::Caller {
///     caller.role = TenantRole::Owner;
///     caller
/// }
/// ```
///
/// but it tells who it is:
///
/// ```
/// # use domain::{UserId, role::TenantRole};
/// fn who(caller: &tenancy::Caller) -> (UserId, TenantRole) {
///     (caller.user(), caller.role())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    scope: TenantScope,
    user: UserId,
    role: TenantRole,
    permission_version: u64,
    credential: Credential,
}

/// What the caller showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a session.
    Session {
        id: SessionId,
        /// When the person last proved who they are.
        proved_at: Timestamp,
        /// Whether their organisation wants a second factor that was not shown then.
        is_weak: bool,
    },
    /// An API key. It acts for the user who made it, as far as its scopes go.
    Key { id: KeyId, scopes: BTreeSet<KeyScope> },
}

impl Caller {
    /// The data this caller may touch.
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }

    /// Who signed in, or who made the key.
    pub fn user(&self) -> UserId {
        self.user
    }

    pub fn role(&self) -> TenantRole {
        self.role
    }

    /// The user's permission version when the token was issued. Whoever has the user's record
    /// compares the two: a token from before a change of role or password is refused.
    pub fn permission_version(&self) -> u64 {
        self.permission_version
    }

    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Who the audit log says it was.
    pub fn actor(&self) -> Actor {
        match self.credential {
            Credential::Session { .. } => Actor::User { id: self.user },
            Credential::Key { id, .. } => Actor::Key { id, user: self.user },
        }
    }

    /// How far the caller may go with an action: what the role allows, and for a key no further
    /// than its scopes.
    pub fn reach(&self, action: Action) -> Reach {
        let reach = policy::reach(self.role, action);
        match (&self.credential, policy::rule(action).scope) {
            (Credential::Session { .. }, _) => reach,
            (Credential::Key { scopes, .. }, Some(scope)) if scopes.contains(&scope) => reach,
            (Credential::Key { .. }, _) => Reach::Deny,
        }
    }

    /// Whether the caller proved who they are a short while ago. A key never did.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        match &self.credential {
            Credential::Session { proved_at, .. } => now.duration_since(*proved_at) <= FRESH_FOR,
            Credential::Key { .. } => false,
        }
    }

    /// Whether the organisation wants a second factor of the caller that was not shown: without one
    /// nothing dangerous is done, however fresh the proof.
    pub fn lacks_second_factor(&self) -> bool {
        matches!(self.credential, Credential::Session { is_weak: true, .. })
    }

    /// Used by the verifier alone, after everything has been checked.
    pub(crate) fn of_verified(claims: &Claims) -> Self {
        Self {
            scope: TenantScope::of_verified_claim(claims.tid),
            user: claims.sub,
            role: claims.role,
            permission_version: claims.pv,
            credential: Credential::Session {
                id: claims.sid,
                proved_at: Timestamp::from_second(claims.auth_time)
                    .unwrap_or(Timestamp::UNIX_EPOCH),
                is_weak: claims.weak,
            },
        }
    }

    /// Used by a key that was found genuine alone.
    pub(crate) fn of_key(
        scope: TenantScope,
        key: &ApiKey,
        role: TenantRole,
        permission_version: u64,
    ) -> Self {
        Self {
            scope,
            user: key.user,
            role,
            permission_version,
            credential: Credential::Key { id: key.id, scopes: key.scopes.clone() },
        }
    }
}
