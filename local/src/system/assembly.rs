//! Putting the system together from what the template says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use embedded_aws::{EmbeddedAws, Plan, Roles};
use store::{Store, TableNames};
use telemetry::{Function, Metrics, Setting};
use whatsapp::AppSecret;

use crate::driver::schedule::ScheduleDoor;
use crate::driver::stream::checkpoints::Checkpoints;
use crate::driver::{Driver, Setup, door};
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
    let checkpoints = Checkpoints::open(file_in(&options.data, "stream-checkpoints.json"))?;
    let setup = Setup { aws: &aws, plan: &plan, doors: &doors.sources, checkpoints };
    let driver = Driver::new(setup, Arc::clone(&options.clock)).await?;
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
        schedules: doors.sources.schedules,
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
