//! The functions behind the API, over the office's AWS: what is written to a company's number
//! becomes facts, answers and letters, and every message of a queue is kept to be searched.

use std::sync::Arc;

use aws_clients::AwsClients;
use aws_lambda_events::sqs::SqsEvent;
use axum::Router;
use axum::body::Body;
use domain::{Clock, Ids};
use http::{Method, Request};
use serde_json::{Value, json};
use telemetry::{Function, Machine, Setting};
use testkit::Stream;
use tower::ServiceExt;
use whatsapp::{AppSecret, sign};

use crate::office::{Company, Office};

const APP_SECRET: &str = "app-secret-of-the-wall";
const QUEUES: [&str; 3] = ["InboundQueue", "StatusesQueue", "OutboundQueue"];
/// Far more rounds than anything here takes.
const ROUNDS_MAX: usize = 500;

/// The functions, and where they read on.
pub(crate) struct Works {
    webhook: Router,
    processor: processor::App,
    dispatcher: dispatcher::App,
    sender: sender::App,
    streams: [Stream; 2],
    /// Bodies that were in a queue, with its name.
    pub(crate) carried: Vec<(&'static str, String)>,
}

impl Works {
    pub(crate) async fn beside(office: &Office) -> Self {
        let cloud = &office.cloud;
        let clock = || Arc::clone(&cloud.clock) as Arc<dyn Clock>;
        let machine = || Machine {
            clock: clock(),
            ids: Arc::clone(&cloud.ids) as Arc<dyn Ids>,
            metrics: cloud.metrics.clone(),
        };
        let environment = cloud.environment(Function::Webhook, &[]);
        let secret = json!({ "app_secret": APP_SECRET, "verify_token": "token-of-the-wall" });
        let manager = cloud.aws.secrets_manager().create_secret();
        let manager = manager.name(environment.get(Setting::MetaSecret).unwrap());
        manager.secret_string(secret.to_string()).send().await.unwrap();
        let clients = AwsClients::new(&environment).unwrap();
        let webhook = webhook::App::new(&environment, clients, machine()).unwrap();
        let environment = cloud.environment(Function::Processor, &[]);
        let clients = AwsClients::new(&environment).unwrap();
        let processor = processor::App::new(&environment, clients, machine()).unwrap();
        let environment = cloud.environment(Function::Dispatcher, &[]);
        let metrics = cloud.metrics.clone();
        let dispatcher = dispatcher::App::new(&environment, clock(), metrics.clone()).unwrap();
        let meta = office.meta_url();
        let environment = cloud.environment(Function::Sender, &[("GRAPH_BASE_URL", &meta)]);
        let sender = sender::App::new(&environment, clock(), metrics).unwrap();
        let streams = [cloud.open_stream("JobsTable").await, cloud.open_stream("AuditTable").await];
        let webhook = webhook::router(webhook);
        Self { webhook, processor, dispatcher, sender, streams, carried: Vec::new() }
    }

    /// What somebody writes to a company's number, as Meta posts it.
    pub(crate) async fn write(&self, company: &Company, from: &str, wamid: &str, content: Value) {
        let mut message = json!({
            "from": from, "id": wamid, "timestamp": company.now.as_second().to_string(),
        });
        message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        let number = &company.number;
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "1", "phone_number_id": number },
            "messages": [message],
        });
        let entry = json!({ "id": "1", "changes": [{ "field": "messages", "value": value }] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string();
        let signature = sign(body.as_bytes(), &AppSecret::new(APP_SECRET).unwrap());
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/webhooks/whatsapp")
            .header("x-hub-signature-256", signature)
            .body(Body::from(body))
            .unwrap();
        let answer = self.webhook.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Works until every queue and stream is empty.
    pub(crate) async fn settle(&mut self, office: &Office) {
        for _ in 0..ROUNDS_MAX {
            let mut done = 0;
            for queue in QUEUES {
                done += self.work(office, queue).await;
            }
            for stream in &mut self.streams {
                let event = stream.read().await;
                done += event.records.len();
                let response = dispatcher::handle(event, &self.dispatcher).await;
                assert!(response.batch_item_failures.is_empty(), "{response:?}");
            }
            if done == 0 {
                return;
            }
        }
        panic!("this never ends");
    }

    async fn work(&mut self, office: &Office, queue: &'static str) -> usize {
        let event: SqsEvent = office.cloud.receive(queue).await;
        for record in &event.records {
            self.carried.push((queue, record.body.clone().unwrap_or_default()));
        }
        let count = event.records.len();
        if count > 0 {
            let response = match queue {
                "OutboundQueue" => sender::handle(event.clone(), &self.sender).await,
                _ => processor::handle(event.clone(), &self.processor).await,
            };
            office.cloud.acknowledge(queue, &event, &response).await;
        }
        count
    }
}
