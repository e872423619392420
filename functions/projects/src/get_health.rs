//! `GET /health`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// Says that the API runs.
#[utoipa::path(
    get,
    path = "/health",
    tag = "health",
    responses((status = 200, description = "It runs", body = Health)),
    security(())
)]
pub(crate) async fn get_health() -> Json<Health> {
    Json(Health { status: "ok" })
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}
