//! Whether a token still says what its user may do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::tenant::UserStatus;
use domain::{Result, TenantId, UserId};
use jiff::{SignedDuration, Timestamp};
use tenancy::Caller;

use crate::edge::Edge;

/// How long a user's record is believed: a revoked token works for at most this long.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Users remembered at most; then all are forgotten.
const USERS_MAX: usize = 10_000;

/// The permission versions of users seen lately.
#[derive(Default)]
pub(crate) struct Permissions {
    known: Mutex<HashMap<(TenantId, UserId), Known>>,
}

#[derive(Clone, Copy)]
struct Known {
    /// `None`: absent, or not active.
    version: Option<u64>,
    until: Timestamp,
}

impl Permissions {
    /// Whether the caller's user is active and has the permission version of the token.
    /// `anew`: whatever is remembered.
    pub(crate) async fn hold(&self, edge: &Edge, caller: &Caller, anew: bool) -> Result<bool> {
        let now = edge.now();
        let key = (caller.scope().tenant(), caller.user());
        let wanted = Some(caller.permission_version());
        // A newer token than the record in memory is no reason to refuse: the record is stale.
        let fresh =
            self.get(&key).filter(|known| !anew && now < known.until && known.version >= wanted);
        if let Some(known) = fresh {
            return Ok(known.version == wanted);
        }
        let user = edge.store().for_tenant(caller.scope()).user(caller.user()).await?;
        let version = user
            .filter(|user| user.status == UserStatus::Active)
            .map(|user| user.permission_version);
        let until = now.checked_add(FRESH_FOR).unwrap_or(now);
        self.keep(key, Known { version, until });
        Ok(version == wanted)
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
