//! Lambda's event sources and the minute's schedule, with Lambda's rules: what failed comes back,
//! what is not acknowledged comes back, a stream stops at its first failure and gives up in the end.

use std::cell::{Cell, RefCell};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_sqs::types::QueueAttributeName;
use campaign::ledger::{Ledger, Reported};
use campaign::phone;
use domain::Clock;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use testkit::Dice;

use super::feed::Feed;
use super::posting;
use super::world::World;

/// Batches of a queue under way at the same time.
const BATCHES: usize = 2;
/// Records of a stream's batch, and its `MaximumRetryAttempts`, as in `template.yaml`.
const STREAM_BATCH: usize = 10;
const STREAM_RETRIES: u32 = 10;
/// How far the clock is moved when there is nothing to do but to wait.
const IDLE_S: i64 = 30;
/// So much waiting is a defect.
const IDLE_MAX: usize = 600;

/// How often what Lambda does goes wrong, in percent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mishaps {
    /// A worker dies after its work, before the queue hears of it.
    pub(crate) unacknowledged: u8,
    /// The dispatcher never sees a batch of the stream.
    pub(crate) lost_batch: u8,
}

/// Everything between the queues, the stream and the functions.
pub(crate) struct Pump<'a> {
    world: &'a World,
    ledger: &'a RefCell<Ledger>,
    sqs: aws_sdk_sqs::Client,
    queues: Vec<String>,
    dice: RefCell<Dice>,
    pub(crate) mishaps: Cell<Mishaps>,
    /// Of the outbox.
    jobs: Feed,
    /// Of the audit log.
    audit: Feed,
    swept_at: Cell<Timestamp>,
    audit_swept_at: Cell<Timestamp>,
    /// Copies at Graph that were looked at for statuses.
    reported: Cell<usize>,
}

impl<'a> Pump<'a> {
    pub(crate) async fn new(world: &'a World, ledger: &'a RefCell<Ledger>, seed: u64) -> Self {
        let sqs = world.cloud.aws.sqs();
        let queues = sqs.list_queues().send().await.unwrap().queue_urls.unwrap_or_default();
        Self {
            world,
            ledger,
            sqs,
            queues,
            dice: RefCell::new(Dice::new(seed)),
            mishaps: Cell::default(),
            jobs: Feed::open(&world.cloud, "JobsTable", "").await,
            audit: Feed::open(&world.cloud, "AuditTable", "E#").await,
            swept_at: Cell::new(world.cloud.clock.now()),
            audit_swept_at: Cell::new(world.cloud.clock.now()),
            reported: Cell::default(),
        }
    }

    /// Works until nothing is left anywhere, and `posting` is over.
    pub(crate) async fn run(&self, posting: &Cell<bool>) {
        let mut idle = 0;
        loop {
            if self.step().await > 0 {
                idle = 0;
                continue;
            }
            if posting.get() {
                // A second, so that a call and its repetition are not an age apart.
                self.world.cloud.advance(1);
                tokio::task::yield_now().await;
                continue;
            }
            if self.waiting().await.is_empty() {
                return;
            }
            idle += 1;
            assert!(idle < IDLE_MAX, "this never ends: {:?}", self.waiting().await);
            self.world.cloud.advance(IDLE_S);
        }
    }

    /// Everything that can be worked off now, once; how much it was.
    pub(crate) async fn step(&self) -> usize {
        let (inbound, statuses, dispatched, linked, sent, reported) = futures::join!(
            join_all((0..BATCHES).map(|_| self.process("InboundQueue"))),
            self.process("StatusesQueue"),
            self.dispatch(),
            Box::pin(self.feed(&self.audit)),
            join_all((0..BATCHES).map(|_| self.send())),
            self.report(),
        );
        self.sweep().await;
        inbound.iter().chain(&sent).sum::<usize>() + statuses + dispatched + linked + reported
    }

    pub(crate) async fn process(&self, queue: &str) -> usize {
        let event = self.world.cloud.receive(queue).await;
        if event.records.is_empty() {
            return 0;
        }
        let response = processor::handle(event.clone(), &self.world.processor).await;
        self.acknowledge(queue, event, response).await
    }

    pub(crate) async fn send(&self) -> usize {
        let event = self.world.cloud.receive("OutboundQueue").await;
        if event.records.is_empty() {
            return 0;
        }
        let response = sender::handle(event.clone(), &self.world.sender).await;
        self.acknowledge("OutboundQueue", event, response).await
    }

