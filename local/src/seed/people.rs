//! The shape of the two companies.

use domain::project::{CostStatus, Priority, TaskStatus};
use domain::role::{ProjectRole, TenantRole};
use domain::{Currency, Language};

use super::{arabic, english};

/// The companies, in the order they are shown.
pub const COMPANIES: &[Company] = &[english::COMPANY, arabic::COMPANY];

/// A number nobody has linked: it may write to either company.
pub const UNKNOWN_CALLER: Person = Person {
    name: "Unknown caller",
    title: "Not in any project",
    phone: "+447700900123",
    language: Language::En,
    role: Role { tenant: TenantRole::Viewer, project: ProjectRole::Viewer },
    login: None,
};

/// An organisation with one WhatsApp number and one project.
#[derive(Debug)]
pub struct Company {
    /// Part of what its ids are derived from.
    pub key: &'static str,
    pub name: &'static str,
    pub language: Language,
    pub time_zone: &'static str,
    pub currency: Currency,
    pub phone_number_id: &'static str,
    pub display_phone: &'static str,
    pub people: &'static [Person],
    pub project: &'static str,
    pub budget: i64,
    pub tasks: &'static [PlannedTask],
    pub costs: &'static [PlannedCost],
}

/// A member of the project.
#[derive(Debug)]
pub struct Person {
    pub name: &'static str,
    /// What they do, in their language.
    pub title: &'static str,
    pub phone: &'static str,
    pub language: Language,
    pub role: Role,
    pub login: Option<Login>,
}

/// How somebody signs in to the API.
#[derive(Debug)]
pub struct Login {
    pub email: &'static str,
    pub password: &'static str,
}

/// What somebody may do in the organisation and in its project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role {
    pub tenant: TenantRole,
    pub project: ProjectRole,
}

impl Role {
    pub(super) const OWNER: Self = Self { tenant: TenantRole::Owner, project: ProjectRole::Owner };
    pub(super) const MANAGER: Self =
        Self { tenant: TenantRole::Manager, project: ProjectRole::Manager };
    pub(super) const ENGINEER: Self =
        Self { tenant: TenantRole::Member, project: ProjectRole::Engineer };
    pub(super) const FOREMAN: Self =
        Self { tenant: TenantRole::Member, project: ProjectRole::Foreman };
    pub(super) const OFFICE: Self = Self { tenant: TenantRole::Agent, project: ProjectRole::Buyer };
}

#[derive(Debug)]
pub struct PlannedTask {
    pub title: &'static str,
    pub status: TaskStatus,
    pub priority: Priority,
    /// Percent.
    pub progress: u8,
    pub due_in_days: i64,
    pub location: Option<&'static str>,
    pub assignee: Role,
}

#[derive(Debug)]
pub struct PlannedCost {
    pub description: &'static str,
    /// Whole units of the company's currency.
    pub amount: i64,
    pub status: CostStatus,
    pub days_ago: i64,
}
