//! `GET /api/v1/auth/me`

use axum::Json;
use axum::extract::State;
use domain::Error;
use web::openapi::Usual;
use web::{Problem, SignedIn};

use crate::App;
use crate::person::Person;

/// Who the token stands for.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    tag = "auth",
    responses((status = 200, description = "The caller", body = Person), Usual),
    security(("token" = []))
)]
pub(crate) async fn get_me(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Person>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    Ok(Json(Person::of(user, store.tenant().await?)))
}
