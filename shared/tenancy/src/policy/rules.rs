//! The table of actions.

use super::KeyScope::{
    CostsRead, MessagesRead, MessagesWrite, OrganizationRead, ProjectsRead, TasksRead,
};
use super::Reach::{Allow, Deny, Member, Own};
use super::{Action, KeyScope, Reach, Rule};

/// What an action without a rule gets.
pub(super) const NOTHING: Rule = rule(Action::OwnAccount, [Deny; 6]);

/// Nobody's role in a project matters.
const NO_PROJECT_ROLE: [bool; 10] = [false; 10];
/// Everybody in the project.
const EVERY_PROJECT_ROLE: [bool; 10] = [true; 10];

//                    owner  manager engineer foreman estimator buyer approver subcontr. client viewer
const SEES_COSTS: [bool; 10] = [true, true, true, false, true, true, true, false, false, false];
const CHANGES_TASKS: [bool; 10] =
    [true, true, true, true, false, false, false, false, false, false];
const CONFIRMS_COSTS: [bool; 10] =
    [true, true, true, true, false, true, false, false, false, false];
const REPORTS: [bool; 10] = [true, true, true, true, true, true, true, true, true, false];
const MANAGES: [bool; 10] = [true, true, false, false, false, false, false, false, false, false];

/// Every action there is.
///
/// Tenant roles, left to right: owner, admin, manager, agent, member, viewer.
pub const RULES: &[Rule] = &[
    rule(Action::OwnAccount, [Own; 6]),
    rule(Action::ReadOrganization, [Allow; 6]).key(OrganizationRead),
    rule(Action::ChangeOrganization, [Allow, Allow, Deny, Deny, Deny, Deny]).strict(),
    rule(Action::ManageChannels, [Allow, Allow, Deny, Deny, Deny, Deny]).strict().fresh(),
    rule(Action::ReadUsers, [Allow, Allow, Allow, Deny, Deny, Deny]),
    rule(Action::InviteUsers, [Allow, Allow, Deny, Deny, Deny, Deny]).strict(),
    rule(Action::ManageUsers, [Allow, Allow, Deny, Deny, Deny, Deny]).strict().fresh(),
    rule(Action::ReadKeys, [Allow, Allow, Allow, Deny, Deny, Deny]),
    rule(Action::ManageKeys, [Allow, Allow, Deny, Deny, Deny, Deny]).strict().fresh(),
    rule(Action::ReadAudit, [Allow, Allow, Deny, Deny, Deny, Deny]).strict(),
    rule(Action::ExportAudit, [Allow, Allow, Deny, Deny, Deny, Deny]).strict().fresh(),
    rule(Action::ReadPolicy, [Allow; 6]),
    rule(Action::ReadProjects, [Allow, Allow, Allow, Member, Member, Member])
        .within(EVERY_PROJECT_ROLE)
        .key(ProjectsRead),
    rule(Action::ReadTasks, [Allow, Allow, Allow, Member, Member, Member])
        .within(EVERY_PROJECT_ROLE)
        .key(TasksRead),
    rule(Action::ChangeTasks, [Allow, Allow, Allow, Member, Member, Deny]).within(CHANGES_TASKS),
    rule(Action::ReadCosts, [Allow, Allow, Allow, Member, Member, Member])
        .within(SEES_COSTS)
        .key(CostsRead),
    rule(Action::ConfirmCosts, [Allow, Allow, Allow, Member, Member, Deny])
        .within(CONFIRMS_COSTS)
        .strict(),
    rule(Action::ReportFromSite, [Allow, Allow, Allow, Member, Member, Deny]).within(REPORTS),
    rule(Action::ManageProject, [Allow, Allow, Allow, Member, Member, Deny]).within(MANAGES),
    rule(Action::ReadConversations, [Allow, Allow, Allow, Allow, Deny, Deny]).key(MessagesRead),
    rule(Action::AnswerConversations, [Allow, Allow, Allow, Allow, Deny, Deny]).key(MessagesWrite),
    rule(Action::ForceTakeovers, [Allow, Allow, Allow, Deny, Deny, Deny]),
    rule(Action::RepairPipeline, [Allow, Allow, Deny, Deny, Deny, Deny]),
];

const fn rule(action: Action, roles: [Reach; 6]) -> Rule {
    Rule {
        action,
        roles,
        project_roles: NO_PROJECT_ROLE,
        scope: None,
        needs_fresh_proof: false,
        reads_permissions: false,
    }
}

impl Rule {
    const fn within(self, project_roles: [bool; 10]) -> Self {
        Self { project_roles, ..self }
    }

    const fn key(self, scope: KeyScope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    const fn fresh(self) -> Self {
        Self { needs_fresh_proof: true, ..self }
    }

    const fn strict(self) -> Self {
        Self { reads_permissions: true, ..self }
    }
}
