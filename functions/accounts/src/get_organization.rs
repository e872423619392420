//! `GET /api/v1/organization`

use axum::Json;
use axum::extract::State;
use web::openapi::Usual;
use web::{Etag, Problem, SignedIn};

use crate::App;
use crate::organization::OrganizationAnswer;

/// The caller's organisation.
#[utoipa::path(
    get,
    path = "/api/v1/organization",
    tag = "organization",
    responses(
        (status = 200, description = "The organisation", body = OrganizationAnswer,
            headers(("ETag" = String, description = "For `If-Match` of a change"))),
        Usual
    ),
    security(("token" = []))
)]
pub(crate) async fn get_organization(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<(Etag, Json<OrganizationAnswer>), Problem> {
    let tenant = app.edge.store().for_tenant(caller.scope()).tenant().await?;
    Ok((Etag(tenant.version), Json(tenant.into())))
}
