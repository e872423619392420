//! The webhook beside the same endpoint in `FastAPI`: posts for a second of the server's processor.
//!
//! One run, one load, one embedded SQS; the servers take turns, so that all meet the same machine.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use embedded_aws::Data;
use futures::future::try_join_all;
use reqwest::StatusCode;
use rust_decimal::Decimal;
use serde_json::json;
use telemetry::{Function, SystemClock};
use tokio::time::sleep;

use crate::events::{Events, is_done};
use crate::meta::{self, TEXTS};
use crate::process::{Process, Program};
use crate::report::{Table, figure, micros, rate, ratio};
use crate::runtime_api::RuntimeApi;
use crate::seed::{Seed, phone};
use crate::site::{PATH, SECRET, Setup, Site};
use crate::start::Built;

const TURNS: usize = 5;
const POSTS: usize = 1_000;
/// At once, on connections that stay open.
const AT_ONCE: [usize; 2] = [1, 16];
const PATIENCE: Duration = Duration::from_secs(20);

/// A server under load, and what it took.
struct Server {
    name: &'static str,
    process: Process,
    url: String,
    posts: usize,
    wall: Duration,
    cpu: Duration,
}

/// The load: signed messages, each one a new one.
struct Load {
    site: Site,
    http: reqwest::Client,
    messages: usize,
}

pub(crate) async fn measure(built: &Built, python: &Path) -> Result<Table> {
    let seed = Seed { projects: 1, members: 2, tasks: 0 };
    let setup = Setup { data: Data::Memory, clock: Arc::new(SystemClock), seed, is_metered: false };
    let site = Site::start(setup).await?;
    let variables = site.variables(Function::Webhook)?;
    let mut load = Load { site, http: reqwest::Client::new(), messages: 0 };
    let columns = &["posts/s", "CPU µs", "per CPU s", "× FastAPI", "RSS MB"];
    let mut table = Table::new("the webhook beside FastAPI", columns);
    for at_once in AT_ONCE {
        let mut servers =
            [fastapi(python, variables.clone()).await?, over_http(built, variables.clone()).await?];
        for server in &mut servers {
            load.warm(server, at_once).await?;
        }
        for _ in 0..TURNS {
            for server in &mut servers {
                load.run(server, at_once).await?;
            }
        }
        let [theirs, ours] = &servers;
        for server in [theirs, ours] {
            table.row(format!("{}, {at_once} at once", server.name), server.cells(theirs)?);
        }
    }
    table.row("the binary through the Runtime API", through_runtime_api(built).await?);
    Ok(table)
}

async fn fastapi(python: &Path, mut variables: BTreeMap<String, String>) -> Result<Server> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fastapi");
    let port = free_port()?;
    let region = variables.get("AWS_REGION").cloned().unwrap_or_default();
    variables.insert("AWS_DEFAULT_REGION".to_owned(), region);
    variables.insert("APP_SECRET".to_owned(), SECRET.to_owned());
    variables.insert("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned());
    let arguments = ["-m", "uvicorn", "app:app", "--loop", "uvloop", "--http", "httptools"];
    let more = ["--no-access-log", "--log-level", "warning", "--port", &port, "--app-dir"];
    let folder = own.to_string_lossy();
    let program = Program {
        path: python.to_owned(),
        arguments: arguments
            .iter()
            .chain(&more)
            .chain([&&*folder])
            .map(ToString::to_string)
            .collect(),
        variables,
        emulator: Vec::new(),
    };
    Server::start("FastAPI, uvicorn, aioboto3", &program, &port).await
}

async fn over_http(built: &Built, variables: BTreeMap<String, String>) -> Result<Server> {
    let port = free_port()?;
    let program = Program {
        path: built.folder.join("examples/webhook_over_http"),
        arguments: vec![format!("127.0.0.1:{port}")],
        variables,
        emulator: Vec::new(),
    };
    Server::start("the webhook's routes over HTTP", &program, &port).await
}

