//! The embedded AWS as the template makes it, the functions in front of it, and people who write.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use aws_clients::AwsClients;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{Clock, Ids};
use embedded_aws::{Data, EmbeddedAws, Options, Plan};
use serde_json::json;
use store::{Store, TableNames};
use telemetry::{Environment, Function, Machine, Metrics, Setting, SystemIds};
use tenancy::proof::ProofSecret;
use tenancy::secrets;
use tenancy::vault::VaultSecret;
use tower::ServiceExt as _;
use whatsapp::{AppSecret, sign, signature};

use crate::meta::FakeGraph;
use crate::meter::Meter;
use crate::seed::{self, Seed};
use crate::source::Stream;

const TEMPLATE: &str = include_str!("../../template.yaml");
pub(crate) const PATH: &str = "/api/v1/webhooks/whatsapp";
/// With which the samples in `events/` are signed too.
pub(crate) const SECRET: &str = "example-app-secret";

/// What a site is made with.
pub(crate) struct Setup {
    pub(crate) data: Data,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) seed: Seed,
    /// Whether the functions speak to DynamoDB through the meter, which takes its time.
    pub(crate) is_metered: bool,
}

/// Everything between Meta's post and Meta's Graph.
pub(crate) struct Site {
    pub(crate) aws: EmbeddedAws,
    pub(crate) plan: Plan,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Meter,
    pub(crate) graph: FakeGraph,
    pub(crate) http: reqwest::Client,
    pub(crate) jobs: tokio::sync::Mutex<Stream>,
    pub(crate) audit: tokio::sync::Mutex<Stream>,
    pub(crate) processor: processor::App,
    pub(crate) dispatcher: dispatcher::App,
    pub(crate) sender: sender::App,
    webhook: Router,
    secret: AppSecret,
    graph_url: String,
}

/// How the functions' environments are made.
struct Wiring<'a> {
    aws: &'a EmbeddedAws,
    plan: &'a Plan,
    /// Another way to DynamoDB than the stack's own.
    dynamodb: Option<&'a str>,
    graph: &'a str,
}

impl Site {
    pub(crate) async fn start(setup: Setup) -> Result<Self> {
        let Setup { data, clock, seed, is_metered } = setup;
        let aws = EmbeddedAws::start(Options { data, clock: Arc::clone(&clock) }).await?;
        let stage = BTreeMap::from([("Stage".to_owned(), "dev".to_owned())]);
        let plan = Plan::read(TEMPLATE, &stage)?;
        aws.provision(&plan).await?;
        let (graph, graph_url) = FakeGraph::start().await?;
        let (meter, metered_url) = Meter::start(&aws.endpoints().dynamodb).await?;
        let dynamodb = is_metered.then_some(metered_url.as_str());
        let wiring = Wiring { aws: &aws, plan: &plan, dynamodb, graph: &graph_url };
        let (webhook, processor) =
            (wiring.environment(Function::Webhook)?, wiring.environment(Function::Processor)?);
        let sender = wiring.environment(Function::Sender)?;
        let metrics = Metrics::new("bench");
        let ids: Arc<dyn Ids> = Arc::new(SystemIds);
        let machine = Machine { clock: Arc::clone(&clock), ids, metrics: metrics.clone() };
        let store = Store::new(aws.dynamodb(), TableNames::of(&processor));
        let channel = seed::write(&store, &*clock, &seed).await?;
        let channel = format!("{}{channel}", sender.get(Setting::ChannelSecretPrefix)?);
        let auth = wiring.environment(Function::Auth)?;
        write_secrets(&aws, [&webhook, &auth], &channel).await?;
        let clients = AwsClients::new(&webhook)?;
        let router = webhook::router(webhook::App::new(&webhook, clients, machine.clone())?);
        let dispatcher = wiring.environment(Function::Dispatcher)?;
        Ok(Self {
            webhook: router,
            secret: AppSecret::new(SECRET)?,
            processor: processor::App::new(&processor, AwsClients::new(&processor)?, machine)?,
            dispatcher: dispatcher::App::new(&dispatcher, Arc::clone(&clock), metrics.clone())?,
            sender: sender::App::new(&sender, Arc::clone(&clock), metrics)?,
            http: reqwest::Client::new(),
            graph_url,
            jobs: tokio::sync::Mutex::default(),
            audit: tokio::sync::Mutex::default(),
            aws,
            plan,
            clock,
            meter,
            graph,
        })
    }

    /// The variables with which a function runs here.
    pub(crate) fn variables(&self, function: Function) -> Result<BTreeMap<String, String>> {
        let (aws, plan, graph) = (&self.aws, &self.plan, &self.graph_url);
        Wiring { aws, plan, dynamodb: None, graph }.variables(function)
    }

    /// What Meta says of a body: the header's value.
    pub(crate) fn sign(&self, body: &[u8]) -> String {
        sign(body, &self.secret)
    }

    /// Posts a body as Meta does.
    pub(crate) async fn post(&self, body: Vec<u8>) -> Result<()> {
        let request = Request::post(PATH).header(signature::HEADER, self.sign(&body));
        let answer = self.webhook.clone().oneshot(request.body(Body::from(body))?).await?;
        ensure!(answer.status() == StatusCode::OK, "the webhook answered {}", answer.status());
        Ok(())
    }
}

impl Wiring<'_> {
    fn environment(&self, function: Function) -> Result<Environment> {
        let values = self.variables(function)?;
        Ok(Environment::of(function, |name| values.get(name).cloned())?)
    }

    fn variables(&self, function: Function) -> Result<BTreeMap<String, String>> {
        let planned = self.plan.function_of_binary(function.name()).context("not planned")?;
        let mut values = self.aws.environment(planned);
        values.insert("GRAPH_BASE_URL".to_owned(), self.graph.to_owned());
        if let Some(url) = self.dynamodb {
            values.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), url.to_owned());
        }
        Ok(values)
    }
}

/// Those of the template, under the names that two functions know, and a channel's.
async fn write_secrets(
    aws: &EmbeddedAws,
    [webhook, auth]: [&Environment; 2],
    channel: &str,
) -> Result<()> {
    let (signing, verification) = secrets::generate(&SystemIds, "bench", "bench")?;
    let vault = serde_json::to_string(&VaultSecret::generate(&SystemIds))?;
    let proof = serde_json::to_string(&ProofSecret::generate(&SystemIds))?;
    let meta = json!({ "app_secret": SECRET, "verify_token": "unused" }).to_string();
    let token = json!({ "access_token": "token-of-the-benchmark" }).to_string();
    for (name, value) in [
        (auth.get(Setting::SigningSecret)?, serde_json::to_string(&signing)?),
        (auth.get(Setting::VerificationSecret)?, serde_json::to_string(&verification)?),
        (auth.get(Setting::VaultSecret)?, vault),
        (auth.get(Setting::ProofSecret)?, proof),
        (webhook.get(Setting::MetaSecret)?, meta),
        (channel, token),
    ] {
        aws.secrets_manager().create_secret().name(name).secret_string(value).send().await?;
    }
    Ok(())
}
