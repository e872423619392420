//! What follows from new items at once: the stream of the `jobs` table brings outbox items to the
//! outbound queue, the stream of the `audit` table brings entries into their chain.
//!
//! Invariant: this is the fast path. Whatever is passed over or lost here stays in its table, and a
//! sweep finds it.

mod chain;
mod outbox;

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use domain::Clock;
use queue::{QueueUrls, Queues};
use serde::Deserialize;
use store::{Store, Streamed, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::metrics::names::STREAM_UNREADABLE;
use telemetry::{Environment, Metrics};

/// What the dispatcher needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub clock: Arc<dyn Clock>,
    pub metrics: Metrics,
}

/// The part of an item that says what is to be done.
#[derive(Deserialize)]
struct Image {
    pk: String,
    sk: String,
    doc: serde_json::Value,
}

impl App {
    pub fn new(
        environment: &Environment,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        Ok(Self {
            store: Store::of(clients.clone(), TableNames::of(environment)),
            queues: Queues::new(clients, QueueUrls::of(environment), metrics.clone()),
            clock,
            metrics,
        })
    }
}

/// Works off a batch of a stream. Names the first record that was not handed on: the stream brings
/// it and all after it again.
pub async fn handle(event: Event, app: &App) -> DynamoDbEventResponse {
    let (mut due, mut entries) = (Vec::new(), Vec::new());
    for record in event.records {
        if record.event_name != "INSERT" {
            continue;
        }
        let sequence = record.change.sequence_number.clone().unwrap_or_default();
        match read(record) {
            Some(Streamed::Due(due_item)) => due.push((sequence, due_item)),
            Some(Streamed::Entry(entry)) => entries.push((sequence, entry)),
            None => {
                // Reading it again would not help. It stays in the table for whoever repairs it.
                tracing::error!(sequence, "a record of a stream cannot be read");
                app.metrics.count(&STREAM_UNREADABLE, []);
            }
        }
    }
    // A stream has one kind of records, so one of the two has nothing to do.
    let failed = match outbox::hand_over(app, due).await {
        None => chain::link(app, entries).await,
        failed => failed,
    };
    let mut response = DynamoDbEventResponse::default();
    if let Some(sequence) = failed {
        let mut first = DynamoDbBatchItemFailure::default();
        first.item_identifier = Some(sequence);
        response.batch_item_failures.push(first);
    }
    response
}

fn read(record: EventRecord) -> Option<Streamed> {
    let image: Image = serde_dynamo::from_item(record.change.new_image).ok()?;
    Streamed::read(&image.pk, &image.sk, image.doc)
}
