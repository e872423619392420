//! The endpoints a check runs against: ours always, an independent one when it is named.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName, QueueAttributeName,
    SendMessageBatchRequestEntry,
};
use domain::Clock;
use embedded_aws::{Data, EmbeddedAws, Endpoints, Options, sdk};
use jiff::Timestamp;

/// A clock that moves when it is told to.
#[derive(Debug, Default)]
pub(crate) struct MovingClock(AtomicI64);

impl MovingClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        let start = 1_800_000_000_000;
        Timestamp::from_millisecond(start + self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// One endpoint, and how time passes there.
pub(crate) struct Rig {
    pub(crate) client: Client,
    ours: Option<(EmbeddedAws, Arc<MovingClock>)>,
}

static QUEUES: AtomicU32 = AtomicU32::new(0);

impl Rig {
    pub(crate) async fn ours() -> Self {
        let clock = Arc::new(MovingClock::default());
        let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<dyn Clock> };
        let aws = EmbeddedAws::start(options).await.unwrap();
        Self { client: aws.sqs(), ours: Some((aws, clock)) }
    }

    /// The endpoint in `SQS_CONTRACT_ENDPOINT`, if there is one.
    pub(crate) fn independent() -> Option<Self> {
        let endpoint = std::env::var_os("SQS_CONTRACT_ENDPOINT")?.into_string().unwrap();
        let endpoints = Endpoints {
            dynamodb: endpoint.clone(),
            sqs: endpoint.clone(),
            s3: endpoint.clone(),
            secrets_manager: endpoint.clone(),
            ses: endpoint,
        };
        Some(Self { client: Client::new(&sdk::config(endpoints)), ours: None })
    }

    /// Whether checks of long times, and of what only we promise, make sense here.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours.is_some()
    }

    /// Lets time pass: by moving the clock here, by waiting elsewhere.
    pub(crate) async fn pass(&self, seconds: u64) {
        let time = Duration::from_secs(seconds);
        match &self.ours {
            Some((aws, clock)) => {
                clock.advance(time);
                aws.wake();
            }
            None => tokio::time::sleep(time + Duration::from_millis(100)).await,
        }
    }

    /// Lets time pass until `future` is done.
    pub(crate) async fn pass_until<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            tokio::select! {
                biased;
                output = &mut future => return output,
                () = tokio::task::yield_now() => {}
            }
            self.pass(u64::from(self.is_ours())).await;
        }
    }

    /// A fresh queue; its URL.
    pub(crate) async fn queue(&self, name: &str, attributes: &[(&str, &str)]) -> String {
        let number = QUEUES.fetch_add(1, Ordering::SeqCst);
        let process = std::process::id();
        let name = match name.strip_suffix(".fifo") {
            Some(stem) => format!("{stem}-{process}-{number}.fifo"),
            None => format!("{name}-{process}-{number}"),
        };
        let mut all: HashMap<QueueAttributeName, String> = attributes
            .iter()
            .map(|(name, value)| (QueueAttributeName::from(*name), (*value).to_owned()))
            .collect();
        if name.strip_suffix(".fifo").is_some() {
            all.insert(QueueAttributeName::FifoQueue, "true".to_owned());
        }
        let created = self.client.create_queue().queue_name(name).set_attributes(Some(all));
        created.send().await.unwrap().queue_url.unwrap()
    }

    pub(crate) async fn attribute(&self, url: &str, name: &str) -> String {
        let name = QueueAttributeName::from(name);
        let wanted = self.client.get_queue_attributes().queue_url(url);
        let answer = wanted.attribute_names(QueueAttributeName::All).send().await.unwrap();
        answer.attributes.unwrap().remove(&name).unwrap_or_default()
    }

    /// Sends to a FIFO queue; the message id and the sequence number.
    pub(crate) async fn send(&self, url: &str, group: &str, body: &str) -> (String, String) {
        let send = self.client.send_message().queue_url(url).message_body(body);
        let send = send.message_group_id(group).message_deduplication_id(body);
        let sent = send.send().await.unwrap();
        (sent.message_id.unwrap(), sent.sequence_number.unwrap())
    }

    /// Sends to a standard queue.
    pub(crate) async fn post(&self, url: &str, body: &str) {
        self.client.send_message().queue_url(url).message_body(body).send().await.unwrap();
    }

    pub(crate) async fn receive(&self, url: &str, most: i32) -> Vec<Message> {
        self.receive_for(url, most, 30).await
    }

    pub(crate) async fn receive_for(&self, url: &str, most: i32, hidden_s: i32) -> Vec<Message> {
        let receive = self.client.receive_message().queue_url(url).max_number_of_messages(most);
        let receive = receive
            .visibility_timeout(hidden_s)
            .wait_time_seconds(0)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All");
        receive.send().await.unwrap().messages.unwrap_or_default()
    }

    pub(crate) async fn delete(&self, url: &str, message: &Message) {
        let delete = self.client.delete_message().queue_url(url);
        delete.set_receipt_handle(message.receipt_handle.clone()).send().await.unwrap();
    }
}

pub(crate) fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body().unwrap()).collect()
}

pub(crate) fn system(message: &Message, name: &MessageSystemAttributeName) -> String {
    message.attributes().and_then(|all| all.get(name)).cloned().unwrap_or_default()
}

/// The code of a refused request.
pub(crate) fn code<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    outcome: Result<T, SdkError<E>>,
) -> String {
    outcome.unwrap_err().code().unwrap_or("no code").to_owned()
}

pub(crate) fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
}

pub(crate) fn deletion(id: &str, handle: &str) -> DeleteMessageBatchRequestEntry {
    DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle).build().unwrap()
}
