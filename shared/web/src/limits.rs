//! How often a route may be called, and by whom.
//!
//! A caller's calls to a route come out of a bucket in the store, taken in lots, so that a call
//! costs a small part of a write. The first few calls in a window cost nothing at all: they are
//! settled with the bucket when the caller turns out to call more. The price is that a caller who
//! is served by several environments at once may call a little more than the limit, by at most
//! what each of them holds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{Network, Result};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use store::{Lease, LeaseAsk};
use telemetry::metrics::names::RATE_LIMITED;
use tenancy::policy::{Budget, Route};
use tenancy::{Caller, Credential};

use crate::edge::Edge;
use crate::problem::Problem;

/// Callers and routes remembered at most; then all are forgotten.
const BUCKETS_MAX: usize = 10_000;
/// What a caller may have for nothing, and the least that is worth a write: parts of a lot.
const FREE_PART: u32 = 4;
const LEAST_PART: u32 = 2;

/// So many calls in any stretch of this length, and how many are taken from the store at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub calls: u32,
    pub window: SignedDuration,
    /// One: every call is counted in the store, exactly.
    pub lot: u32,
}

/// A limit for each budget of the table of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub usual: Limit,
    pub messages: Limit,
    pub credentials: Limit,
    pub exports: Limit,
}

impl Limits {
    /// conversations.md, "Rate limiting".
    pub const PRODUCTION: Self = Self {
        usual: Limit { calls: 60, window: SignedDuration::from_mins(1), lot: 20 },
        messages: Limit { calls: 30, window: SignedDuration::from_mins(1), lot: 16 },
        credentials: Limit { calls: 10, window: SignedDuration::from_mins(1), lot: 1 },
        exports: Limit { calls: 5, window: SignedDuration::from_hours(1), lot: 1 },
    };

    const fn of(&self, budget: Budget) -> Option<Limit> {
        match budget {
            Budget::Usual => Some(self.usual),
            Budget::Messages => Some(self.messages),
            Budget::Credentials => Some(self.credentials),
            Budget::Exports => Some(self.exports),
            Budget::Free => None,
        }
    }
}

/// Where a caller stands with a route; in every answer that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: Limit,
    remaining: u32,
    reset_s: i64,
}

/// Who is counted.
pub(crate) enum Counted<'a> {
    Caller(&'a Caller),
    Network(Network),
}

/// The buckets this process takes from.
#[derive(Default)]
pub(crate) struct Buckets {
    all: Mutex<HashMap<Name, Bucket>>,
}

/// A caller and a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Name {
    who: String,
    method: &'static str,
    path: &'static str,
}

/// What this process knows of one bucket.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Calls taken and not made yet.
    held: u32,
    /// Calls made for nothing since `since`.
    debt: u32,
    since: Timestamp,
    /// When the bucket in the store will be full, when it was last seen.
    full_at: Option<Timestamp>,
    closed_until: Option<Timestamp>,
}

enum Next {
    Go,
    Wait(Timestamp),
    Ask(LeaseAsk),
}

/// Counts a call, or says when to come back. What must not be tried without end is refused while
/// the store cannot count; everything else goes on.
pub(crate) async fn count(
    edge: &Edge,
    counted: Counted<'_>,
    route: &'static Route,
) -> std::result::Result<Option<Standing>, (Problem, Option<Standing>)> {
    let Some(limit) = edge.limits().of(route.budget) else { return Ok(None) };
    let now = edge.now();
    let name = Name { who: counted.name(), method: route.method, path: route.path };
    let buckets = edge.buckets();
    let mut next = buckets.change(&name, now, |bucket| bucket.next(limit, now));
    if let Next::Ask(ask) = next {
        let lease = match lease(edge, &counted, &name, &ask, now).await {
            Ok(lease) => lease,
            Err(error) if route.budget == Budget::Credentials => return Err((error.into(), None)),
            Err(error) => {
                tracing::warn!(error = telemetry::chain(&error), "a call is not counted");
                Lease { taken: ask.wanted, full_at: now }
            }
        };
        next = buckets.change(&name, now, |bucket| bucket.settle(limit, lease, now));
    }
    let standing = buckets.change(&name, now, |bucket| bucket.standing(limit, now));
    match next {
        Next::Go => Ok(Some(standing)),
        Next::Wait(until) => {
            edge.metrics().count(&RATE_LIMITED, [route.path]);
            Err((Problem::too_many(until.duration_since(now)), Some(standing)))
        }
        // Settling never asks again.
        Next::Ask(_) => Ok(Some(standing)),
    }
}

