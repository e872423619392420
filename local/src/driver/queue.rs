//! A queue's event source mapping: receive, call, delete what succeeded.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use futures::future::BoxFuture;
use serde_json::{Value, json};

/// A function that takes batches of a queue. One that fails as a whole fails on all of a batch.
pub type QueueDoor =
    Arc<dyn Fn(SqsEvent) -> BoxFuture<'static, Result<SqsBatchResponse>> + Send + Sync>;

/// SQS: at most this many messages in one receive or delete.
const MESSAGES_MAX: usize = 10;

/// A queue and the function it feeds.
pub struct QueueMapping {
    client: Client,
    name: String,
    url: String,
    batch_size: usize,
    concurrency: u32,
    reports_item_failures: bool,
    door: QueueDoor,
}

/// Where the messages come from and how many at a time.
pub struct QueueSettings {
    pub name: String,
    pub url: String,
    pub batch_size: usize,
    pub concurrency: u32,
    /// Otherwise what the function answers is not looked at.
    pub reports_item_failures: bool,
}

impl QueueMapping {
    pub fn new(client: Client, settings: QueueSettings, door: QueueDoor) -> Self {
        let QueueSettings { name, url, batch_size, concurrency, reports_item_failures } = settings;
        Self { client, name, url, batch_size, concurrency, reports_item_failures, door }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn concurrency(&self) -> u32 {
        self.concurrency
    }

    /// Works off one batch; how many messages it had.
    pub async fn step(&self, wait: Duration) -> Result<usize> {
        let batch = self.receive(wait).await?;
        self.work(batch).await
    }

    /// One batch, waiting at most this long for the first message.
    pub async fn receive(&self, wait: Duration) -> Result<Vec<Message>> {
        let output = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(i32::try_from(self.batch_size.clamp(1, MESSAGES_MAX))?)
            .wait_time_seconds(i32::try_from(wait.as_secs()).unwrap_or(0))
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await
            .with_context(|| format!("receive from {}", self.name))?;
        Ok(output.messages.unwrap_or_default())
    }

    /// Calls the function and deletes what it does not report as failed. A panic fails all.
    pub async fn work(&self, batch: Vec<Message>) -> Result<usize> {
        if batch.is_empty() {
            return Ok(0);
        }
        let event: SqsEvent = serde_json::from_value(self.event(&batch))?;
        let failed = match tokio::spawn((self.door)(event)).await {
            Ok(Ok(response)) if self.reports_item_failures => failed(&batch, &response),
            Ok(Ok(_)) => HashSet::new(),
            Ok(Err(error)) => {
                let error = format!("{error:#}");
                tracing::warn!(queue = self.name, error, "the function failed as a whole");
                ids(&batch).collect()
            }
            Err(error) => {
                tracing::error!(queue = self.name, %error, "the function ended badly");
                ids(&batch).collect()
            }
        };
        self.delete(batch.iter().filter(|message| !failed.contains(id(message)))).await?;
        Ok(batch.len())
    }

    async fn delete(&self, done: impl Iterator<Item = &Message>) -> Result<()> {
        let entries = done
            .enumerate()
            .map(|(place, message)| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(place.to_string())
                    .receipt_handle(message.receipt_handle().unwrap_or_default())
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()?;
        if entries.is_empty() {
            return Ok(());
        }
        let call = self.client.delete_message_batch().queue_url(&self.url);
        call.set_entries(Some(entries))
            .send()
            .await
            .with_context(|| format!("delete from {}", self.name))?;
        Ok(())
    }

    /// The batch in the JSON that Lambda hands a function.
    fn event(&self, batch: &[Message]) -> Value {
        let records: Vec<Value> = batch
            .iter()
            .map(|message| {
                let attributes: serde_json::Map<String, Value> = message
                    .attributes()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.as_str().to_owned(), json!(value)))
                    .collect();
                json!({
                    "messageId": id(message),
                    "receiptHandle": message.receipt_handle(),
                    "body": message.body(),
                    "md5OfBody": message.md5_of_body(),
                    "attributes": attributes,
                    "messageAttributes": {},
                    "eventSource": "aws:sqs",
                    "eventSourceARN": format!("arn:aws:sqs:us-east-1:000000000000:{}", self.name),
                    "awsRegion": "us-east-1",
                })
            })
            .collect();
        json!({ "Records": records })
    }
}

/// The messages that go back. Lambda's rule: a report that names no message, or one that was not in
/// the batch, fails the whole batch.
fn failed<'a>(batch: &'a [Message], response: &SqsBatchResponse) -> HashSet<&'a str> {
    let sent: HashSet<&str> = ids(batch).collect();
    let mut failed = HashSet::new();
    for failure in &response.batch_item_failures {
        match sent.get(failure.item_identifier.as_str()) {
            Some(id) => failed.insert(*id),
            None => return sent,
        };
    }
    failed
}

fn ids(batch: &[Message]) -> impl Iterator<Item = &str> {
    batch.iter().map(id)
}

fn id(message: &Message) -> &str {
    message.message_id().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::sqs::SqsBatchResponse;
    use aws_sdk_sqs::types::Message;
    use serde_json::json;

    use super::failed;

    #[test]
    fn a_report_that_makes_no_sense_fails_the_whole_batch() {
        let batch: Vec<Message> =
            ["a", "b", "c"].map(|id| Message::builder().message_id(id).build()).into();
        for (reported, expected) in [
            (vec![], vec![]),
            (vec!["b"], vec!["b"]),
            (vec!["b", "z"], vec!["a", "b", "c"]),
            (vec![""], vec!["a", "b", "c"]),
        ] {
            let failures: Vec<_> =
                reported.iter().map(|id| json!({ "itemIdentifier": id })).collect();
            let response: SqsBatchResponse =
                serde_json::from_value(json!({ "batchItemFailures": failures })).unwrap();
            let mut names: Vec<&str> = failed(&batch, &response).into_iter().collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{reported:?}");
        }
    }
}
