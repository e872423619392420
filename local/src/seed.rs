//! Two organisations to try the system with, written once.
//!
//! Everything about them but their dates is the same on every machine, ids included, so that a
//! start that was interrupted is repeated without leaving anything twice.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use domain::audit::{Actor, Trail, Via};
use domain::project::{Cost, CostStatus, Member, Project, ProjectStatus, Task, TaskStatus};
use domain::settings::Settings;
use domain::tenant::{Channel, ChannelStatus, NumberProfile, Tenant, User, UserStatus};
use domain::{ChannelId, Clock, CostId, Ids, Money, ProjectId, TaskId, UserId};
use jiff::{SignedDuration, Span, Timestamp};
use rust_decimal::Decimal;
use store::{Store, Transaction};
use tenancy::{Routed, TenantScope};

mod arabic;
mod english;
pub mod people;

pub use people::{COMPANIES, Company, Login, Person, UNKNOWN_CALLER};

use people::{PlannedCost, PlannedTask, Role};

/// A password hash that no password has.
const NO_PASSWORD: &str = "!";

/// When the organisations were founded: part of their ids, so it never changes.
const FOUNDED: &str = "2026-01-05T06:00:00Z";

/// A company as it stands in storage.
#[derive(Debug, Clone)]
pub struct Seeded {
    pub company: &'static Company,
    pub routed: Routed,
    pub project: ProjectId,
}

/// Randomness that is the same every time, derived from a name.
struct Derived {
    name: &'static str,
    drawn: AtomicU64,
}

/// A clock that stands at the founding.
struct Founding(Timestamp);

impl Ids for Derived {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(16) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
            let hex = blob::sha256_hex(format!("hndasah {} {drawn}", self.name).as_bytes());
            let random = u128::from_str_radix(hex.get(..32).unwrap_or("0"), 16).unwrap_or(0);
            for (byte, drawn) in chunk.iter_mut().zip(random.to_be_bytes()) {
                *byte = drawn;
            }
        }
    }
}

impl Clock for Founding {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Writes every company that is not there yet.
pub(crate) async fn write_all(store: &Store, now: Timestamp) -> Result<Vec<Seeded>> {
    let mut seeded = Vec::new();
    for company in COMPANIES {
        let written = write(store, company, now);
        seeded.push(written.await.with_context(|| format!("write {}", company.name))?);
    }
    Ok(seeded)
}

async fn write(store: &Store, company: &'static Company, now: Timestamp) -> Result<Seeded> {
    let founded: Timestamp = FOUNDED.parse()?;
    let ids = Derived { name: company.key, drawn: AtomicU64::new(0) };
    let scope = TenantScope::found(&Founding(founded), &ids);
    let channel = ChannelId::mint(&ids, founded);
    let project = ProjectId::mint(&ids, founded);
    let routed = Routed::of_channel(&scope, channel);
    let seeded = Seeded { company, routed, project };
    // The last thing written; once it is there, everything is.
    if store.directory().channel_of(company.phone_number_id).await?.is_some() {
        return Ok(seeded);
    }
    let tenant = store.for_tenant(&scope);
    let mut transaction = tenant.transaction();
    let organisation = Tenant {
        id: scope.tenant(),
        name: company.name.to_owned(),
        language: company.language,
        time_zone: company.time_zone.to_owned(),
        currency: company.currency,
        settings: Settings::default(),
        created_at: now,
        version: 1,
    };
    transaction.insert_tenant(&organisation);
    let trail =
        Trail { actor: Actor::System, via: Via::Setup, ip_prefix: None, trace: "seed".to_owned() };
    // Beyond what the records draw, whose ids must not move.
    let own = Derived { name: company.key, drawn: AtomicU64::new(1 << 32) };
    let entry = trail.entry(&own, now, "organization.seeded", scope.tenant());
    transaction.audit(entry, None, Some(&organisation));
    transaction.insert_channel(&Channel {
        id: channel,
        phone_number_id: company.phone_number_id.to_owned(),
        display_phone: company.display_phone.to_owned(),
        status: ChannelStatus::Connected,
        profile: NumberProfile::default(),
        created_at: now,
        version: 1,
    });
    let writing = Writing { company, project, now, ids: &ids, minted_at: Cell::new(founded) };
    let users = writing.people(&mut transaction)?;
    writing.plan(&mut transaction, &users)?;
    // Refused means that a start before this one came as far as here.
    tenant.commit_once(transaction).await?;
    let directory = store.directory();
    for (person, user) in company.people.iter().zip(&users) {
        if let Some(login) = &person.login {
            directory.list_account(&scope, &login.email.parse()?, *user).await?;
        }
    }
    directory.route(&scope, company.phone_number_id, routed).await?;
    Ok(seeded)
}

/// What the records of one company are made from.
struct Writing<'a> {
    company: &'static Company,
    project: ProjectId,
    now: Timestamp,
    ids: &'a Derived,
    /// The instant in the last id: each is a second later, so that ids keep the order of the plan.
    minted_at: Cell<Timestamp>,
}

