//! `GET /api/v1/api-keys`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::api_key::ApiKeyAnswer;

/// The organisation's API keys, newest first, those that have ended too. No secrets.
#[utoipa::path(
    get,
    path = "/api/v1/api-keys",
    tag = "api-keys",
    params(PageParameters),
    responses((status = 200, description = "A page of keys", body = ApiKeyPage), Usual, OfList, OfRole),
    security(("token" = []))
)]
pub(crate) async fn list_api_keys(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<ApiKeyPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let page = store.api_keys(&paging.request(&caller)?).await?;
    let ids: Vec<_> = page.items.iter().map(|key| key.id).collect();
    let uses = store.key_uses(&ids).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let now = app.edge.now();
    let answer = ApiKeyPage {
        api_keys: page
            .items
            .into_iter()
            .map(|key| {
                let used = uses.get(&key.id).copied();
                ApiKeyAnswer::of(key, used, now)
            })
            .collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of API keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyPage {
    api_keys: Vec<ApiKeyAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
