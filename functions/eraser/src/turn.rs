//! One turn: everybody is locked out, then what there is is deleted, as far as the time goes.

use domain::{ChannelId, Error, Result};
use store::{Commit, Erasing, PageRequest, TenantStore, Tombstone};

use crate::order::Answer;
use crate::{App, QUIET_AFTER, TURN};

/// What the tombstone calls what is in no table.
const OBJECTS: &str = "objects";

/// An erasure under way.
pub(crate) struct Turn<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: TenantStore,
    pub(crate) tombstone: Tombstone,
}

impl Turn<'_> {
    pub(crate) async fn take(mut self) -> Result<Answer> {
        if let Some(at) = self.tombstone.finished_at {
            return Ok(Answer::Finished { at, erased: self.tombstone.erased });
        }
        let begun = self.app.clock.now();
        let quiet_at = self.tombstone.ordered_at.checked_add(QUIET_AFTER).unwrap_or(begun);
        let tenant = self.tenant.clone();
        let mut erasing =
            tenant.erasing(&*self.app.clock, begun.checked_add(TURN).unwrap_or(begun));
        let mut objects = 0;
        let mut is_clear = self.clear(&mut erasing, &mut objects).await?;
        let is_last = is_clear && begun >= quiet_at;
        if is_last {
            // Once more what the rows led to that are gone now.
            is_clear = erasing.people().await? && erasing.contents(begun).await?;
        }
        self.count(&erasing, objects);
        let is_finished = is_last && is_clear;
        let now = self.app.clock.now();
        self.tombstone.finished_at = is_finished.then_some(now);
        self.note().await?;
        let erased = self.tombstone.erased;
        Ok(if is_finished {
            tracing::warn!(tenant.id = %self.tombstone.tenant, "an organisation was erased");
            Answer::Finished { at: now, erased }
        } else if is_clear && now < quiet_at {
            Answer::Waiting { until: quiet_at, erased }
        } else {
            Answer::Working { erased }
        })
    }

    /// Everything but the organisation's own rows; whether nothing is left of it.
    async fn clear(&self, erasing: &mut Erasing<'_>, objects: &mut u64) -> Result<bool> {
        let now = self.app.clock.now();
        if !erasing.lock_out(now).await? {
            return Ok(false);
        }
        for channel in self.channels().await? {
            let name = format!("{}{channel}", self.app.channel_secret_prefix);
            self.app.secrets.delete(&name).await?;
        }
        if !erasing.contents(now).await? {
            return Ok(false);
        }
        loop {
            let (count, is_last) = self.app.blobs.erase_claims(self.tenant.scope()).await?;
            *objects += u64::try_from(count).unwrap_or(u64::MAX);
            if is_last || erasing.is_over() {
                return Ok(is_last);
            }
        }
    }

    async fn channels(&self) -> Result<Vec<ChannelId>> {
        let mut ids = Vec::new();
        let mut request = PageRequest::first(PageRequest::MAX_LIMIT);
        loop {
            let page = self.tenant.channels(&request).await?;
            ids.extend(page.items.into_iter().map(|channel| channel.id));
            request.after = page.next;
            if request.after.is_none() {
                return Ok(ids);
            }
        }
    }

    fn count(&mut self, erasing: &Erasing<'_>, objects: u64) {
        let all = &mut self.tombstone.erased;
        for (what, count) in erasing.erased() {
            *all.entry(what.clone()).or_default() += count;
        }
        if objects > 0 {
            *all.entry(OBJECTS.to_owned()).or_default() += objects;
        }
    }

    async fn note(&mut self) -> Result<()> {
        let old = self.tombstone.version;
        self.tombstone.version += 1;
        let mut transaction = self.tenant.transaction();
        transaction.replace_tombstone(&self.tombstone, old);
        match transaction.commit().await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) | Commit::Busy => Err(Error::Conflict),
        }
    }
}
