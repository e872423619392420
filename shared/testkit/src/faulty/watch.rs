//! Whoever looks on at what passes a proxy, and may step in.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// The service has not heard of it.
    Arrived,
    /// The service has done what it was asked, unless it refused. Nobody has heard of that.
    Applied,
}

/// A request as a watcher sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The number of the address it came to.
    pub door: usize,
    /// `PutItem`, or the last part of the path where there are no operations.
    pub operation: &'a str,
    pub passage: Passage,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    /// The connection is closed here: before the service hears of it, or before the caller does.
    Cut,
    /// It goes on after this time.
    Hold(Duration),
}

/// Decides about every request, twice.
pub type Watch = Arc<dyn Fn(&Seen<'_>) -> Verdict + Send + Sync>;

pub(super) fn operation_of(parts: &Parts) -> &str {
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    match target.and_then(|target| target.rsplit_once('.')) {
        Some((_, operation)) => operation,
        None => parts.uri.path().rsplit('/').next().unwrap_or_default(),
    }
}
