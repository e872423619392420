//! The order: whom it is about, and whether it is meant.

use std::collections::BTreeMap;

use domain::{Error, Result, TenantId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Commit, TenantStore, Tombstone};
use tenancy::TenantScope;

use crate::App;

/// Longest name an operator may give themselves.
const OPERATOR_CHARS_MAX: usize = 100;

/// What an operator asks for, the same for each turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub tenant_id: TenantId,
    /// The organisation's name, typed as it is written there: a slip in the id erases nobody.
    pub organization_name: String,
    /// Who orders it; the tombstone keeps it.
    pub operator: String,
}

/// How far an erasure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing was done.
    Refused { reason: String },
    /// There is more to delete: call again.
    Working { erased: BTreeMap<String, u64> },
    /// Nothing is left now; call again then, for what was still under way.
    Waiting { until: Timestamp, erased: BTreeMap<String, u64> },
    /// Nothing is left but the tombstone.
    Finished { at: Timestamp, erased: BTreeMap<String, u64> },
}

/// What an order comes to.
pub(crate) enum Checked {
    Refused(&'static str),
    Ordered(TenantStore, Tombstone),
}

/// Compares the order with the organisation, and puts up its tombstone the first time.
pub(crate) async fn check(order: &Order, app: &App) -> Result<Checked> {
    let operator = order.operator.trim();
    if operator.is_empty() || operator.chars().count() > OPERATOR_CHARS_MAX {
        return Ok(Checked::Refused("the operator is not named"));
    }
    let tenant = app.store.for_tenant(&TenantScope::of_erasure(order.tenant_id));
    let standing = tenant.tombstone().await?;
    match tenant.tenant().await {
        Ok(found) if found.name != order.organization_name => {
            return Ok(Checked::Refused("the organisation has another name"));
        }
        Ok(_) => {}
        // Its record is the last to go.
        Err(Error::NotFound) if standing.is_some() => {}
        Err(Error::NotFound) => return Ok(Checked::Refused("there is no such organisation")),
        Err(error) => return Err(error),
    }
    if let Some(tombstone) = standing {
        return Ok(Checked::Ordered(tenant, tombstone));
    }
    let tombstone = Tombstone::new(order.tenant_id, operator, app.clock.now());
    let mut transaction = tenant.transaction();
    transaction.insert_tombstone(&tombstone);
    match transaction.commit().await? {
        Commit::Done => {
            tracing::warn!(tenant.id = %order.tenant_id, operator, "an organisation is being erased");
            Ok(Checked::Ordered(tenant, tombstone))
        }
        // Another turn has begun at the same moment.
        Commit::Refused(_) | Commit::Busy => Err(Error::Conflict),
    }
}
