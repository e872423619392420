//! The whole system, started and stopped together.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use domain::{Clock, Ids};
use embedded_aws::{EmbeddedAws, Roles};
use jiff::SignedDuration;
use serde_json::Value;
use store::{Store, TenantStore};
use telemetry::{Metrics, SystemClock, SystemIds};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::clock::MovingClock;
use crate::driver::schedule::ScheduleDoor;
use crate::driver::{Driver, LOCAL_CONCURRENCY, stopped};
use crate::functions::CallDoor;
use crate::gateway::Gateway;
use crate::graph::{Graph, GraphServer};
use crate::hub::Hub;
use crate::meta::Meta;
use crate::phone::{self, Phone};
use crate::seed::Seeded;

mod assembly;

pub use embedded_aws::Data;

/// The port of a system that was told none.
pub const DEFAULT_PORT: u16 = 4000;
/// How long a stop waits for requests and batches under way.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How often expired items are swept in the background.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// What a system is started with.
pub struct Options {
    pub data: Data,
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Whether queues, streams and schedules are worked off by themselves; otherwise
    /// [`System::drain`] does it when asked.
    pub background: bool,
    /// Whether a function may do only what its role in the template allows.
    pub with_roles: bool,
}

impl Options {
    /// A system that works by itself on the machine's clock.
    pub fn new(data: Data, port: u16) -> Self {
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        Self { data, port, clock, ids, background: true, with_roles: false }
    }

    /// A system for a test: in memory, on a free port, and nothing happens until it is drained.
    pub fn for_test(clock: Arc<MovingClock>) -> Self {
        let ids = Arc::new(SystemIds);
        Self { data: Data::Memory, port: 0, clock, ids, background: false, with_roles: false }
    }
}

/// A running system. [`System::shutdown`] ends it in order, [`System::kill`] does not.
pub struct System {
    aws: Arc<EmbeddedAws>,
    roles: Option<Roles>,
    graph: Graph,
    graph_server: GraphServer,
    gateway: Gateway,
    meta: Meta,
    hub: Hub,
    store: Store,
    metrics: Metrics,
    clock: Arc<dyn Clock>,
    companies: Vec<Seeded>,
    driver: Driver,
    schedules: BTreeMap<&'static str, ScheduleDoor>,
    calls: BTreeMap<&'static str, CallDoor>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
    tasks: JoinSet<()>,
}

