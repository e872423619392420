//! EventBridge Scheduler's part: calls a function at a fixed rate.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use embedded_aws::template::Schedule;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::Mutex;

/// A function that takes scheduled events.
pub type ScheduleDoor =
    Arc<dyn Fn(EventBridgeEvent<Value>) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// A schedule and the function it calls.
pub struct ScheduleMapping {
    schedule: Schedule,
    door: ScheduleDoor,
    /// When it is due next. The first time is at once: what was left over from before waits.
    due_at: Mutex<Timestamp>,
}

impl ScheduleMapping {
    pub fn new(schedule: Schedule, door: ScheduleDoor) -> Self {
        Self { schedule, door, due_at: Mutex::new(Timestamp::MIN) }
    }

    /// Calls the function when its time has come; whether it had.
    pub async fn run_if_due(&self, now: Timestamp) -> bool {
        let mut due_at = self.due_at.lock().await;
        if now < *due_at {
            return false;
        }
        *due_at = next(now, self.schedule.every);
        drop(due_at);
        if let Err(error) = self.call(now).await {
            let name = &self.schedule.logical_id;
            tracing::error!(
                schedule = name.as_str(),
                error = format!("{error:#}"),
                "a schedule failed"
            );
        }
        true
    }

    async fn call(&self, now: Timestamp) -> Result<()> {
        let arn = format!(
            "arn:aws:scheduler:us-east-1:000000000000:schedule/default/{}",
            self.schedule.logical_id
        );
        let input = self
            .schedule
            .input
            .as_deref()
            .unwrap_or("{}")
            .replace("<aws.scheduler.scheduled-time>", &now.to_string())
            .replace("<aws.scheduler.execution-id>", &now.as_nanosecond().to_string())
            .replace("<aws.scheduler.attempt-number>", "1")
            .replace("<aws.scheduler.schedule-arn>", &arn);
        tokio::spawn((self.door)(serde_json::from_str(&input)?)).await?
    }
}

fn next(now: Timestamp, every: Duration) -> Timestamp {
    SignedDuration::try_from(every)
        .ok()
        .and_then(|every| now.checked_add(every).ok())
        .unwrap_or(Timestamp::MAX)
}
