//! Roles in the organisation and in a project. What they allow: `tenancy::policy`.

use serde::{Deserialize, Serialize};

/// A user's role in the organisation. Plans never authorise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantRole {
    Owner,
    Admin,
    Manager,
    Agent,
    Member,
    Viewer,
}

impl TenantRole {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Admin, Self::Manager, Self::Agent, Self::Member, Self::Viewer];

    /// The word used on the wire and in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Agent => "agent",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }
}

/// A member's role in one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectRole {
    Owner,
    Manager,
    Engineer,
    Foreman,
    Estimator,
    Buyer,
    Approver,
    Subcontractor,
    Client,
    Viewer,
}

impl ProjectRole {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::Manager,
        Self::Engineer,
        Self::Foreman,
        Self::Estimator,
        Self::Buyer,
        Self::Approver,
        Self::Subcontractor,
        Self::Client,
        Self::Viewer,
    ];

    /// The word used on the wire and in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Engineer => "engineer",
            Self::Foreman => "foreman",
            Self::Estimator => "estimator",
            Self::Buyer => "buyer",
            Self::Approver => "approver",
            Self::Subcontractor => "subcontractor",
            Self::Client => "client",
            Self::Viewer => "viewer",
        }
    }
}
