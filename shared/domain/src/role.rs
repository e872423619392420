//! Who may do what: roles in the tenant and in a project.

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
    /// Whether the role reads every project, or only those it is a member of.
    pub fn reads_every_project(self) -> bool {
        matches!(self, Self::Owner | Self::Admin | Self::Manager)
    }

    /// Whether the role reads and answers conversations.
    pub fn handles_conversations(self) -> bool {
        matches!(self, Self::Owner | Self::Admin | Self::Manager | Self::Agent)
    }

    /// Whether the role may take a conversation out of another agent's hands at once.
    pub fn forces_takeovers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin | Self::Manager)
    }

    /// Whether the role repairs the pipeline: lists and replays quarantined messages.
    pub fn operates(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
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
    /// Whether a message of this member may create or change a task at once (with undo).
    pub fn changes_tasks(self) -> bool {
        matches!(self, Self::Owner | Self::Manager | Self::Engineer | Self::Foreman)
    }

    /// Whether this member's yes makes a proposed cost real.
    pub fn confirms_costs(self) -> bool {
        matches!(self, Self::Owner | Self::Manager | Self::Engineer | Self::Foreman | Self::Buyer)
    }

    /// Whether this member may report what the project manager should hear of.
    pub fn reports(self) -> bool {
        !matches!(self, Self::Viewer)
    }

    /// Whether this member is told of issues and asked for decisions.
    pub fn manages(self) -> bool {
        matches!(self, Self::Owner | Self::Manager)
    }
}
