//! What our buttons and list rows say when they come back.
//!
//! A tap is data from a chat like any other: it names records, and whoever carries it out checks
//! that the sender may touch them.

use std::fmt;
use std::str::FromStr;

use domain::{CostId, MessageId, ProjectId, TaskId};
use language::Intent;

/// A tap on something we offered. Text form: words and ids parted by `/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tap {
    ConfirmCost {
        project: ProjectId,
        cost: CostId,
    },
    EditCost {
        project: ProjectId,
        cost: CostId,
    },
    RejectCost {
        project: ProjectId,
        cost: CostId,
    },
    /// Undo of a task's creation.
    CancelTask {
        project: ProjectId,
        task: TaskId,
    },
    /// Undo of the change that made `version`.
    UndoTask {
        project: ProjectId,
        task: TaskId,
        version: u64,
    },
    ChangeTask {
        project: ProjectId,
        task: TaskId,
        change: TaskChange,
    },
    PickProject {
        project: ProjectId,
    },
    /// The sender says what an earlier message of theirs meant.
    Meant {
        intent: Intent,
        message: MessageId,
    },
}

/// What a message says of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskChange {
    Done,
    Blocked,
    /// Percent, 0 to 100.
    Progress(u8),
}

impl Tap {
    /// The project a tap names.
    pub(crate) fn project(self) -> Option<ProjectId> {
        match self {
            Self::ConfirmCost { project, .. }
            | Self::EditCost { project, .. }
            | Self::RejectCost { project, .. }
            | Self::CancelTask { project, .. }
            | Self::UndoTask { project, .. }
            | Self::ChangeTask { project, .. }
            | Self::PickProject { project } => Some(project),
            Self::Meant { .. } => None,
        }
    }
}

impl fmt::Display for TaskChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Blocked => f.write_str("blocked"),
            Self::Progress(percent) => write!(f, "{percent}"),
        }
    }
}

impl fmt::Display for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConfirmCost { project, cost } => write!(f, "cost.confirm/{project}/{cost}"),
            Self::EditCost { project, cost } => write!(f, "cost.edit/{project}/{cost}"),
            Self::RejectCost { project, cost } => write!(f, "cost.reject/{project}/{cost}"),
            Self::CancelTask { project, task } => write!(f, "task.cancel/{project}/{task}"),
            Self::UndoTask { project, task, version } => {
                write!(f, "task.undo/{project}/{task}/{version}")
            }
            Self::ChangeTask { project, task, change } => {
                write!(f, "task.change/{project}/{task}/{change}")
            }
            Self::PickProject { project } => write!(f, "project.pick/{project}"),
            Self::Meant { intent, message } => write!(f, "meant/{intent}/{message}"),
        }
    }
}

/// The text is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotATap;

impl FromStr for Tap {
    type Err = NotATap;

    fn from_str(text: &str) -> Result<Self, NotATap> {
        let mut parts = text.split('/');
        let verb = parts.next().ok_or(NotATap)?;
        let tap = match verb {
            "cost.confirm" => Self::ConfirmCost { project: id(&mut parts)?, cost: id(&mut parts)? },
            "cost.edit" => Self::EditCost { project: id(&mut parts)?, cost: id(&mut parts)? },
            "cost.reject" => Self::RejectCost { project: id(&mut parts)?, cost: id(&mut parts)? },
            "task.cancel" => Self::CancelTask { project: id(&mut parts)?, task: id(&mut parts)? },
            "task.undo" => Self::UndoTask {
                project: id(&mut parts)?,
                task: id(&mut parts)?,
                version: id(&mut parts)?,
            },
            "task.change" => Self::ChangeTask {
                project: id(&mut parts)?,
                task: id(&mut parts)?,
                change: change(parts.next())?,
            },
            "project.pick" => Self::PickProject { project: id(&mut parts)? },
            "meant" => Self::Meant { intent: intent(parts.next())?, message: id(&mut parts)? },
            _ => return Err(NotATap),
        };
        if parts.next().is_some() { Err(NotATap) } else { Ok(tap) }
    }
}

fn id<'a, T: FromStr>(parts: &mut impl Iterator<Item = &'a str>) -> Result<T, NotATap> {
    parts.next().and_then(|part| part.parse().ok()).ok_or(NotATap)
}

fn intent(name: Option<&str>) -> Result<Intent, NotATap> {
    Intent::ALL.into_iter().find(|intent| Some(intent.name()) == name).ok_or(NotATap)
}

fn change(text: Option<&str>) -> Result<TaskChange, NotATap> {
    match text {
        Some("done") => Ok(TaskChange::Done),
        Some("blocked") => Ok(TaskChange::Blocked),
        Some(percent) => match percent.parse() {
            Ok(percent @ 0..=100) => Ok(TaskChange::Progress(percent)),
            _ => Err(NotATap),
        },
        None => Err(NotATap),
    }
}

#[cfg(test)]
mod tests {
    use domain::{CostId, MessageId, ProjectId, TaskId};
    use language::Intent;
    use uuid::Uuid;

    use super::{NotATap, Tap, TaskChange};

    #[test]
    fn every_tap_reads_back_as_it_was_written() {
        let project = ProjectId::from_uuid(Uuid::from_u128(1));
        let cost = CostId::from_uuid(Uuid::from_u128(2));
        let task = TaskId::from_uuid(Uuid::from_u128(3));
        let message = MessageId::from_uuid(Uuid::from_u128(4));
        for tap in [
            Tap::ConfirmCost { project, cost },
            Tap::EditCost { project, cost },
            Tap::RejectCost { project, cost },
            Tap::CancelTask { project, task },
            Tap::UndoTask { project, task, version: 7 },
            Tap::ChangeTask { project, task, change: TaskChange::Done },
            Tap::ChangeTask { project, task, change: TaskChange::Blocked },
            Tap::ChangeTask { project, task, change: TaskChange::Progress(60) },
            Tap::PickProject { project },
            Tap::Meant { intent: Intent::IssueReport, message },
        ] {
            let text = tap.to_string();
            assert!(text.len() <= 200, "WhatsApp cuts a row's id at 200: {text}");
            assert_eq!(text.parse(), Ok(tap));
        }
        for text in ["", "yes", "cost.confirm", "task.change/x/y/101", "project.pick/prj_1/more"] {
            assert_eq!(text.parse::<Tap>(), Err(NotATap), "{text}");
        }
    }
}
