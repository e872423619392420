//! Sends stored messages to the people they are for, over Meta's Graph API, and letters over SES.
//!
//! Meta has no idempotency key, so a message's own record decides who may post it.
//! Invariants: a request leaves only under a claim written in the same transaction that checked
//! that the bot may still speak, and only if it ends before the claim does; a message is handed
//! over a second time only when a minute has shown no sign of the first, and never a third time.

mod change;
mod claim;
mod code;
mod errand;
mod mail;
mod notice;
mod outcome;
mod route;
mod step;
mod tries;

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsClients, Secrets};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::outbox::OutboundEffect;
use domain::{ChannelId, Clock, Result};
use queue::{Outbound, Outcome, QueueKind, QueueUrls, Queues, Record};
use store::{Store, TableNames};
use telemetry::environment::MissingVariables;
use telemetry::{Environment, Metrics, Setting};
use tracing::Instrument;
use whatsapp::{Graph, GraphConfig};

use crate::errand::Errand;
pub use crate::mail::Post;

/// What the sender needs.
pub struct App {
    pub store: Store,
    pub queues: Queues,
    pub graph: Graph,
    pub secrets: Secrets,
    pub post: Post,
    pub clock: Arc<dyn Clock>,
    pub metrics: Metrics,
    pub config: SenderConfig,
}

/// How the sender behaves.
#[derive(Debug, Clone)]
pub struct SenderConfig {
    /// Secret names are this and a channel's id.
    pub channel_secret_prefix: String,
    /// The name of the secret that codes are made with.
    pub proof_secret: String,
    /// Waits inside an invocation before a message that was safely refused is tried again; a longer
    /// wait of the provider's counts. Beyond them the queue waits.
    pub pauses: Vec<Duration>,
}

impl App {
    pub fn new(
        environment: &Environment,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> std::result::Result<Self, MissingVariables> {
        let clients = AwsClients::new(environment)?;
        let graph = GraphConfig {
            base_url: environment.get(Setting::GraphBaseUrl)?.to_owned(),
            version: environment.get(Setting::GraphVersion)?.to_owned(),
        };
        Ok(Self {
            store: Store::of(clients.clone(), TableNames::of(environment)),
            queues: Queues::new(clients.clone(), QueueUrls::of(environment), metrics.clone()),
            graph: Graph::new(graph),
            post: Post::new(clients.clone(), environment)?,
            secrets: Secrets::new(clients, Arc::clone(&clock)),
            clock,
            metrics,
            config: SenderConfig::new(
                environment.get(Setting::ChannelSecretPrefix)?,
                environment.get(Setting::ProofSecret)?,
            ),
        })
    }
}

impl SenderConfig {
    /// Waits of 2, 4 and 8 seconds.
    pub fn new(channel_secret_prefix: impl Into<String>, proof_secret: impl Into<String>) -> Self {
        let pauses = [2, 4, 8].map(Duration::from_secs).to_vec();
        Self {
            channel_secret_prefix: channel_secret_prefix.into(),
            proof_secret: proof_secret.into(),
            pauses,
        }
    }

    /// The name of a channel's secret.
    pub(crate) fn channel_secret(&self, channel: ChannelId) -> String {
        format!("{}{channel}", self.channel_secret_prefix)
    }
}

/// Works off a batch of the `outbound` queue: every record by itself.
pub async fn handle(event: SqsEvent, app: &App) -> SqsBatchResponse {
    let handler = |record: Record| async move {
        // Unreadable stays unreadable: it goes round until the queue sets it aside, in sight of
        // the dead-letter alarm.
        let outbound = match Outbound::parse(&record.body) {
            Ok(outbound) => outbound,
            Err(error) => return Outcome::Transient(domain::Error::internal(error)),
        };
        let span = tracing::info_span!(
            "send",
            tenant.id = %outbound.scope.tenant(),
            outbox.id = %outbound.item.id,
            trace = outbound.item.trace,
        );
        match carry_out(app, &outbound, record.receive_count).instrument(span).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Transient(error),
        }
    };
    app.queues.drive_standard(QueueKind::Outbound, event, handler).await
}

async fn carry_out(app: &App, outbound: &Outbound, receives: u32) -> Result<Outcome> {
    let begun = app.clock.now();
    let tenant = app.store.for_tenant(&outbound.scope);
    if tenant.is_erased(begun).await? {
        tracing::info!("nothing leaves any more for an organisation that is erased");
        return Ok(Outcome::Done);
    }
    let (conversation, message, read) = match &outbound.item.effect {
        OutboundEffect::Message { conversation, message, read } => {
            (*conversation, *message, read.clone())
        }
        OutboundEffect::NotifyInsight { user, project, insight } => {
            let wanted = notice::Wanted { user: *user, project: *project, insight: *insight };
            match notice::store(app, &tenant, outbound.item.id, &wanted).await? {
                Some((conversation, message)) => (conversation, message, None),
                None => return Ok(Outcome::Done),
            }
        }
        OutboundEffect::Mail { user, letter } => {
            let errand = mail::Errand {
                app,
                tenant: &tenant,
                outbox: outbound.item.id,
                user: *user,
                letter,
                receives,
            };
            return errand.run().await;
        }
        OutboundEffect::PhoneCode { user, proof } => {
            let wanted = code::Wanted { user: *user, proof: *proof };
            return code::Sending { app, tenant, wanted, receives, begun }.run().await;
        }
    };
    Errand { app, tenant, conversation, message, read, receives, begun }.run().await
}
