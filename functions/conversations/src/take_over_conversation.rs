//! `POST /api/v1/conversations/{conversation_id}/takeover`

use axum::Json;
use axum::extract::State;
use domain::ConversationId;
use tenancy::policy::{Action, Reach};
use utoipa::ToSchema;
use web::openapi::{OfBody, OfItem, OfRole, Usual};
use web::{Arrival, Fields, Input, JsonBody, PathId, Problem, SignedIn};

use crate::conversation::ConversationAnswer;
use crate::{App, retry, silence};

/// Takes a conversation over: the bot falls silent before this answers. May be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{conversation_id}/takeover",
    tag = "conversations",
    params(("conversation_id" = String, Path, example = "cnv_01jv8z0c9q0000000000000000")),
    request_body(content = Option<Takeover>),
    responses(
        (status = 200, description = "It is the caller's", body = ConversationAnswer),
        Usual, OfItem, OfRole, OfBody
    ),
    security(("token" = []))
)]
pub(crate) async fn take_over_conversation(
    State(app): State<App>,
    arrival: Arrival,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConversationId>,
    JsonBody(takeover): JsonBody<Takeover>,
) -> Result<Json<ConversationAnswer>, Problem> {
    if takeover.force && caller.reach(Action::ForceTakeovers) != Reach::Allow {
        return Err(Problem::forbidden("only a manager takes over by force"));
    }
    let store = app.edge.store().for_tenant(caller.scope());
    let trail = arrival.trail(caller.actor());
    let change = (id, &trail, "conversation.taken_over");
    let head = retry::change_head(&app, &store, change, |head| {
        head.take_over(caller.user(), takeover.force, app.edge.now())
    })
    .await?;
    // Also when nothing was changed: the first call may have died before it came to this.
    silence::bot(&app, &store, &head).await?;
    tracing::info!(
        tenant.id = %caller.scope().tenant(),
        conversation.id = %id,
        user.id = %caller.user(),
        "conversation taken over"
    );
    Ok(Json(ConversationAnswer::of(head, app.edge.now())))
}

/// How to take over. May be left out.
#[derive(ToSchema)]
pub(crate) struct Takeover {
    /// Even from an agent who has just taken it; for managers.
    #[schema(default = false)]
    force: bool,
}

impl Input for Takeover {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self { force: fields.flag("force") })
    }
}
