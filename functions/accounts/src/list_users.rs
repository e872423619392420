//! `GET /api/v1/users`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::{OfList, OfRole, PageParameters, Usual};
use web::{NextPage, Paging, Problem, SignedIn};

use crate::App;
use crate::user::UserAnswer;

/// The organisation's people, oldest first, deactivated ones included.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    tag = "users",
    params(PageParameters),
    responses(
        (status = 200, description = "A page of people", body = UserPage), Usual, OfList, OfRole
    ),
    security(("token" = []))
)]
pub(crate) async fn list_users(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    paging: Paging,
) -> Result<(NextPage, Json<UserPage>), Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let page = store.users(&paging.request(&caller)?).await?;
    let next = paging.next(&caller, page.next.as_deref())?;
    let answer = UserPage {
        users: page.items.into_iter().map(UserAnswer::from).collect(),
        next_cursor: next.cursor().map(str::to_owned),
        has_more: next.has_more(),
    };
    Ok((next, Json(answer)))
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserPage {
    users: Vec<UserAnswer>,
    next_cursor: Option<String>,
    has_more: bool,
}
