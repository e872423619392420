//! Whether a token still says what its user may do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::role::TenantRole;
use domain::tenant::UserStatus;
use domain::{Result, TenantId, UserId};
use jiff::{SignedDuration, Timestamp};
use tenancy::{Caller, TenantScope};

use crate::edge::Edge;

/// How long a user's record is believed: a revoked token works for at most this long.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Users remembered at most; then all are forgotten.
const USERS_MAX: usize = 10_000;

/// What users seen lately may do.
#[derive(Default)]
pub(crate) struct Permissions {
    known: Mutex<HashMap<(TenantId, UserId), Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    /// `None`: absent, or not active.
    standing: Option<Standing>,
    until: Timestamp,
}

/// What a user may do now.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) role: TenantRole,
    pub(crate) version: u64,
}

impl Known {
    fn version(&self) -> Option<u64> {
        self.standing.map(|standing| standing.version)
    }
}

impl Permissions {
    /// Whether the caller's user is active and has the permission version of the token.
    /// `anew`: whatever is remembered.
    pub(crate) async fn hold(&self, edge: &Edge, caller: &Caller, anew: bool) -> Result<bool> {
        let wanted = Some(caller.permission_version());
        let key = (caller.scope().tenant(), caller.user());
        // A newer token than the record in memory is no reason to refuse: the record is stale.
        let stale = self.get(&key).is_some_and(|known| known.version() < wanted);
        let standing = self.standing(edge, caller.scope(), caller.user(), anew || stale).await?;
        Ok(standing.map(|standing| standing.version) == wanted)
    }

    /// What a user may do; `None` when absent or not active. `anew`: whatever is remembered.
    pub(crate) async fn standing(
        &self,
        edge: &Edge,
        scope: &TenantScope,
        user: UserId,
        anew: bool,
    ) -> Result<Option<Standing>> {
        let now = edge.now();
        let key = (scope.tenant(), user);
        if let Some(known) = self.get(&key).filter(|known| !anew && now < known.until) {
            return Ok(known.standing);
        }
        let user = edge.store().for_tenant(scope).user(user).await?;
        let standing = user
            .filter(|user| user.status == UserStatus::Active)
            .map(|user| Standing { role: user.role, version: user.permission_version });
        let until = now.checked_add(FRESH_FOR).unwrap_or(now);
        self.keep(key, Known { standing, until });
        Ok(standing)
    }

    fn get(&self, key: &(TenantId, UserId)) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }

    fn keep(&self, key: (TenantId, UserId), known: Known) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= USERS_MAX {
            all.clear();
        }
        all.insert(key, known);
    }
}
