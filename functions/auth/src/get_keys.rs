//! `GET /.well-known/jwks.json`

use axum::Json;
use axum::extract::State;
use http::HeaderName;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use tenancy::{Jwk, JwkSet};
use utoipa::ToSchema;
use web::Problem;

use crate::App;

/// The public keys that verify access tokens (RFC 7517).
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "auth",
    responses((status = 200, description = "The keys; may be kept for five minutes", body = Keys)),
    security(())
)]
pub(crate) async fn get_keys(
    State(app): State<App>,
) -> Result<([(HeaderName, &'static str); 1], Json<Keys>), Problem> {
    let JwkSet { keys } = app.edge.keys().current().await?.verifier.key_set();
    let keys = keys.into_iter().map(Key::of).collect();
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(Keys { keys })))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Keys {
    keys: Vec<Key>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
struct Key {
    #[schema(example = "OKP")]
    kty: &'static str,
    #[schema(example = "Ed25519")]
    crv: &'static str,
    #[schema(example = "EdDSA")]
    alg: &'static str,
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: &'static str,
    #[schema(example = "kQkR2v0aW3l1bXBs")]
    kid: String,
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
}

impl Key {
    fn of(jwk: Jwk) -> Self {
        Self { kty: jwk.kty, crv: jwk.crv, alg: jwk.alg, usage: jwk.usage, kid: jwk.kid, x: jwk.x }
    }
}
