//! What a replica that lags behind would answer: what was answered when the same was asked last.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::Value;

use super::Answer;

/// A replica lags by a second or so: by no more requests than these.
const LAG_MAX: u64 = 4_000;
/// Answers remembered at most; then all are forgotten.
const ANSWERS_MAX: usize = 20_000;

/// Answers to reads that need not be of this instant.
#[derive(Default)]
pub(super) struct Memory {
    answers: HashMap<String, (u64, Answer)>,
}

impl Memory {
    /// An earlier answer to a question, if it is not too old.
    pub(super) fn recall(&self, question: &str, number: u64) -> Option<Answer> {
        let (at, answer) = self.answers.get(question)?;
        (number.saturating_sub(*at) <= LAG_MAX).then(|| answer.clone())
    }

    pub(super) fn keep(&mut self, question: String, number: u64, answer: &Answer) {
        if self.answers.len() >= ANSWERS_MAX {
            self.answers.clear();
        }
        if answer.status.is_success() {
            self.answers.insert(question, (number, answer.clone()));
        }
    }
}

/// What a request asks, if it is a read that does not demand to be of this instant; the same text
/// in whatever order its members came.
pub(super) fn question(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    let (_, operation) = target.rsplit_once('.')?;
    if !["GetItem", "Query"].contains(&operation) {
        return None;
    }
    let request: Value = serde_json::from_slice(body).ok()?;
    let is_of_now = request.get("ConsistentRead") == Some(&Value::Bool(true));
    (!is_of_now).then(|| format!("{operation} {request}"))
}
