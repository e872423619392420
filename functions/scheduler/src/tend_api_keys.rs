//! The upkeep of API keys: holders are told of keys to change, keys that ask for it get a
//! successor, and what has ended is written down.
//!
//! Invariants: no key is in a letter, and a successor made here is none yet: it comes to be when
//! somebody is shown it. Every step is written over the version it was decided on, so that a
//! repetition, or a person who is faster, leaves nothing to do.

use domain::audit::{Actor, Trail, Via};
use domain::outbox::{Letter, OutboundEffect, OutboxItem};
use domain::{Error, KeyId, OutboxId, Result};
use jiff::{SignedDuration, Timestamp};
use store::{Commit, Transaction};
use telemetry::Trace;
use telemetry::metrics::names::KEYS_KEPT_UP;
use tenancy::TenantScope;
use tenancy::key::{ApiKey, Upkeep};

use crate::App;

/// Keys of one page.
const PAGE: u16 = 50;
/// No page is begun later than this after the start; the next hour takes the rest.
const BUDGET: SignedDuration = SignedDuration::from_secs(30);

/// Does what is due, key by key. A key that cannot be dealt with does not stop the others.
pub(crate) async fn tend_api_keys(app: &App) -> Result<()> {
    let started = app.clock.now();
    let trail = Trail {
        actor: Actor::System,
        via: Via::Schedule,
        ip_prefix: None,
        trace: Trace::mint(&*app.clock, &*app.ids).to_string(),
    };
    let (mut after, mut failure) = (None, None);
    loop {
        let page = app.store.due_keys(started, PAGE, after.as_deref()).await?;
        for (scope, key) in &page.keys {
            if let Err(error) = tend(app, scope, key, &trail).await {
                let chain = telemetry::chain(&error);
                tracing::error!(key.id = %key.id, error = chain, "a key was not looked after");
                failure = Some(error);
            }
        }
        after = page.next;
        if after.is_none() || app.clock.now().duration_since(started) >= BUDGET {
            break;
        }
    }
    failure.map_or(Ok(()), Err)
}

async fn tend(app: &App, scope: &TenantScope, key: &ApiKey, trail: &Trail) -> Result<()> {
    let now = app.clock.now();
    let step = Step { app, key, trail, now };
    let mut transaction = app.store.for_tenant(scope).transaction();
    let what = match key.upkeep(now) {
        Upkeep::Rest => return Ok(()),
        Upkeep::Remind => {
            step.change(&mut transaction, &key.reminded(now), "api_key.reminded");
            step.tell(&mut transaction, key.id);
            "reminded"
        }
        Upkeep::Rotate => {
            let (old, successor) = key.rotate_unseen(&*app.ids, now)?;
            step.change(&mut transaction, &old, "api_key.rotated");
            transaction.insert_api_key(&successor);
            let entry = trail.entry(&*app.ids, now, "api_key.created", successor.id);
            transaction.audit(entry, None, Some(&successor));
            step.tell(&mut transaction, successor.id);
            "rotated"
        }
        Upkeep::Close => {
            step.change(&mut transaction, &key.closed(now), "api_key.ended");
            "closed"
        }
    };
    match transaction.commit().await? {
        Commit::Done => {
            app.metrics.count(&KEYS_KEPT_UP, [what]);
            tracing::info!(tenant.id = %scope.tenant(), key.id = %key.id, what, "key looked after");
            Ok(())
        }
        // Somebody was faster; what is left to do is still in the index.
        Commit::Refused(_) => Ok(()),
        Commit::Busy => Err(Error::Conflict),
    }
}

/// One key and what is done with it.
struct Step<'a> {
    app: &'a App,
    key: &'a ApiKey,
    trail: &'a Trail,
    now: Timestamp,
}

impl Step<'_> {
    fn change(&self, transaction: &mut Transaction, after: &ApiKey, action: &str) {
        transaction.replace_api_key(after, self.key.version);
        let entry = self.trail.entry(&*self.app.ids, self.now, action, self.key.id);
        transaction.audit(entry, Some(self.key), Some(after));
    }

    /// A letter to the key's holder. What it says is decided when it is sent.
    fn tell(&self, transaction: &mut Transaction, about: KeyId) {
        transaction.insert_outbox(&OutboxItem {
            id: OutboxId::mint(&*self.app.ids, self.now),
            tenant: transaction.tenant(),
            due_at: self.now,
            effect: OutboundEffect::Mail {
                user: self.key.user,
                letter: Letter::KeyReminder { key: about },
            },
            trace: self.trail.trace.clone(),
        });
    }
}