    async fn acknowledge(
        &self,
        queue: &str,
        mut event: SqsEvent,
        response: SqsBatchResponse,
    ) -> usize {
        let count = event.records.len();
        let percent = self.mishaps.get().unacknowledged;
        event.records.retain(|_| !self.dice.borrow_mut().percent(percent));
        self.ledger.borrow_mut().unacknowledged += count - event.records.len();
        self.world.cloud.acknowledge(queue, &event, &response).await;
        count
    }

    /// One batch of the outbox stream.
    pub(crate) async fn dispatch(&self) -> usize {
        Box::pin(self.feed(&self.jobs)).await
    }

    /// One batch of a stream.
    async fn feed(&self, feed: &Feed) -> usize {
        let event = feed.batch(STREAM_BATCH).await;
        let count = event.records.len();
        if count == 0 {
            return 0;
        }
        let mut failure = None;
        if self.dice.borrow_mut().percent(self.mishaps.get().lost_batch) {
            self.ledger.borrow_mut().lost_batches += 1;
        } else {
            let response = dispatcher::handle(event, &self.world.dispatcher).await;
            failure = response.batch_item_failures.into_iter().next();
        }
        let (done, given_up) = feed.settle(count, failure, STREAM_RETRIES);
        // The sweep has them.
        self.ledger.borrow_mut().lost_batches += usize::from(given_up);
        done
    }

    async fn sweep(&self) {
        let now = self.world.cloud.clock.now();
        if now.duration_since(self.swept_at.get()).as_secs() >= 60 {
            self.swept_at.set(now);
            // It comes again in a minute, whatever happened.
            let _ = self.world.sweep().await;
        }
        if now.duration_since(self.audit_swept_at.get()).as_mins() >= 5 {
            self.audit_swept_at.set(now);
            let _ = Box::pin(self.world.sweep_audit()).await;
        }
    }

    /// Meta tells what became of the messages it took: in any order, twice, or never.
    async fn report(&self) -> usize {
        let copies = self.world.graph.copies(self.reported.get());
        self.reported.set(self.reported.get() + copies.len());
        let calls = copies.iter().map(|copy| {
            let mut dice = self.dice.borrow_mut();
            let statuses = phone::reports(&mut dice);
            let callback = dice.percent(70).then(|| copy.callback.clone());
            let again = dice.percent(15);
            let firm = self.world.firms.iter().position(|firm| firm.number == copy.number).unwrap();
            (firm, copy.provider_id.clone(), callback, statuses, again)
        });
        let calls: Vec<_> = calls.filter(|call| !call.3.is_empty()).collect();
        join_all(calls.into_iter().map(
            |(firm, provider_id, callback, statuses, again)| async move {
                let at = self.world.cloud.clock.now().as_second();
                let item =
                    |status: &&str| phone::status(&provider_id, callback.as_deref(), status, at);
                let items: Vec<Value> = statuses.iter().map(item).collect();
                let body = phone::body(&self.world.firms[firm], "statuses", &items);
                let mut refused = posting::deliver(self.world, &body).await;
                if again {
                    refused += posting::deliver(self.world, &body).await;
                }
                let mut ledger = self.ledger.borrow_mut();
                ledger.refused += refused;
                ledger.repeated += usize::from(again);
                ledger.reported.extend(statuses.into_iter().map(|status| Reported {
                    firm,
                    provider_id: provider_id.clone(),
                    callback: callback.clone(),
                    status,
                }));
            },
        ))
        .await
        .len()
    }

    /// What is not over yet, in words: of the first place where there is something.
    pub(crate) async fn waiting(&self) -> Vec<String> {
        let records = self.jobs.left() + self.audit.left();
        if records > 0 {
            return vec![format!("{records} records of the streams")];
        }
        for url in &self.queues {
            let all = QueueAttributeName::All;
            let call = self.sqs.get_queue_attributes().queue_url(url).attribute_names(all);
            let attributes = call.send().await.unwrap().attributes.unwrap_or_default();
            let numbers = attributes.iter().filter(|(name, count)| {
                name.as_str().starts_with("ApproximateNumberOfMessages") && *count != "0"
            });
            let found: Vec<_> =
                numbers.map(|(name, count)| format!("{url} {name} {count}")).collect();
            if !found.is_empty() {
                return found;
            }
        }
        let late = self.world.cloud.clock.now() + SignedDuration::from_hours(1);
        let due = self.world.cloud.store().due(late, 200).await.unwrap();
        let due: Vec<_> = due.into_iter().map(|due| format!("outbox {}", due.item.id)).collect();
        if !due.is_empty() {
            return due;
        }
        let storage = Box::pin(self.world.storage()).await;
        let unlinked = storage.audit.len() - storage.linked.len().min(storage.audit.len());
        (unlinked > 0).then(|| format!("{unlinked} audit entries")).into_iter().collect()
    }
}