async fn lease(
    edge: &Edge,
    counted: &Counted<'_>,
    name: &Name,
    ask: &LeaseAsk,
    now: Timestamp,
) -> Result<Lease> {
    let route = format!("{} {}", name.method, name.path);
    match counted {
        Counted::Caller(caller) => {
            let store = edge.store().for_tenant(caller.scope());
            store.lease_calls(&name.who, &route, ask, now).await
        }
        Counted::Network(network) => {
            edge.store().guards().lease_calls(network, &route, ask, now).await
        }
    }
}

/// Who a caller is to limits and promises: the key, or the person whatever session it is.
pub(crate) fn principal(caller: &Caller) -> String {
    match caller.credential() {
        Credential::Session { .. } => caller.user().to_string(),
        Credential::Key { id, .. } => id.to_string(),
    }
}

impl Counted<'_> {
    fn name(&self) -> String {
        match self {
            Self::Caller(caller) => principal(caller),
            Self::Network(network) => network.to_string(),
        }
    }
}

impl Buckets {
    fn change<T>(&self, name: &Name, now: Timestamp, change: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= BUCKETS_MAX && !all.contains_key(name) {
            all.clear();
        }
        change(all.entry(name.clone()).or_insert_with(|| Bucket::new(now)))
    }
}

impl Bucket {
    fn new(now: Timestamp) -> Self {
        Self { held: 0, debt: 0, since: now, full_at: None, closed_until: None }
    }

    fn next(&mut self, limit: Limit, now: Timestamp) -> Next {
        if let Some(until) = self.closed_until.filter(|until| now < *until) {
            return Next::Wait(until);
        }
        if let Some(left) = self.held.checked_sub(1) {
            self.held = left;
            return Next::Go;
        }
        if now.duration_since(self.since) >= limit.window {
            (self.debt, self.since) = (0, now);
        }
        if self.debt < limit.free() {
            self.debt += 1;
            return Next::Go;
        }
        Next::Ask(LeaseAsk {
            capacity: limit.calls,
            window: limit.window,
            wanted: limit.lot.saturating_add(self.debt),
            least: limit.least().saturating_add(self.debt),
            full_at: self.full_at,
        })
    }

    /// Takes what the store gave, pays what was had for nothing, and makes the call.
    fn settle(&mut self, limit: Limit, lease: Lease, now: Timestamp) -> Next {
        self.full_at = Some(lease.full_at);
        if let Some(left) = lease.taken.checked_sub(self.debt.saturating_add(1)) {
            self.held = self.held.saturating_add(left);
            (self.debt, self.since) = (0, now);
            return Next::Go;
        }
        let least = limit.least().saturating_add(self.debt).min(limit.calls);
        let enough_at = lease.full_at.saturating_add(limit.time_of(least)).unwrap_or(now);
        let until = enough_at.saturating_sub(limit.window).unwrap_or(now);
        self.closed_until = Some(until);
        Next::Wait(until)
    }

