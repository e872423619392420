//! Whether a token still says what its user may do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::role::TenantRole;
use domain::tenant::{User, UserStatus};
use domain::{Result, SessionId, TenantId, UserId};
use jiff::{SignedDuration, Timestamp};
use tenancy::{Caller, Credential, TenantScope};

use crate::edge::Edge;

/// How long a standing is believed: a revoked token works for at most this long.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Callers remembered at most; then all are forgotten.
const CALLERS_MAX: usize = 10_000;

/// The standing of callers seen lately.
#[derive(Default)]
pub(crate) struct Permissions {
    known: Mutex<HashMap<Place, Known>>,
}

/// A user, and the session of the token if it is of one.
type Place = (TenantId, UserId, Option<SessionId>);

#[derive(Clone, Copy)]
struct Known {
    /// `None`: no such user.
    standing: Option<Standing>,
    /// Whether the user is active and the session has not ended.
    is_live: bool,
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
    /// Whether the caller's user is active and has the permission version of the token, and the
    /// token's session has not ended. `anew`: whatever is remembered.
    pub(crate) async fn hold(&self, edge: &Edge, caller: &Caller, anew: bool) -> Result<bool> {
        let session = match caller.credential() {
            Credential::Session { id, .. } => Some(*id),
            Credential::Key { .. } => None,
        };
        let place = (caller.scope().tenant(), caller.user(), session);
        let wanted = Some(caller.permission_version());
        // A newer token than the record in memory is no reason to refuse: the record is stale.
        let stale = self.get(&place).is_some_and(|known| known.version() < wanted);
        let known = self.known(edge, caller.scope(), place, anew || stale).await?;
        Ok(known.is_live && known.version() == wanted)
    }

    /// What a user may do, whoever speaks for them; `None` when absent or not active. `anew`:
    /// whatever is remembered.
    pub(crate) async fn standing(
        &self,
        edge: &Edge,
        scope: &TenantScope,
        user: UserId,
        anew: bool,
    ) -> Result<Option<Standing>> {
        let known = self.known(edge, scope, (scope.tenant(), user, None), anew).await?;
        Ok(known.standing.filter(|_| known.is_live))
    }

    async fn known(
        &self,
        edge: &Edge,
        scope: &TenantScope,
        place: Place,
        anew: bool,
    ) -> Result<Known> {
        let now = edge.now();
        if let Some(known) = self.get(&place).filter(|known| !anew && now < known.until) {
            return Ok(known);
        }
        let store = edge.store().for_tenant(scope);
        if store.is_erased(now).await? {
            let until = now.checked_add(FRESH_FOR).unwrap_or(now);
            let known = Known { is_live: false, standing: None, until };
            self.keep(place, known);
            return Ok(known);
        }
        let (user, ends_at) = match place {
            (_, user, Some(session)) => {
                let standing = store.standing(user, session).await?;
                (standing.user, standing.session.map(|session| session.ends_at()))
            }
            (_, user, None) => (store.user(user).await?, Some(Timestamp::MAX)),
        };
        let known = Known {
            is_live: user.as_ref().is_some_and(is_active) && ends_at.is_some_and(|end| now < end),
            standing: user
                .map(|user| Standing { role: user.role, version: user.permission_version }),
            until: now.checked_add(FRESH_FOR).unwrap_or(now),
        };
        self.keep(place, known);
        Ok(known)
    }

    fn get(&self, place: &Place) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(place).copied()
    }

    fn keep(&self, place: Place, known: Known) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CALLERS_MAX {
            all.clear();
        }
        all.insert(place, known);
    }
}

fn is_active(user: &User) -> bool {
    user.status == UserStatus::Active
}
