//! The organisation that is written to.

use anyhow::{Result, ensure};
use domain::project::{Member, Priority, Project, ProjectStatus, Task, TaskStatus};
use domain::role::{ProjectRole, TenantRole};
use domain::tenant::{Channel, ChannelStatus, NumberProfile, User, UserStatus};
use domain::{ChannelId, Clock, Currency, Language, ProjectId, TaskId, UserId};
use jiff::Timestamp;
use rust_decimal::Decimal;
use store::{Store, TenantStore, Transaction};
use telemetry::SystemIds;
use tenancy::{Routed, TenantScope};

use crate::meta::NUMBER;

/// How large it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) projects: usize,
    /// Of each project: one manager, then foremen.
    pub(crate) members: usize,
    /// Of each project.
    pub(crate) tasks: usize,
}

/// The number of a person, as Meta writes it; below `projects × members` it is a member's.
pub(crate) fn phone(person: usize) -> String {
    format!("97150{:07}", 1_110_000 + person)
}

/// Writes it; returns the channel.
pub(crate) async fn write(store: &Store, clock: &dyn Clock, seed: &Seed) -> Result<ChannelId> {
    let now = clock.now();
    let scope = TenantScope::found(clock, &SystemIds);
    let tenant = store.for_tenant(&scope);
    let channel = ChannelId::mint(&SystemIds, now);
    let mut transaction = tenant.transaction();
    transaction.insert_tenant(&testkit::tenant(&scope, "Gulf Horizon Contracting", now));
    transaction.insert_channel(&Channel {
        id: channel,
        phone_number_id: NUMBER.to_owned(),
        display_phone: "+971 4 555 0100".to_owned(),
        status: ChannelStatus::Connected,
        profile: NumberProfile::default(),
        created_at: now,
        version: 1,
    });
    commit(&tenant, transaction).await?;
    for place in 0..seed.projects {
        write_project(&tenant, seed, place, now).await?;
    }
    let routed = Routed::of_channel(&scope, channel);
    store.directory().route(&scope, NUMBER, routed).await?;
    Ok(channel)
}

async fn write_project(
    tenant: &TenantStore,
    seed: &Seed,
    place: usize,
    now: Timestamp,
) -> Result<()> {
    let id = ProjectId::mint(&SystemIds, now);
    let mut transaction = tenant.transaction();
    transaction.insert_project(&Project {
        id,
        name: format!("Marina Heights Tower {place}"),
        status: ProjectStatus::Active,
        currency: Currency::AED,
        time_zone: "Asia/Dubai".to_owned(),
        budget: Decimal::from(12_500_000),
        starts_on: None,
        ends_on: None,
        created_at: now,
        updated_at: now,
        tasks_total: u64::try_from(seed.tasks)?,
        tasks_done: 0,
        cost_confirmed_minor: 0,
        insights_open: 0,
    });
    for member in 0..seed.members {
        let user = UserId::mint(&SystemIds, now);
        let number = phone(place * seed.members + member);
        let role = if member == 0 { ProjectRole::Manager } else { ProjectRole::Foreman };
        let name = format!("Omar Haddad {member}");
        transaction.insert_user(&User {
            id: user,
            email: format!("{number}@phone.example").parse()?,
            name: name.clone(),
            role: TenantRole::Member,
            status: UserStatus::Active,
            language: Language::En,
            phone: Some(format!("+{number}").parse()?),
            password_hash: "!".to_owned(),
            permission_version: 1,
            created_at: now,
            version: 1,
        });
        transaction.insert_member(&Member { project: id, user, name, role, added_at: now });
    }
    commit(tenant, transaction).await?;
    let tasks: Vec<usize> = (0..seed.tasks).collect();
    for chunk in tasks.chunks(50) {
        let mut transaction = tenant.transaction();
        for number in chunk {
            transaction.insert_task(&task(id, *number, now));
        }
        commit(tenant, transaction).await?;
    }
    Ok(())
}

fn task(project: ProjectId, number: usize, now: Timestamp) -> Task {
    Task {
        id: TaskId::mint(&SystemIds, now),
        project,
        title: format!("Install the fire doors of corridor {number}"),
        status: TaskStatus::InProgress,
        priority: Priority::Medium,
        progress: 40,
        due_on: None,
        assignee: None,
        location: Some("level 3".to_owned()),
        created_by: None,
        source: None,
        created_at: now,
        updated_at: now,
        version: 1,
        undo: None,
    }
}

async fn commit(tenant: &TenantStore, transaction: Transaction) -> Result<()> {
    ensure!(tenant.commit_once(transaction).await?, "the organisation is there already");
    Ok(())
}
