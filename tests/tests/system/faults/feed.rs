//! A table's stream on its way to the dispatcher, with Lambda's rules.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::DynamoDbBatchItemFailure;
use serde_json::Value;
use testkit::{Cloud, Stream};
use tokio::sync::Mutex;

pub(crate) struct Feed {
    stream: Mutex<Stream>,
    /// What the sort keys of wanted records begin with.
    prefix: &'static str,
    /// Records that are not worked off.
    records: RefCell<VecDeque<EventRecord>>,
    failures: Cell<u32>,
}

impl Feed {
    pub(crate) async fn open(cloud: &Cloud, table: &str, prefix: &'static str) -> Self {
        let stream = Mutex::new(cloud.open_stream(table).await);
        Self { stream, prefix, records: RefCell::default(), failures: Cell::default() }
    }

    pub(crate) fn left(&self) -> usize {
        self.records.borrow().len()
    }

    /// The records at the head, at most so many.
    pub(crate) async fn batch(&self, most: usize) -> Event {
        let mut new = self.stream.lock().await.read().await.records;
        new.retain(|record| {
            let keys: Value = serde_dynamo::from_item(record.change.keys.clone()).unwrap();
            record.event_name == "INSERT" && keys["sk"].as_str().unwrap().starts_with(self.prefix)
        });
        self.records.borrow_mut().extend(new);
        let mut event = Event::default();
        event.records = self.records.borrow().iter().take(most).cloned().collect();
        event
    }

    /// Takes away what is done of a batch of `count`; how much that is, and whether the batch was
    /// given up after so many failures.
    pub(crate) fn settle(
        &self,
        count: usize,
        failure: Option<DynamoDbBatchItemFailure>,
        retries: u32,
    ) -> (usize, bool) {
        let place = failure.map(|failure| {
            let records = self.records.borrow();
            let first =
                |record: &EventRecord| record.change.sequence_number == failure.item_identifier;
            records.iter().take(count).position(first).unwrap_or(0)
        });
        let failures = if place.is_some() { self.failures.get() + 1 } else { 0 };
        let given_up = failures > retries;
        self.failures.set(if given_up { 0 } else { failures });
        let done = place.filter(|_| !given_up).unwrap_or(count);
        self.records.borrow_mut().drain(..done);
        (done, given_up)
    }
}
