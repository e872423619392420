//! The queues and how entries get in: all of them, or an error.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_clients::{AwsClients, Service};
use aws_sdk_sqs::config::StalledStreamProtectionConfig;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::Error;
use futures::future::try_join_all;
use telemetry::environment::{Environment, Setting};
use telemetry::{Metrics, metrics};
use tokio::time::{Instant, sleep};

use crate::lanes::{self, Lane, MAX_BODY_BYTES};

/// Times an entry is sent again after a failure.
const MAX_RETRIES: u32 = 2;
/// No retry starts later than this after the first call: Meta waits for the answer.
const RETRY_BUDGET: Duration = Duration::from_millis(1_500);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const CALL_TIMEOUT: Duration = Duration::from_secs(1);

/// Our queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueKind {
    /// FIFO: messages and notices, in order per person.
    Inbound,
    /// Standard, fair: what became of our messages.
    Statuses,
    /// Standard, fair: effects for the sender.
    Outbound,
}

impl QueueKind {
    /// The name in metrics and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Statuses => "statuses",
            Self::Outbound => "outbound",
        }
    }

    const fn is_fifo(self) -> bool {
        matches!(self, Self::Inbound)
    }
}

/// Where the queues are; a function knows those it uses.
#[derive(Debug, Clone, Default)]
pub struct QueueUrls {
    pub inbound: Option<String>,
    pub statuses: Option<String>,
    pub outbound: Option<String>,
}

impl QueueUrls {
    pub fn of(environment: &Environment) -> Self {
        let url = |setting| environment.optional(setting).map(str::to_owned);
        Self {
            inbound: url(Setting::InboundQueueUrl),
            statuses: url(Setting::StatusesQueueUrl),
            outbound: url(Setting::OutboundQueueUrl),
        }
    }
}

/// One message for a queue.
#[derive(Debug, Clone)]
pub struct Entry {
    /// FIFO: who must wait for whom. Standard: the tenant, for fairness.
    pub group: String,
    /// FIFO only, and then required: the same id within five minutes is the same message.
    pub dedup: Option<String>,
    pub body: String,
}

/// Not every entry is in the queue. Some may be: send all of them again.
#[derive(Debug, thiserror::Error)]
#[error("{unsent} entries of one call did not reach the {queue} queue")]
pub struct SendFailure {
    pub queue: &'static str,
    /// Entries of the first call that failed for good.
    pub unsent: usize,
    #[source]
    cause: Option<Cause>,
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

impl SendFailure {
    pub(crate) fn unwritable(queue: QueueKind, error: Error) -> Self {
        failure(queue, 1, Some(error.into()))
    }
}

impl From<SendFailure> for Error {
    fn from(failure: SendFailure) -> Self {
        Self::unavailable(failure)
    }
}

/// The queues of one function. Cheap to clone.
#[derive(Clone)]
pub struct Queues {
    clients: AwsClients,
    /// Made when first needed.
    sqs: Arc<OnceLock<aws_sdk_sqs::Client>>,
    pub(crate) urls: QueueUrls,
    pub(crate) metrics: Metrics,
}

impl fmt::Debug for Queues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queues").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl Queues {
    pub fn new(clients: AwsClients, urls: QueueUrls, metrics: Metrics) -> Self {
        Self { clients, sqs: Arc::default(), urls, metrics }
    }

    /// Puts all entries into the queue. The order within a group is kept; groups go concurrently.
    ///
    /// `Ok` means that every entry was accepted.
    pub async fn send_all(&self, queue: QueueKind, entries: Vec<Entry>) -> Result<(), SendFailure> {
        if entries.is_empty() {
            return Ok(());
        }
        if entries.iter().any(|entry| entry.body.len() > MAX_BODY_BYTES) {
            let cause = "a body is over 900 kB; put it into S3 and send its key";
            return Err(failure(queue, entries.len(), Some(cause.into())));
        }
        let deadline = Instant::now() + RETRY_BUDGET;
        let lanes = lanes::spread(entries).into_iter();
        try_join_all(lanes.map(|lane| self.send_lane(queue, lane, deadline))).await?;
        Ok(())
    }

