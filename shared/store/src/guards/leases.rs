//! Rate limits: a bucket of calls that fills at a steady rate, of which calls are taken in lots.
//!
//! A bucket is one number, the instant at which it would be full again ("theoretical arrival
//! time", the generic cell rate algorithm of ITU-T I.371). Taking calls moves that instant on; a
//! lot is refused when it would move past one window from now. So one conditional write takes any
//! number of calls, and no clock has to tick.

use domain::{Error, Network, Result};
use jiff::{SignedDuration, Timestamp};

use super::{Guards, Write, Written, guard, number, of_network, write};
use crate::key::{self, Key};
use crate::tables::{Store, TenantStore};

/// Rounds against other environments that take from the same bucket.
const ROUNDS_MAX: usize = 4;
/// An item is of no use once its bucket is full; the rest is for clocks that differ.
const KEPT_S: i64 = 60;

/// What is asked of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseAsk {
    /// Calls in a full bucket.
    pub capacity: u32,
    /// How long an empty one takes to fill.
    pub window: SignedDuration,
    /// Calls wanted.
    pub wanted: u32,
    /// With fewer than these it is better to wait.
    pub least: u32,
    /// When the bucket would be full, as far as the asker knows: a right guess saves a write.
    pub full_at: Option<Timestamp>,
}

/// What a bucket gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Calls that may be made, whenever; none when it has fewer than the least.
    pub taken: u32,
    /// When the bucket will be full if nobody takes more.
    pub full_at: Timestamp,
}

impl TenantStore {
    /// Takes calls for one of the tenant's callers (`usr_…`, `key_…`) to a route. One write unit,
    /// two when the guess of [`LeaseAsk::full_at`] is wrong.
    pub async fn lease_calls(
        &self,
        caller: &str,
        route: &str,
        ask: &LeaseAsk,
        now: Timestamp,
    ) -> Result<Lease> {
        let pk = key::leases(&self.scope, caller);
        lease(&self.store, &guard(pk, route.to_owned()), ask, now).await
    }
}

impl Guards {
    /// The same for a network whose callers are not known.
    pub async fn lease_calls(
        &self,
        network: &Network,
        route: &str,
        ask: &LeaseAsk,
        now: Timestamp,
    ) -> Result<Lease> {
        let pk = format!("RL#{}", of_network(network));
        lease(&self.store, &guard(pk, route.to_owned()), ask, now).await
    }
}

async fn lease(store: &Store, key: &Key, ask: &LeaseAsk, now: Timestamp) -> Result<Lease> {
    let bucket = Bucket::of(ask, now);
    let mut full_ms = ask.full_at.map_or(bucket.now_ms, Timestamp::as_millisecond);
    for _ in 0..ROUNDS_MAX {
        let taken = bucket.available(full_ms).min(i64::from(ask.wanted));
        if taken < i64::from(ask.least.max(1)) {
            return Ok(Lease { taken: 0, full_at: instant(full_ms, now) });
        }
        match write(store, key, bucket.take(taken, full_ms)).await? {
            Written::Done(stored) => {
                let full_ms = number(&stored, "full_at").unwrap_or(full_ms);
                let taken = u32::try_from(taken).unwrap_or(0);
                return Ok(Lease { taken, full_at: instant(full_ms, now) });
            }
            Written::Refused(stored) => {
                // Absent although it was thought to be there: DynamoDB has deleted it meanwhile.
                full_ms = number(&stored, "full_at").unwrap_or(bucket.now_ms);
            }
        }
    }
    Err(Error::unavailable("too many take from one bucket at once"))
}

fn instant(ms: i64, otherwise: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(otherwise)
}

/// A bucket at an instant.
#[expect(clippy::struct_field_names, reason = "the unit is part of each name")]
struct Bucket {
    now_ms: i64,
    window_ms: i64,
    /// Time one call takes to come back.
    call_ms: i64,
}

impl Bucket {
    fn of(ask: &LeaseAsk, now: Timestamp) -> Self {
        let window_ms = ask.window.as_secs().saturating_mul(1_000).max(1);
        let call_ms = window_ms.div_euclid(i64::from(ask.capacity.max(1))).max(1);
        Self { now_ms: now.as_millisecond(), window_ms, call_ms }
    }

    /// Calls in a bucket that will be full at an instant.
    fn available(&self, full_ms: i64) -> i64 {
        let busy_ms = full_ms.saturating_sub(self.now_ms).max(0);
        self.window_ms.saturating_sub(busy_ms).max(0).div_euclid(self.call_ms)
    }

    /// Takes calls, if the bucket is as full as was thought or fuller.
    fn take(&self, calls: i64, full_ms: i64) -> Write {
        let cost_ms = calls.saturating_mul(self.call_ms);
        let until_s = self.now_ms.saturating_add(self.window_ms).div_euclid(1_000);
        let write = if full_ms <= self.now_ms {
            Write::when(
                "attribute_not_exists(pk) OR full_at <= :now",
                "SET full_at = :next, #ttl = :ttl",
            )
            .number(":now", self.now_ms)
            .number(":next", self.now_ms.saturating_add(cost_ms))
        } else {
            let most_ms = self.now_ms.saturating_add(self.window_ms).saturating_sub(cost_ms);
            Write::when(
                "full_at > :now AND full_at <= :most",
                "SET full_at = full_at + :cost, #ttl = :ttl",
            )
            .number(":now", self.now_ms)
            .number(":most", most_ms)
            .number(":cost", cost_ms)
        };
        write.number(":ttl", until_s.saturating_add(KEPT_S))
    }
}
