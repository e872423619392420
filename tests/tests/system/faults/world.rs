//! Firms on an embedded AWS, every function at work for them, and a fault proxy before each
//! service they call.

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsClients, Service};
use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use axum::Router;
use campaign::firm::{Firm, Land, keep_secrets};
use campaign::graph::{Copy, FakeGraph};
use campaign::script::Scene;
use campaign::storage::Storage;
use domain::{Clock, Ids};
use scheduler::Schedule;
use store::{Store, TableNames};
use telemetry::{Environment, Function, Machine, Setting};
use testkit::{Cloud, Dialect, Faulty};

/// Everything there is.
pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) services: Services,
    pub(crate) graph: FakeGraph,
    pub(crate) firms: Vec<Firm>,
    pub(crate) webhook: Router,
    pub(crate) processor: processor::App,
    pub(crate) dispatcher: dispatcher::App,
    pub(crate) scheduler: scheduler::App,
    pub(crate) sender: sender::App,
}

/// The services as the functions see them.
pub(crate) struct Services {
    pub(crate) dynamodb: Faulty,
    pub(crate) sqs: Faulty,
    pub(crate) graph: Faulty,
}

impl World {
    /// A world of firms with so many members each.
    pub(crate) async fn start(seed: u64, members: &[usize]) -> Self {
        let cloud = Cloud::start().await;
        let graph = FakeGraph::start().await;
        let endpoints = cloud.aws.endpoints();
        let services = Services {
            dynamodb: Faulty::before(&endpoints.dynamodb, Dialect::DynamoDb, seed).await,
            sqs: Faulty::before(&endpoints.sqs, Dialect::Sqs, seed ^ 1).await,
            graph: Faulty::before(&graph.url, Dialect::Graph, seed ^ 2).await,
        };
        let mut firms = Vec::new();
        for (place, members) in members.iter().enumerate() {
            let land = Land { store: &cloud.store(), clock: &*cloud.clock, ids: &*cloud.ids };
            firms.push(Firm::found(&land, place, *members).await);
        }
        let clock = || Arc::clone(&cloud.clock) as Arc<dyn Clock>;
        let machine = || Machine {
            clock: clock(),
            ids: Arc::clone(&cloud.ids) as Arc<dyn Ids>,
            metrics: cloud.metrics.clone(),
        };
        let at = |function| services.environment(&cloud, function);
        let environment = at(Function::Webhook);
        let clients = AwsClients::new(&environment).unwrap();
        let webhook = webhook::App::new(&environment, clients, machine()).unwrap();
        let environment = at(Function::Processor);
        let clients = AwsClients::new(&environment).unwrap();
        let mut processor = processor::App::new(&environment, clients, machine()).unwrap();
        processor.store = impatient(&environment);
        let environment = at(Function::Dispatcher);
        let mut dispatcher =
            dispatcher::App::new(&environment, clock(), cloud.metrics.clone()).unwrap();
        dispatcher.store = impatient(&environment);
        let environment = at(Function::Scheduler);
        let mut scheduler = scheduler::App::new(&environment, machine()).unwrap();
        scheduler.store = impatient(&environment);
        let environment = at(Function::Sender);
        let mut sender = sender::App::new(&environment, clock(), cloud.metrics.clone()).unwrap();
        sender.store = impatient(&environment);
        sender.config.pauses = vec![Duration::ZERO; 3];
        let environment = at(Function::Webhook);
        let meta = environment.get(Setting::MetaSecret).unwrap();
        keep_secrets(&cloud.aws, &firms, meta, &sender.config.channel_secret_prefix).await;
        let webhook = webhook::router(webhook);
        Self { cloud, services, graph, firms, webhook, processor, dispatcher, scheduler, sender }
    }

    /// Everything that is stored.
    pub(crate) async fn storage(&self) -> Storage {
        Storage::read(&self.cloud.aws.dynamodb(), &self.firms).await
    }

    /// What the people see, of whom these copies reached some.
    pub(crate) fn scene<'a>(&'a self, copies: &'a [Copy]) -> Scene<'a> {
        Scene { firms: &self.firms, copies, now: self.cloud.clock.now() }
    }

    /// The schedule's minute.
    pub(crate) async fn sweep(&self) -> domain::Result<()> {
        let tick = include_str!("../../../../events/schedule/outbox-sweep.json");
        let tick: EventBridgeEvent<Schedule> = serde_json::from_str(tick).unwrap();
        scheduler::handle(tick, &self.scheduler).await
    }

    /// That of every five minutes.
    pub(crate) async fn sweep_audit(&self) -> domain::Result<()> {
        let tick = include_str!("../../../../events/schedule/audit-sweep.json");
        let tick: EventBridgeEvent<Schedule> = serde_json::from_str(tick).unwrap();
        scheduler::handle(tick, &self.scheduler).await
    }
}

impl Services {
    pub(crate) fn all(&self) -> [(&'static str, &Faulty); 3] {
        [("DynamoDB", &self.dynamodb), ("SQS", &self.sqs), ("Graph", &self.graph)]
    }

    /// From now on no service fails.
    pub(crate) fn calm(&self) {
        for (_, service) in self.all() {
            service.calm();
        }
    }

    fn environment(&self, cloud: &Cloud, function: Function) -> Environment {
        let behind = [
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.url()),
            ("AWS_ENDPOINT_URL_SQS", self.sqs.url()),
            ("GRAPH_BASE_URL", self.graph.url()),
        ];
        cloud.environment(function, &behind)
    }
}

/// The tables by way of a client that tries twice and waits milliseconds: failures reach the
/// function more often, and a test does not sit out a second each time.
fn impatient(environment: &Environment) -> Store {
    let clients = AwsClients::new(environment).unwrap();
    let retries =
        RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(2));
    let config = clients.config(Service::Dynamodb).into_builder().retry_config(retries).build();
    Store::new(aws_sdk_dynamodb::Client::new(&config), TableNames::of(environment))
}
