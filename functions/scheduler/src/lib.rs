//! What happens by the clock: the sweeps of the outbox and of the audit log, and the upkeep of API
//! keys.
//!
//! The streams bring outbox items to the queue and audit entries into their chain within seconds;
//! the sweeps are the guarantee. They take what a stream lost, and what was not due when it was
//! written.

mod audit;
mod keys;

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use domain::{Clock, Ids, Result};
use jiff::{SignedDuration, Timestamp};
use queue::{Outbound, QueueUrls, Queues};
use serde::{Deserialize, Serialize};
use store::{Due, Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::metrics::names::{OUTBOX_DISPATCHED, OUTBOX_OLDEST_DUE};
use telemetry::{Environment, Machine, Metrics};

pub use audit::SweptTo;

/// An item is the stream's for this long after it is due; taking it sooner would send it twice
/// through the queue for nothing.
const GRACE: SignedDuration = SignedDuration::from_secs(5);
/// No page is begun later than this after the start: the function may run for 50 s and is called
/// every minute.
const BUDGET: SignedDuration = SignedDuration::from_secs(20);
/// Items of a page, for each shard of the index.
const PAGE: u16 = 50;

/// What the scheduler needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub metrics: Metrics,
    /// How far the audit log has been swept.
    pub swept: SweptTo,
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
}

impl App {
    pub fn new(
        environment: &Environment,
        machine: Machine,
    ) -> std::result::Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        let Machine { clock, ids, metrics } = machine;
        Ok(Self {
            store: Store::new(clients.dynamodb().clone(), TableNames::of(environment)),
            queues: Queues::new(clients, QueueUrls::of(environment), metrics.clone()),
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
        Job::OutboxSweep => sweep(app).await,
        Job::KeyUpkeep => keys::keep_up(app).await,
        Job::AuditSweep => audit::sweep(app).await,
    }
}

/// Hands over what is due, page by page, until nothing is left or the time is up.
async fn sweep(app: &App) -> Result<()> {
    let started = app.clock.now();
    let mut swept = 0_u64;
    loop {
        let now = app.clock.now();
        let due = app.store.due(now - GRACE, PAGE).await?;
        if swept == 0 {
            app.metrics.set(&OUTBOX_OLDEST_DUE, [], age_of_oldest(&due, now));
        }
        if due.is_empty() {
            break;
        }
        let items: Vec<Outbound> =
            due.into_iter().map(|Due { scope, item }| Outbound { scope, item }).collect();
        let handed = app.queues.hand_over(&items).await;
        let sent = items.iter().take(handed.count);
        let forgotten =
            app.store.forget_handed_over(sent.map(|sent| (&sent.scope, &sent.item))).await;
        let count = u64::try_from(handed.count).unwrap_or(u64::MAX);
        app.metrics.add(&OUTBOX_DISPATCHED, [], count);
        swept += count;
        if let Some(failure) = handed.failure {
            return Err(failure.into());
        }
        // What was not forgotten would come again with the next page.
        if forgotten < items.len() || app.clock.now().duration_since(started) >= BUDGET {
            break;
        }
    }
    if swept > 0 {
        tracing::info!(count = swept, "the sweep handed over outbox items");
    }
    Ok(())
}

fn age_of_oldest(due: &[Due], now: Timestamp) -> i64 {
    let oldest = due.iter().map(|due| due.item.due_at).min();
    oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs())
}
