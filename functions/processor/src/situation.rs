//! What a decision looks at: who writes, where, and what is there.

use domain::project::{Member, Project, Task};
use domain::role::ProjectRole;
use domain::{Language, MessageId, ProjectId, Result, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use language::Intent;
use store::{PageRequest, TenantStore};
use tenancy::policy::{self, Action};

use crate::decide::Named;

/// Tasks a message is matched against: the newest of its project.
const TASKS_MAX: usize = 200;
/// Members who may be told of an insight.
const MEMBERS_MAX: usize = 100;
/// Projects offered to choose from: WhatsApp lists hold ten rows.
const PROJECTS_MAX: usize = 10;

/// What is matched against tasks or answered from them.
const ABOUT_TASKS: [Intent; 6] = [
    Intent::TaskComplete,
    Intent::TaskProgress,
    Intent::TaskBlocked,
    Intent::StatusRequest,
    Intent::TaskQuery,
    Intent::ScheduleQuery,
];
/// What managers are told of.
const REPORTED: [Intent; 4] =
    [Intent::IssueReport, Intent::SafetyReport, Intent::CostOverrun, Intent::TaskFailed];

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
    /// Newest first; read for what concerns tasks, see [`Place::prepare`].
    pub(crate) tasks: Vec<Task>,
    /// Who is told of insights, the sender left out; read for what is reported.
    pub(crate) managers: Vec<UserId>,
}

impl Site {
    /// Whether the sender's role in the project allows an action there.
    pub(crate) fn may(&self, action: Action) -> bool {
        policy::allows_in_project(self.role, action)
    }
}

impl Place {
    /// Reads what deciding on an intent takes.
    pub(crate) async fn prepare(&mut self, tenant: &TenantStore, intent: Intent) -> Result<()> {
        let Self::Site(site) = self else { return Ok(()) };
        let project = site.project.id;
        if ABOUT_TASKS.contains(&intent) {
            site.tasks = tenant.tasks(project, &PageRequest::first(TASKS_MAX)).await?.items;
        }
        if REPORTED.contains(&intent) {
            let members = tenant.members(project, &PageRequest::first(MEMBERS_MAX)).await?.items;
            let managers = members.iter().filter(|m| {
                policy::allows_in_project(m.role, Action::ManageProject) && m.user != site.user
            });
            site.managers = managers.map(|member| member.user).collect();
        }
        Ok(())
    }
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
    let Some(project) = tenant.project(member.project).await? else {
        return Ok(Place::NoProject);
    };
    Ok(Place::Site(Box::new(Site {
        zone: zone_of(&project.time_zone),
        project,
        user: member.user,
        user_name: member.name,
        role: member.role,
        tasks: Vec::new(),
        managers: Vec::new(),
    })))
}
