//! `POST /api/v1/organization/channels/{channel_id}/verify`

use axum::Json;
use axum::extract::State;
use domain::tenant::{Channel, ChannelStatus, NumberProfile};
use domain::{ChannelId, Error};
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, JsonBody, PathId, Problem, SignedIn};

use crate::App;
use crate::channel::{self, ChannelAnswer, ChannelSecret, Checked};
use crate::nothing::Nothing;

/// Asks Meta whether the number can still be used, and takes over what Meta says of it.
#[utoipa::path(
    post,
    path = "/api/v1/organization/channels/{channel_id}/verify",
    tag = "channels",
    params(("channel_id" = String, Path, example = "chn_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "As it stands; `disconnected` when Meta refuses it",
            body = ChannelAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn verify_channel(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ChannelId>,
    JsonBody(Nothing): JsonBody<Nothing>,
) -> Result<Json<ChannelAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = channel::in_use(store.channel(id).await?)?;
    let now = app.edge.now();
    let mut after = match ask(&app, &before).await? {
        Some(Checked::Known(number)) => channel::described(&before, number, now),
        refused => {
            if let Some(Checked::Refused(error)) = refused {
                let error = telemetry::chain(&error);
                tracing::warn!(channel.id = %id, error, "Meta refuses a channel");
            }
            let profile = NumberProfile { checked_at: Some(now), ..before.profile.clone() };
            Channel { status: ChannelStatus::Disconnected, profile, ..before.clone() }
        }
    };
    after.version = before.version + 1;
    let trail = arrival.trail(caller.actor());
    let refused = store.commit_patiently(|transaction| {
        transaction.replace_channel(&after, before.version);
        let entry = trail.entry(app.edge.ids(), now, "channel.verified", id);
        transaction.audit(entry, Some(&before), Some(&after));
    });
    if !refused.await?.is_empty() {
        return Err(Error::Conflict.into());
    }
    Ok(Json(after.into()))
}

/// `None`: there is no token to ask with.
async fn ask(app: &App, channel: &Channel) -> Result<Option<Checked>, Error> {
    let name = app.tools.channel_secret(channel.id);
    let secret = match app.tools.secrets.get::<ChannelSecret>(&name).await {
        Ok(secret) => secret,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let number = &channel.phone_number_id;
    let checked = channel::check(app, number, &secret.access_token).await?;
    // The token may have been replaced since it was read, by another process of this function.
    if matches!(checked, Checked::Refused(_))
        && let Some(newer) = app.tools.secrets.changed(&name, &secret).await?
    {
        return channel::check(app, number, &newer.access_token).await.map(Some);
    }
    Ok(Some(checked))
}
