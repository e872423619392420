//! An organisation with a conversation, a sender, and a Graph for it.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::SqsBatchResponse;
use domain::content::Content;
use domain::delivery::Delivery;
use domain::message::{Author, Direction, Message};
use domain::outbox::{OutboundEffect, OutboxItem};
use domain::{Clock, MessageId, OutboxId};
use queue::{Outbound, QueueUrls, Queues};
use sender::{App, handle};
use store::{Commit, Part, Proof};
use telemetry::Function;
use testkit::{Cloud, Organisation};
use whatsapp::graph::Timeouts;
use whatsapp::{Graph, GraphConfig};

use crate::graph::FakeGraph;

pub(crate) const QUEUE: &str = "OutboundQueue";
/// The bot generation of a fresh conversation.
pub(crate) const BOT: Author = Author::Bot { generation: 1 };

pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) organisation: Organisation,
    pub(crate) graph: FakeGraph,
    pub(crate) app: App,
}

impl World {
    pub(crate) async fn new() -> Self {
        let cloud = Cloud::start().await;
        let organisation = Organisation::found(&cloud).await;
        let graph = FakeGraph::start().await;
        let environment = cloud.environment(Function::Sender, &[]);
        let clock = Arc::clone(&cloud.clock) as Arc<dyn Clock>;
        let mut app = App::new(&environment, clock, cloud.metrics.clone()).unwrap();
        app.config.pauses = vec![Duration::ZERO; 3];
        app.graph = client(&graph.url);
        let world = Self { cloud, organisation, graph, app };
        world.set_token("token-1").await;
        world
    }

    /// Gives the channel a token.
    pub(crate) async fn set_token(&self, token: &str) {
        let prefix = &self.app.config.channel_secret_prefix;
        let name = format!("{prefix}{}", self.organisation.channel);
        let value = format!("{{\"access_token\":\"{token}\"}}");
        let secrets = self.cloud.aws.secrets_manager();
        let created = secrets.create_secret().name(&name).secret_string(&value).send().await;
        if created.is_err() {
            let call = secrets.put_secret_value().secret_id(&name).secret_string(&value);
            call.send().await.unwrap();
        }
    }

    /// A stored message and what asks to send it.
    pub(crate) async fn message(&self, author: Author, content: Content) -> OutboxItem {
        let now = self.cloud.clock.now();
        let message = Message {
            id: MessageId::mint(&*self.cloud.ids, now),
            conversation: self.organisation.conversation,
            direction: Direction::Outbound,
            author,
            content,
            seq: 2,
            at: now,
            delivery: Delivery::Queued,
            reported_at: std::collections::BTreeMap::new(),
            provider_id: None,
            reply_to: Some("wamid.IN1".to_owned()),
            errors: Vec::new(),
            reaction: None,
            revoked_at: None,
            edited_at: None,
            attempts: 0,
            claim_until: None,
            ordinal: None,
            effects: Vec::new(),
            placeholder: false,
            version: 1,
        };
        let mut transaction = self.organisation.store.transaction();
        transaction.insert_message(Part::Message, &message, &Proof::default());
        assert_eq!(transaction.commit().await.unwrap(), Commit::Done);
        self.item(OutboundEffect::Message {
            conversation: message.conversation,
            message: message.id,
            read: Some("wamid.IN1".to_owned()),
        })
    }

    pub(crate) async fn text(&self, author: Author) -> OutboxItem {
        self.message(author, Content::Text { body: "Done".to_owned() }).await
    }

    pub(crate) fn item(&self, effect: OutboundEffect) -> OutboxItem {
        let now = self.cloud.clock.now();
        OutboxItem {
            id: OutboxId::mint(&*self.cloud.ids, now),
            tenant: self.organisation.scope.tenant(),
            due_at: now,
            effect,
            trace: "t-1".to_owned(),
        }
    }

    /// Puts an item into the queue.
    pub(crate) async fn enqueue(&self, item: &OutboxItem) {
        let urls = QueueUrls::of(&self.cloud.environment(Function::Sender, &[]));
        let queues = Queues::new(self.cloud.clients(), urls, self.cloud.metrics.clone());
        let outbound = Outbound { scope: self.organisation.scope.clone(), item: item.clone() };
        let handed = queues.hand_over(&[outbound]).await;
        assert_eq!(handed.count, 1);
    }

    /// Works off what the queue hands out now; what came back.
    pub(crate) async fn work(&self) -> usize {
        let event = self.cloud.receive(QUEUE).await;
        let response: SqsBatchResponse = handle(event.clone(), &self.app).await;
        self.cloud.acknowledge(QUEUE, &event, &response).await;
        response.batch_item_failures.len()
    }

    /// Lets time pass and works off what the queue hands out then; how many records it was.
    pub(crate) async fn work_after(&self, seconds: i64) -> usize {
        self.cloud.advance(seconds);
        let event = self.cloud.receive(QUEUE).await;
        let response = handle(event.clone(), &self.app).await;
        self.cloud.acknowledge(QUEUE, &event, &response).await;
        event.records.len()
    }

    /// The message an item asks to send, as it stands.
    pub(crate) async fn stored(&self, item: &OutboxItem) -> Message {
        let OutboundEffect::Message { conversation, message, .. } = item.effect else {
            panic!("the item sends no message")
        };
        self.organisation.store.message(conversation, message).await.unwrap().unwrap()
    }

    /// How often a metric's line stands at a value.
    pub(crate) fn counted(&self, line: &str) -> bool {
        self.cloud.metrics.prometheus_text().lines().any(|found| found.contains(line))
    }
}

/// A client that loses patience soon.
pub(crate) fn client(url: &str) -> Graph {
    let config = GraphConfig { base_url: url.to_owned(), version: "v25.0".to_owned() };
    let timeouts =
        Timeouts { connect: Duration::from_millis(300), total: Duration::from_millis(300) };
    Graph::with_timeouts(config, timeouts)
}
