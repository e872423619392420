//! The deployed functions, made for this process and reached through their own doors.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use aws_clients::{AwsClients, Secrets};
use axum::Router;
use domain::{Clock, Ids};
use embedded_aws::template::Plan;
use embedded_aws::{EmbeddedAws, Roles, sdk};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use queue::{QueueUrls, Queues};
use serde_json::Value;
use store::{Store, TableNames};
use telemetry::{Environment, Function, Machine, Metrics, Setting};
use web::{Edge, Hosts, KeyRing};

use crate::driver;
use crate::driver::queue::QueueDoor;
use crate::driver::schedule::ScheduleDoor;
use crate::driver::stream::StreamDoor;

/// What every function is made with.
pub(crate) struct Workshop<'a> {
    pub(crate) aws: &'a EmbeddedAws,
    /// The gates functions are held to, if they are.
    pub(crate) roles: Option<&'a Roles>,
    pub(crate) plan: &'a Plan,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) metrics: Metrics,
    /// Waits of the sender inside one call; a test that moves its clock itself wants none.
    pub(crate) sender_pauses: Option<Vec<Duration>>,
}

/// The door of each function, by the name of its binary.
pub(crate) struct Doors {
    pub(crate) routers: BTreeMap<&'static str, Router>,
    pub(crate) sources: driver::Doors,
    /// Of functions that only an operator calls.
    pub(crate) calls: BTreeMap<&'static str, CallDoor>,
}

/// A function that takes a JSON event and answers with JSON.
pub(crate) type CallDoor = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value>> + Send + Sync>;

