//! A walk over a tenant's entries, from the newest to the oldest, across months and shards.

use std::collections::VecDeque;

use domain::{Error, Result};
use futures::future::try_join_all;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::item::{self, Attributes};
use crate::key;
use crate::page::PageRequest;
use crate::read::Stretch;
use crate::tables::{Table, TenantStore};

/// An organisation's first entries may bear an earlier time than its identifier: clocks differ.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// Where a walk is. Between two of its steps it can be left and begun again at its `place`.
pub(super) struct Walk<'a> {
    tenant: &'a TenantStore,
    /// Everything that is not below this key has been seen.
    place: String,
    /// The first instant of the month it is in.
    month: Timestamp,
    /// There is nothing before.
    floor: Timestamp,
    lanes: Vec<Lane>,
    /// Rows read from a lane at a time.
    chunk: usize,
}

/// One of the partitions of a month.
struct Lane {
    pk: String,
    rows: VecDeque<Attributes>,
    after: Option<String>,
}

/// One step of a walk.
pub(super) enum Step {
    /// The next row, and its identifier's key.
    Row(String, Attributes),
    /// An older month begins.
    Month,
    End,
}

impl<'a> Walk<'a> {
    /// Of the entries below the key `place`, down to the instant `from` or to the organisation's
    /// beginning. About `rows` of them will be wanted.
    pub(super) fn below(
        tenant: &'a TenantStore,
        place: &str,
        from: Option<Timestamp>,
        rows: usize,
    ) -> Result<Self> {
        let id = format!("aud_{place}").parse().map_err(|_| Error::internal("no such place"))?;
        let founded = key::audit_instant(domain::AuditId::from_uuid(tenant.scope.tenant().uuid()));
        let founded = founded.saturating_sub(SKEW).map_err(Error::internal)?;
        let mut walk = Self {
            tenant,
            place: place.to_owned(),
            month: month_of(key::audit_instant(id))?,
            floor: from.map_or(founded, |from| from.max(founded)),
            lanes: Vec::new(),
            chunk: (rows / usize::from(key::AUDIT_SHARDS) + 4).min(PageRequest::MAX_LIMIT),
        };
        walk.lanes = walk.lanes_of_month();
        Ok(walk)
    }

    /// Where to go on.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) async fn step(&mut self) -> Result<Step> {
        self.fill().await?;
        let newest = self
            .lanes
            .iter_mut()
            .filter_map(|lane| {
                let key = id_of(lane.rows.front()?);
                Some((key, lane))
            })
            .max_by(|(a, _), (b, _)| a.cmp(b));
        let floor = key::audit_floor(self.floor).key();
        if let Some((id, lane)) = newest {
            if id < floor {
                return Ok(Step::End);
            }
            let row = lane.rows.pop_front().unwrap_or_default();
            self.place.clone_from(&id);
            return Ok(Step::Row(id, row));
        }
        if self.month <= self.floor {
            return Ok(Step::End);
        }
        self.place = key::audit_floor(self.month).key();
        let before = self.month.checked_sub(SignedDuration::from_millis(1));
        self.month = month_of(before.map_err(Error::internal)?)?;
        self.lanes = self.lanes_of_month();
        Ok(Step::Month)
    }

    fn lanes_of_month(&self) -> Vec<Lane> {
        let scope = &self.tenant.scope;
        let place = format!("{}{}", key::AUDIT_ENTRY, self.place);
        (0..key::AUDIT_SHARDS)
            .map(|shard| key::audit_partition(scope, self.month, shard))
            .map(|pk| Lane { pk, rows: VecDeque::new(), after: Some(place.clone()) })
            .collect()
    }

    /// Reads on where nothing is left of what was read.
    async fn fill(&mut self) -> Result<()> {
        let (tenant, chunk) = (self.tenant, self.chunk);
        let empty = self.lanes.iter_mut().filter(|lane| lane.rows.is_empty());
        try_join_all(empty.map(|lane| lane.fill(tenant, chunk))).await?;
        Ok(())
    }
}

impl Lane {
    async fn fill(&mut self, tenant: &TenantStore, chunk: usize) -> Result<()> {
        let Some(after) = self.after.take() else { return Ok(()) };
        let stretch = Stretch {
            table: Table::Audit,
            index: None,
            pk: self.pk.clone(),
            prefix: key::AUDIT_ENTRY,
            newest_first: true,
        };
        let page = tenant.page(&stretch, &PageRequest { limit: chunk, after: Some(after) }).await?;
        self.rows = page.items.into();
        self.after = page.next;
        Ok(())
    }
}

/// The key of the identifier in a row's sort key.
fn id_of(row: &Attributes) -> String {
    let sk = item::text(row, "sk").unwrap_or_default();
    sk.strip_prefix(key::AUDIT_ENTRY).unwrap_or_default().to_owned()
}

/// The first instant of a month, in UTC.
fn month_of(at: Timestamp) -> Result<Timestamp> {
    let first = at.to_zoned(TimeZone::UTC).date().first_of_month();
    Ok(first.to_zoned(TimeZone::UTC).map_err(Error::internal)?.timestamp())
}
