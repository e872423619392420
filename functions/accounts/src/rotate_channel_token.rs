//! `POST /api/v1/organization/channels/{channel_id}/rotate-token`

use axum::Json;
use axum::extract::State;
use domain::{ChannelId, Error};
use utoipa::ToSchema;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Fields, Input, JsonBody, PathId, Problem, SignedIn};

use crate::App;
use crate::channel::{self, ChannelAnswer, NewToken};

/// Puts another token in the place of a number's, after asking Meta with it.
#[utoipa::path(
    post,
    path = "/api/v1/organization/channels/{channel_id}/rotate-token",
    tag = "channels",
    params(("channel_id" = String, Path, example = "chn_01jv8z0c9q0000000000000000")),
    request_body = TokenChange,
    responses(
        (status = 200, description = "The new token is in use", body = ChannelAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn rotate_channel_token(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ChannelId>,
    JsonBody(change): JsonBody<TokenChange>,
) -> Result<Json<ChannelAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = channel::in_use(store.channel(id).await?)?;
    let number = channel::require(&app, &before.phone_number_id, &change.access_token).await?;
    let now = app.edge.now();
    let mut after = channel::described(&before, number, now);
    after.profile.token_changed_at = Some(now);
    after.version = before.version + 1;
    let trail = arrival.trail(caller.actor());
    // The record first: a token must not change without an entry in the audit log. If the secret
    // store fails now, the caller is told so and tries again.
    let refused = store.commit_patiently(|transaction| {
        transaction.replace_channel(&after, before.version);
        let entry = trail.entry(app.edge.ids(), now, "channel.token_rotated", id);
        transaction.audit(entry, Some(&before), Some(&after));
    });
    if !refused.await?.is_empty() {
        return Err(Error::Conflict.into());
    }
    app.tools.secrets.put(&app.tools.channel_secret(id), &change.access_token.secret()).await?;
    tracing::info!(tenant.id = %caller.scope().tenant(), channel.id = %id, "token rotated");
    Ok(Json(after.into()))
}

/// Another token for the same number.
#[derive(ToSchema)]
pub(crate) struct TokenChange {
    #[schema(value_type = String, format = Password, example = "EAAG…")]
    access_token: NewToken,
}

impl Input for TokenChange {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { access_token: NewToken::read(fields)? })
    }
}