    /// The SDK's own retries would spend the caller's patience without telling us; and deadlines
    /// of a whole call leave nothing for its watch over stalled streams to find.
    pub(crate) fn sqs(&self) -> &aws_sdk_sqs::Client {
        self.sqs.get_or_init(|| {
            let timeouts = TimeoutConfig::builder().operation_timeout(CALL_TIMEOUT).build();
            let config = aws_sdk_sqs::config::Builder::from(&self.clients.config(Service::Sqs))
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts)
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            aws_sdk_sqs::Client::from_conf(config.build())
        })
    }

    pub(crate) fn url(&self, queue: QueueKind) -> Option<&str> {
        let url = match queue {
            QueueKind::Inbound => &self.urls.inbound,
            QueueKind::Statuses => &self.urls.statuses,
            QueueKind::Outbound => &self.urls.outbound,
        };
        url.as_deref()
    }

    async fn send_lane(
        &self,
        queue: QueueKind,
        mut lane: Lane,
        deadline: Instant,
    ) -> Result<(), SendFailure> {
        loop {
            let call = lanes::next_call(&mut lane);
            if call.is_empty() {
                return Ok(());
            }
            self.send_with_retries(queue, call, deadline).await?;
        }
    }

    async fn send_with_retries(
        &self,
        queue: QueueKind,
        mut call: Vec<Entry>,
        deadline: Instant,
    ) -> Result<(), SendFailure> {
        let mut pause = FIRST_PAUSE;
        for retries_left in (0..=MAX_RETRIES).rev() {
            let (accepted, cause) = self.send_once(queue, &call).await;
            call = unsent(queue, call, &accepted);
            if call.is_empty() {
                return Ok(());
            }
            if retries_left == 0 || Instant::now() + pause > deadline {
                return Err(failure(queue, call.len(), cause));
            }
            let again = u64::try_from(call.len()).unwrap_or(u64::MAX);
            self.metrics.add(&metrics::names::ENQUEUE_RETRIES, [queue.as_str()], again);
            sleep(pause).await;
            pause *= 3;
        }
        Err(failure(queue, call.len(), None))
    }

    /// One call. Says which entries were accepted, by place, and why others were not.
    async fn send_once(&self, queue: QueueKind, call: &[Entry]) -> (Vec<bool>, Option<Cause>) {
        let mut accepted = vec![false; call.len()];
        let Some(url) = self.url(queue) else {
            return (accepted, Some("the queue's URL is not configured".into()));
        };
        let entries =
            call.iter().enumerate().map(|(place, entry)| batch_entry(queue, place, entry));
        let entries = match entries.collect::<Result<Vec<_>, _>>() {
            Ok(entries) => entries,
            Err(error) => return (accepted, Some(error.into())),
        };
        let call = self.sqs().send_message_batch().queue_url(url).set_entries(Some(entries));
        // The SDK's futures are large; boxed, those around it stay small.
        match Box::pin(call.send()).await {
            Ok(answer) => {
                for success in &answer.successful {
                    let place = success.id.parse::<usize>().ok();
                    if let Some(flag) = place.and_then(|place| accepted.get_mut(place)) {
                        *flag = true;
                    }
                }
                let cause =
                    answer.failed.first().map(|entry| format!("code {}", entry.code).into());
                (accepted, cause)
            }
            Err(error) => (accepted, Some(error.into())),
        }
    }
}

/// What must be sent again. FIFO: from the first entry of a group that was not accepted; the
/// deduplication id makes those that were accepted no-ops.
fn unsent(queue: QueueKind, call: Vec<Entry>, accepted: &[bool]) -> Vec<Entry> {
    let mut stopped: Vec<String> = Vec::new();
    let mut rest = Vec::new();
    for (entry, accepted) in call.into_iter().zip(accepted) {
        if *accepted && !stopped.contains(&entry.group) {
            continue;
        }
        if queue.is_fifo() && !stopped.contains(&entry.group) {
            stopped.push(entry.group.clone());
        }
        rest.push(entry);
    }
    rest
}

fn batch_entry(
    queue: QueueKind,
    place: usize,
    entry: &Entry,
) -> Result<SendMessageBatchRequestEntry, aws_sdk_sqs::error::BuildError> {
    let builder = SendMessageBatchRequestEntry::builder()
        .id(place.to_string())
        .message_body(&entry.body)
        .message_group_id(&entry.group);
    let dedup = entry.dedup.clone().filter(|_| queue.is_fifo());
    builder.set_message_deduplication_id(dedup).build()
}

fn failure(queue: QueueKind, unsent: usize, cause: Option<Cause>) -> SendFailure {
    SendFailure { queue: queue.as_str(), unsent, cause }
}
