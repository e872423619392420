//! `DELETE /api/v1/organization/channels/{channel_id}`

use axum::extract::State;
use domain::tenant::{Channel, ChannelStatus};
use domain::{ChannelId, Error};
use http::StatusCode;
use store::Part;
use web::openapi::{OfItem, OfRole, Usual};
use web::{Arrival, PathId, Problem, SignedIn};

use crate::App;

/// Takes a number off: nothing comes in or leaves through it any more, its token is deleted, and
/// what was said stays. May be repeated.
#[utoipa::path(
    delete,
    path = "/api/v1/organization/channels/{channel_id}",
    tag = "channels",
    params(("channel_id" = String, Path, example = "chn_01jv8z0c9q0000000000000000")),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "Somebody else is changing it",
            body = web::ProblemDocument, content_type = "application/problem+json"),
        Usual, OfItem, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn disconnect_channel(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ChannelId>,
) -> Result<StatusCode, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let before = store.channel(id).await?.ok_or(Error::NotFound)?;
    if before.status != ChannelStatus::Removed {
        let version = before.version + 1;
        let after = Channel { status: ChannelStatus::Removed, version, ..before.clone() };
        let trail = arrival.trail(caller.actor());
        let commit = async |is_routed: bool| {
            let refused = store.commit_patiently(|transaction| {
                let now = app.edge.now();
                transaction.replace_channel(&after, before.version);
                if is_routed {
                    transaction.unroute_number(&after.phone_number_id, now);
                }
                let entry = trail.entry(app.edge.ids(), now, "channel.disconnected", id);
                transaction.audit(entry, Some(&before), Some(&after));
            });
            refused.await
        };
        let mut refused = commit(true).await?;
        if refused == [Part::Directory] {
            // The number leads nowhere, or to somebody else by now.
            refused = commit(false).await?;
        }
        if !refused.is_empty() {
            return Err(Error::Conflict.into());
        }
        tracing::info!(tenant.id = %caller.scope().tenant(), channel.id = %id, "disconnected");
    }
    // Also when it was removed before: the first call may have died before it came to this.
    app.tools.secrets.delete(&app.tools.channel_secret(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
