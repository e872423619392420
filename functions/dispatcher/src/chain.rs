//! Entries of the audit log into the chains of their tenants.

use std::collections::BTreeMap;

use futures::future::join_all;
use store::Unlinked;
use telemetry::metrics::names::{AUDIT_LINKED, AUDIT_REFUSED};

use crate::App;

/// Links entries, each tenant's at once; the first record that could not be linked.
pub(crate) async fn link(app: &App, entries: Vec<(String, Unlinked)>) -> Option<String> {
    let mut tenants: BTreeMap<String, Vec<(usize, Unlinked)>> = BTreeMap::new();
    let (sequences, entries): (Vec<String>, Vec<Unlinked>) = entries.into_iter().unzip();
    for (place, entry) in entries.into_iter().enumerate() {
        tenants.entry(entry.scope.partition()).or_default().push((place, entry));
    }
    let failed = join_all(tenants.into_values().map(|entries| of_one(app, entries))).await;
    let first = failed.into_iter().flatten().min()?;
    Some(sequences.into_iter().nth(first).unwrap_or_default())
}

/// Links the entries of one tenant; the place of the first, if that failed.
async fn of_one(app: &App, entries: Vec<(usize, Unlinked)>) -> Option<usize> {
    let (places, entries): (Vec<usize>, Vec<Unlinked>) = entries.into_iter().unzip();
    let first = places.first().copied()?;
    let scope = entries.first()?.scope.clone();
    match app.store.for_tenant(&scope).link(entries, app.clock.now()).await {
        Ok(linked) => {
            let number = |count| u64::try_from(count).unwrap_or(u64::MAX);
            app.metrics.add(&AUDIT_LINKED, ["stream"], number(linked.count));
            if linked.refused > 0 {
                app.metrics.add(&AUDIT_REFUSED, [], number(linked.refused));
                let count = linked.refused;
                tracing::error!(tenant.id = %scope.tenant(), count, "rows too old to be linked");
            }
            if let Some(head) = linked.head {
                // Kept apart from the table, the log tells what the chain was.
                tracing::info!(
                    tenant.id = %scope.tenant(),
                    audit.seq = head.seq,
                    audit.hash = head.hash,
                    "audit entries were linked"
                );
            }
            None
        }
        Err(error) => {
            let error = telemetry::chain(&error);
            tracing::warn!(tenant.id = %scope.tenant(), error, "audit entries wait for the stream");
            Some(first)
        }
    }
}
