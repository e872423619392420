//! A proxy in front of DynamoDB that has every request say what it costs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_decimal::Decimal;
use serde_json::Value;
use tokio::net::TcpListener;

/// What a stretch of work has cost.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    pub(crate) writes: Decimal,
    pub(crate) reads: Decimal,
    /// How often each operation was called; `!` marks those that were refused, whose cost
    /// DynamoDB does not tell.
    pub(crate) calls: BTreeMap<String, u32>,
    /// Write units by table and index.
    pub(crate) written: BTreeMap<String, Decimal>,
    /// Time of DynamoDB, and of the meter.
    pub(crate) waited: Duration,
    /// Time of whoever asked, this waiting included; for the caller to fill in.
    pub(crate) took: Duration,
}

impl Spent {
    pub(crate) fn add(&mut self, more: Self) {
        self.writes += more.writes;
        self.reads += more.reads;
        self.waited += more.waited;
        self.took += more.took;
        for (operation, count) in more.calls {
            *self.calls.entry(operation).or_default() += count;
        }
        for (place, units) in more.written {
            *self.written.entry(place).or_default() += units;
        }
    }
}

/// The proxy.
#[derive(Clone)]
pub(crate) struct Meter {
    http: reqwest::Client,
    behind: String,
    spent: Arc<Mutex<Spent>>,
}

impl Meter {
    /// In front of the DynamoDB at a URL; returns its own URL too.
    pub(crate) async fn start(behind: &str) -> Result<(Self, String)> {
        let meter =
            Self { http: reqwest::Client::new(), behind: behind.to_owned(), spent: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(pass).with_state(meter.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok((meter, url))
    }

    /// What was spent since the last call of this.
    pub(crate) fn take(&self) -> Spent {
        std::mem::take(&mut *self.spent())
    }

    fn spent(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn forward(&self, mut headers: HeaderMap, body: &[u8]) -> Result<(StatusCode, Bytes)> {
        let target = headers.get("x-amz-target").context("no operation")?.to_str()?;
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let mut request: Value = serde_json::from_slice(body)?;
        let fields = request.as_object_mut().context("a request is an object")?;
        fields.insert("ReturnConsumedCapacity".to_owned(), "INDEXES".into());
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let call = self.http.post(&self.behind).headers(headers).body(request.to_string());
        let answer = call.send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        self.count(&operation, status.is_success(), &serde_json::from_slice(&body)?);
        Ok((status, body))
    }

    fn count(&self, operation: &str, done: bool, answer: &Value) {
        let mut spent = self.spent();
        let is_read = ["GetItem", "BatchGetItem", "Query"].contains(&operation);
        let name = operation.trim_end_matches("Items").trim_end_matches("Item");
        let name = format!("{name}{}", if done { "" } else { "!" });
        *spent.calls.entry(name).or_default() += 1;
        let consumed = &answer["ConsumedCapacity"];
        let tables = consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice);
        for table in tables.iter().filter(|table| table.is_object()) {
            if is_read {
                spent.reads += units(table);
                continue;
            }
            spent.writes += units(table);
            let name = table["TableName"].as_str().unwrap_or_default();
            let name = name.rsplit('-').next().unwrap_or_default();
            *spent.written.entry(name.to_owned()).or_default() += units(&table["Table"]);
            for (index, used) in table["GlobalSecondaryIndexes"].as_object().into_iter().flatten() {
                *spent.written.entry(format!("{name}.{index}")).or_default() += units(used);
            }
        }
    }
}

async fn pass(State(meter): State<Meter>, headers: HeaderMap, body: Bytes) -> Response {
    let begun = Instant::now();
    let passed = meter.forward(headers, &body).await;
    meter.spent().waited += begun.elapsed();
    match passed {
        Ok((status, body)) => {
            (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

fn units(of: &Value) -> Decimal {
    of["CapacityUnits"].to_string().parse().unwrap_or_default()
}
