//! The sweep of the audit log: entries that the stream did not bring into their chain.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::Result;
use jiff::SignedDuration;
use store::Store;
use telemetry::metrics::names::AUDIT_LINKED;

use crate::{App, BUDGET};

/// An entry is the stream's for this long; by then it is also in the index for certain, so that
/// none turns up later in a stretch that has been swept.
const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// How far each shard has been swept, remembered while the process lives: each entry is then looked
/// at once. A new process begins as long ago as an entry can be linked.
#[derive(Debug, Default)]
pub struct SweptTo(Mutex<BTreeMap<u8, String>>);

impl SweptTo {
    fn get(&self, shard: u8) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&shard).cloned()
    }

    fn set(&self, shard: u8, place: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(shard, place);
    }
}

/// Goes through the shards until nothing is left or the time is up; the next call goes on there.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let started = app.clock.now();
    let mut linked = 0;
    for shard in 0..Store::AUDIT_SWEEP_SHARDS {
        loop {
            let now = app.clock.now();
            if now.duration_since(started) >= BUDGET {
                tracing::warn!("the sweep of the audit log goes on at the next call");
                return Ok(());
            }
            let place = app.swept.get(shard);
            let step = app.store.sweep_audit(shard, place.as_deref(), (now - GRACE, now)).await?;
            app.swept.set(shard, step.place);
            let count = u64::try_from(step.linked).unwrap_or(u64::MAX);
            app.metrics.add(&AUDIT_LINKED, ["sweep"], count);
            linked += count;
            if !step.has_more {
                break;
            }
        }
    }
    if linked > 0 {
        tracing::warn!(count = linked, "the stream had lost audit entries");
    }
    Ok(())
}
