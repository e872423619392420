//! `GET /api/v1/auth/me`

use axum::Json;
use axum::extract::State;
use domain::Error;
use domain::factor::SecondFactor;
use serde::Serialize;
use utoipa::ToSchema;
use web::openapi::Usual;
use web::{Problem, SignedIn};

use crate::App;
use crate::person::Person;

/// Who the token stands for.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    tag = "auth",
    responses((status = 200, description = "The caller", body = Me), Usual),
    security(("token" = []))
)]
pub(crate) async fn get_me(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Me>, Problem> {
    let store = app.edge.store().for_tenant(caller.scope());
    let user = store.user(caller.user()).await?.ok_or(Error::NotFound)?;
    let factor = store.second_factor(caller.user()).await?;
    Ok(Json(Me {
        person: Person::of(user, store.tenant().await?),
        second_factor: factor.as_ref().is_some_and(SecondFactor::is_active),
    }))
}

/// The caller.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    #[serde(flatten)]
    person: Person,
    /// Whether signing in takes a code.
    #[schema(example = false)]
    second_factor: bool,
}