impl Writing<'_> {
    fn next_instant(&self) -> Timestamp {
        let later = self.minted_at.get() + SignedDuration::from_secs(1);
        self.minted_at.set(later);
        later
    }

    fn people(&self, transaction: &mut Transaction) -> Result<Vec<UserId>> {
        let mut users = Vec::new();
        for person in self.company.people {
            let id = UserId::mint(self.ids, self.next_instant());
            let password_hash = match &person.login {
                Some(login) => password_hash(login.password)?,
                None => NO_PASSWORD.to_owned(),
            };
            let address = person.login.as_ref().map(|login| login.email.to_owned());
            let digits = person.phone.trim_start_matches('+');
            transaction.insert_user(&User {
                id,
                email: address.unwrap_or_else(|| format!("{digits}@phone.example")).parse()?,
                name: person.name.to_owned(),
                role: person.role.tenant,
                status: UserStatus::Active,
                language: person.language,
                phone: Some(person.phone.parse()?),
                password_hash,
                permission_version: 1,
                created_at: self.now,
                version: 1,
            });
            transaction.insert_member(&Member {
                project: self.project,
                user: id,
                name: person.name.to_owned(),
                role: person.role.project,
                added_at: self.now,
            });
            users.push(id);
        }
        Ok(users)
    }

    fn plan(&self, transaction: &mut Transaction, users: &[UserId]) -> Result<()> {
        let company = self.company;
        let today = self.now.in_tz(company.time_zone)?.date();
        let mut tasks_done = 0;
        for planned in company.tasks {
            let task = self.task(planned, users, today)?;
            tasks_done += u64::from(task.status == TaskStatus::Done);
            transaction.insert_task(&task);
        }
        let mut cost_confirmed_minor = 0;
        for planned in company.costs {
            let cost = self.cost(planned, users, today)?;
            if cost.status == CostStatus::Confirmed {
                cost_confirmed_minor += cost.money.minor_units();
            }
            transaction.insert_cost(&cost);
        }
        transaction.insert_project(&Project {
            id: self.project,
            name: company.project.to_owned(),
            status: ProjectStatus::Active,
            currency: company.currency,
            time_zone: company.time_zone.to_owned(),
            budget: Decimal::from(company.budget),
            starts_on: Some(today.checked_sub(Span::new().days(75))?),
            ends_on: Some(today.checked_add(Span::new().days(290))?),
            created_at: self.now,
            updated_at: self.now,
            tasks_total: u64::try_from(company.tasks.len())?,
            tasks_done,
            cost_confirmed_minor,
            insights_open: 0,
        });
        Ok(())
    }

    fn task(
        &self,
        planned: &PlannedTask,
        users: &[UserId],
        today: jiff::civil::Date,
    ) -> Result<Task> {
        Ok(Task {
            id: TaskId::mint(self.ids, self.next_instant()),
            project: self.project,
            title: planned.title.to_owned(),
            status: planned.status,
            priority: planned.priority,
            progress: planned.progress,
            due_on: Some(today.checked_add(Span::new().days(planned.due_in_days))?),
            assignee: self.user_with(planned.assignee, users),
            location: planned.location.map(str::to_owned),
            created_by: self.user_with(Role::MANAGER, users),
            source: None,
            created_at: self.now,
            updated_at: self.now,
            version: 1,
            undo: None,
        })
    }

    fn cost(
        &self,
        planned: &PlannedCost,
        users: &[UserId],
        today: jiff::civil::Date,
    ) -> Result<Cost> {
        let is_decided = planned.status != CostStatus::Proposed;
        let decider = self.user_with(Role::MANAGER, users).filter(|_| is_decided);
        Ok(Cost {
            id: CostId::mint(self.ids, self.next_instant()),
            project: self.project,
            description: planned.description.to_owned(),
            money: Money::new(Decimal::from(planned.amount), self.company.currency)?,
            status: planned.status,
            spent_on: today.checked_sub(Span::new().days(planned.days_ago))?,
            reported_by: self.user_with(Role::FOREMAN, users),
            decided_by: decider,
            source: None,
            created_at: self.now,
            updated_at: self.now,
            version: 1,
        })
    }

    fn user_with(&self, role: Role, users: &[UserId]) -> Option<UserId> {
        let people = self.company.people.iter();
        people.zip(users).find(|(person, _)| person.role == role).map(|(_, user)| *user)
    }
}

/// Hashing takes tens of milliseconds and the passwords are always the same, so a process that
/// starts many systems hashes each once.
fn password_hash(password: &'static str) -> Result<String> {
    static HASHES: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
    let mut hashes = crate::graph::lock(&HASHES);
    if let Some(hash) = hashes.get(password) {
        return Ok(hash.clone());
    }
    let salt = Derived { name: password, drawn: AtomicU64::new(0) };
    let hash = auth::password::hash(password, &salt)?;
    hashes.insert(password, hash.clone());
    Ok(hash)
}
