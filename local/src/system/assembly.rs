//! Putting the system together from what the template says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use embedded_aws::template::{Source, SourceMapping};
use embedded_aws::{EmbeddedAws, Plan, Roles};
use store::{Store, TableNames};
use telemetry::{Function, Metrics, Setting};
use tokio::sync::Notify;
use whatsapp::AppSecret;

use crate::driver::Driver;
use crate::driver::queue::{QueueMapping, QueueSettings};
use crate::driver::schedule::{ScheduleDoor, ScheduleMapping};
use crate::driver::stream::checkpoints::Checkpoints;
use crate::driver::stream::{StreamMapping, StreamSettings};
use crate::functions::{CallDoor, Doors, Workshop};
use crate::gateway::Gateway;
use crate::graph::{Graph, GraphParts, GraphServer};
use crate::hub::Hub;
use crate::meta::Meta;
use crate::secrets::{self, SecretNames};
use crate::seed::{self, Seeded};
use crate::system::{Options, file_in};

/// The deployment as it is written.
const TEMPLATE: &str = include_str!("../../../template.yaml");

/// Everything but the port and the background work.
pub(super) struct Parts {
    pub(super) aws: Arc<EmbeddedAws>,
    pub(super) roles: Option<Roles>,
    pub(super) graph: Graph,
    pub(super) graph_server: GraphServer,
    pub(super) gateway: Gateway,
    pub(super) meta: Meta,
    pub(super) hub: Hub,
    pub(super) store: Store,
    pub(super) metrics: Metrics,
    pub(super) companies: Vec<Seeded>,
    pub(super) driver: Driver,
    pub(super) schedules: BTreeMap<&'static str, ScheduleDoor>,
    pub(super) calls: BTreeMap<&'static str, CallDoor>,
}

/// `public_url` is where the system will answer: the links of letters lead there.
pub(super) async fn assemble(options: &Options, public_url: &str) -> Result<Parts> {
    let services =
        embedded_aws::Options { data: options.data.clone(), clock: Arc::clone(&options.clock) };
    let aws = Arc::new(EmbeddedAws::start(services).await?);
    let hub = match file_in(&options.data, "meta.jsonl") {
        Some(path) => Hub::open(&path)?,
        None => Hub::memory(),
    };
    let graph = Graph::new(GraphParts {
        clock: Arc::clone(&options.clock),
        ids: Arc::clone(&options.ids),
        hub: hub.clone(),
        media: file_in(&options.data, "meta-media").as_deref(),
    })?;
    let graph_server = GraphServer::start(graph.clone()).await?;
    let plan = plan(&graph_server, public_url)?;
    aws.provision(&plan).await.context("provision what the template asks for")?;
    let metrics = Metrics::new("local");
    let roles =
        if options.with_roles { Some(Roles::start(&plan, aws.endpoints()).await?) } else { None };
    let workshop = Workshop {
        aws: &aws,
        roles: roles.as_ref(),
        plan: &plan,
        clock: Arc::clone(&options.clock),
        ids: Arc::clone(&options.ids),
        metrics: metrics.clone(),
        sender_pauses: (!options.background).then(Vec::new),
    };
    let names = secret_names(&workshop)?;
    let vault = aws.secrets_manager();
    secrets::write_all(&vault, &names, &*options.ids).await?;
    let store = Store::new(aws.dynamodb(), table_names(&plan)?);
    let companies = seed::write_all(&store, options.clock.now()).await?;
    for company in &companies {
        let name = format!("{}{}", names.channel_prefix, company.routed.channel());
        let token = secrets::channel_token(&vault, &name, &*options.ids).await?;
        graph.set_token(company.company.phone_number_id, &token);
    }
    let doors = workshop.build()?;
    let gateway = gateway(&plan, &doors)?;
    let meta = Meta::new(gateway.clone(), AppSecret::new(secrets::APP_SECRET)?);
    let driver = driver(options, &aws, &plan, &doors).await?;
    Ok(Parts {
        aws,
        roles,
        graph,
        graph_server,
        gateway,
        meta,
        hub,
        store,
        metrics,
        companies,
        driver,
        schedules: doors.schedules,
        calls: doors.calls,
    })
}

fn plan(graph: &GraphServer, public_url: &str) -> Result<Plan> {
    let parameters = BTreeMap::from([
        ("Stage".to_owned(), "dev".to_owned()),
        ("GraphBaseUrl".to_owned(), graph.base_url()),
        ("PublicUrl".to_owned(), public_url.to_owned()),
        // A page of another site must not reach this machine by a name of its own.
        ("AllowedHosts".to_owned(), "localhost,127.0.0.1,[::1]".to_owned()),
    ]);
    Plan::read(TEMPLATE, &parameters).context("read template.yaml")
}

