//! One record of a queue: read, handled, or set aside.

use domain::Error;
use queue::{Envelope, EventKind, Outcome, Payload, Record};
use telemetry::metrics::names::MESSAGES_PROCESSED;
use tenancy::Routed;

use crate::{App, inbound, notice, quarantine, status};

/// An event with its bytes at hand.
pub(crate) struct Arrived {
    pub(crate) envelope: Envelope,
    pub(crate) route: Routed,
    /// The raw event.
    pub(crate) raw: String,
    /// The queue's sequence number, for messages.
    pub(crate) sequence: Option<String>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Stored,
    /// It was there already.
    Duplicate,
}

/// Why an event cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// No retry would help.
    #[error("{0}")]
    Permanent(String),
    #[error("the event cannot be taken now")]
    Passing(#[from] Error),
}

/// Handles a record for good, or says that it must come back.
pub(crate) async fn work(app: &App, record: Record) -> Outcome {
    match Box::pin(handle(app, record)).await {
        Ok(outcome) => {
            app.metrics.count(&MESSAGES_PROCESSED, [outcome]);
            Outcome::Done
        }
        Err(error) => Outcome::Transient(error),
    }
}

async fn handle(app: &App, record: Record) -> Result<&'static str, Error> {
    let envelope = match Envelope::parse(&record.body) {
        Ok(envelope) => envelope,
        Err(error) => {
            quarantine::body(app, &record.body, &telemetry::chain(&error)).await?;
            return Ok("quarantined");
        }
    };
    let Some(route) = route(app, &envelope).await? else {
        quarantine::unrouted(app, &envelope, &record.body).await?;
        return Ok("quarantined");
    };
    // What was under way when an organisation was erased is not kept for anybody.
    if app.store.for_tenant(&route.scope()).is_erased(app.clock.now()).await? {
        tracing::info!(tenant.id = %route.scope().tenant(), "an event of an erased organisation");
        return Ok("erased");
    }
    let kind = envelope.kind;
    let taken = match open(app, envelope.clone(), route, record.sequence).await {
        Ok(arrived) => Box::pin(take(app, kind, &arrived)).await,
        Err(fault) => Err(fault),
    };
    match taken {
        Ok(Taken::Stored) => Ok("stored"),
        Ok(Taken::Duplicate) => Ok("duplicate"),
        Err(Fault::Permanent(reason)) => {
            quarantine::event(app, route, &envelope, &record.body, &reason).await?;
            Ok("quarantined")
        }
        Err(Fault::Passing(error)) if error.retryable() => Err(error),
        Err(Fault::Passing(error)) => {
            let reason = telemetry::chain(&error);
            quarantine::event(app, route, &envelope, &record.body, &reason).await?;
            Ok("quarantined")
        }
    }
}

async fn take(app: &App, kind: EventKind, arrived: &Arrived) -> Result<Taken, Fault> {
    // An event that was unrouted at intake and has a route now says itself what it is.
    let origin = whatsapp::webhook::origin_of(&arrived.raw).map(|origin| origin.kind);
    match (kind, origin) {
        (EventKind::Message, _) | (_, Some(whatsapp::EventKind::Message)) => {
            Box::pin(inbound::take(app, arrived)).await
        }
        (EventKind::Status, _) | (_, Some(whatsapp::EventKind::Status)) => {
            status::take(app, arrived).await
        }
        (EventKind::Notice | EventKind::Unrouted | EventKind::Unparsed, _) => {
            notice::take(app, arrived).await
        }
    }
}

/// The route the webhook found, or the one that exists by now.
async fn route(app: &App, envelope: &Envelope) -> Result<Option<Routed>, Error> {
    match (envelope.route, &envelope.phone_number_id) {
        (Some(route), _) => Ok(Some(route)),
        (None, Some(number)) => app.store.directory().channel_of(number).await,
        (None, None) => Ok(None),
    }
}

async fn open(
    app: &App,
    envelope: Envelope,
    route: Routed,
    sequence: Option<String>,
) -> Result<Arrived, Fault> {
    let raw = match &envelope.payload {
        Payload::Inline(raw) => raw.get().to_owned(),
        Payload::Claim(key) => {
            let scope = route.scope();
            let owner = match envelope.route {
                Some(_) => blob::Owner::Tenant(&scope),
                None => blob::Owner::Unrouted,
            };
            let bytes = app.blobs.get_claim(owner, key).await?;
            String::from_utf8(bytes)
                .map_err(|_| Fault::Permanent("the claimed event is not UTF-8".to_owned()))?
        }
    };
    Ok(Arrived { envelope, route, raw, sequence })
}
