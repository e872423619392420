//! An event for every function, each time one that it has not had: what it does with it is work.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use auth::{PrivateKeys, SecretNames};
use aws_clients::{AwsClients, Secrets};
use axum::http::StatusCode;
use embedded_aws::Data;
use serde_json::{Value, json};
use store::{Store, TableNames};
use telemetry::{Environment, Function, Machine, Metrics, Setting, SystemClock, SystemIds};
use web::{Edge, KeyRing};

use crate::login;
use crate::meta;
use crate::seed::{Seed, phone};
use crate::site::{Setup, Site};
use crate::source::{Queue, Table};

const WEBHOOK: &str = include_str!("../../events/apigateway/webhook-receive.json");
const REQUEST: &str = include_str!("../../events/apigateway/list-projects.json");
const SWEEP: &str = include_str!("../../events/schedule/outbox-sweep.json");
/// Of an organisation nobody has: looked up and refused.
const ERASURE: &str = include_str!("../../events/erasure/order.json");
/// Of people nobody knows, so that each is answered.
const STRANGERS: usize = 1_000;

/// A site and the events that happen in it.
pub(crate) struct Events {
    pub(crate) site: Site,
    /// An access token of somebody.
    token: String,
    people: usize,
}

impl Events {
    pub(crate) async fn start() -> Result<Self> {
        let seed = Seed { projects: 1, members: 2, tasks: 0 };
        let setup =
            Setup { data: Data::Memory, clock: Arc::new(SystemClock), seed, is_metered: false };
        let site = Site::start(setup).await?;
        Ok(Self { token: token(&site).await?, site, people: 0 })
    }

    pub(crate) async fn next(&mut self, function: Function) -> Result<Value> {
        match function {
            Function::Webhook => {
                let body = self.message();
                let mut event: Value = serde_json::from_str(WEBHOOK)?;
                event["headers"]["x-hub-signature-256"] = self.site.sign(&body).into();
                event["body"] = String::from_utf8(body)?.into();
                Ok(event)
            }
            Function::Processor => {
                let body = self.message();
                self.site.post(body).await?;
                self.site.take(Queue::Inbound).await
            }
            Function::Dispatcher => loop {
                self.answer().await?;
                let (_, mut records) = self.site.read(Table::Jobs).await?;
                if let Some(record) = records.pop() {
                    return Ok(json!({ "Records": [record] }));
                }
            },
            Function::Sender => {
                self.answer().await?;
                while self.site.dispatch(Table::Jobs).await?.count > 0 {}
                self.site.take(Queue::Outbound).await
            }
            Function::Scheduler => Ok(serde_json::from_str(SWEEP)?),
            Function::Eraser => Ok(serde_json::from_str(ERASURE)?),
            Function::Auth => self.request("/api/v1/auth/me"),
            Function::Accounts => self.request("/api/v1/organization"),
            Function::Projects => self.request("/api/v1/projects"),
            Function::Conversations => self.request("/api/v1/conversations"),
        }
    }

    /// Lets a message come in and be answered: the answer waits in the outbox.
    async fn answer(&mut self) -> Result<()> {
        let body = self.message();
        self.site.post(body).await?;
        // With it come those that the webhook has taken in meanwhile.
        ensure!(self.site.work(Queue::Inbound).await?.count > 0, "a message was not taken");
        Ok(())
    }

    /// The first message of a stranger, as Meta posts it.
    fn message(&mut self) -> Vec<u8> {
        self.people += 1;
        let (from, now) = (phone(STRANGERS + self.people), self.site.clock.now());
        let content = json!({ "body": "good morning, who is responsible for the tower?" });
        meta::body("messages", &meta::message(&from, self.people, now, "text", &content))
    }

    fn request(&self, path: &str) -> Result<Value> {
        let mut event: Value = serde_json::from_str(REQUEST)?;
        event["rawPath"] = path.into();
        event["routeKey"] = format!("GET {path}").into();
        event["requestContext"]["routeKey"] = event["routeKey"].clone();
        event["requestContext"]["http"]["path"] = path.into();
        event["headers"]["authorization"] = format!("Bearer {}", self.token).into();
        Ok(event)
    }
}

/// Whether an answer says that the event is done with.
pub(crate) fn is_done(answer: &Value) -> bool {
    let failures = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
    let status = answer["statusCode"].as_u64().unwrap_or(200);
    answer["errorType"].is_null() && failures == 0 && status == 200
}

/// Has somebody sign in.
async fn token(site: &Site) -> Result<String> {
    let variables = site.variables(Function::Auth)?;
    let environment = Environment::of(Function::Auth, |name| variables.get(name).cloned())?;
    let clients = AwsClients::new(&environment)?;
    let store = Store::of(clients.clone(), TableNames::of(&environment));
    login::hire(&store, &*site.clock).await?;
    let secrets = Secrets::new(clients, Arc::clone(&site.clock));
    let keys = KeyRing::of_secret(secrets.clone(), environment.get(Setting::VerificationSecret)?);
    let metrics = Metrics::new("bench");
    let machine = Machine { clock: Arc::clone(&site.clock), ids: Arc::new(SystemIds), metrics };
    let edge = Edge::with_keys(store, keys, machine, &[]);
    let keys = PrivateKeys::of_secrets(secrets, SecretNames::of(&environment)?);
    let router = auth::router(auth::App::new(edge, keys));
    let (status, answer) = login::sign_in(&router, login::EMAIL, login::PASSWORD).await?;
    ensure!(status == StatusCode::OK, "sign-in: {status} {answer}");
    Ok(answer["access_token"].as_str().context("no token")?.to_owned())
}
