//! What no retry would help: kept whole, counted, acknowledged.

use blob::sha256_hex;
use domain::Error;
use queue::{Envelope, EventKind, Payload};
use store::Quarantined;
use telemetry::metrics::names::QUARANTINED;
use tenancy::Routed;

use crate::App;

/// Keeps a tenant's event in the tenant's quarantine, where an operator lists and replays it.
pub(crate) async fn event(
    app: &App,
    route: Routed,
    envelope: &Envelope,
    body: &str,
    reason: &str,
) -> Result<(), Error> {
    let scope = route.scope();
    let record = Quarantined {
        id: Quarantined::id_of(envelope.received_at, told_apart(envelope)),
        reason: reason.to_owned(),
        envelope: body.to_owned(),
        received_at: envelope.received_at,
        quarantined_at: app.clock.now(),
    };
    app.store.for_tenant(&scope).quarantine(&record).await?;
    app.metrics.count(&QUARANTINED, []);
    tracing::warn!(tenant.id = %scope.tenant(), quarantine.id = record.id, reason, "quarantined");
    Ok(())
}

/// Keeps an event of a number that belongs to nobody, for the day it is connected.
pub(crate) async fn unrouted(app: &App, envelope: &Envelope, body: &str) -> Result<(), Error> {
    if envelope.kind == EventKind::Unparsed {
        // The webhook has kept and counted the body already; this record only makes it seen.
        tracing::warn!(trace = envelope.trace.as_str(), "an unreadable webhook body is kept");
        return Ok(());
    }
    let number = envelope.phone_number_id.as_deref().unwrap_or("none");
    let number: String = number.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    keep(app, &format!("unrouted/{number}"), told_apart(envelope), body).await
}

/// Keeps a body that is not an envelope of ours.
pub(crate) async fn body(app: &App, body: &str, reason: &str) -> Result<(), Error> {
    tracing::error!(reason, "a queue held what is not an envelope");
    keep(app, "envelope", body, body).await
}

/// What two deliveries of one event have in common; their envelopes differ in time and trace. A
/// claim's key is a hash of the event.
fn told_apart(envelope: &Envelope) -> &str {
    match &envelope.payload {
        Payload::Inline(raw) => raw.get(),
        Payload::Claim(key) => key,
    }
}

async fn keep(app: &App, folder: &str, told_apart: &str, body: &str) -> Result<(), Error> {
    // Half a hash keeps the name short and still tells any two events apart.
    let hash = sha256_hex(told_apart.as_bytes());
    let name = format!("{folder}/{}", hash.get(..32).unwrap_or(&hash));
    let key = app.blobs.put_quarantine(&name, body.as_bytes().to_vec()).await?;
    app.metrics.count(&QUARANTINED, []);
    tracing::warn!(blob.key = key, "quarantined");
    Ok(())
}
