//! The last check before a request leaves: its keys are the scope's own.
//!
//! The types already let nobody build another tenant's key. This holds even where they are wrong:
//! every client of this crate has a guard, which looks at the request as it is about to be written
//! out and refuses what is not its own or what it does not know.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use domain::TenantId;
use tenancy::TenantScope;

use crate::tables::TableNames;

mod expression;
mod operations;

/// Prefix of every tenant's partition keys.
const TENANT: &str = "T#";
/// Prefixes of the index partitions that hold everybody's: due outbox items, entries of the audit
/// log by the time they were written, and API keys by when something is to be done with them.
const EVERYBODYS: [&str; 3] = ["DUE#", "WRITTEN#", "KEYS#"];
/// Clients kept at most; then all are made anew.
const CLIENTS_MAX: usize = 256;

/// Why a request was not sent. Never says whose key it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trespass {
    #[error("a key is not the scope's own")]
    Key,
    #[error("a row says that it is another tenant's")]
    Owner,
    #[error("a row of the directory is touched without asking whose it is")]
    Unasked,
    #[error("the key condition is not one equality of the partition key")]
    Condition,
    #[error("an operand of the key condition is empty")]
    Empty,
    #[error("the operation is not one that can be checked")]
    Operation,
}

/// Whose requests may pass.
#[derive(Debug, Clone)]
enum Reach {
    Tenant {
        /// `T#<tenant>`.
        partition: String,
        /// `<tenant>`: what rows name as their owner.
        owner: String,
    },
    /// What is asked before a tenant is known, and the sweeps.
    Nobody,
}

/// Where a key is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The table's own key.
    Table,
    /// An item's key in an index, about to be written.
    Entry,
    /// An index that is read.
    Index,
}

/// The guard of one client.
#[derive(Debug)]
struct TenantGuard {
    reach: Reach,
    names: Arc<TableNames>,
}

/// A client that is made when it is first asked for something.
pub(crate) type Lazy = Arc<LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>>;

/// Clients with a guard, on the connections and credentials of one without, which nobody else has.
#[derive(Debug)]
pub(crate) struct GuardedClients {
    unguarded: Lazy,
    names: Arc<TableNames>,
    /// Making a client takes far longer than asking one, so those of late are kept.
    of_tenants: Mutex<HashMap<TenantId, Lazy>>,
}

impl GuardedClients {
    pub(crate) fn new(
        unguarded: impl FnOnce() -> Client + Send + 'static,
        names: Arc<TableNames>,
    ) -> Self {
        Self { unguarded: lazy(unguarded), names, of_tenants: Mutex::default() }
    }

    /// Asks only for what belongs to the scope's tenant.
    pub(crate) fn of_tenant(&self, scope: &TenantScope) -> Lazy {
        let mut all = self.of_tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = all.get(&scope.tenant()) {
            return Arc::clone(client);
        }
        let client = self
            .guarded(Reach::Tenant { partition: scope.partition(), owner: scope.tenant().key() });
        if all.len() >= CLIENTS_MAX {
            all.clear();
        }
        all.insert(scope.tenant(), Arc::clone(&client));
        client
    }

    /// Asks only for what belongs to nobody.
    pub(crate) fn of_nobody(&self) -> Lazy {
        self.guarded(Reach::Nobody)
    }

    fn guarded(&self, reach: Reach) -> Lazy {
        let guard = TenantGuard { reach, names: Arc::clone(&self.names) };
        let unguarded = Arc::clone(&self.unguarded);
        lazy(move || Client::from_conf(unguarded.config().to_builder().interceptor(guard).build()))
    }
}

fn lazy(make: impl FnOnce() -> Client + Send + 'static) -> Lazy {
    Arc::new(LazyLock::new(Box::new(make)))
}

impl TenantGuard {
    fn key(&self, table: &str, key: &str, place: Place) -> Result<(), Trespass> {
        let of_nobody = match place {
            Place::Table => table == self.names.guards && !key.starts_with(TENANT),
            Place::Entry => is_everybodys(key),
            Place::Index => false,
        };
        let is_mine = match &self.reach {
            Reach::Tenant { partition, .. } => key
                .strip_prefix(partition.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('#')),
            Reach::Nobody => match place {
                Place::Table => table == self.names.directory && !key.starts_with(TENANT),
                Place::Entry => false,
                Place::Index => is_everybodys(key),
            },
        };
        if is_mine || of_nobody { Ok(()) } else { Err(Trespass::Key) }
    }

    /// Whether a row may say that it belongs to this owner.
    fn owner(&self, named: &str) -> Result<(), Trespass> {
        match &self.reach {
            Reach::Tenant { owner, .. } if owner != named => Err(Trespass::Owner),
            Reach::Tenant { .. } | Reach::Nobody => Ok(()),
        }
    }

    fn is_nobodys(&self) -> bool {
        matches!(self.reach, Reach::Nobody)
    }

    /// Whether rows of a table lie under keys that say nothing of a tenant, to one who has one.
    fn is_foreign_ground(&self, table: &str, key: &str) -> bool {
        !self.is_nobodys() && table == self.names.directory && !key.starts_with(TENANT)
    }
}

fn is_everybodys(key: &str) -> bool {
    EVERYBODYS.iter().any(|prefix| key.starts_with(prefix))
}

impl Intercept for TenantGuard {
    fn name(&self) -> &'static str {
        "TenantGuard"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.request(context.input()).map_err(|trespass| {
            tracing::error!(
                tenant.id = match &self.reach {
                    Reach::Tenant { owner, .. } => Some(owner.as_str()),
                    Reach::Nobody => None,
                },
                error = %trespass,
                "a request to DynamoDB was refused before it left"
            );
            BoxError::from(trespass)
        })
    }
}

#[cfg(test)]
mod tests;
