//! `POST /api/v1/quarantine/{quarantine_id}/replay`

use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use domain::Error;
use domain::contact::Sender;
use http::StatusCode;
use queue::{Entry, Envelope, QueueKind, keys};
use serde::Serialize;
use tenancy::Caller;
use utoipa::ToSchema;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, JsonBody, PathId, Problem, SignedIn};

use crate::App;
use crate::release_conversation::Nothing;

/// Puts an event back into the queue, after its cause was repaired.
///
/// Processing recognises what it has done before, so a repetition changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/quarantine/{quarantine_id}/replay",
    tag = "quarantine",
    params(("quarantine_id" = String, Path,
        example = "01772352000000-0f343b0931126a20f133d67c2b018a3b")),
    responses(
        (status = 202, description = "It is in the queue", body = Replayed),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn replay_quarantined(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(QuarantineId(id)): PathId<QuarantineId>,
    JsonBody(Nothing): JsonBody<Nothing>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let event = store.quarantined_event(&id).await?;
    let entry = entry(&app, &caller, &id, &event.envelope)?;
    // In this order: if we die in between, it is replayed twice rather than never.
    app.queues.send_all(QueueKind::Inbound, vec![entry]).await.map_err(Error::from)?;
    let trail = arrival.trail(caller.actor());
    let told = trail.entry(app.edge.ids(), app.edge.now(), "quarantine.replayed", &id);
    store.release_quarantined(&event, told).await?;
    tracing::info!(
        tenant.id = %caller.scope().tenant(),
        quarantine.id = id,
        user.id = %caller.user(),
        "quarantined event replayed"
    );
    Ok((StatusCode::ACCEPTED, Json(Replayed { id, status: "queued" })))
}

/// The event in its person's group, under a deduplication id the queue has never seen.
fn entry(app: &App, caller: &Caller, id: &str, body: &str) -> Result<Entry, Error> {
    let unreadable = || Error::refused("not_replayable", "no version of us can read the event");
    let envelope = Envelope::parse(body).map_err(|_| unreadable())?;
    let owner = envelope.route.map(|route| route.scope());
    if owner.as_ref() != Some(caller.scope()) {
        return Err(Error::internal("a quarantined event of another tenant"));
    }
    let number = envelope.phone_number_id.as_deref().unwrap_or_default();
    let group = match envelope.sender.as_ref().and_then(Sender::identity) {
        Some(identity) => keys::contact_group(caller.scope(), &identity),
        None => keys::channel_group(caller.scope(), number),
    };
    let once = app.edge.ids().uuid(app.edge.now());
    let dedup = keys::dedup(&format!("replay|{id}|{once}"));
    Ok(Entry { group, dedup: Some(dedup), body: body.to_owned() })
}

/// An instant in 14 digits, `-`, and 32 characters of a hash.
pub(crate) struct QuarantineId(String);

impl FromStr for QuarantineId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (instant, hash) = text.split_once('-').ok_or(Error::NotFound)?;
        let valid = instant.len() == 14
            && instant.bytes().all(|b| b.is_ascii_digit())
            && hash.len() == 32
            && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.to_owned())) } else { Err(Error::NotFound) }
    }
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replayed {
    #[schema(example = "01772352000000-0f343b0931126a20f133d67c2b018a3b")]
    id: String,
    #[schema(example = "queued")]
    status: &'static str,
}
