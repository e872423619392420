//! Reads that have not heard of the last writes yet.
//!
//! What DynamoDB may answer to a read that does not ask for consistency, and emulators never do: of
//! items what the same request was answered before; of a stretch of entries only some, and with
//! them some that are no longer there.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{Answer, Proxy, locked};
use crate::dice::Dice;

/// Requests whose answers are remembered; then all are forgotten.
const REMEMBERED_MAX: usize = 20_000;
/// A replica is a second or so behind: not more requests than these.
const LAG_MAX: u64 = 4_000;
/// Of a hundred entries so many are not in it yet, and as many of those that are gone
/// still are.
const LATE_ENTRIES: u8 = 50;

/// What was answered to reads that may be stale.
#[derive(Default)]
pub(super) struct Answered {
    /// By request, whatever order its members came in.
    items: HashMap<String, Known>,
    /// By stretch: its entries.
    entries: HashMap<String, Vec<Value>>,
}

/// What one request was answered.
struct Known {
    last: Told,
    /// The one before that differed.
    before: Option<Told>,
}

/// An answer, and the number of the request that got it last.
#[derive(Clone)]
struct Told {
    number: u64,
    body: Bytes,
}

impl Known {
    /// The oldest that a replica could still give.
    fn stale(&self, number: u64) -> Option<Bytes> {
        let mut told = self.before.iter().chain([&self.last]);
        let told = told.find(|told| number.saturating_sub(told.number) <= LAG_MAX)?;
        Some(told.body.clone())
    }
}

impl Proxy {
    pub(super) fn remember(&self, operation: &str, (number, body): (u64, &Bytes), answer: &Answer) {
        let Some(request) = may_be_stale(operation, body) else { return };
        if answer.status != StatusCode::OK {
            return;
        }
        let told = Told { number, body: answer.body.clone() };
        let mut answered = locked(&self.answered);
        if answered.items.len() + answered.entries.len() >= REMEMBERED_MAX {
            *answered = Answered::default();
        }
        if let Some(stretch) = stretch_of(&request) {
            if let Some((_, entries)) = entries_of(answer) {
                answered.entries.insert(stretch, entries);
            }
        } else if let Some(known) = answered.items.get_mut(&request.to_string()) {
            let earlier = std::mem::replace(&mut known.last, told);
            if earlier.body != known.last.body {
                known.before = Some(earlier);
            }
        } else {
            answered.items.insert(request.to_string(), Known { last: told, before: None });
        }
    }

    /// `None`: it must be answered with what is.
    pub(super) async fn answer_stale(
        &self,
        parts: &Parts,
        operation: &str,
        (number, body): (u64, &Bytes),
        dice: &mut Dice,
    ) -> Option<Answer> {
        let request = may_be_stale(operation, body)?;
        let Some(stretch) = stretch_of(&request) else {
            let body = locked(&self.answered).items.get(&request.to_string())?.stale(number)?;
            return Some(Answer { status: StatusCode::OK, headers: HeaderMap::new(), body });
        };
        let mut answer = self.forward(parts, body.clone()).await;
        let (mut said, mut entries) = entries_of(&answer)?;
        let before = locked(&self.answered).entries.insert(stretch, entries.clone());
        let key = |entry: &Value| (entry.get("pk").cloned(), entry.get("sk").cloned());
        let is_there = |entry: &Value| entries.iter().any(|other| key(other) == key(entry));
        let gone = before.into_iter().flatten().filter(|entry| !is_there(entry));
        let gone: Vec<Value> = gone.collect();
        entries.extend(gone);
        entries.retain(|_| !dice.percent(LATE_ENTRIES));
        *said.get_mut("Count")? = entries.len().into();
        *said.get_mut("Items")? = entries.into();
        answer.body = said.to_string().into();
        Some(answer)
    }
}

/// The request, if it reads and does not ask for what is.
fn may_be_stale(operation: &str, body: &[u8]) -> Option<Value> {
    let reads = ["GetItem", "Query", "BatchGetItem"].contains(&operation);
    let asks = |value: &Value| value.get("ConsistentRead") == Some(&Value::Bool(true));
    let request: Value = serde_json::from_slice(body).ok().filter(|_| reads)?;
    let tables = request.get("RequestItems").and_then(Value::as_object);
    let consistent = asks(&request) || tables.is_some_and(|all| all.values().any(asks));
    (!consistent).then_some(request)
}

/// The table, the index, if there is one, and the partition of a query that takes all entries up to a bound: what was
/// below an earlier bound is below a later one.
fn stretch_of(request: &Value) -> Option<String> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let bounds = text("KeyConditionExpression")?.matches(['<', '>']).count();
    let partition = request.pointer("/ExpressionAttributeValues/:pk")?;
    let is_upward = bounds == 1 && request.get("ExclusiveStartKey").is_none();
    is_upward.then(|| format!("{:?} {:?} {partition}", text("TableName"), text("IndexName")))
}

fn entries_of(answer: &Answer) -> Option<(Value, Vec<Value>)> {
    let said: Value = serde_json::from_slice(&answer.body).ok()?;
    let entries = said.get("Items")?.as_array()?.clone();
    Some((said, entries))
}
