//! Whether a token still says what its user may do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::tenant::{User, UserStatus};
use domain::{Result, SessionId, TenantId, UserId};
use jiff::{SignedDuration, Timestamp};
use tenancy::{Caller, Credential};

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
    /// Zero: no such user.
    permission_version: u64,
    /// Whether the user is active and the session has not ended.
    is_live: bool,
    until: Timestamp,
}

impl Permissions {
    /// Whether the caller's user is active and has the permission version of the token, and the
    /// token's session has not ended. `anew`: whatever is remembered.
    pub(crate) async fn hold(&self, edge: &Edge, caller: &Caller, anew: bool) -> Result<bool> {
        let now = edge.now();
        let session = match caller.credential() {
            Credential::Session { id, .. } => Some(*id),
            Credential::Key { .. } => None,
        };
        let place = (caller.scope().tenant(), caller.user(), session);
        let wanted = caller.permission_version();
        // A newer token than the record in memory is no reason to refuse: the record is stale.
        let fresh = self
            .get(&place)
            .filter(|known| !anew && now < known.until && known.permission_version >= wanted);
        let known = match fresh {
            Some(known) => known,
            None => self.read(edge, caller, place).await?,
        };
        Ok(known.is_live && known.permission_version == wanted)
    }

    async fn read(&self, edge: &Edge, caller: &Caller, place: Place) -> Result<Known> {
        let now = edge.now();
        let store = edge.store().for_tenant(caller.scope());
        let (user, ends_at) = match place {
            (_, user, Some(session)) => {
                let standing = store.standing(user, session).await?;
                (standing.user, standing.session.map(|session| session.ends_at()))
            }
            (_, user, None) => (store.user(user).await?, Some(Timestamp::MAX)),
        };
        let known = Known {
            permission_version: user.as_ref().map_or(0, |user| user.permission_version),
            is_live: user.as_ref().is_some_and(is_active) && ends_at.is_some_and(|end| now < end),
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
