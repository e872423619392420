//! From a signed body to queue entries, all of them or an error.

use std::collections::BTreeMap;

use domain::Result;
use futures::future::try_join;
use queue::{Entry, Envelope, EventKind, Payload, QueueKind, keys};
use telemetry::Trace;
use telemetry::metrics::names::{INTAKE_EVENTS, QUARANTINED};

use crate::App;
use crate::entry::Origin;

impl App {
    /// Enqueues every event of a body; says how many.
    pub(crate) async fn take_in(&self, body: &[u8], trace: &Trace) -> Result<usize> {
        let received_at = self.machine.clock.now();
        let origin = Origin { received_at, trace: trace.clone() };
        let events = match whatsapp::parse(body) {
            Ok(events) => events,
            Err(reason) => {
                let reason = telemetry::chain(&reason);
                tracing::error!(trace.id = %trace, reason, "a signed body was set aside");
                return self.set_aside(body, origin).await;
            }
        };
        let count = events.len();
        let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut inbound, mut statuses) = (Vec::new(), Vec::new());
        for event in events {
            let (kind, entry) = self.entry_of(event, &origin).await?;
            let seen = kinds.entry(kind.as_str()).or_default();
            *seen = seen.saturating_add(1);
            match kind {
                EventKind::Status => statuses.push(entry),
                EventKind::Message
                | EventKind::Notice
                | EventKind::Unrouted
                | EventKind::Unparsed => inbound.push(entry),
            }
        }
        try_join(
            self.queues.send_all(QueueKind::Inbound, inbound),
            self.queues.send_all(QueueKind::Statuses, statuses),
        )
        .await?;
        for (kind, seen) in kinds {
            self.machine.metrics.add(&INTAKE_EVENTS, [kind], seen);
        }
        Ok(count)
    }

    /// Keeps a body that cannot be read and tells the processor. Meta must not send it for seven
    /// days, and an operator must see it.
    async fn set_aside(&self, body: &[u8], origin: Origin) -> Result<usize> {
        // Named by content: the same body sent twice is one object.
        let name = format!("webhook/{}", blob::sha256_hex(body));
        let key = self.blobs.put_quarantine(&name, body.to_vec()).await?;
        let dedup = keys::dedup(&key);
        let envelope = Envelope {
            route: None,
            kind: EventKind::Unparsed,
            phone_number_id: None,
            sender: None,
            payload: Payload::Claim(key),
            received_at: origin.received_at,
            trace: origin.trace,
        };
        let entry = Entry {
            group: keys::UNPARSED_GROUP.to_owned(),
            dedup: Some(dedup),
            body: envelope.to_body()?,
        };
        self.queues.send_all(QueueKind::Inbound, vec![entry]).await?;
        self.machine.metrics.count(&QUARANTINED, []);
        self.machine.metrics.count(&INTAKE_EVENTS, [EventKind::Unparsed.as_str()]);
        Ok(1)
    }
}
