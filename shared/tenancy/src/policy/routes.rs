//! The table of routes.

use super::Action;

/// Who gets through to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Callers who may do this.
    To(Action),
}

/// How often a route may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Sixty a minute and caller.
    Usual,
    /// Messages to people: thirty a minute and caller.
    Messages,
    /// Where credentials are tried: ten a minute and address.
    Credentials,
    /// Exports: five an hour and caller.
    Exports,
    /// Not counted: a load balancer asks, or the answer is kept by caches.
    Free,
}

/// One route of the HTTP API.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// In capitals.
    pub method: &'static str,
    /// As the router writes it.
    pub path: &'static str,
    pub access: Access,
    pub budget: Budget,
    /// Makes something new each time: takes an `Idempotency-Key`.
    pub creates: bool,
}

/// Every route, but for Meta's webhook, which has no callers.
pub const ROUTES: &[Route] = &[
    public("GET", "/health").free(),
    public("GET", "/health/ready").free(),
    public("GET", "/.well-known/jwks.json").free(),
    // Signing in and out.
    public("POST", "/api/v1/auth/login").counted(Budget::Credentials),
    public("POST", "/api/v1/auth/2fa/verify").counted(Budget::Credentials),
    public("POST", "/api/v1/auth/refresh").counted(Budget::Credentials),
    own("POST", "/api/v1/auth/logout"),
    own("POST", "/api/v1/auth/logout-all"),
    own("GET", "/api/v1/auth/me"),
    own("POST", "/api/v1/auth/step-up").counted(Budget::Credentials),
    own("GET", "/api/v1/auth/sessions"),
    own("DELETE", "/api/v1/auth/sessions/{session_id}"),
    own("POST", "/api/v1/auth/2fa/enroll"),
    own("POST", "/api/v1/auth/2fa/confirm").counted(Budget::Credentials),
    own("POST", "/api/v1/auth/2fa/disable").counted(Budget::Credentials),
    own("POST", "/api/v1/auth/2fa/recovery-codes").counted(Budget::Credentials),
    own("POST", "/api/v1/auth/password/change").counted(Budget::Credentials),
    public("POST", "/api/v1/auth/password/forgot").counted(Budget::Credentials),
    public("POST", "/api/v1/auth/password/reset").counted(Budget::Credentials),
    public("POST", "/api/v1/auth/email/verify").counted(Budget::Credentials),
    to(Action::InviteUsers, "POST", "/api/v1/auth/register").creating(),
    public("POST", "/api/v1/auth/invitations/accept").counted(Budget::Credentials),
    // The organisation.
    public("POST", "/api/v1/organizations").counted(Budget::Credentials).creating(),
    to(Action::ReadOrganization, "GET", "/api/v1/organization"),
    to(Action::ChangeOrganization, "PATCH", "/api/v1/organization"),
    to(Action::ReadOrganization, "GET", "/api/v1/organization/channels"),
    to(Action::ManageChannels, "POST", "/api/v1/organization/channels").creating(),
    to(Action::ManageChannels, "POST", "/api/v1/organization/channels/{channel_id}/verify"),
    to(Action::ManageChannels, "POST", "/api/v1/organization/channels/{channel_id}/rotate-token"),
    to(Action::ManageChannels, "DELETE", "/api/v1/organization/channels/{channel_id}"),
    to(Action::ReadUsers, "GET", "/api/v1/users"),
    to(Action::ReadUsers, "GET", "/api/v1/users/{user_id}"),
    to(Action::ManageUsers, "PATCH", "/api/v1/users/{user_id}"),
    to(Action::ManageUsers, "POST", "/api/v1/users/{user_id}/deactivate"),
    own("POST", "/api/v1/users/me/phone").counted(Budget::Credentials),
    own("POST", "/api/v1/users/me/phone/verify").counted(Budget::Credentials),
    own("DELETE", "/api/v1/users/me/phone"),
    to(Action::ReadKeys, "GET", "/api/v1/api-keys"),
    to(Action::ManageKeys, "POST", "/api/v1/api-keys").creating(),
    to(Action::ManageKeys, "POST", "/api/v1/api-keys/{key_id}/rotate").creating(),
    // Shows a key once: what is answered must be kept nowhere, so a repetition is refused.
    to(Action::ManageKeys, "POST", "/api/v1/api-keys/{key_id}/reveal"),
    to(Action::ManageKeys, "DELETE", "/api/v1/api-keys/{key_id}"),
    to(Action::ReadAudit, "GET", "/api/v1/audit-log"),
    to(Action::ReadAudit, "GET", "/api/v1/audit-log/verify"),
    to(Action::ExportAudit, "GET", "/api/v1/audit-log/export").counted(Budget::Exports),
    to(Action::ReadPolicy, "GET", "/api/v1/policy"),
    // Projects.
    to(Action::ReadProjects, "GET", "/api/v1/projects"),
    to(Action::ReadProjects, "GET", "/api/v1/projects/{project_id}"),
    to(Action::ReadProjects, "GET", "/api/v1/projects/{project_id}/members"),
    to(Action::ReadProjects, "GET", "/api/v1/projects/{project_id}/insights"),
    to(Action::ReadTasks, "GET", "/api/v1/projects/{project_id}/tasks"),
    to(Action::ReadCosts, "GET", "/api/v1/projects/{project_id}/costs"),
    // Conversations.
    to(Action::ReadConversations, "GET", "/api/v1/conversations"),
    to(Action::ReadConversations, "GET", "/api/v1/conversations/{conversation_id}"),
    to(Action::ReadConversations, "GET", "/api/v1/conversations/{conversation_id}/messages"),
    to(Action::AnswerConversations, "POST", "/api/v1/conversations/{conversation_id}/messages")
        .counted(Budget::Messages)
        .creating(),
    to(Action::AnswerConversations, "POST", "/api/v1/conversations/{conversation_id}/takeover"),
    to(Action::AnswerConversations, "POST", "/api/v1/conversations/{conversation_id}/release"),
    to(Action::RepairPipeline, "GET", "/api/v1/quarantine"),
    to(Action::RepairPipeline, "POST", "/api/v1/quarantine/{quarantine_id}/replay"),
];

const fn public(method: &'static str, path: &'static str) -> Route {
    Route { method, path, access: Access::Public, budget: Budget::Usual, creates: false }
}

const fn own(method: &'static str, path: &'static str) -> Route {
    to(Action::OwnAccount, method, path)
}

const fn to(action: Action, method: &'static str, path: &'static str) -> Route {
    Route { method, path, access: Access::To(action), budget: Budget::Usual, creates: false }
}

impl Route {
    const fn counted(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    const fn free(self) -> Self {
        self.counted(Budget::Free)
    }

    const fn creating(self) -> Self {
        Self { creates: true, ..self }
    }
}
