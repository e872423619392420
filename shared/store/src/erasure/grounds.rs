//! Where an organisation's items are, table by table, and what has to go before what.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Result;
use jiff::{SignedDuration, Timestamp};
use tenancy::key::ApiKey;

use super::sweep::{Erasing, Place};
use crate::fault;
use crate::item;
use crate::key::{self, Key};
use crate::page::PageRequest;
use crate::tables::Table;
use crate::transaction::{Commit, key_of};

/// Clocks differ: the audit log may begin a little before the organisation, and end after now.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// Rows of the organisation's own partition that outlive the others, in the order they go; the
/// tombstone stays.
const LAST: [&str; 2] = [key::TENANT, key::TOMBSTONE];

impl Erasing<'_> {
    /// Ends every way in: numbers lead nowhere, addresses and keys to nobody, sessions and links
    /// are over. Whether all of them have ended.
    pub async fn lock_out(&mut self, now: Timestamp) -> Result<bool> {
        for channel in self.channels().await? {
            let mut unroute = self.tenant.transaction();
            unroute.unroute_number(&channel, now);
            match unroute.commit().await? {
                // It leads nowhere already, or to somebody else.
                Commit::Done | Commit::Refused(_) => {}
                Commit::Busy => return Ok(false),
            }
        }
        if let Some(slug) = self.slug().await? {
            self.delete_listing(&crate::slugs::slug_key(&slug)).await?;
        }
        for prefix in [key::EMAIL_LINK, key::API_KEY_PREFIX, key::PROOF, key::PHONE_CODE, key::USER]
        {
            if !self.end_ways_in(prefix).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Deletes what is in all tables but `tenants` and `directory`; whether all of it is gone.
    pub async fn contents(&mut self, now: Timestamp) -> Result<bool> {
        let scope = self.tenant.scope.clone();
        for shard in 0..key::INBOX_SHARDS {
            let pk = key::inbox_partition(&scope, shard);
            if !self.drain_indexed(Table::Conversations, 1, &pk).await? {
                return Ok(false);
            }
            let pk = key::stray_partition(&scope, shard);
            if !self.drain_indexed(Table::Conversations, 1, &pk).await? {
                return Ok(false);
            }
        }
        for pk in [key::quarantine_partition(&scope), key::notices_partition(&scope)] {
            if !self.drain(Table::Conversations, &pk).await? {
                return Ok(false);
            }
        }
        if !self.drain_indexed(Table::Projects, 1, &key::projects_partition(&scope)).await?
            || !self.drain_indexed(Table::Jobs, 1, &key::letters_partition(&scope)).await?
        {
            return Ok(false);
        }
        for shard in 0..key::DUE_SHARDS {
            if !self.drain_everybodys(Table::Jobs, 1, &key::due_partition(shard)).await? {
                return Ok(false);
            }
        }
        self.audit_log(now).await
    }

    /// Deletes the organisation's own rows and what only they lead to, all but the tombstone; to be
    /// called when nothing else is left. Whether all of it is gone.
    pub async fn people(&mut self) -> Result<bool> {
        let pk = self.tenant.scope.partition();
        let mut start = None;
        loop {
            if self.is_over() {
                return Ok(false);
            }
            let place = Place::partition(Table::Tenants, &pk);
            let (found, next) = self.keys(&self.tenant.store.client, &place, start).await?;
            let mut rows = Vec::new();
            for row in found {
                let Some(sk) = item::text(&row, "sk") else { continue };
                if LAST.contains(&sk) {
                    continue;
                }
                if !self.leads_to(sk).await? {
                    return Ok(false);
                }
                rows.push(row);
            }
            self.delete(Table::Tenants, &rows).await?;
            if next.is_none() {
                break;
            }
            start = next;
        }
        let organisation = key::tenant(&self.tenant.scope);
        if self.tenant.store.item(&organisation).await?.is_some() {
            self.delete(Table::Tenants, &[key_of(&organisation)]).await?;
        }
        Ok(true)
    }

    /// Deletes what a row of the organisation's partition leads to.
    async fn leads_to(&mut self, sk: &str) -> Result<bool> {
        let scope = self.tenant.scope.clone();
        if let Some(id) = sk.strip_prefix(key::USER) {
            let pk = format!("{}#{}{id}", scope.partition(), key::USER);
            return Ok(self.drain(Table::Tenants, &pk).await?
                && self.guards_of(&format!("usr_{id}")).await?);
        }
        if let Some(id) = sk.strip_prefix(key::API_KEY_PREFIX) {
            let used = format!("{}#{}{id}", scope.partition(), key::API_KEY_PREFIX);
            return Ok(self.drain(Table::Guards, &used).await?
                && self.guards_of(&format!("key_{id}")).await?);
        }
        if sk.starts_with(key::CHANNEL) {
            let row = Key { table: Table::Tenants, pk: scope.partition(), sk: sk.to_owned() };
            let channel: Option<domain::tenant::Channel> = self.tenant.get(&row).await?;
            if let Some(channel) = channel {
                self.delete_listing(&key::routed_number(&channel.phone_number_id)).await?;
            }
        }
        Ok(true)
    }

    /// What is remembered of a caller for a day at most.
    async fn guards_of(&mut self, caller: &str) -> Result<bool> {
        let scope = self.tenant.scope.clone();
        for pk in [key::leases(&scope, caller), key::requests(&scope, caller)] {
            if !self.drain(Table::Guards, &pk).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rows of one kind that let somebody in, or what they lead to.
    async fn end_ways_in(&mut self, prefix: &str) -> Result<bool> {
        let pk = self.tenant.scope.partition();
        let mut start = None;
        loop {
            if self.is_over() {
                return Ok(false);
            }
            let place = Place { prefix, ..Place::partition(Table::Tenants, &pk) };
            let (found, next) = self.keys(&self.tenant.store.client, &place, start).await?;
            for sk in found.iter().filter_map(|row| item::text(row, "sk")) {
                if !self.end_way_in(prefix, sk).await? {
                    return Ok(false);
                }
            }
            if [key::PROOF, key::PHONE_CODE].contains(&prefix) {
                self.delete(Table::Tenants, &found).await?;
            }
            if next.is_none() {
                return Ok(true);
            }
            start = next;
        }
    }

    async fn end_way_in(&mut self, prefix: &str, sk: &str) -> Result<bool> {
        let own = self.tenant.scope.partition();
        let id = sk.strip_prefix(prefix).unwrap_or_default();
        match prefix {
            key::USER => {
                let pk = format!("{own}#{}{id}", key::USER);
                return self.drain(Table::Tenants, &pk).await;
            }
            key::EMAIL_LINK => {
                let pk = format!("{}{id}", key::EMAIL);
                self.delete_listing(&Key { table: Table::Directory, pk, sk: own }).await?;
            }
            key::API_KEY_PREFIX => {
                let row = Key { table: Table::Tenants, pk: own, sk: sk.to_owned() };
                let found: Option<ApiKey> = self.tenant.get(&row).await?;
                if let Some(secret) = found.and_then(|key| key.secret) {
                    self.delete_listing(&key::api_key_ref(secret.label())).await?;
                }
            }
            _ => {}
        }
        Ok(true)
    }

    /// Deletes a row of the directory if it says that it is the organisation's.
    async fn delete_listing(&mut self, key: &Key) -> Result<()> {
        let owner = self.tenant.scope.tenant().key();
        let delete = self
            .tenant
            .store
            .client
            .delete_item()
            .table_name(self.tenant.store.name(key.table))
            .set_key(Some(key_of(key)))
            .condition_expression("t = :owner")
            .expression_attribute_values(":owner", AttributeValue::S(owner));
        match Box::pin(delete.send()).await {
            Ok(_) => self.count(key.table, 1),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_dynamodb::operation::delete_item::DeleteItemError::is_conditional_check_failed_exception) => {}
            Err(error) => return Err(fault::of(error)),
        }
        Ok(())
    }

    /// Month by month since the organisation was founded, and the chain.
    async fn audit_log(&mut self, now: Timestamp) -> Result<bool> {
        let scope = self.tenant.scope.clone();
        let founded = domain::AuditId::from_uuid(scope.tenant().uuid());
        let mut month =
            key::audit_instant(founded).saturating_sub(SKEW).map_err(domain::Error::internal)?;
        let end = now.saturating_add(SKEW).map_err(domain::Error::internal)?;
        loop {
            for shard in 0..key::AUDIT_SHARDS {
                let pk = key::audit_partition(&scope, month, shard);
                if !self.drain(Table::Audit, &pk).await? {
                    return Ok(false);
                }
            }
            let next = key::next_month(month);
            if next > end || next <= month {
                return self.drain(Table::Audit, &key::audit_chain(&scope)).await;
            }
            month = next;
        }
    }

    async fn slug(&self) -> Result<Option<String>> {
        let tenant: Option<domain::tenant::Tenant> =
            self.tenant.get(&key::tenant(&self.tenant.scope)).await?;
        Ok(tenant.and_then(|tenant| tenant.settings.slug).map(|slug| slug.as_str().to_owned()))
    }

    /// The provider's ids of the organisation's numbers.
    async fn channels(&self) -> Result<Vec<String>> {
        let mut numbers = Vec::new();
        let mut request = PageRequest::first(PageRequest::MAX_LIMIT);
        loop {
            let page = self.tenant.channels(&request).await?;
            numbers.extend(page.items.into_iter().map(|channel| channel.phone_number_id));
            request.after = page.next;
            if request.after.is_none() {
                return Ok(numbers);
            }
        }
    }
}
