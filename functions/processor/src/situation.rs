//! What a decision looks at: who writes, where, and what is there.

use domain::project::{Member, Project, Task};
use domain::role::ProjectRole;
use domain::{Language, MessageId, ProjectId, Result, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{PageRequest, TenantStore};

use crate::decide::Named;

/// Tasks a message is matched against: the newest of its project.
const TASKS_MAX: usize = 200;
/// Members who may be told of an insight.
const MEMBERS_MAX: usize = 100;
/// Projects offered to choose from: WhatsApp lists hold ten rows.
const PROJECTS_MAX: usize = 10;

/// The state a decision is taken in. Records only: deciding reads nothing more.
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) now: Timestamp,
    /// The message being decided on: the proof of whatever follows from it.
    pub(crate) message: MessageId,
    pub(crate) language: Language,
    /// The record the bot has asked this contact about.
    pub(crate) awaited: Named,
    pub(crate) place: Place,
}

/// Where the sender stands.
#[derive(Debug)]
pub(crate) enum Place {
    /// The sender's phone is linked to nobody.
    Stranger,
    /// A user without a project.
    NoProject,
    /// A user of several projects who has not said which.
    Choose(Vec<(ProjectId, String)>),
    Site(Box<Site>),
}

/// A project, seen by one of its members.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) project: Project,
    pub(crate) zone: TimeZone,
    pub(crate) user: UserId,
    pub(crate) user_name: String,
    pub(crate) role: ProjectRole,
    /// Newest first.
    pub(crate) tasks: Vec<Task>,
    /// Who is told of insights, the sender left out.
    pub(crate) managers: Vec<UserId>,
}

impl Site {
    /// Today's date on the site.
    pub(crate) fn today(&self, now: Timestamp) -> Date {
        now.to_zoned(self.zone.clone()).date()
    }
}

/// The zone of a project; a name that is unknown here reads as UTC and is logged.
pub(crate) fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|_| {
        tracing::warn!(zone = name, "unknown time zone: dates are read as UTC");
        TimeZone::UTC
    })
}

/// Finds where a user stands. `wanted` is the project a tap names, else the one the conversation
/// is about; a wanted project the user is no member of is not entered.
pub(crate) async fn place_of(
    tenant: &TenantStore,
    user: Option<UserId>,
    wanted: Option<ProjectId>,
) -> Result<Place> {
    let Some(user) = user else { return Ok(Place::Stranger) };
    if let Some(project) = wanted
        && let Some(member) = tenant.member(project, user).await?
    {
        return enter(tenant, member).await;
    }
    let mut memberships = tenant.memberships(user, &PageRequest::first(PROJECTS_MAX)).await?.items;
    match memberships.len() {
        0 => Ok(Place::NoProject),
        1 => match memberships.pop() {
            Some(member) => enter(tenant, member).await,
            None => Ok(Place::NoProject),
        },
        _ => {
            let ids: Vec<_> = memberships.iter().map(|member| member.project).collect();
            let projects = tenant.projects_by_id(&ids).await?;
            Ok(Place::Choose(projects.into_iter().map(|p| (p.id, p.name)).collect()))
        }
    }
}

async fn enter(tenant: &TenantStore, member: Member) -> Result<Place> {
    let tasks_page = PageRequest::first(TASKS_MAX);
    let members_page = PageRequest::first(MEMBERS_MAX);
    let (project, tasks, members) = futures::future::try_join3(
        tenant.project(member.project),
        tenant.tasks(member.project, &tasks_page),
        tenant.members(member.project, &members_page),
    )
    .await?;
    let Some(project) = project else { return Ok(Place::NoProject) };
    let managers = members
        .items
        .iter()
        .filter(|other| other.role.manages() && other.user != member.user)
        .map(|other| other.user)
        .collect();
    Ok(Place::Site(Box::new(Site {
        zone: zone_of(&project.time_zone),
        project,
        user: member.user,
        user_name: member.name,
        role: member.role,
        tasks: tasks.items,
        managers,
    })))
}
