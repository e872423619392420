//! The processor: one event of the provider becomes a stored, understood, acted-on fact.
//!
//! Invariants: a message, its conversation's head, its effects and its outbox items are written in
//! one transaction, so nothing happens twice and nothing half. No side effect is done here: what
//! must leave waits in the outbox. Order inside a contact's group is the queue's.

mod decide;
mod event;
mod identity;
mod inbound;
mod journal;
mod notice;
mod phrases;
mod plan;
mod quarantine;
mod situation;
mod status;
mod tap;
mod write;

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use blob::Blobs;
use domain::{Clock, Ids};
use queue::{QueueKind, QueueUrls, Queues};
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Machine, Metrics, Setting};

/// What the processor works with.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub blobs: Blobs,
    pub metrics: Metrics,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl App {
    /// From a function's environment.
    pub fn new(
        environment: &Environment,
        clients: AwsClients,
        machine: Machine,
    ) -> Result<Self, MissingVariables> {
        let Machine { clock, ids, metrics } = machine;
        Ok(Self {
            store: Store::of(clients.clone(), TableNames::of(environment)),
            queues: Queues::new(clients.clone(), QueueUrls::of(environment), metrics.clone()),
            blobs: Blobs::new(clients, environment.get(Setting::MediaBucket)?),
            metrics,
            clock,
            ids,
        })
    }
}

/// Works off a batch of either queue: `inbound.fifo` (its records carry a sequence number) or
/// `statuses`.
pub async fn handle(event: SqsEvent, app: &App) -> SqsBatchResponse {
    let fifo = event.records.iter().any(|r| r.attributes.contains_key("SequenceNumber"));
    let work = |record| event::work(app, record);
    let response = if fifo {
        app.queues.drive_fifo(QueueKind::Inbound, event, work).await
    } else {
        app.queues.drive_standard(QueueKind::Statuses, event, work).await
    };
    app.metrics.flush_emf(app.clock.now());
    response
}
