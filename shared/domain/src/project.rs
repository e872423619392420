//! Projects and what happens in them.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{CostId, InsightId, MessageId, ProjectId, TaskId, UserId};
use crate::money::{Currency, Money};
use crate::role::ProjectRole;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    Planning,
    Active,
    OnHold,
    Completed,
    Cancelled,
    Archived,
}

/// A project and its running totals, which equal a recount of its tasks and costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub status: ProjectStatus,
    pub currency: Currency,
    /// IANA name; plan dates are wall-clock dates of this zone.
    pub time_zone: String,
    /// Total budget in the project's currency.
    pub budget: Decimal,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Tasks that are not cancelled.
    pub tasks_total: u64,
    pub tasks_done: u64,
    /// Sum of confirmed costs, in minor units of the project's currency (fils, cents): an integer,
    /// so that the store adds to it exactly.
    pub cost_confirmed_minor: i64,
    pub insights_open: u64,
}

impl Project {
    /// Sum of confirmed costs.
    pub fn cost_confirmed(&self) -> Decimal {
        Decimal::new(self.cost_confirmed_minor, self.currency.minor_digits())
    }
}

/// A user's membership of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub project: ProjectId,
    pub user: UserId,
    pub name: String,
    pub role: ProjectRole,
    pub added_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    NotStarted,
    InProgress,
    Blocked,
    #[serde(alias = "completed")]
    Done,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    Medium,
    High,
    Critical,
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub project: ProjectId,
    pub title: String,
    pub status: TaskStatus,
    pub priority: Priority,
    /// 0 to 100.
    pub progress: u8,
    /// Wall-clock date of the project's zone.
    pub due_on: Option<Date>,
    pub assignee: Option<UserId>,
    /// As written: `block C, roof`.
    pub location: Option<String>,
    pub created_by: Option<UserId>,
    /// The message that caused it: the proof.
    pub source: Option<MessageId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Raised by every change; guards the next and is the `ETag`.
    pub version: u64,
    /// What the last chat-made change replaced, so that it can be undone once.
    #[serde(default)]
    pub undo: Option<TaskUndo>,
}

/// The part of a task that a chat message may change, as it stood before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskUndo {
    pub status: TaskStatus,
    pub progress: u8,
    /// The version this undo takes back; undoing a later state is refused.
    pub of_version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostStatus {
    Proposed,
    Confirmed,
    Rejected,
}

/// Money spent, as reported. Counts only once a person has said yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub id: CostId,
    pub project: ProjectId,
    pub description: String,
    pub money: Money,
    pub status: CostStatus,
    /// Wall-clock date of the project's zone.
    pub spent_on: Date,
    pub reported_by: Option<UserId>,
    pub decided_by: Option<UserId>,
    pub source: Option<MessageId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightKind {
    /// R3: `issue_report` → `create_risk_alert`.
    RiskAlert,
    /// Somebody hurt, or nearly.
    Safety,
    /// Costs beyond what was planned.
    CostOverrun,
    Delay,
}

/// Something the project manager should know, with the message that says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insight {
    pub id: InsightId,
    pub project: ProjectId,
    pub kind: InsightKind,
    pub priority: Priority,
    pub summary: String,
    pub reported_by: Option<UserId>,
    pub source: MessageId,
    pub created_at: Timestamp,
}