impl Workshop<'_> {
    /// Makes every function from the environment the template gives it.
    pub(crate) fn build(&self) -> Result<Doors> {
        Ok(Doors {
            routers: BTreeMap::from([
                ("webhook", self.webhook()?),
                ("auth", self.auth()?),
                ("accounts", self.accounts()?),
                ("projects", self.projects()?),
                ("conversations", self.conversations()?),
            ]),
            sources: driver::Doors {
                queues: BTreeMap::from([
                    ("processor", self.processor()?),
                    ("sender", self.sender()?),
                ]),
                streams: BTreeMap::from([("dispatcher", self.dispatcher()?)]),
                schedules: BTreeMap::from([("scheduler", self.scheduler()?)]),
            },
            calls: BTreeMap::from([("eraser", self.eraser()?)]),
        })
    }

    /// A function's environment: the template's, and the addresses of the embedded services.
    pub(crate) fn environment(&self, function: Function) -> Result<Environment> {
        let name = function.name();
        let planned = self
            .plan
            .function_of_binary(name)
            .ok_or_else(|| anyhow!("the template has no function {name}"))?;
        let mut values: BTreeMap<&str, String> = planned
            .environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.resolve(|queue| self.aws.queue_url(queue))))
            .collect();
        values.insert("AWS_REGION", sdk::REGION.to_owned());
        values.insert("AWS_ACCESS_KEY_ID", sdk::ACCESS_KEY.to_owned());
        values.insert("AWS_SECRET_ACCESS_KEY", sdk::SECRET_KEY.to_owned());
        for (name, endpoint) in self.aws.endpoints().environment() {
            values.insert(name, endpoint.to_owned());
        }
        for (service, gate) in self.roles.map(|roles| roles.environment(name)).unwrap_or_default() {
            values.insert(service, gate);
        }
        Environment::of(function, |name| values.get(name).cloned())
            .with_context(|| format!("the environment of {name}"))
    }

    fn machine(&self, function: Function) -> Machine {
        Machine {
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            metrics: self.metrics.for_service(function.name()),
        }
    }

    fn webhook(&self) -> Result<Router> {
        let environment = self.environment(Function::Webhook)?;
        let clients = AwsClients::new(&environment)?;
        let machine = self.machine(Function::Webhook);
        Ok(webhook::router(webhook::App::new(&environment, clients, machine)?))
    }

    fn processor(&self) -> Result<QueueDoor> {
        let environment = self.environment(Function::Processor)?;
        let clients = AwsClients::new(&environment)?;
        let Machine { clock, ids, metrics } = self.machine(Function::Processor);
        let app = Arc::new(processor::App {
            store: Store::of(clients.clone(), TableNames::of(&environment)),
            queues: Queues::new(clients.clone(), QueueUrls::of(&environment), metrics.clone()),
            blobs: blob::Blobs::new(clients, environment.get(Setting::MediaBucket)?),
            metrics,
            clock,
            ids,
        });
        Ok(Arc::new(move |event| {
            let app = Arc::clone(&app);
            async move { Ok(processor::handle(event, &app).await) }.boxed()
        }))
    }

    fn sender(&self) -> Result<QueueDoor> {
        let environment = self.environment(Function::Sender)?;
        let Machine { clock, metrics, .. } = self.machine(Function::Sender);
        let mut app = sender::App::new(&environment, clock, metrics)?;
        if let Some(pauses) = &self.sender_pauses {
            app.config.pauses.clone_from(pauses);
        }
        let app = Arc::new(app);
        Ok(Arc::new(move |event| {
            let app = Arc::clone(&app);
            async move { Ok(sender::handle(event, &app).await) }.boxed()
        }))
    }

    fn dispatcher(&self) -> Result<StreamDoor> {
        let environment = self.environment(Function::Dispatcher)?;
        let Machine { clock, metrics, .. } = self.machine(Function::Dispatcher);
        let app = Arc::new(dispatcher::App::new(&environment, clock, metrics)?);
        Ok(Arc::new(move |event| {
            let app = Arc::clone(&app);
            async move {
                let response = dispatcher::handle(event, &app).await;
                let failures = response.batch_item_failures.into_iter();
                Ok(failures.map(|failure| failure.item_identifier.unwrap_or_default()).collect())
            }
            .boxed()
        }))
    }

    fn scheduler(&self) -> Result<ScheduleDoor> {
        let environment = self.environment(Function::Scheduler)?;
        let machine = self.machine(Function::Scheduler);
        let app = Arc::new(scheduler::App::new(&environment, machine)?);
        Ok(Arc::new(move |event| {
            let app = Arc::clone(&app);
            async move {
                let event = serde_json::from_value(serde_json::to_value(event)?)?;
                scheduler::handle(event, &app).await.context("the scheduler")
            }
            .boxed()
        }))
    }

    fn eraser(&self) -> Result<CallDoor> {
        let environment = self.environment(Function::Eraser)?;
        let app = Arc::new(eraser::App::new(&environment, self.machine(Function::Eraser))?);
        Ok(Arc::new(move |event| {
            let app = Arc::clone(&app);
            async move {
                let answer = eraser::handle(serde_json::from_value(event)?, &app).await;
                Ok(serde_json::to_value(answer.context("the eraser")?)?)
            }
            .boxed()
        }))
    }

    fn auth(&self) -> Result<Router> {
        let environment = self.environment(Function::Auth)?;
        let clients = AwsClients::new(&environment)?;
        let secrets = Secrets::new(clients.clone(), Arc::clone(&self.clock));
        let keys = auth::PrivateKeys::of_secrets(secrets, auth::SecretNames::of(&environment)?);
        let edge = self.edge(&environment, &clients)?;
        Ok(auth::router(auth::App::new(edge, keys)))
    }

    fn accounts(&self) -> Result<Router> {
        let environment = self.environment(Function::Accounts)?;
        let clients = AwsClients::new(&environment)?;
        let edge = self.edge(&environment, &clients)?;
        let secrets = Secrets::new(clients, Arc::clone(&self.clock));
        Ok(accounts::router(accounts::App::new(edge, &environment, secrets)?))
    }

    fn projects(&self) -> Result<Router> {
        let environment = self.environment(Function::Projects)?;
        let clients = AwsClients::new(&environment)?;
        let edge = self.edge(&environment, &clients)?;
        Ok(projects::router(projects::App::new(edge, Vec::new())))
    }

    fn conversations(&self) -> Result<Router> {
        let environment = self.environment(Function::Conversations)?;
        let clients = AwsClients::new(&environment)?;
        let edge = self.edge(&environment, &clients)?;
        let queues = Queues::new(clients, QueueUrls::of(&environment), edge.metrics().clone());
        Ok(conversations::router(conversations::App::new(edge, queues)))
    }

    fn edge(&self, environment: &Environment, clients: &AwsClients) -> Result<Edge> {
        let secrets = Secrets::new(clients.clone(), Arc::clone(&self.clock));
        let name = environment.get(Setting::VerificationSecret)?;
        let keys = KeyRing::of_secret(secrets, name);
        let store = Store::of(clients.clone(), TableNames::of(environment));
        let machine = self.machine(environment.function());
        let edge = Edge::with_keys(store, keys, machine, &environment.allowed_origins());
        Ok(edge.serving(Hosts::new(&environment.allowed_hosts())))
    }
}
