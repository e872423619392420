//! One event as a queue entry: whose it is, whom it waits for, and where its bytes are.

use blob::Owner;
use domain::Result;
use jiff::Timestamp;
use queue::{Entry, Envelope, EventKind, Payload, keys};
use serde_json::value::RawValue;
use telemetry::Trace;
use tenancy::Routed;
use whatsapp::Event;

use crate::App;

/// Meta's phone number ids have some 15 digits. A longer one is no key of our directory.
const MAX_PHONE_NUMBER_ID_LEN: usize = 64;
/// A longer profile name stays in the raw event only.
const MAX_NAME_LEN: usize = 1_000;

/// A larger event waits in S3. An item has 400 KB, and must hold the event beside what was made of
/// it, or its whole envelope in quarantine.
const INLINE_BYTES_MAX: usize = 200_000;

/// When and under which correlation id a body came.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) received_at: Timestamp,
    pub(crate) trace: Trace,
}

impl App {
    pub(crate) async fn entry_of(
        &self,
        event: Event,
        origin: &Origin,
    ) -> Result<(EventKind, Entry)> {
        let number = event.phone_number_id.filter(|id| id.len() <= MAX_PHONE_NUMBER_ID_LEN);
        let route = match &number {
            Some(number) => self.routes.find(number).await?,
            None => None,
        };
        let mut sender = event.sender;
        if let Some(sender) = &mut sender {
            sender.name.take_if(|name| name.len() > MAX_NAME_LEN);
        }
        let identity = sender.as_ref().and_then(domain::contact::Sender::identity);
        let (kind, group) = place(event.kind, route, identity.as_deref(), number.as_deref());
        let mut envelope = Envelope {
            route,
            kind,
            phone_number_id: number,
            sender,
            payload: self.payload(route, event.raw).await?,
            received_at: origin.received_at,
            trace: origin.trace.clone(),
        };
        let mut body = envelope.to_body()?;
        if body.len() > INLINE_BYTES_MAX
            && let Payload::Inline(raw) = &envelope.payload
        {
            envelope.payload = self.claim(route, raw.get().as_bytes().to_vec()).await?;
            body = envelope.to_body()?;
        }
        Ok((kind, Entry { group, dedup: Some(keys::dedup(&event.dedup_key)), body }))
    }

    async fn payload(&self, route: Option<Routed>, raw: String) -> Result<Payload> {
        match serde_json::from_str::<Box<RawValue>>(&raw) {
            Ok(raw) => Ok(Payload::Inline(raw)),
            // Whatever it is, the processor will say so; here it must not fail its neighbours.
            Err(_) => self.claim(route, raw.into_bytes()).await,
        }
    }

    async fn claim(&self, route: Option<Routed>, bytes: Vec<u8>) -> Result<Payload> {
        let scope = route.map(|route| route.scope());
        let owner = scope.as_ref().map_or(Owner::Unrouted, Owner::Tenant);
        self.blobs.put_claim(owner, bytes).await.map(Payload::Claim)
    }
}

/// The envelope's kind and the group the event waits in.
fn place(
    kind: whatsapp::EventKind,
    route: Option<Routed>,
    identity: Option<&str>,
    number: Option<&str>,
) -> (EventKind, String) {
    let Some(scope) = route.map(|route| route.scope()) else {
        return (EventKind::Unrouted, keys::UNROUTED_GROUP.to_owned());
    };
    let of_channel = || keys::channel_group(&scope, number.unwrap_or_default());
    match (kind, identity) {
        (whatsapp::EventKind::Message, Some(identity)) => {
            (EventKind::Message, keys::contact_group(&scope, identity))
        }
        (whatsapp::EventKind::Message, None) => (EventKind::Message, of_channel()),
        (whatsapp::EventKind::Status, _) => (EventKind::Status, keys::tenant_group(&scope)),
        (whatsapp::EventKind::Notice, _) => (EventKind::Notice, of_channel()),
    }
}
