//! Who calls.

use domain::UserId;
use domain::role::TenantRole;

use crate::claims::Claims;
use crate::scope::TenantScope;

/// A person whose token has been verified: whose data they may touch, who they are, what they may
/// do.
///
/// There is no way to make one but [`crate::Verifier::verify`]:
///
/// ```compile_fail
/// # use domain::{UserId, role::TenantRole};
/// fn promote(scope: tenancy::TenantScope, user: UserId) -> tenancy::Caller {
///     tenancy::Caller { scope, user, role: TenantRole::Owner, permission_version: 1 }
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
}

impl Caller {
    /// The data this caller may touch.
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }

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

    /// Used by the verifier alone, after everything has been checked.
    pub(crate) fn of_verified(claims: &Claims) -> Self {
        Self {
            scope: TenantScope::of_verified_claim(claims.tid),
            user: claims.sub,
            role: claims.role,
            permission_version: claims.pv,
        }
    }
}