    fn standing(&self, limit: Limit, now: Timestamp) -> Standing {
        let full_in = self.full_at.map_or(SignedDuration::ZERO, |at| at.duration_since(now));
        let full_in = full_in.max(SignedDuration::ZERO).saturating_add(limit.time_of(self.debt));
        let left = limit.window.saturating_sub(full_in).as_millis().max(0);
        let left = left.checked_div(limit.time_of(1).as_millis()).unwrap_or(0);
        let remaining = u32::try_from(left).unwrap_or(u32::MAX).saturating_add(self.held);
        Standing { limit, remaining: remaining.min(limit.calls), reset_s: seconds_up(full_in) }
    }
}

impl Limit {
    const fn free(&self) -> u32 {
        self.lot / FREE_PART
    }

    const fn least(&self) -> u32 {
        if self.lot < LEAST_PART { 1 } else { self.lot / LEAST_PART }
    }

    /// How long so many calls take to come back.
    fn time_of(&self, calls: u32) -> SignedDuration {
        let one_ms = self.window.as_millis().checked_div(i128::from(self.calls)).unwrap_or(0);
        let one_ms = i64::try_from(one_ms).unwrap_or(i64::MAX).max(1);
        SignedDuration::from_millis(one_ms.saturating_mul(i64::from(calls)))
    }
}

impl Standing {
    /// Tells the caller (draft-ietf-httpapi-ratelimit-headers, in its widely used three fields).
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let window_s = self.limit.window.as_secs();
        let policy = format!("{};w={window_s}", self.limit.calls);
        for (name, value) in [
            ("ratelimit-limit", self.limit.calls.to_string()),
            ("ratelimit-remaining", self.remaining.to_string()),
            ("ratelimit-reset", self.reset_s.to_string()),
            ("ratelimit-policy", policy),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Whole seconds, so that whoever waits them has waited enough.
pub(crate) fn seconds_up(duration: SignedDuration) -> i64 {
    let seconds = duration.as_secs();
    if duration.subsec_nanos() > 0 { seconds.saturating_add(1) } else { seconds.max(0) }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use store::Lease;

    use super::{Bucket, Limits, Next};

    #[test]
    fn what_was_had_for_nothing_is_paid_when_more_is_wanted() {
        let (limit, now) = (Limits::PRODUCTION.usual, Timestamp::UNIX_EPOCH);
        let mut bucket = Bucket::new(now);
        for made in 1..=5 {
            assert!(matches!(bucket.next(limit, now), Next::Go));
            assert_eq!(bucket.standing(limit, now).remaining, 60 - made);
        }
        let Next::Ask(ask) = bucket.next(limit, now) else { panic!("six for nothing") };
        assert_eq!((ask.wanted, ask.least, ask.full_at), (25, 15, None));
        let lease = Lease { taken: 25, full_at: now + SignedDuration::from_secs(25) };
        assert!(matches!(bucket.settle(limit, lease, now), Next::Go));
        let standing = bucket.standing(limit, now);
        assert_eq!((bucket.held, standing.remaining, standing.reset_s), (19, 54, 25));

        let empty = Lease { taken: 0, full_at: now + SignedDuration::from_secs(57) };
        let mut bucket = Bucket::new(now);
        let Next::Wait(until) = bucket.settle(limit, empty, now) else { panic!("it was empty") };
        assert_eq!(until.duration_since(now).as_secs(), 7, "until ten are there again");
        assert!(matches!(bucket.next(limit, now), Next::Wait(_)));
        assert!(matches!(bucket.next(limit, until), Next::Go));
    }

    #[test]
    fn every_limit_gives_in_lots_what_it_promises() {
        let Limits { usual, messages, credentials, exports } = Limits::PRODUCTION;
        for limit in [usual, messages, credentials, exports] {
            let mut left = limit.calls;
            let mut debt = limit.free();
            while left > 0 {
                let taken = (limit.lot + debt).min(left);
                assert!(taken >= limit.least() + debt, "{limit:?} would keep {left} back");
                left -= taken;
                debt = 0;
            }
        }
        // A lot is one write: calls of people who use what they may cost less than a tenth.
        for limit in [usual, messages] {
            assert!(limit.lot > 10);
        }
    }
}
