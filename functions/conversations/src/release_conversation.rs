//! `POST /api/v1/conversations/{conversation_id}/release`

use axum::Json;
use axum::extract::State;
use domain::ConversationId;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Fields, Input, JsonBody, PathId, Problem, SignedIn};

use crate::conversation::ConversationAnswer;
use crate::{App, retry};

/// Gives a conversation back to the bot. May be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{conversation_id}/release",
    tag = "conversations",
    params(("conversation_id" = String, Path, example = "cnv_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "The bot has it", body = ConversationAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn release_conversation(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConversationId>,
    JsonBody(Nothing): JsonBody<Nothing>,
) -> Result<Json<ConversationAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let trail = arrival.trail(caller.actor());
    let change = (id, &trail, "conversation.released");
    let head =
        retry::change_head(&app, &store, change, |head| head.release(app.edge.now())).await?;
    tracing::info!(
        tenant.id = %caller.scope().tenant(),
        conversation.id = %id,
        user.id = %caller.user(),
        "conversation released"
    );
    Ok(Json(ConversationAnswer::of(head, app.edge.now())))
}

/// No body, or an empty object.
pub(crate) struct Nothing;

impl Input for Nothing {
    fn read(_: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}
