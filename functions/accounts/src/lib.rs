//! The organisation, its people, its keys, and what was done there.

use std::sync::Arc;

use aws_clients::Secrets;
use axum::Router;
use axum::extract::FromRef;
use domain::{ChannelId, Error, Result};
use telemetry::{Environment, Setting};
use tenancy::proof::Proofs;
use utoipa::openapi::OpenApi;
use web::Edge;
use whatsapp::{Graph, GraphConfig};

mod administration;
mod api_key;
mod audit_log;
mod binding;
mod change_organization;
mod change_user;
mod channel;
mod connect_channel;
mod create_api_key;
mod deactivate_user;
mod disconnect_channel;
mod export_audit_log;
mod get_organization;
mod get_policy;
mod get_user;
mod link_phone;
mod list_api_keys;
mod list_audit_log;
mod list_channels;
mod list_users;
mod nothing;
mod organization;
mod reveal_api_key;
mod revoke_api_key;
mod rotate_api_key;
mod rotate_channel_token;
mod unlink_phone;
mod user;
mod verify_audit_log;
mod verify_channel;
mod verify_phone;

/// What the routes work with.
#[derive(Clone)]
pub struct App {
    edge: Edge,
    tools: Arc<Tools>,
}

/// What only some of them need.
struct Tools {
    secrets: Secrets,
    graph: Graph,
    proof_secret: String,
    channel_secret_prefix: String,
}

impl App {
    /// Fails when a setting is missing.
    pub fn new(edge: Edge, environment: &Environment, secrets: Secrets) -> Result<Self> {
        let setting = |setting| environment.get(setting).map_err(Error::internal);
        let graph = Graph::new(GraphConfig {
            base_url: setting(Setting::GraphBaseUrl)?.to_owned(),
            version: setting(Setting::GraphVersion)?.to_owned(),
        });
        let proof_secret = setting(Setting::ProofSecret)?.to_owned();
        let channel_secret_prefix = setting(Setting::ChannelSecretPrefix)?.to_owned();
        let tools = Arc::new(Tools { secrets, graph, proof_secret, channel_secret_prefix });
        Ok(Self { edge, tools })
    }
}

impl Tools {
    /// What compares the digits of a code.
    async fn proofs(&self) -> Result<Proofs> {
        Proofs::new(&self.secrets.own(&self.proof_secret).await?)
    }

    /// The name of a channel's secret.
    fn channel_secret(&self, channel: ChannelId) -> String {
        format!("{}{channel}", self.channel_secret_prefix)
    }
}

impl FromRef<App> for Edge {
    fn from_ref(app: &App) -> Self {
        app.edge.clone()
    }
}

/// The one door: Lambda, the embedded stack and the tests call it.
pub fn router(app: App) -> Router {
    let edge = app.edge.clone();
    web::finish(served().with_state(app), &edge)
}

/// What the routes take and answer.
pub fn openapi() -> OpenApi {
    described().into_openapi()
}

web::endpoints! {
    App:
    get_organization,
    change_organization,
    list_channels,
    connect_channel,
    verify_channel,
    rotate_channel_token,
    disconnect_channel,
    list_users,
    get_user,
    change_user,
    deactivate_user,
    link_phone,
    unlink_phone,
    verify_phone,
    get_policy,
    list_api_keys,
    create_api_key,
    rotate_api_key,
    reveal_api_key,
    revoke_api_key,
    list_audit_log,
    export_audit_log,
    verify_audit_log,
}
