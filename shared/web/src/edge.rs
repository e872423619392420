//! What every function of the API needs to answer a request.

use std::sync::Arc;

use domain::{Clock, Ids, Result};
use http::HeaderValue;
use jiff::Timestamp;
use store::Store;
use telemetry::{Machine, Metrics};
use tenancy::secrets::VerificationSecret;

use crate::api_keys::ApiKeys;
use crate::hosts::{Hosts, SubDomains};
use crate::keys::KeyRing;
use crate::limits::{Buckets, Limits};
use crate::permissions::Permissions;

/// The store, the keys of tokens, time and chance. Cheap to clone; clones share everything.
///
/// A function's `App` holds one and gives it to the extractors of this crate through `FromRef`.
#[derive(Clone)]
pub struct Edge {
    inner: Arc<Inner>,
    limits: Limits,
    hosts: Arc<Hosts>,
}

struct Inner {
    store: Store,
    keys: KeyRing,
    permissions: Permissions,
    api_keys: ApiKeys,
    buckets: Buckets,
    sub_domains: SubDomains,
    machine: Machine,
    origins: Vec<HeaderValue>,
}

impl Edge {
    /// `allowed_origins` are those of the frontends, exactly, as in `https://app.example.com`.
    /// Fails when a key of the verification secret is of no use.
    pub fn new(
        store: Store,
        verification: &VerificationSecret,
        machine: Machine,
        allowed_origins: &[String],
    ) -> Result<Self> {
        Ok(Self::with_keys(store, KeyRing::fixed(verification)?, machine, allowed_origins))
    }

    /// The same with keys that may change.
    pub fn with_keys(
        store: Store,
        keys: KeyRing,
        machine: Machine,
        allowed_origins: &[String],
    ) -> Self {
        let inner = Inner {
            store,
            keys,
            permissions: Permissions::default(),
            api_keys: ApiKeys::default(),
            buckets: Buckets::default(),
            sub_domains: SubDomains::default(),
            machine,
            origins: allowed_origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin).ok())
                .collect(),
        };
        Self { inner: Arc::new(inner), limits: Limits::PRODUCTION, hosts: Arc::default() }
    }

    /// The same with other limits than production's.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same, answering under these names alone.
    #[must_use]
    pub fn serving(self, hosts: Hosts) -> Self {
        Self { hosts: Arc::new(hosts), ..self }
    }

    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The keys that verify tokens.
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.machine.clock
    }

    pub fn ids(&self) -> &dyn Ids {
        &*self.inner.machine.ids
    }

    pub fn now(&self) -> Timestamp {
        self.inner.machine.clock.now()
    }

    pub fn metrics(&self) -> &Metrics {
        &self.inner.machine.metrics
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.inner.buckets
    }

    pub(crate) fn sub_domains(&self) -> &SubDomains {
        &self.inner.sub_domains
    }

    pub(crate) fn permissions(&self) -> &Permissions {
        &self.inner.permissions
    }

    /// Whether this is, to the letter, the origin of a frontend of ours.
    pub fn is_own_origin(&self, origin: &HeaderValue) -> bool {
        self.inner.origins.contains(origin)
    }

    pub(crate) fn api_keys(&self) -> &ApiKeys {
        &self.inner.api_keys
    }

    pub(crate) fn origins(&self) -> &[HeaderValue] {
        &self.inner.origins
    }
}
