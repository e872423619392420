//! Entries as they are asked for.

use domain::Result;
use domain::audit::AuditEntry;
use jiff::{SignedDuration, Timestamp};

use super::walk::{Step, Walk};
use crate::item;
use crate::key;
use crate::page::{Page, PageRequest};
use crate::tables::TenantStore;

/// Rows looked at for each one wanted; then the caller goes on by the page's `next`.
const LOOKED_AT_PER_WANTED: usize = 10;
/// Months looked at for one page: a quiet one costs eight reads.
const MONTHS_MAX: usize = 24;
/// A machine's clock may run ahead of another's.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Which entries are wanted. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A user, key or contact; for a user also what their keys and phone did.
    pub actor: Option<String>,
    /// As in `task.created`; or a kind, as in `task`.
    pub action: Option<String>,
    pub target: Option<String>,
    pub from: Option<Timestamp>,
    /// Not included.
    pub to: Option<Timestamp>,
}

impl AuditFilter {
    fn takes(&self, entry: &AuditEntry) -> bool {
        let action = |wanted: &String| {
            let rest = entry.action.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.actor.as_ref().is_none_or(|id| entry.actor.is(id))
            && self.action.as_ref().is_none_or(action)
            && self.target.as_ref().is_none_or(|target| entry.target == *target)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
    }
}

impl TenantStore {
    /// Entries, newest first. A page may hold fewer than asked for and still have a next one.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<AuditEntry>> {
        let place = match &request.after {
            Some(place) => place.clone(),
            None => beginning(filter.to, now),
        };
        let mut walk = Walk::below(self, &place, filter.from, request.limit)?;
        let mut items = Vec::new();
        let (mut looked_at, mut months) = (0, 0);
        while items.len() < request.limit {
            match walk.step().await? {
                Step::End => return Ok(Page { items, next: None }),
                Step::Month => months += 1,
                Step::Row(id, row) => {
                    looked_at += 1;
                    match item::record::<AuditEntry>(&self.scope, row) {
                        Ok(entry) if filter.takes(&entry) => items.push(entry),
                        Ok(_) => {}
                        // Somebody has been at it, which verifying the log tells.
                        Err(error) => {
                            let error = telemetry::chain(&error);
                            tracing::error!(audit.id = id, error, "an unreadable entry");
                        }
                    }
                }
            }
            if looked_at >= request.limit * LOOKED_AT_PER_WANTED || months >= MONTHS_MAX {
                break;
            }
        }
        let next = Some(walk.place().to_owned());
        Ok(Page { items, next })
    }
}

/// Above every entry there is, or that is wanted.
pub(super) fn beginning(to: Option<Timestamp>, now: Timestamp) -> String {
    let end = now.saturating_add(AHEAD).unwrap_or(now);
    // A millisecond that is begun counts whole: the filter is exact, the place is not.
    let to = to.map(|to| to.saturating_add(SignedDuration::from_millis(1)).unwrap_or(to));
    key::audit_floor(to.map_or(end, |to| to.min(end))).key()
}
