//! `POST /api/v1/organization/channels`

use axum::Json;
use axum::extract::State;
use domain::tenant::{Channel, ChannelStatus, NumberProfile};
use domain::{ChannelId, Error};
use http::StatusCode;
use store::{PageRequest, Part, TenantStore};
use tenancy::Routed;
use utoipa::ToSchema;
use web::openapi::{OfBody, OfRole, Usual};
use web::{Arrival, Creation, Fields, Input, JsonBody, Problem, SignedIn};

use crate::App;
use crate::channel::{self, ChannelAnswer, NewToken};

/// Channels looked at: more were never connected than the limits allow times a few removals.
const CHANNELS_READ: usize = 200;

/// Connects a WhatsApp number: asks Meta with the token, keeps the token, and from then on takes
/// what is written to the number. A number that was connected here before continues its history. One that was taken
/// off elsewhere can be connected after ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/organization/channels",
    tag = "channels",
    request_body = NewChannel,
    responses(
        (status = 201, description = "Connected", body = ChannelAnswer),
        Usual, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn connect_channel(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    creation: Creation,
    JsonBody(new): JsonBody<NewChannel>,
) -> Result<(StatusCode, Json<ChannelAnswer>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = place(&store, &new.phone_number_id).await?;
    // Meta first: only who may use the number learns whether somebody has connected it.
    let number = channel::require(&app, &new.phone_number_id, &new.access_token).await?;
    let now = app.edge.now();
    let blank = before.clone().map_or_else(
        || Channel {
            id: ChannelId::mint(app.edge.ids(), now),
            phone_number_id: new.phone_number_id.clone(),
            display_phone: String::new(),
            status: ChannelStatus::Connected,
            profile: NumberProfile::default(),
            created_at: now,
            version: 1,
        },
        |removed| Channel { version: removed.version + 1, ..removed },
    );
    let mut connected = channel::described(&blank, number, now);
    connected.profile.token_changed_at = Some(now);
    // The token before the channel: until the channel is there, nothing leads to it.
    let name = app.tools.channel_secret(connected.id);
    app.tools.secrets.put(&name, &new.access_token.secret()).await?;
    let trail = arrival.trail(caller.actor());
    let routed = Routed::of_channel(caller.scope(), connected.id);
    let answer = ChannelAnswer::from(connected.clone());
    let seal = creation.seal(StatusCode::CREATED, &answer)?;
    let refused = store
        .commit_patiently(|transaction| {
            match &before {
                Some(before) => transaction.replace_channel(&connected, before.version),
                None => transaction.insert_channel(&connected),
            }
            transaction.route_number(&connected.phone_number_id, routed, now);
            let entry = trail.entry(app.edge.ids(), now, "channel.connected", connected.id);
            transaction.audit(entry, before.as_ref(), Some(&connected));
            seal.keep(transaction);
        })
        .await?;
    if refused.contains(&Part::Directory) {
        // Unless another request connects the same channel just now, and has put its token there.
        if !refused.contains(&Part::Channel) {
            app.tools.secrets.delete(&name).await?;
        }
        let detail = "the number cannot be connected here";
        return Err(Error::refused("number_unavailable", detail).into());
    }
    if !refused.is_empty() {
        return Err(Error::Conflict.into());
    }
    tracing::info!(tenant.id = %caller.scope().tenant(), channel.id = %connected.id, "connected");
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The channel that the number had here before it was removed. Refused when it has one now, and
/// when there are as many as the organisation allows itself.
async fn place(store: &TenantStore, phone_number_id: &str) -> Result<Option<Channel>, Error> {
    let channels = store.channels(&PageRequest::first(CHANNELS_READ)).await?.items;
    let (removed, used): (Vec<Channel>, Vec<Channel>) =
        channels.into_iter().partition(|channel| channel.status == ChannelStatus::Removed);
    if used.iter().any(|channel| channel.phone_number_id == phone_number_id) {
        return Err(Error::refused("channel_exists", "the number is connected already"));
    }
    let limit = store.tenant().await?.settings.limits.channels;
    if u32::try_from(used.len()).unwrap_or(u32::MAX) >= limit {
        let detail = format!("the organisation allows itself {limit} numbers");
        return Err(Error::refused("channel_limit", detail));
    }
    Ok(removed.into_iter().find(|channel| channel.phone_number_id == phone_number_id))
}

/// A number and the right to use it.
#[derive(ToSchema)]
pub(crate) struct NewChannel {
    /// Meta's id of the number.
    #[schema(max_length = 32, example = "106540352242922")]
    phone_number_id: String,
    /// A business or system-user token. Kept in the secret store, never shown again.
    #[schema(value_type = String, format = Password, example = "EAAG…")]
    access_token: NewToken,
}

impl Input for NewChannel {
    fn read(fields: &mut Fields) -> Option<Self> {
        let id = fields.text("phone_number_id", 5..=32);
        if id.as_ref().is_some_and(|id| !id.bytes().all(|b| b.is_ascii_digit())) {
            fields.fault("phone_number_id", "wrong_form", "Meta's id of a number is digits");
        }
        let access_token = NewToken::read(fields);
        Some(Self { phone_number_id: id?, access_token: access_token? })
    }
}
