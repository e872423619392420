//! `GET /api/v1/conversations`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::conversation::ConversationAnswer;

/// The inbox, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/conversations",
    tag = "conversations",
    params(PageParameters),
    responses(
        (status = 200, description = "A page of conversations", body = ConversationPage),
        Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn list_conversations(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<ConversationPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let page = store.conversations(&paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let now = app.edge.now();
    let answer = ConversationPage {
        conversations: page
            .items
            .into_iter()
            .map(|head| ConversationAnswer::of(head, now))
            .collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationPage {
    conversations: Vec<ConversationAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
