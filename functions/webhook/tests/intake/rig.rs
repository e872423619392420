//! The webhook on an embedded AWS: call it as Meta does, look at what is in the queues.

use std::sync::{Arc, Mutex};

use aws_clients::{AwsClients, Endpoints};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName, QueueAttributeName,
};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use blob::Blobs;
use domain::{ChannelId, Clock, Ids};
use embedded_aws::{Data, EmbeddedAws, Options};
use jiff::{SignedDuration, Timestamp};
use queue::Envelope;
use store::{Directory, Store, TableNames};
use telemetry::{Environment, Function, Machine, Metrics, SystemIds};
use tenancy::{Routed, TenantScope};
use tower::ServiceExt;
use webhook::App;
use whatsapp::{AppSecret, sign};

pub(crate) const PATH: &str = "/api/v1/webhooks/whatsapp";
pub(crate) const SECRET: &str = "app-secret-of-tests";
pub(crate) const TOKEN: &str = "verify-token-of-tests";
pub(crate) const NUMBER: &str = "106540352242922";
const SECRET_NAME: &str = "hndasah/test/meta";
const BUCKET: &str = "media";
const TABLE: &str = "directory";

/// A clock that stands still until it is moved.
pub(crate) struct MovingClock(Mutex<Timestamp>);

impl MovingClock {
    pub(crate) fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// One message as it lies in a queue.
pub(crate) struct Queued {
    pub(crate) group: String,
    pub(crate) envelope: Envelope,
}

pub(crate) struct Rig {
    pub(crate) aws: EmbeddedAws,
    pub(crate) clock: Arc<MovingClock>,
    pub(crate) scope: TenantScope,
    pub(crate) metrics: Metrics,
    pub(crate) blobs: Blobs,
    pub(crate) directory: Directory,
    router: Router,
}

impl Rig {
    /// A webhook whose directory knows `NUMBER`.
    pub(crate) async fn start() -> Self {
        let clock = Arc::new(MovingClock(Mutex::new("2026-11-21T10:00:00Z".parse().unwrap())));
        let options = Options { data: Data::Memory, clock: Arc::clone(&clock) as Arc<dyn Clock> };
        let aws = EmbeddedAws::start(options).await.unwrap();
        provision(&aws).await;
        let scope = TenantScope::found(&*clock, &SystemIds);
        let clients = clients(&aws, aws.endpoints().sqs.clone());
        let directory = directory(&clients);
        let metrics = Metrics::new("webhook");
        let rig = Self {
            router: router(&aws, clients.clone(), machine(&clock, &metrics)),
            blobs: Blobs::new(clients, BUCKET),
            aws,
            clock,
            scope,
            metrics,
            directory,
        };
        rig.connect(NUMBER).await;
        rig
    }

    /// Another webhook of the same world, whose queues are not there.
    pub(crate) fn without_queues(&self) -> Router {
        let clients = clients(&self.aws, "http://127.0.0.1:1".to_owned());
        router(&self.aws, clients, machine(&self.clock, &self.metrics))
    }

    /// Routes a number to the rig's tenant.
    pub(crate) async fn connect(&self, number: &str) {
        let channel = ChannelId::mint(&SystemIds, self.clock.now());
        let routed = Routed::of_channel(&self.scope, channel);
        self.directory.route(&self.scope, number, routed).await.unwrap();
    }

    pub(crate) async fn set_secret(&self, json: &str) {
        let manager = self.aws.secrets_manager();
        manager.put_secret_value().secret_id(SECRET_NAME).secret_string(json).send().await.unwrap();
    }

    /// What Lambda does with a sample event of the API gateway, given the file's name.
    pub(crate) async fn invoke(&self, sample: &str) -> (StatusCode, String) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/apigateway");
        let event = std::fs::read_to_string(format!("{folder}/{sample}")).unwrap();
        let request = lambda_http::request::from_str(&event).unwrap();
        answered(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path_and_query: &str) -> (StatusCode, String) {
        call(&self.router, Method::GET, path_and_query, None, Vec::new()).await
    }

    /// Posts with this signature header, or none.
    pub(crate) async fn post(
        &self,
        signature: Option<&str>,
        body: Vec<u8>,
    ) -> (StatusCode, String) {
        call(&self.router, Method::POST, PATH, signature, body).await
    }

    /// Posts signed as Meta does.
    pub(crate) async fn post_signed(&self, body: impl Into<Vec<u8>>) -> (StatusCode, String) {
        post_signed(&self.router, body.into()).await
    }

