//! The embedded AWS with the tables and queues of `template.yaml`, in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aws_clients::{AwsClients, Endpoints};
use aws_lambda_events::dynamodb;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::Clock;
use embedded_aws::{Data, EmbeddedAws, Options, Plan};
use store::{Store, TableNames};
use telemetry::{Environment, Function, Metrics};

use crate::clock::{CountedIds, MovingClock};
use crate::stream::Stream;

const TEMPLATE: &str = include_str!("../../../template.yaml");
/// Messages of one batch, as Lambda's event source mapping asks for.
const BATCH: i32 = 10;

/// AWS for one test.
pub struct Cloud {
    pub aws: EmbeddedAws,
    pub clock: Arc<MovingClock>,
    pub ids: Arc<CountedIds>,
    pub metrics: Metrics,
    plan: Plan,
    /// Calls past the functions; making a client costs more than a call.
    own: AwsClients,
}

#[expect(clippy::expect_used, reason = "a set-up that fails fails the test")]
impl Cloud {
    /// Starts it, empty.
    pub async fn start() -> Self {
        let clock = Arc::new(MovingClock::default());
        let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<dyn Clock> };
        let aws = EmbeddedAws::start(options).await.expect("the embedded AWS starts");
        let stage = BTreeMap::from([("Stage".to_owned(), "local".to_owned())]);
        let plan = Plan::read(TEMPLATE, &stage).expect("template.yaml is a plan");
        aws.provision(&plan).await.expect("what the template asks for is made");
        let ids = Arc::new(CountedIds::default());
        let own = clients(&aws);
        Self { aws, clock, ids, metrics: Metrics::new("test"), plan, own }
    }

    /// The environment a function gets from the template, with some variables set otherwise.
    pub fn environment(&self, function: Function, set: &[(&str, &str)]) -> Environment {
        let planned = self.plan.function_of_binary(function.name()).expect("it is in the template");
        let mut values: HashMap<&str, String> = HashMap::from([
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", embedded_aws::sdk::ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", embedded_aws::sdk::SECRET_KEY.to_owned()),
        ]);
        for (name, value) in &planned.environment {
            values.insert(name, value.resolve(|queue| self.aws.queue_url(queue)));
        }
        let endpoints = self.aws.endpoints().environment();
        for (name, value) in endpoints.iter().chain(set) {
            values.insert(name, (*value).to_owned());
        }
        Environment::of(function, |name| values.get(name).cloned()).expect("nothing is missing")
    }

    pub fn clients(&self) -> AwsClients {
        clients(&self.aws)
    }

    /// All tables.
    pub fn store(&self) -> Store {
        Store::new(self.aws.dynamodb(), self.table_names())
    }

    /// What they are called.
    pub fn table_names(&self) -> TableNames {
        let name = |id: &str| {
            let table = self.plan.tables.iter().find(|table| table.logical_id == id);
            table.map(|table| table.name.clone()).unwrap_or_default()
        };
        TableNames {
            directory: name("DirectoryTable"),
            tenants: name("TenantsTable"),
            projects: name("ProjectsTable"),
            conversations: name("ConversationsTable"),
            jobs: name("JobsTable"),
            guards: name("GuardsTable"),
            audit: name("AuditTable"),
        }
    }

    /// Moves the clock, and lets the services see it.
    pub fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.aws.wake();
    }

    /// A batch of a queue, by its logical id, as Lambda would hand it over. May be empty.
    pub async fn receive(&self, queue: &str) -> SqsEvent {
        let received = self
            .own
            .sqs()
            .receive_message()
            .queue_url(self.queue_url(queue))
            .max_number_of_messages(BATCH)
            .wait_time_seconds(0)
            .message_system_attribute_names("All".into())
            .send()
            .await
            .expect("the queue answers");
        let mut event = SqsEvent::default();
        for message in received.messages.unwrap_or_default() {
            let mut record = SqsMessage::default();
            record.message_id = message.message_id;
            record.receipt_handle = message.receipt_handle;
            record.body = message.body;
            for (name, value) in message.attributes.unwrap_or_default() {
                record.attributes.insert(name.as_str().to_owned(), value);
            }
            event.records.push(record);
        }
        event
    }

    /// Deletes what a function has worked off, as Lambda would: all but the failures.
    pub async fn acknowledge(&self, queue: &str, event: &SqsEvent, response: &SqsBatchResponse) {
        let failed =
            |id: &str| response.batch_item_failures.iter().any(|f| f.item_identifier == id);
        for record in &event.records {
            if failed(record.message_id.as_deref().unwrap_or_default()) {
                continue;
            }
            self.own
                .sqs()
                .delete_message()
                .queue_url(self.queue_url(queue))
                .set_receipt_handle(record.receipt_handle.clone())
                .send()
                .await
                .expect("the queue answers");
        }
    }

    /// Everything in a table's stream, from the beginning, as Lambda would hand it over.
    pub async fn stream(&self, table: &str) -> dynamodb::Event {
        self.open_stream(table).await.read().await
    }

    /// A table's stream, to be read bit by bit.
    pub async fn open_stream(&self, table: &str) -> Stream {
        let table = self.plan.tables.iter().find(|found| found.logical_id == table);
        let name = &table.expect("the table is in the template").name;
        Stream::open(self.aws.dynamodb_streams(), name).await
    }

    fn queue_url(&self, logical_id: &str) -> String {
        let queue = self.plan.queues.iter().find(|queue| queue.logical_id == logical_id);
        self.aws.queue_url(&queue.expect("the queue is in the template").name)
    }
}

fn clients(aws: &EmbeddedAws) -> AwsClients {
    let endpoints = aws.endpoints();
    AwsClients::embedded(Endpoints {
        dynamodb: Some(endpoints.dynamodb.clone()),
        dynamodb_streams: Some(endpoints.dynamodb.clone()),
        sqs: Some(endpoints.sqs.clone()),
        s3: Some(endpoints.s3.clone()),
        secrets_manager: Some(endpoints.secrets_manager.clone()),
        ses: Some(endpoints.ses.clone()),
    })
}
