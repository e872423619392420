//! The embedded AWS, the fake Graph, the firms, and the functions as processes between them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use campaign::firm::{Firm, Land, keep_secrets};
use campaign::graph::FakeGraph;
use domain::Clock;
use embedded_aws::{Data, EmbeddedAws, Options, Plan};
use local::driver::stream::checkpoints::Checkpoints;
use local::driver::{Driver, Setup};
use store::{Store, TableNames};
use telemetry::{Environment, Function, SystemClock, SystemIds};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::chaos::Chaos;
use crate::clock::Ahead;
use crate::doors::{Doors, doors_of};
use crate::lambda::{Deployed, Pool};
use crate::meta::Meta;
use crate::services::Services;

const TEMPLATE: &str = include_str!("../../../../template.yaml");
/// Sweeps come this often, not once in one and in five minutes: a campaign is shorter than a day.
const SWEEP_EVERY: Duration = Duration::from_secs(8);
/// Functions, and their environments at work at the same time.
const FUNCTIONS: [(&str, usize); 5] =
    [("webhook", 6), ("processor", 8), ("sender", 6), ("dispatcher", 3), ("scheduler", 2)];
/// Batches of one queue worked off at once.
const BATCHES: u32 = 5;
/// How long an end waits for batches under way.
const STOP_PATIENCE: Duration = Duration::from_secs(90);

/// What a rig is started with.
pub(crate) struct Start<'a> {
    pub(crate) seed: u64,
    /// Where the built functions are.
    pub(crate) bins: PathBuf,
    pub(crate) firms: usize,
    /// Members of each firm.
    pub(crate) members: usize,
    /// Another program in the processor's place, with its arguments.
    pub(crate) processor: Option<(PathBuf, &'a [&'a str])>,
}

/// Everything there is.
pub(crate) struct Rig {
    pub(crate) aws: Arc<EmbeddedAws>,
    pub(crate) clock: Arc<Ahead>,
    pub(crate) graph: FakeGraph,
    pub(crate) services: Services,
    pub(crate) chaos: Arc<Chaos>,
    pub(crate) store: Store,
    pub(crate) firms: Vec<Firm>,
    pub(crate) meta: Meta,
    pub(crate) pools: BTreeMap<&'static str, Arc<Pool>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    directory: TempDir,
}

impl Rig {
    pub(crate) async fn start(start: Start<'_>) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let clock = Arc::new(Ahead::default());
        let data = Data::Directory(directory.path().join("aws"));
        let options = Options { data, clock: Arc::clone(&clock) as Arc<dyn Clock> };
        let aws = Arc::new(EmbeddedAws::start(options).await?);
        let plan = plan()?;
        aws.provision(&plan).await?;
        let graph = FakeGraph::start().await;
        let chaos = Chaos::new(start.seed ^ 7);
        let services = Services::before(&aws, &graph.url, start.seed, &chaos).await;
        let all: BTreeMap<String, String> =
            plan.functions.iter().flat_map(|function| aws.environment(function)).collect();
        let environment = Environment::of(Function::Conversations, |name| all.get(name).cloned())?;
        let store = Store::new(aws.dynamodb(), TableNames::of(&environment));
        let firms = found(&store, &start).await;
        let name = |name: &str| all.get(name).cloned().unwrap_or_default();
        keep_secrets(&aws, &firms, &name("META_SECRET"), &name("CHANNEL_SECRET_PREFIX")).await;
        let folder = directory.path();
        let pools = pools(&start, (&plan, &aws), folder, (&services, &chaos))?;
        let doors = Doors::new(Arc::clone(&aws), Arc::clone(&chaos));
        let doors = doors_of(&doors, &pools).context("a function has no environments")?;
        let checkpoints = Checkpoints::open(None)?;
        let setup = Setup { aws: &aws, plan: &plan, doors: &doors, checkpoints };
        let driver = Driver::new(setup, Arc::clone(&clock) as Arc<dyn Clock>).await?;
        let stop = watch::Sender::new(false);
        let mut tasks = driver.spawn(&stop.subscribe(), BATCHES);
        let (striking, mut ending) = (Arc::clone(&chaos), stop.subscribe());
        tasks.spawn(async move {
            tokio::select! {
                () = striking.strike() => {}
                _ = ending.wait_for(|stop| *stop) => {}
            }
        });
        let webhook = pools.get("webhook").cloned().ok_or_else(|| anyhow!("no webhook"))?;
        let meta = Meta { webhook };
        Ok(Self {
            aws,
            clock,
            graph,
            services,
            chaos,
            store,
            firms,
            meta,
            pools,
            stop,
            tasks,
            directory,
        })
    }

