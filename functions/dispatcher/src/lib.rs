//! Takes new outbox items from the stream of the `jobs` table and puts them into the outbound
//! queue: the fast path.
//!
//! Invariant: an item is forgotten only after the queue has it. Whatever is passed over or lost
//! here stays in the table, and the sweep finds it.

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use domain::Clock;
use jiff::SignedDuration;
use queue::{Outbound, QueueUrls, Queues};
use serde::Deserialize;
use store::{Due, Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::metrics::names::{OUTBOX_DISPATCHED, OUTBOX_UNREADABLE};
use telemetry::{Environment, Metrics};

/// An item due this soon goes at once: two machines' clocks differ by less, and the sweep would
/// hold it up for a minute.
const SKEW: SignedDuration = SignedDuration::from_secs(2);

/// The sort key of outbox items; the table holds other things too.
const OUTBOX: &str = "OUT";

/// What the dispatcher needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub clock: Arc<dyn Clock>,
    pub metrics: Metrics,
}

/// A record of the stream that is due, and its place in the stream.
struct Ready {
    sequence: String,
    outbound: Outbound,
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
            store: Store::new(clients.dynamodb().clone(), TableNames::of(environment)),
            queues: Queues::new(clients, QueueUrls::of(environment), metrics.clone()),
            clock,
            metrics,
        })
    }
}

/// Works off a batch of the stream. Names the first record that was not handed over: the stream
/// brings it and all after it again.
pub async fn handle(event: Event, app: &App) -> DynamoDbEventResponse {
    let latest = app.clock.now() + SKEW;
    let (sequences, items): (Vec<String>, Vec<Outbound>) = event
        .records
        .into_iter()
        .filter(|record| record.event_name == "INSERT")
        .filter_map(|record| ready(record, app))
        .filter(|ready| ready.outbound.item.due_at <= latest)
        .map(|ready| (ready.sequence, ready.outbound))
        .unzip();
    let handed = app.queues.hand_over(&items).await;
    let sent = items.iter().take(handed.count);
    app.store.forget_handed_over(sent.map(|sent| (&sent.scope, &sent.item))).await;
    let count = u64::try_from(handed.count).unwrap_or(u64::MAX);
    app.metrics.add(&OUTBOX_DISPATCHED, [], count);
    let mut response = DynamoDbEventResponse::default();
    if let Some(failure) = handed.failure {
        let error = telemetry::chain(&failure);
        let left = items.len() - handed.count;
        tracing::warn!(count, left, error, "outbox items wait for the stream to come again");
        let mut first = DynamoDbBatchItemFailure::default();
        // Without a sequence number the whole batch comes again, which is as good.
        first.item_identifier = sequences.into_iter().nth(handed.count);
        response.batch_item_failures.push(first);
    } else if count > 0 {
        tracing::info!(count, "outbox items were handed over");
    }
    response
}

fn ready(record: EventRecord, app: &App) -> Option<Ready> {
    let sequence = record.change.sequence_number.unwrap_or_default();
    let image: Result<Image, _> = serde_dynamo::from_item(record.change.new_image);
    if image.as_ref().is_ok_and(|image| image.sk != OUTBOX) {
        return None;
    }
    let due = image.ok().and_then(|image| Due::of_stream(&image.pk, image.doc));
    if due.is_none() {
        // Reading it again would not help. It stays in the table for whoever repairs it.
        tracing::error!(sequence, "a record of the outbox stream cannot be read");
        app.metrics.count(&OUTBOX_UNREADABLE, []);
    }
    due.map(|Due { scope, item }| Ready { sequence, outbound: Outbound { scope, item } })
}
