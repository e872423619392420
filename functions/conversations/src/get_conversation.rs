//! `GET /api/v1/conversations/{conversation_id}`

use axum::Json;
use axum::extract::State;
use domain::{ConversationId, Error};
use web::openapi::{OfItem, OfRole, Usual};
use web::{PathId, Problem, SignedIn};

use crate::App;
use crate::conversation::ConversationAnswer;

/// One conversation.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{conversation_id}",
    tag = "conversations",
    params(("conversation_id" = String, Path, example = "cnv_01jv8z0c9q0000000000000000")),
    responses(
        (status = 200, description = "The conversation", body = ConversationAnswer),
        Usual, OfItem, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn get_conversation(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConversationId>,
) -> Result<Json<ConversationAnswer>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let head = store.conversation(id).await?.ok_or(Error::NotFound)?;
    Ok(Json(ConversationAnswer::of(head, app.edge.now())))
}
