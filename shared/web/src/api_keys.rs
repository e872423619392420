//! API keys at the gate.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::KeyId;
use jiff::{SignedDuration, Timestamp};
use tenancy::Caller;
use tenancy::key::{ApiKey, GenuineKey, KeyFault, KeyLabel, KeyRef, ShownKey};

use crate::edge::Edge;
use crate::problem::Problem;

/// How long a key's record is believed: a revoked key works for at most this long.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// How often this process tries to write down that a key was used.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Keys remembered at most; then all are forgotten.
const KEYS_MAX: usize = 10_000;

/// The keys seen lately. Only keys that are there are remembered: whoever guesses fills nothing.
#[derive(Default)]
pub(crate) struct ApiKeys {
    known: Mutex<HashMap<KeyLabel, Known>>,
    noted: Mutex<HashMap<KeyId, Timestamp>>,
}

#[derive(Clone)]
struct Known {
    at: KeyRef,
    key: ApiKey,
    until: Timestamp,
}

impl ApiKeys {
    /// The caller that a key's text stands for. `anew`: whatever is remembered.
    pub(crate) async fn caller(
        &self,
        edge: &Edge,
        text: &str,
        from: Option<IpAddr>,
        anew: bool,
    ) -> Result<Caller, Problem> {
        // A typing error costs no read.
        let shown: ShownKey = text.parse().map_err(refused)?;
        let genuine = self.genuine(edge, &shown, from, anew).await?;
        let standing = edge.permissions().standing(edge, genuine.scope(), genuine.user(), anew);
        let standing = standing.await?.ok_or_else(|| refused(KeyFault::User))?;
        self.note_use(edge, &genuine).await;
        Ok(genuine.caller(standing.role, standing.version))
    }

    async fn genuine(
        &self,
        edge: &Edge,
        shown: &ShownKey,
        from: Option<IpAddr>,
        anew: bool,
    ) -> Result<GenuineKey, Problem> {
        let now = edge.now();
        let remembered = lock(&self.known).get(shown.label()).cloned();
        let known = match remembered.filter(|known| !anew && now < known.until) {
            Some(known) => known,
            None => {
                self.read(edge, shown.label()).await?.ok_or_else(|| refused(KeyFault::Unknown))?
            }
        };
        known.at.check(&known.key, shown, from, now).map_err(refused)
    }

    async fn read(&self, edge: &Edge, label: &KeyLabel) -> domain::Result<Option<Known>> {
        let Some(at) = edge.store().directory().key_of(label).await? else { return Ok(None) };
        let Some(key) = edge.store().for_tenant(&at.scope()).api_key(at.key()).await? else {
            return Ok(None);
        };
        let now = edge.now();
        let known = Known { at, key, until: now.checked_add(FRESH_FOR).unwrap_or(now) };
        let mut all = lock(&self.known);
        if all.len() >= KEYS_MAX {
            all.clear();
        }
        all.insert(label.clone(), known.clone());
        Ok(Some(known))
    }

    /// Writes down that a key was used. Nobody is refused because that fails.
    async fn note_use(&self, edge: &Edge, key: &GenuineKey) {
        let now = edge.now();
        {
            let mut noted = lock(&self.noted);
            let last = noted.get(&key.id());
            if last.is_some_and(|last| now.duration_since(*last) < USE_NOTED_EVERY) {
                return;
            }
            if noted.len() >= KEYS_MAX {
                noted.clear();
            }
            noted.insert(key.id(), now);
        }
        let store = edge.store().for_tenant(key.scope());
        if let Err(error) = store.note_key_use(key.id(), now).await {
            let error = telemetry::chain(&error);
            tracing::warn!(key.id = %key.id(), error, "the use of a key was not written down");
        }
    }
}

fn refused(fault: KeyFault) -> Problem {
    Problem::unauthenticated("invalid_api_key", "The API key is not valid").caused_by(&fault)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
