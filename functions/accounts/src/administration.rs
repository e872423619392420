//! Changing another user's role or status, with everything that must change with it.

use domain::Error;
use domain::membership::{Changed, UserChange};
use domain::tenant::User;
use store::{PageRequest, TenantStore};
use tenancy::Caller;
use web::{Arrival, Problem};

use crate::{App, binding};

/// Times a change is decided anew because somebody else changed something first.
pub(crate) const ATTEMPTS_MAX: u32 = 5;

/// One request to change a user.
pub(crate) struct Administration<'a> {
    pub(crate) app: &'a App,
    pub(crate) arrival: &'a Arrival,
    pub(crate) caller: &'a Caller,
    pub(crate) store: &'a TenantStore,
}

impl Administration<'_> {
    /// Changes a user as it was read. `None`: somebody changed something meanwhile, read again.
    pub(crate) async fn change(
        &self,
        before: &User,
        change: &UserChange,
    ) -> Result<Option<User>, Problem> {
        if before.needs_owner(change) && self.caller.role() != domain::role::TenantRole::Owner {
            return Err(Problem::forbidden("only an owner changes owners and makes them"));
        }
        let Some(changed) = before.changed(self.caller.user(), change)? else {
            return Ok(Some(before.clone()));
        };
        let heir = if changed.loses_owner { Some(self.other_owner(before).await?) } else { None };
        let bound = match &changed.unlinked {
            Some(phone) => binding::contact_bound_to(self.store, phone, before.id).await?,
            None => None,
        };
        let trail = self.arrival.trail(self.caller.actor());
        let now = self.app.edge.now();
        let refused = self.store.commit_patiently(|transaction| {
            transaction.replace_user(&changed.user, before.version);
            if let Some(heir) = &heir {
                transaction.require_user(heir);
            }
            if let Some(phone) = &changed.unlinked {
                transaction.unlink_phone(phone);
            }
            if let Some(contact) = &bound {
                binding::unbind(transaction, contact);
            }
            for action in actions(before, &changed) {
                let entry = trail.entry(self.app.edge.ids(), now, &action, before.id);
                transaction.audit(entry, Some(before), Some(&changed.user));
            }
        });
        if !refused.await?.is_empty() {
            return Ok(None);
        }
        tracing::info!(
            tenant.id = %self.caller.scope().tenant(),
            user.id = %before.id,
            by = %self.caller.user(),
            "a user was changed"
        );
        Ok(Some(changed.user))
    }

    /// An active owner besides this one.
    async fn other_owner(&self, besides: &User) -> Result<User, Problem> {
        let mut request = PageRequest::first(PageRequest::MAX_LIMIT);
        loop {
            let page = self.store.users(&request).await?;
            let mut users = page.items.into_iter();
            if let Some(owner) = users.find(|u| u.is_active_owner() && u.id != besides.id) {
                return Ok(owner);
            }
            let Some(next) = page.next else {
                let detail = "an organisation keeps at least one active owner";
                return Err(Error::refused("last_owner", detail).into());
            };
            request.after = Some(next);
        }
    }
}

/// What the audit log calls it.
fn actions(before: &User, changed: &Changed) -> Vec<String> {
    let mut actions = Vec::new();
    if changed.user.role != before.role {
        actions.push("user.role_changed".to_owned());
    }
    if changed.user.status != before.status {
        let status = changed.user.status.as_str();
        let verb = if status == "active" { "activated" } else { status };
        actions.push(format!("user.{verb}"));
    }
    actions
}
