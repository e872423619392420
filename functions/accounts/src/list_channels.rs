//! `GET /api/v1/organization/channels`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfList, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::channel::ChannelAnswer;

/// The organisation's WhatsApp numbers, oldest first, removed ones included.
#[utoipa::path(
    get,
    path = "/api/v1/organization/channels",
    tag = "channels",
    params(PageParameters),
    responses((status = 200, description = "A page of numbers", body = ChannelPage), Usual, OfList),
    security(("token" = []))
)]
pub(crate) async fn list_channels(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<ChannelPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let page = store.channels(&paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = ChannelPage {
        channels: page.items.into_iter().map(ChannelAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelPage {
    channels: Vec<ChannelAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
