//! What every function of the API needs to answer a request.

use std::sync::Arc;

use domain::{Clock, Ids, Result};
use http::HeaderValue;
use jiff::Timestamp;
use store::Store;
use telemetry::Metrics;
use tenancy::Verifier;
use tenancy::secrets::VerificationSecret;

use crate::cursor::CursorSeal;
use crate::permissions::Permissions;

/// What an [`Edge`] is made of.
pub struct EdgeParts {
    pub store: Store,
    pub verification: VerificationSecret,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub metrics: Metrics,
    /// Exact origins of the frontends, as in `https://app.example.com`.
    pub allowed_origins: Vec<String>,
}

/// The store, the verifier of tokens, time and chance. Cheap to clone; clones share everything.
///
/// A function's `App` holds one and gives it to the extractors of this crate through `FromRef`.
#[derive(Clone)]
pub struct Edge {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    verifier: Verifier,
    cursors: CursorSeal,
    permissions: Permissions,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    metrics: Metrics,
    origins: Vec<HeaderValue>,
}

impl Edge {
    /// Fails when a key of the verification secret is of no use.
    pub fn new(parts: EdgeParts) -> Result<Self> {
        let inner = Inner {
            verifier: Verifier::new(&parts.verification)?,
            cursors: CursorSeal::new(&parts.verification.cursor_key()?)?,
            permissions: Permissions::default(),
            store: parts.store,
            clock: parts.clock,
            ids: parts.ids,
            metrics: parts.metrics,
            origins: parts
                .allowed_origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin).ok())
                .collect(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    pub fn verifier(&self) -> &Verifier {
        &self.inner.verifier
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub fn ids(&self) -> &dyn Ids {
        &*self.inner.ids
    }

    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn cursors(&self) -> &CursorSeal {
        &self.inner.cursors
    }

    pub(crate) fn permissions(&self) -> &Permissions {
        &self.inner.permissions
    }

    pub(crate) fn origins(&self) -> &[HeaderValue] {
        &self.inner.origins
    }
}