fn secret_names(workshop: &Workshop<'_>) -> Result<SecretNames> {
    let webhook = workshop.environment(Function::Webhook)?;
    let auth = workshop.environment(Function::Auth)?;
    let sender = workshop.environment(Function::Sender)?;
    Ok(SecretNames {
        meta: webhook.get(Setting::MetaSecret)?.to_owned(),
        signing: auth.get(Setting::SigningSecret)?.to_owned(),
        verification: auth.get(Setting::VerificationSecret)?.to_owned(),
        vault: auth.get(Setting::VaultSecret)?.to_owned(),
        proof: auth.get(Setting::ProofSecret)?.to_owned(),
        channel_prefix: sender.get(Setting::ChannelSecretPrefix)?.to_owned(),
    })
}

fn table_names(plan: &Plan) -> Result<TableNames> {
    let name = |logical_id: &str| {
        let table = plan.tables.iter().find(|table| table.logical_id == logical_id);
        table
            .map(|table| table.name.clone())
            .ok_or_else(|| anyhow!("the template has no {logical_id}"))
    };
    Ok(TableNames {
        directory: name("DirectoryTable")?,
        tenants: name("TenantsTable")?,
        projects: name("ProjectsTable")?,
        conversations: name("ConversationsTable")?,
        jobs: name("JobsTable")?,
        guards: name("GuardsTable")?,
        audit: name("AuditTable")?,
    })
}

fn gateway(plan: &Plan, doors: &Doors) -> Result<Gateway> {
    let mut routes = Vec::new();
    for route in &plan.routes {
        let router = door(plan, &route.function, &doors.routers)?;
        routes.push((route, router.clone()));
    }
    Ok(Gateway::new(routes))
}

async fn driver(
    options: &Options,
    aws: &Arc<EmbeddedAws>,
    plan: &Plan,
    doors: &Doors,
) -> Result<Driver> {
    let checkpoints = Checkpoints::open(file_in(&options.data, "stream-checkpoints.json"))?;
    let mut driver = Driver {
        queues: Vec::new(),
        streams: Vec::new(),
        schedules: Vec::new(),
        clock: Arc::clone(&options.clock),
        written: Arc::new(Notify::new()),
    };
    for mapping in &plan.source_mappings {
        match &mapping.source {
            Source::Queue(name) => {
                let door = door(plan, &mapping.function, &doors.queues)?;
                let settings = QueueSettings {
                    name: name.clone(),
                    url: aws.queue_url(name),
                    batch_size: mapping.batch_size,
                    concurrency: mapping.max_concurrency.unwrap_or(2),
                    reports_item_failures: mapping.reports_item_failures,
                };
                let queue = QueueMapping::new(aws.sqs(), settings, Arc::clone(door));
                driver.queues.push(Arc::new(queue));
            }
            Source::Stream(table) => {
                let door = door(plan, &mapping.function, &doors.streams)?;
                let settings = stream_settings(aws, mapping, table, checkpoints.clone()).await?;
                let stream = StreamMapping::new(Arc::clone(aws), settings, Arc::clone(door));
                driver.streams.push(Arc::new(stream));
            }
        }
    }
    for schedule in plan.schedules.iter().filter(|schedule| schedule.is_enabled) {
        let door = door(plan, &schedule.function, &doors.schedules)?;
        let mapping = ScheduleMapping::new(schedule.clone(), Arc::clone(door));
        driver.schedules.push(Arc::new(mapping));
    }
    Ok(driver)
}

async fn stream_settings(
    aws: &EmbeddedAws,
    mapping: &SourceMapping,
    table: &str,
    checkpoints: Checkpoints,
) -> Result<StreamSettings> {
    let described = aws.dynamodb().describe_table().table_name(table).send().await?;
    let stream_arn = described
        .table
        .and_then(|table| table.latest_stream_arn)
        .ok_or_else(|| anyhow!("{table} has no stream"))?;
    Ok(StreamSettings {
        table: table.to_owned(),
        stream_arn,
        dead_letters_url: mapping.on_failure.as_deref().map(|queue| aws.queue_url(queue)),
        checkpoints,
        mapping: mapping.clone(),
    })
}

/// The door of the function with a logical id.
fn door<'a, T>(plan: &Plan, function: &str, doors: &'a BTreeMap<&str, T>) -> Result<&'a T> {
    let binary = plan.function(function).and_then(|function| function.binary.as_deref());
    binary
        .and_then(|binary| doors.get(binary))
        .ok_or_else(|| anyhow!("{function} has no door of the kind its event source needs"))
}
