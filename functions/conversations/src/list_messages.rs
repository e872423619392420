//! `GET /api/v1/conversations/{conversation_id}/messages`

use axum::Json;
use axum::extract::State;
use domain::{ConversationId, Error};
use web::openapi::{OfItem, OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, PathId, Problem, SignedIn};

use crate::App;
use crate::message::MessageAnswer;

/// The latest messages, oldest of them first; the cursor leads to older ones.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{conversation_id}/messages",
    tag = "conversations",
    params(
        ("conversation_id" = String, Path, example = "cnv_01jv8z0c9q0000000000000000"),
        PageParameters
    ),
    responses(
        (status = 200, description = "The messages; the cursor is in `Link` and `X-Next-Cursor`",
            body = Vec<MessageAnswer>),
        Usual, OfItem, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn list_messages(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ConversationId>,
    paging: Paging,
) -> Result<(NextPage, Json<Vec<MessageAnswer>>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let head = store.conversation(id).await?.ok_or(Error::NotFound)?;
    let page = store.messages(head.id, &paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let messages = page.items.into_iter().rev().map(MessageAnswer::from).collect();
    Ok((next, Json(messages)))
}
