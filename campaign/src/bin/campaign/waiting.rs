//! What is not over yet.

use anyhow::Result;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::Clock;
use jiff::SignedDuration;
use telemetry::SystemClock;

use crate::rig::Rig;

/// Where something is left, and how much.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Messages of people in their queue and among its dead letters.
    pub(crate) inbound: usize,
    /// Those of all other queues.
    pub(crate) others: usize,
    /// Outbox items that are due within the hour.
    pub(crate) outbox: usize,
    /// Entries of the audit log that are in no chain.
    pub(crate) unlinked: usize,
    /// Environments at work.
    pub(crate) busy: usize,
}

impl Waiting {
    pub(crate) async fn now(rig: &Rig) -> Result<Self> {
        let mut waiting = Self { busy: rig.busy(), ..Self::default() };
        let sqs = rig.aws.sqs();
        for url in sqs.list_queues().send().await?.queue_urls() {
            // The stream's and the schedule's dead letters only tell; what they tell of is swept.
            if url.ends_with("-dispatch-dlq") || url.ends_with("-schedule-dlq") {
                continue;
            }
            let all = QueueAttributeName::All;
            let call = sqs.get_queue_attributes().queue_url(url).attribute_names(all);
            let attributes = call.send().await?.attributes.unwrap_or_default();
            let counts = attributes.iter().filter_map(|(name, count)| {
                let counts = name.as_str().starts_with("ApproximateNumberOfMessages");
                count.parse::<usize>().ok().filter(|_| counts)
            });
            let is_inbound = url.contains("-inbound");
            let place = if is_inbound { &mut waiting.inbound } else { &mut waiting.others };
            *place += counts.sum::<usize>();
        }
        let late = SystemClock.now() + SignedDuration::from_hours(1);
        waiting.outbox = rig.store.due(late, 200).await?.len();
        if waiting.total() == 0 {
            waiting.unlinked = unlinked(rig).await?;
        }
        Ok(waiting)
    }

    pub(crate) fn total(&self) -> usize {
        self.inbound + self.others + self.outbox + self.unlinked + self.busy
    }
}

async fn unlinked(rig: &Rig) -> Result<usize> {
    let storage = campaign::storage::Storage::read(&rig.aws.dynamodb(), &rig.firms).await;
    Ok(storage.audit.len().saturating_sub(storage.linked.len()))
}
