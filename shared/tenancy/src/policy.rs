//! Who may do what: one table of actions, one of routes.
//!
//! The gate of the HTTP API, the rules of the chat, the documentation (`docs/policy.md`) and the
//! probes of the tests are all made from these two tables. What is not in them is refused.

use domain::role::{ProjectRole, TenantRole};

mod routes;
mod rules;

pub use routes::{Access, Budget, ROUTES, Route};
pub use rules::RULES;

/// Something that a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// One's own account: password, second factor, sessions.
    OwnAccount,
    ReadOrganization,
    ChangeOrganization,
    ManageChannels,
    ReadUsers,
    InviteUsers,
    ManageUsers,
    ReadKeys,
    ManageKeys,
    ReadAudit,
    ExportAudit,
    ReadPolicy,
    ReadProjects,
    ReadTasks,
    ChangeTasks,
    ReadCosts,
    ConfirmCosts,
    ReportFromSite,
    /// Being told of issues and asked for decisions.
    ManageProject,
    ReadConversations,
    AnswerConversations,
    /// Taking a conversation out of another agent's hands at once.
    ForceTakeovers,
    /// Listing and replaying quarantined events.
    RepairPipeline,
}

impl Action {
    /// The word used in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnAccount => "own_account",
            Self::ReadOrganization => "read_organization",
            Self::ChangeOrganization => "change_organization",
            Self::ManageChannels => "manage_channels",
            Self::ReadUsers => "read_users",
            Self::InviteUsers => "invite_users",
            Self::ManageUsers => "manage_users",
            Self::ReadKeys => "read_keys",
            Self::ManageKeys => "manage_keys",
            Self::ReadAudit => "read_audit",
            Self::ExportAudit => "export_audit",
            Self::ReadPolicy => "read_policy",
            Self::ReadProjects => "read_projects",
            Self::ReadTasks => "read_tasks",
            Self::ChangeTasks => "change_tasks",
            Self::ReadCosts => "read_costs",
            Self::ConfirmCosts => "confirm_costs",
            Self::ReportFromSite => "report_from_site",
            Self::ManageProject => "manage_project",
            Self::ReadConversations => "read_conversations",
            Self::AnswerConversations => "answer_conversations",
            Self::ForceTakeovers => "force_takeovers",
            Self::RepairPipeline => "repair_pipeline",
        }
    }
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    Deny,
    /// What is the caller's own.
    Own,
    /// In projects the caller is a member of, as far as the role there allows.
    Member,
    /// Everywhere in the organisation.
    Allow,
}

impl Reach {
    /// The word used in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Own => "own",
            Self::Member => "member",
            Self::Allow => "allow",
        }
    }
}

/// What an API key can be given.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum KeyScope {
    #[serde(rename = "organization:read")]
    OrganizationRead,
    #[serde(rename = "projects:read")]
    ProjectsRead,
    #[serde(rename = "tasks:read")]
    TasksRead,
    #[serde(rename = "costs:read")]
    CostsRead,
    #[serde(rename = "messages:read")]
    MessagesRead,
    #[serde(rename = "messages:write")]
    MessagesWrite,
}

impl KeyScope {
    pub const ALL: [Self; 6] = [
        Self::OrganizationRead,
        Self::ProjectsRead,
        Self::TasksRead,
        Self::CostsRead,
        Self::MessagesRead,
        Self::MessagesWrite,
    ];

    /// The word used in documents and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrganizationRead => "organization:read",
            Self::ProjectsRead => "projects:read",
            Self::TasksRead => "tasks:read",
            Self::CostsRead => "costs:read",
            Self::MessagesRead => "messages:read",
            Self::MessagesWrite => "messages:write",
        }
    }
}

impl std::str::FromStr for KeyScope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(UnknownScope)
    }
}

/// The text names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such scope")]
pub struct UnknownScope;

/// What the table says of one action.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub action: Action,
    /// In the order of [`TenantRole::ALL`].
    pub roles: [Reach; 6],
    /// In the order of [`ProjectRole::ALL`]: what a member of a project may do there, from the
    /// chat too.
    pub project_roles: [bool; 10],
    /// The scope an API key needs; without one no key may.
    pub scope: Option<KeyScope>,
    /// The caller must have proved who they are within the last five minutes.
    pub needs_fresh_proof: bool,
    /// The caller's permissions are read anew instead of being believed for a minute.
    pub reads_permissions: bool,
}

/// The rule of an action.
pub fn rule(action: Action) -> &'static Rule {
    // Every action has one: a test counts them.
    RULES.iter().find(|rule| rule.action == action).unwrap_or(&rules::NOTHING)
}

/// How far a role of the organisation may go.
pub fn reach(role: TenantRole, action: Action) -> Reach {
    let place = TenantRole::ALL.iter().position(|known| *known == role);
    place.and_then(|place| rule(action).roles.get(place).copied()).unwrap_or(Reach::Deny)
}

/// Whether a role of the organisation may do anything of what a scope opens.
pub fn grants(role: TenantRole, scope: KeyScope) -> bool {
    RULES
        .iter()
        .filter(|rule| rule.scope == Some(scope))
        .any(|rule| reach(role, rule.action) != Reach::Deny)
}

/// Whether a role in a project allows an action there.
pub fn allows_in_project(role: ProjectRole, action: Action) -> bool {
    let place = ProjectRole::ALL.iter().position(|known| *known == role);
    place.and_then(|place| rule(action).project_roles.get(place).copied()).unwrap_or(false)
}

/// The row of a route, by method in capitals and path as the router writes it.
pub fn route(method: &str, path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.method == method && route.path == path)
}

#[cfg(test)]
mod tests;
