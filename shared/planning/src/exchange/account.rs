//! What became of each row of a file, and why a file could not be read.

use serde::{Deserialize, Serialize};

use super::MOST_BYTES;
use crate::network::PlanError;

/// Rows that were not taken as they stand. What is not listed was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Rows or elements that became activities, links, calendars and projects.
    pub taken: usize,
    pub notes: Vec<Note>,
}

/// A row, or a run of rows of one kind, that was skipped or altered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// From 1. Of a run of rows, the first.
    pub line: usize,
    /// How many rows it stands for.
    pub rows: usize,
    /// Table, element or column.
    pub field: String,
    /// What the row is about: an activity code, an id, a table.
    pub subject: String,
    pub outcome: Outcome,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Skipped,
    Altered,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("the file has {bytes} bytes; {MOST_BYTES} are read")]
    TooLarge { bytes: usize },
    #[error("this is not {expected}: {reason}")]
    WrongFormat { expected: &'static str, reason: String },
    #[error("line {line}, {field}: {reason}")]
    Malformed { line: usize, field: String, reason: String },
    #[error("line {line}: more than {most} {what}")]
    Limit { line: usize, what: &'static str, most: usize },
    #[error("the plan in the file cannot be scheduled: {0}")]
    Plan(#[from] PlanError),
}

impl ImportError {
    pub(super) fn malformed(
        line: usize,
        field: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self::Malformed { line, field: field.into(), reason: reason.into() }
    }
}

impl Account {
    pub(super) fn skipped(
        &mut self,
        line: usize,
        field: &str,
        subject: &str,
        reason: impl Into<String>,
    ) {
        let outcome = Outcome::Skipped;
        let (field, subject, reason) = (field.to_owned(), subject.to_owned(), reason.into());
        self.notes.push(Note { line, rows: 1, field, subject, outcome, reason });
    }

    pub(super) fn altered(
        &mut self,
        line: usize,
        field: &str,
        subject: &str,
        reason: impl Into<String>,
    ) {
        let outcome = Outcome::Altered;
        let (field, subject, reason) = (field.to_owned(), subject.to_owned(), reason.into());
        self.notes.push(Note { line, rows: 1, field, subject, outcome, reason });
    }

    /// Rows of a kind that a plan has no place for, listed together.
    pub(super) fn skipped_rows(&mut self, line: usize, rows: usize, kind: &str) {
        self.notes.push(Note {
            line,
            rows,
            field: kind.to_owned(),
            subject: kind.to_owned(),
            outcome: Outcome::Skipped,
            reason: "a plan has no place for this".to_owned(),
        });
    }
}
