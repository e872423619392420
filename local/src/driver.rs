//! Lambda's part: polls queues and streams, keeps schedules, and calls the functions' doors with
//! Lambda's own event types.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use domain::Clock;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

mod assembly;
pub mod queue;
pub mod schedule;
pub mod stream;

pub(crate) use assembly::door;
pub use assembly::{Doors, Setup};
use queue::QueueMapping;
use schedule::ScheduleMapping;
use stream::StreamMapping;

/// SQS: the longest poll.
const LONG_POLL: Duration = Duration::from_secs(20);
/// How long an idle stream is left alone when nothing says that it may have grown.
const STREAM_REST: Duration = Duration::from_millis(250);
/// How long a poll rests after a fault of the queue or the stream itself.
const FAULT_REST: Duration = Duration::from_millis(500);
const SCHEDULE_STEP: Duration = Duration::from_millis(500);
/// Batches of one queue worked off at once on this machine; the template allows far more.
pub const LOCAL_CONCURRENCY: u32 = 4;
/// Rounds after which a drain gives up: something keeps producing work.
const DRAIN_ROUNDS_MAX: u32 = 10_000;

/// Every event source of the deployment, each with the door it leads to.
pub struct Driver {
    queues: Vec<Arc<QueueMapping>>,
    streams: Vec<Arc<StreamMapping>>,
    schedules: Vec<Arc<ScheduleMapping>>,
    clock: Arc<dyn Clock>,
    /// Told whenever a function may have written something.
    written: Arc<Notify>,
}

impl Driver {
    /// Works off what there is, schedules that are due included; whether there was anything.
    pub async fn round(&self) -> Result<bool> {
        let mut busy = false;
        for schedule in &self.schedules {
            busy |= schedule.run_if_due(self.clock.now()).await;
        }
        for queue in &self.queues {
            busy |= queue.step(Duration::ZERO).await? > 0;
        }
        for stream in &self.streams {
            busy |= stream.step().await?.records > 0;
        }
        Ok(busy)
    }

    /// Rounds until one of them finds nothing. `also` is asked each time whether it did something.
    pub async fn drain<F>(&self, also: impl Fn() -> F) -> Result<()>
    where
        F: Future<Output = bool>,
    {
        for _ in 0..DRAIN_ROUNDS_MAX {
            let busy = self.round().await?;
            if !(also().await || busy) {
                return Ok(());
            }
        }
        bail!("still not idle after {DRAIN_ROUNDS_MAX} rounds")
    }

    /// Works in the background until `stop` says so, on at most so many batches of a queue at once;
    /// the tasks end after the batch they are at.
    pub fn spawn(&self, stop: &watch::Receiver<bool>, at_once: u32) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for queue in &self.queues {
            for _ in 0..queue.concurrency().min(at_once) {
                tasks.spawn(poll_queue(Arc::clone(queue), self.written.clone(), stop.clone()));
            }
        }
        for stream in &self.streams {
            tasks.spawn(poll_stream(Arc::clone(stream), self.written.clone(), stop.clone()));
        }
        for schedule in &self.schedules {
            let (schedule, clock) = (Arc::clone(schedule), Arc::clone(&self.clock));
            tasks.spawn(keep_schedule(schedule, clock, stop.clone()));
        }
        tasks
    }
}

async fn poll_queue(
    queue: Arc<QueueMapping>,
    written: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let batch = tokio::select! {
            () = stopped(&mut stop) => return,
            batch = queue.receive(LONG_POLL) => batch,
        };
        let worked = match batch {
            Ok(batch) => queue.work(batch).await,
            Err(error) => Err(error),
        };
        match worked {
            Ok(_) => written.notify_one(),
            Err(error) => {
                tracing::warn!(queue = queue.name(), error = format!("{error:#}"), "poll failed");
                rest(FAULT_REST, &mut stop).await;
            }
        }
    }
}

async fn poll_stream(
    stream: Arc<StreamMapping>,
    written: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        if *stop.borrow() {
            return;
        }
        match stream.step().await {
            Ok(step) if step.failed => rest(FAULT_REST, &mut stop).await,
            Ok(step) if step.records > 0 => {}
            Ok(_) => {
                tokio::select! {
                    () = stopped(&mut stop) => return,
                    () = written.notified() => {}
                    () = tokio::time::sleep(STREAM_REST) => {}
                }
            }
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the stream could not be read");
                rest(FAULT_REST, &mut stop).await;
            }
        }
    }
}

async fn keep_schedule(
    schedule: Arc<ScheduleMapping>,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        schedule.run_if_due(clock.now()).await;
        rest(SCHEDULE_STEP, &mut stop).await;
    }
}

/// Ends when `stop` says so, or when whoever would say it is gone.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn rest(pause: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = stopped(stop) => {}
        () = tokio::time::sleep(pause) => {}
    }
}