/// As in Lambda: one event at a time, in API Gateway's shape, asked for and answered over HTTP.
async fn through_runtime_api(built: &Built) -> Result<[serde_json::Value; 5]> {
    let mut events = Events::start().await?;
    let mut api = RuntimeApi::start().await?;
    let program = Program {
        path: built.folder.join(Function::Webhook.name()),
        arguments: Vec::new(),
        variables: events.site.variables(Function::Webhook)?,
        emulator: Vec::new(),
    };
    let process = program.start(&[
        ("AWS_LAMBDA_RUNTIME_API", &api.address),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ])?;
    let (mut wall, mut cpu) = (Duration::ZERO, Duration::ZERO);
    api.asked().await?;
    for number in 0..POSTS * 2 {
        let event = events.next(Function::Webhook).await?;
        // The first half warms it up.
        let before = if number == POSTS { process.cpu()? } else { cpu };
        cpu = before;
        let begun = Instant::now();
        api.give(&event)?;
        let (at, answer) = api.answered().await?;
        ensure!(is_done(&answer), "the webhook answered {answer}");
        if number >= POSTS {
            wall += at.duration_since(begun);
        }
        api.asked().await?;
    }
    let cpu = process.cpu()?.saturating_sub(cpu);
    let memory = Decimal::from(process.resident_kib()?) / Decimal::from(1_024);
    let each = ratio(micros(cpu), Decimal::from(POSTS));
    Ok([rate(POSTS, wall), each, rate(POSTS, cpu), serde_json::Value::Null, figure(memory)])
}

impl Server {
    async fn start(name: &'static str, program: &Program, port: &str) -> Result<Self> {
        let mut process = program.start(&[])?;
        let url = format!("http://127.0.0.1:{port}{PATH}");
        let http = reqwest::Client::new();
        // Anything that it says is an answer; a bare GET is refused by both.
        while http.get(&url).send().await.is_err() {
            ensure!(!process.has_ended(), "{name} ended");
            if process.begun.elapsed() > PATIENCE {
                bail!("{name} does not listen");
            }
            sleep(Duration::from_millis(50)).await;
        }
        let (wall, cpu) = Default::default();
        Ok(Self { name, process, url, posts: 0, wall, cpu })
    }

    /// Beside what the first server took.
    fn cells(&self, first: &Self) -> Result<[serde_json::Value; 5]> {
        let each = |server: &Self| micros(server.cpu) / Decimal::from(server.posts.max(1));
        let memory = Decimal::from(self.process.resident_kib()?) / Decimal::from(1_024);
        Ok([
            rate(self.posts, self.wall),
            figure(each(self)),
            rate(self.posts, self.cpu),
            ratio(each(first), each(self)),
            figure(memory),
        ])
    }
}

impl Load {
    /// Connections, caches and, in Python, whatever is made when first used.
    async fn warm(&mut self, server: &Server, at_once: usize) -> Result<()> {
        let bodies = self.bodies();
        self.post(server, &bodies, at_once).await
    }

    async fn run(&mut self, server: &mut Server, at_once: usize) -> Result<()> {
        let bodies = self.bodies();
        let (begun, before) = (Instant::now(), server.process.cpu()?);
        self.post(server, &bodies, at_once).await?;
        server.wall += begun.elapsed();
        server.cpu += server.process.cpu()?.saturating_sub(before);
        server.posts += bodies.len();
        Ok(())
    }

    fn bodies(&mut self) -> Vec<Vec<u8>> {
        let now = self.site.clock.now();
        let texts = TEXTS.iter().cycle().take(POSTS);
        let body = |(place, text): (usize, &&str)| {
            let (from, content) = (phone(place % 100), json!({ "body": text }));
            let number = self.messages + place;
            meta::body("messages", &meta::message(&from, number, now, "text", &content))
        };
        let bodies = texts.enumerate().map(body).collect();
        self.messages += POSTS;
        bodies
    }

    async fn post(&self, server: &Server, bodies: &[Vec<u8>], at_once: usize) -> Result<()> {
        let shares = bodies.chunks(bodies.len().div_ceil(at_once));
        try_join_all(shares.map(|share| self.post_in_turn(&server.url, share))).await?;
        Ok(())
    }

    async fn post_in_turn(&self, url: &str, bodies: &[Vec<u8>]) -> Result<()> {
        for body in bodies {
            let call = self
                .http
                .post(url)
                .header("content-type", "application/json")
                .header("x-hub-signature-256", self.site.sign(body))
                .body(body.clone());
            let answer = call.send().await?;
            let status = answer.status();
            answer.bytes().await?;
            ensure!(status == StatusCode::OK, "{url} answered {status}");
        }
        Ok(())
    }
}

/// Nobody can promise that it is still free a moment later.
fn free_port() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
    Ok(listener.local_addr()?.port().to_string())
}