    /// Takes everything out of a queue, in the order it comes.
    pub(crate) async fn drain(&self, queue: &str) -> Vec<Queued> {
        let (sqs, url) = (self.aws.sqs(), self.aws.queue_url(queue));
        let mut all = Vec::new();
        loop {
            let received = sqs
                .receive_message()
                .queue_url(&url)
                .max_number_of_messages(10)
                .wait_time_seconds(0)
                .message_system_attribute_names(MessageSystemAttributeName::All)
                .send()
                .await
                .unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return all;
            }
            let handles = messages.iter().enumerate().map(|(place, message)| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(place.to_string())
                    .receipt_handle(message.receipt_handle.clone().unwrap())
                    .build()
                    .unwrap()
            });
            let delete = sqs.delete_message_batch().queue_url(&url);
            delete.set_entries(Some(handles.collect())).send().await.unwrap();
            all.extend(messages.into_iter().map(queued));
        }
    }
}

pub(crate) async fn post_signed(router: &Router, body: Vec<u8>) -> (StatusCode, String) {
    let signature = sign(&body, &AppSecret::new(SECRET).unwrap());
    call(router, Method::POST, PATH, Some(&signature), body).await
}

/// The secret as the store keeps it.
pub(crate) fn secret_json(current: &str, previous: Option<&str>) -> String {
    let mut secret = serde_json::json!({ "app_secret": current, "verify_token": TOKEN });
    if let Some(previous) = previous {
        secret["previous_app_secret"] = previous.into();
    }
    secret.to_string()
}

fn queued(message: Message) -> Queued {
    let attributes = message.attributes.unwrap();
    Queued {
        group: attributes[&MessageSystemAttributeName::MessageGroupId].clone(),
        envelope: Envelope::parse(&message.body.unwrap()).unwrap(),
    }
}

async fn call(
    router: &Router,
    method: Method,
    path: &str,
    signature: Option<&str>,
    body: Vec<u8>,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature-256", signature);
    }
    let request = request.body(Body::from(body)).unwrap();
    answered(router.clone().oneshot(request).await.unwrap()).await
}

async fn answered(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

fn clients(aws: &EmbeddedAws, sqs: String) -> AwsClients {
    let endpoints = aws.endpoints().clone();
    AwsClients::embedded(Endpoints {
        dynamodb: Some(endpoints.dynamodb),
        dynamodb_streams: None,
        sqs: Some(sqs),
        s3: Some(endpoints.s3),
        secrets_manager: Some(endpoints.secrets_manager),
        ses: None,
    })
}

fn machine(clock: &Arc<MovingClock>, metrics: &Metrics) -> Machine {
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    Machine { clock: Arc::clone(clock) as Arc<dyn Clock>, ids, metrics: metrics.clone() }
}

fn router(aws: &EmbeddedAws, clients: AwsClients, machine: Machine) -> Router {
    let environment = Environment::of(Function::Webhook, |name| match name {
        "DIRECTORY_TABLE" => Some(TABLE.to_owned()),
        "INBOUND_QUEUE_URL" => Some(aws.queue_url("inbound.fifo")),
        "STATUSES_QUEUE_URL" => Some(aws.queue_url("statuses")),
        "MEDIA_BUCKET" => Some(BUCKET.to_owned()),
        "META_SECRET" => Some(SECRET_NAME.to_owned()),
        "STAGE" | "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => {
            Some("test".to_owned())
        }
        _ => None,
    });
    webhook::router(App::new(&environment.unwrap(), clients, machine).unwrap())
}

fn directory(clients: &AwsClients) -> Directory {
    let names = TableNames {
        directory: TABLE.to_owned(),
        tenants: String::new(),
        projects: String::new(),
        conversations: String::new(),
        jobs: String::new(),
        guards: String::new(),
        audit: String::new(),
    };
    Store::new(clients.dynamodb().clone(), names).directory()
}

async fn provision(aws: &EmbeddedAws) {
    let mut table =
        aws.dynamodb().create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    for (name, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .unwrap();
        let key = KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap();
        table = table.attribute_definitions(definition).key_schema(key);
    }
    table.send().await.unwrap();
    let fifo = [
        (QueueAttributeName::FifoQueue, "true"),
        (QueueAttributeName::DeduplicationScope, "messageGroup"),
        (QueueAttributeName::FifoThroughputLimit, "perMessageGroupId"),
    ];
    let mut inbound = aws.sqs().create_queue().queue_name("inbound.fifo");
    for (name, value) in fifo {
        inbound = inbound.attributes(name, value);
    }
    inbound.send().await.unwrap();
    aws.sqs().create_queue().queue_name("statuses").send().await.unwrap();
    aws.s3().create_bucket().bucket(BUCKET).send().await.unwrap();
    let secret = aws.secrets_manager().create_secret().name(SECRET_NAME);
    secret.secret_string(secret_json(SECRET, None)).send().await.unwrap();
}
