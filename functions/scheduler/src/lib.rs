//! What happens by the clock: the sweeps of the outbox and of the audit log, the change of the keys
//! behind tokens, the upkeep of API keys.
//!
//! The streams bring outbox items to the queue and audit entries into their chain within seconds;
//! the sweeps are the guarantee.

use std::sync::Arc;

use aws_clients::{AwsClients, Secrets};
use aws_lambda_events::eventbridge::EventBridgeEvent;
use domain::{Clock, Ids, Result};
use jiff::SignedDuration;
use queue::{QueueUrls, Queues};
use serde::{Deserialize, Serialize};
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Machine, Metrics, Setting};

mod rotate_keys;
mod sweep_audit;
mod sweep_outbox;
mod tend_api_keys;

pub use sweep_audit::SweptTo;

/// No page is begun later than this after the start: the function may run for 50 s and is called
/// every minute.
const BUDGET: SignedDuration = SignedDuration::from_secs(20);

/// What the scheduler needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub secrets: Secrets,
    pub names: SecretNames,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub metrics: Metrics,
    /// How far the audit log has been swept.
    pub swept: SweptTo,
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
    KeyUpkeep,
    AuditSweep,
    KeyRotation,
}

impl App {
    pub fn new(
        environment: &Environment,
        Machine { clock, ids, metrics }: Machine,
    ) -> std::result::Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        Ok(Self {
            store: Store::of(clients.clone(), TableNames::of(environment)),
            queues: Queues::new(clients.clone(), QueueUrls::of(environment), metrics.clone()),
            secrets: Secrets::new(clients, Arc::clone(&clock)),
            names: SecretNames {
                signing: environment.get(Setting::SigningSecret)?.to_owned(),
                verification: environment.get(Setting::VerificationSecret)?.to_owned(),
            },
            clock,
            ids,
            metrics,
            swept: SweptTo::default(),
        })
    }
}

/// Does what a schedule asks for. Repetition is harmless.
pub async fn handle(event: EventBridgeEvent<Schedule>, app: &App) -> Result<()> {
    match event.detail.job {
        Job::AuditSweep => sweep_audit::sweep_audit(app).await,
        Job::OutboxSweep => sweep_outbox::sweep_outbox(app).await,
        Job::KeyUpkeep => tend_api_keys::tend_api_keys(app).await,
        Job::KeyRotation => rotate_keys::rotate_keys(app).await,
    }
}