impl System {
    /// Starts everything and returns when it answers.
    pub async fn start(options: Options) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .with_context(|| format!("cannot listen on 127.0.0.1:{}", options.port))?;
        let address = listener.local_addr()?;
        let parts = assembly::assemble(&options, &format!("http://{address}")).await?;
        let stop = watch::Sender::new(false);
        let phone = Phone {
            meta: parts.meta.clone(),
            graph: parts.graph.clone(),
            hub: parts.hub.clone(),
            store: parts.store.clone(),
            companies: parts.companies.clone().into(),
            clock: Arc::clone(&options.clock),
            ids: Arc::clone(&options.ids),
            stop: stop.subscribe(),
        };
        let pages = phone::router(phone)
            .merge(crate::pages::router(parts.metrics.clone()))
            .merge(crate::inbox::router(parts.aws.mailbox().clone()));
        let router = pages.fallback_service(parts.gateway.clone().into_router());
        let server = serve(listener, router, stop.subscribe());
        let mut system = Self {
            aws: parts.aws,
            roles: parts.roles,
            graph: parts.graph,
            graph_server: parts.graph_server,
            gateway: parts.gateway,
            meta: parts.meta,
            hub: parts.hub,
            store: parts.store,
            metrics: parts.metrics,
            clock: options.clock,
            companies: parts.companies,
            driver: parts.driver,
            schedules: parts.schedules,
            calls: parts.calls,
            address,
            stop,
            server,
            tasks: JoinSet::new(),
        };
        if options.background {
            system.work_in_background();
        }
        Ok(system)
    }

    /// What functions have asked of AWS under their roles, if they were held to them.
    pub fn roles(&self) -> Option<&Roles> {
        self.roles.as_ref()
    }

    fn work_in_background(&mut self) {
        let signal = self.stop.subscribe();
        self.tasks = self.driver.spawn(&signal, LOCAL_CONCURRENCY);
        let (graph, meta, mut stop) = (self.graph.clone(), self.meta.clone(), signal.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = stopped(&mut stop) => {}
                () = graph.keep_reporting(&meta) => {}
            }
        });
        let (aws, mut stop) = (Arc::clone(&self.aws), signal);
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stopped(&mut stop) => return,
                    () = tokio::time::sleep(SWEEP_EVERY) => sweep(&aws).await,
                }
            }
        });
    }

    /// Where the system answers, as in `http://127.0.0.1:4000`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Meta as the poster of webhooks.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Meta as the taker of our calls.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The listening side of the stand-in for Graph.
    pub fn graph_server(&self) -> &GraphServer {
        &self.graph_server
    }

    /// What passed between the system and Meta.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    pub fn aws(&self) -> &EmbeddedAws {
        &self.aws
    }

    /// All tables.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The seeded companies.
    pub fn companies(&self) -> &[Seeded] {
        &self.companies
    }

    /// A seeded company's data.
    pub fn tenant(&self, company: &Seeded) -> TenantStore {
        self.store.for_tenant(&company.routed.scope())
    }

    /// Works off queues, streams, due schedules and Meta's reports until nothing is left that the
    /// clock allows. For a system without background work.
    pub async fn drain(&self) -> Result<()> {
        self.driver.drain(|| self.graph.report_all(&self.meta)).await
    }

    /// Moves a test's clock, lets expire what expires, and drains.
    pub async fn advance(&self, clock: &MovingClock, by: SignedDuration) -> Result<()> {
        clock.advance(by);
        self.aws.wake();
        sweep(&self.aws).await;
        self.drain().await
    }

    /// Calls a function as an operator does by `aws lambda invoke`, by the name of its binary: one
    /// that no event leads to, or one of the clock. Its answer.
    pub async fn invoke(&self, function: &str, event: Value) -> Result<Value> {
        if let Some(door) = self.calls.get(function) {
            return door(event).await;
        }
        let door = self.schedules.get(function);
        let door = door.with_context(|| format!("{function} is not called by hand"))?;
        door(serde_json::from_value(event)?).await.map(|()| Value::Null)
    }

    /// The system's clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Stops at once, as a kill would: nothing under way is finished.
    pub async fn kill(mut self) {
        self.server.abort();
        self.tasks.shutdown().await;
    }

    /// Ends background work after the batches it is at, answers what was asked, closes the files.
    pub async fn shutdown(mut self) -> Result<()> {
        self.stop.send_replace(true);
        let ending = async {
            while self.tasks.join_next().await.is_some() {}
            let _ = (&mut self.server).await;
        };
        if tokio::time::timeout(STOP_PATIENCE, ending).await.is_err() {
            tracing::warn!("stopped with work under way; it is taken up at the next start");
            self.tasks.abort_all();
            while self.tasks.join_next().await.is_some() {}
            self.server.abort();
        }
        self.graph_server.refuse_connections().await;
        // Each stream mapping of the driver holds the stack.
        drop(self.driver);
        match Arc::try_unwrap(self.aws) {
            Ok(aws) => aws.shutdown().await,
            Err(_) => Ok(()),
        }
    }
}

async fn sweep(aws: &EmbeddedAws) {
    if let Err(error) = aws.sweep_expired_items().await {
        tracing::warn!(error = format!("{error:#}"), "expired items were not swept");
    }
}

fn serve(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<std::io::Result<()>> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let shutdown = async move { stopped(&mut stop).await };
    tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(shutdown).into_future())
}

/// The files of a data directory that are not the embedded services' own.
pub(crate) fn file_in(data: &Data, name: &str) -> Option<PathBuf> {
    match data {
        Data::Memory => None,
        Data::Directory(directory) => Some(directory.join(name)),
    }
}
