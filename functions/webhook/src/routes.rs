//! Whose a phone number is, remembered for a while.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Clock, Result};
use jiff::{SignedDuration, Timestamp};
use store::Directory;
use tenancy::Routed;

const KNOWN_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Short: a number that was just connected must not wait.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_secs(30);
const MAX_KEPT: usize = 10_000;

/// The directory's phone numbers with a cache before them.
pub(crate) struct Routes {
    directory: Directory,
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<String, Kept>>,
}

#[derive(Clone, Copy)]
struct Kept {
    route: Option<Routed>,
    until: Timestamp,
}

impl Routes {
    pub(crate) fn new(directory: Directory, clock: Arc<dyn Clock>) -> Self {
        Self { directory, clock, kept: Mutex::default() }
    }

    /// The tenant and channel of a phone number id; `None` for a number of nobody.
    pub(crate) async fn find(&self, phone_number_id: &str) -> Result<Option<Routed>> {
        let now = self.clock.now();
        if let Some(kept) = self.kept().get(phone_number_id).filter(|kept| now < kept.until) {
            return Ok(kept.route);
        }
        let route = self.directory.channel_of(phone_number_id).await?;
        let lasts = if route.is_some() { KNOWN_FOR } else { UNKNOWN_FOR };
        let mut kept = self.kept();
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, kept| now < kept.until);
        }
        if kept.len() < MAX_KEPT {
            kept.insert(phone_number_id.to_owned(), Kept { route, until: now + lasts });
        }
        Ok(route)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes").finish_non_exhaustive()
    }
}
