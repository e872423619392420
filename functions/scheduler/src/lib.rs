//! What happens by the clock: the sweep of the outbox, the change of the keys behind tokens.

use std::sync::Arc;

use aws_clients::{AwsClients, Secrets};
use aws_lambda_events::eventbridge::EventBridgeEvent;
use domain::{Clock, Ids, Result};
use queue::{QueueUrls, Queues};
use serde::{Deserialize, Serialize};
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Machine, Metrics, Setting};

mod rotate_keys;
mod sweep_outbox;

/// What the scheduler needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub secrets: Secrets,
    pub names: SecretNames,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub metrics: Metrics,
}

/// The secrets that are changed by the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNames {
    pub signing: String,
    pub verification: String,
}

/// What a schedule asks for: the `detail` of its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub job: Job,
}

/// The jobs there are schedules for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    OutboxSweep,
    KeyRotation,
}

impl App {
    pub fn new(
        environment: &Environment,
        Machine { clock, ids, metrics }: Machine,
    ) -> std::result::Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        Ok(Self {
            store: Store::new(clients.dynamodb().clone(), TableNames::of(environment)),
            queues: Queues::new(clients.clone(), QueueUrls::of(environment), metrics.clone()),
            secrets: Secrets::new(clients, Arc::clone(&clock)),
            names: SecretNames {
                signing: environment.get(Setting::SigningSecret)?.to_owned(),
                verification: environment.get(Setting::VerificationSecret)?.to_owned(),
            },
            clock,
            ids,
            metrics,
        })
    }
}

/// Does what a schedule asks for. Repetition is harmless.
pub async fn handle(event: EventBridgeEvent<Schedule>, app: &App) -> Result<()> {
    match event.detail.job {
        Job::OutboxSweep => sweep_outbox::sweep_outbox(app).await,
        Job::KeyRotation => rotate_keys::rotate_keys(app).await,
    }
}