    /// Skips time for the queues: nothing may be under way that waits for less.
    pub(crate) fn skip(&self, seconds: i64) {
        self.clock.skip(seconds);
        self.aws.wake();
    }

    /// Environments that work or are paused.
    pub(crate) fn busy(&self) -> usize {
        self.pools.values().map(|pool| pool.busy()).sum::<usize>() + self.chaos.paused()
    }

    /// What the functions wrote to their logs, by function.
    pub(crate) fn logs(&self) -> Result<Vec<(&'static str, String)>> {
        let mut logs = Vec::new();
        for (name, _) in FUNCTIONS {
            let path = self.directory.path().join(format!("{name}.log"));
            if path.exists() {
                let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                logs.push((name, text));
            }
        }
        Ok(logs)
    }

    /// Ends event sources and processes.
    pub(crate) async fn end(&mut self) {
        self.stop.send_replace(true);
        self.aws.wake();
        let ending = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_PATIENCE, ending).await.is_err() {
            tracing::warn!("event sources were stopped with batches under way");
            self.tasks.abort_all();
        }
        for pool in self.pools.values() {
            pool.end().await;
        }
    }
}

async fn found(store: &Store, start: &Start<'_>) -> Vec<Firm> {
    let mut firms = Vec::new();
    for place in 0..start.firms {
        let land = Land { store, clock: &SystemClock, ids: &SystemIds };
        firms.push(Firm::found(&land, place, start.members).await);
    }
    firms
}

/// The environments of every function, as the template deploys it.
fn pools(
    start: &Start<'_>,
    (plan, aws): (&Plan, &EmbeddedAws),
    folder: &Path,
    (services, chaos): (&Services, &Arc<Chaos>),
) -> Result<BTreeMap<&'static str, Arc<Pool>>> {
    let mut pools = BTreeMap::new();
    for (name, at_once) in FUNCTIONS {
        let planned = plan.function_of_binary(name).context(name)?;
        let (program, arguments) = match &start.processor {
            Some((program, arguments)) if name == "processor" => {
                (program.clone(), arguments.iter().map(|a| (*a).to_owned()).collect())
            }
            Some(_) | None => (start.bins.join(name), Vec::new()),
        };
        let deployed = Deployed {
            name,
            program,
            arguments,
            variables: aws.environment(planned),
            timeout: planned.timeout,
            at_once,
            log: folder.join(format!("{name}.log")),
        };
        pools.insert(name, Pool::new(deployed, services.clone(), Arc::clone(chaos)));
    }
    Ok(pools)
}

/// The template, with its sweeps more often and no other schedule.
fn plan() -> Result<Plan> {
    let parameters = BTreeMap::from([("Stage".to_owned(), "dev".to_owned())]);
    let mut plan = Plan::read(TEMPLATE, &parameters).context("read template.yaml")?;
    plan.schedules.retain(|schedule| {
        schedule.input.as_deref().is_some_and(|input| input.contains("_sweep\""))
    });
    for schedule in &mut plan.schedules {
        schedule.every = SWEEP_EVERY;
    }
    Ok(plan)
}
