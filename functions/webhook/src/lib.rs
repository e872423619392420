//! Meta's webhook: a signed call becomes queue entries, and 200 means that every one is in.
//!
//! Invariant: nothing here writes a table or calls Graph, and nothing is answered before it is
//! durable. A crash at any point before the 200 makes Meta send the call again.

use std::sync::Arc;

use aws_clients::{AwsClients, Secrets};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use blob::Blobs;
use queue::{QueueUrls, Queues};
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Machine, Setting};

mod entry;
mod intake;
mod measure;
mod receive;
mod routes;
mod secret;
mod verify;

use crate::routes::Routes;

/// Where Meta calls us; the second is an older spelling.
const PATHS: [&str; 2] = ["/api/v1/webhooks/whatsapp", "/api/v1/whatsapp/webhook"];

/// What the webhook works with.
#[derive(Debug)]
pub struct App {
    routes: Routes,
    queues: Queues,
    blobs: Blobs,
    secrets: Secrets,
    /// The secret's name.
    meta_secret: String,
    machine: Machine,
}

impl App {
    pub fn new(
        environment: &Environment,
        clients: AwsClients,
        machine: Machine,
    ) -> Result<Self, MissingVariables> {
        let store = Store::of(clients.clone(), TableNames::of(environment));
        let urls = QueueUrls::of(environment);
        Ok(Self {
            routes: Routes::new(store.directory(), Arc::clone(&machine.clock)),
            queues: Queues::new(clients.clone(), urls, machine.metrics.clone()),
            blobs: Blobs::new(clients.clone(), environment.get(Setting::MediaBucket)?),
            secrets: Secrets::new(clients, Arc::clone(&machine.clock)),
            meta_secret: environment.get(Setting::MetaSecret)?.to_owned(),
            machine,
        })
    }
}

/// Every route of this function.
pub fn router(app: App) -> Router {
    let app = Arc::new(app);
    let routes = PATHS.iter().fold(Router::new(), |router, path| {
        router.route(path, get(verify::verify_webhook).post(receive::receive_webhook))
    });
    routes
        // axum's own limit is 2 MB, also in Lambda; Meta sends up to 3.
        .layer(DefaultBodyLimit::max(whatsapp::webhook::MAX_BODY_BYTES))
        .layer(from_fn_with_state(Arc::clone(&app), measure::measure))
        .with_state(app)
}
