//! The answer: what one message means.

use std::fmt;

use domain::{Currency, Language};
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is known about the writer before reading. Used only where the text leaves a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// The language assumed for a message without words.
    pub language: Option<Language>,
    /// The currency of a bare amount, and of a name several currencies share ("dinar").
    pub currency: Option<Currency>,
    /// Names of people who may be meant, such as the members. Of this and the lists below the
    /// first hundred are looked at.
    pub people: Vec<String>,
    /// Titles of the tasks that may be meant.
    pub tasks: Vec<String>,
    /// Names of the projects that may be meant.
    pub projects: Vec<String>,
    /// Names of the suppliers that may be meant.
    pub suppliers: Vec<String>,
}

/// What one message means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    pub language: Language,
    /// The message as [`fold`](crate::fold) gives it: for searching, never for showing.
    pub folded: String,
    /// The best three, those with at least a hundredth of a chance, and always `other`;
    /// confidences fall. Empty only if a stored one was.
    pub intents: Vec<RankedIntent>,
    /// The parts of the message that speak of different matters, in its order; one at least.
    /// The intents of the whole weigh them: danger before trouble before money before work.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// In the order of the text.
    pub entities: Vec<Entity>,
    pub sentiment: Sentiment,
    pub urgency: Urgency,
}

impl Understanding {
    /// The best intent; `other` without confidence if a stored understanding lists none.
    pub fn top(&self) -> RankedIntent {
        let nothing =
            || RankedIntent { intent: Intent::Other, confidence: 0.0, because: Vec::new() };
        self.intents.first().cloned().unwrap_or_else(nothing)
    }

    /// The first due or mentioned day.
    pub fn date(&self) -> Option<Date> {
        self.entities.iter().find_map(|entity| {
            if let EntityValue::Date { date } = entity.value { Some(date) } else { None }
        })
    }

    /// The first amount of money, with its currency where known.
    pub fn amount(&self) -> Option<(Decimal, Option<Currency>)> {
        self.entities.iter().find_map(|entity| {
            if let EntityValue::Amount { amount, currency } = entity.value {
                Some((amount, currency))
            } else {
                None
            }
        })
    }

    /// The first percentage.
    pub fn percentage(&self) -> Option<Decimal> {
        self.entities.iter().find_map(|entity| {
            if let EntityValue::Percentage { value } = entity.value { Some(value) } else { None }
        })
    }

    /// The work a `task_create` asks for.
    pub fn task_title(&self) -> Option<&str> {
        self.entities.iter().find_map(|entity| {
            if let EntityValue::TaskTitle { text } = &entity.value {
                Some(text.as_str())
            } else {
                None
            }
        })
    }
}

/// An intent and how sure we are: the share of such messages that are understood right, 0 to 1
/// with four decimals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedIntent {
    pub intent: Intent,
    pub confidence: f64,
    /// The strongest cues, for the first three intents. Quotes words of the message, so it must
    /// not be logged.
    #[serde(default)]
    pub because: Vec<String>,
}

/// A part of the message that speaks of one matter: byte offsets into the original text, end
/// exclusive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub start: usize,
    pub end: usize,
    /// As for the whole message; the first is explained.
    pub intents: Vec<RankedIntent>,
}

/// What a writer may want. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    TaskCreate,
    TaskComplete,
    TaskProgress,
    TaskBlocked,
    TaskFailed,
    TaskQuery,
    CostReport,
    CostQuery,
    CostOverrun,
    IssueReport,
    SafetyReport,
    MaterialRequest,
    DeliveryReport,
    ApprovalReply,
    StatusRequest,
    ScheduleQuery,
    DailyLog,
    Timesheet,
    RfiQuestion,
    ChangeRequest,
    DocumentRequest,
    Greeting,
    Thanks,
    OptOut,
    OptIn,
    HumanHandoff,
    Other,
}

impl Intent {
    /// All intents, in the order they are documented.
    pub const ALL: [Self; 27] = [
        Self::TaskCreate,
        Self::TaskComplete,
        Self::TaskProgress,
        Self::TaskBlocked,
        Self::TaskFailed,
        Self::TaskQuery,
        Self::CostReport,
        Self::CostQuery,
        Self::CostOverrun,
        Self::IssueReport,
        Self::SafetyReport,
        Self::MaterialRequest,
        Self::DeliveryReport,
        Self::ApprovalReply,
        Self::StatusRequest,
        Self::ScheduleQuery,
        Self::DailyLog,
        Self::Timesheet,
        Self::RfiQuestion,
        Self::ChangeRequest,
        Self::DocumentRequest,
        Self::Greeting,
        Self::Thanks,
        Self::OptOut,
        Self::OptIn,
        Self::HumanHandoff,
        Self::Other,
    ];

    /// The name in JSON, logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskCreate => "task_create",
            Self::TaskComplete => "task_complete",
            Self::TaskProgress => "task_progress",
            Self::TaskBlocked => "task_blocked",
            Self::TaskFailed => "task_failed",
            Self::TaskQuery => "task_query",
            Self::CostReport => "cost_report",
            Self::CostQuery => "cost_query",
            Self::CostOverrun => "cost_overrun",
            Self::IssueReport => "issue_report",
            Self::SafetyReport => "safety_report",
            Self::MaterialRequest => "material_request",
            Self::DeliveryReport => "delivery_report",
            Self::ApprovalReply => "approval_reply",
            Self::StatusRequest => "status_request",
            Self::ScheduleQuery => "schedule_query",
            Self::DailyLog => "daily_log",
            Self::Timesheet => "timesheet",
            Self::RfiQuestion => "rfi_question",
            Self::ChangeRequest => "change_request",
            Self::DocumentRequest => "document_request",
            Self::Greeting => "greeting",
            Self::Thanks => "thanks",
            Self::OptOut => "opt_out",
            Self::OptIn => "opt_in",
            Self::HumanHandoff => "human_handoff",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something the text names, and where: byte offsets into the original text, end exclusive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    pub value: EntityValue,
    pub start: usize,
    pub end: usize,
}

/// What an entity says, normalised. Texts are slices of the original, unaltered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityValue {
    Amount {
        amount: Decimal,
        currency: Option<Currency>,
    },
    Date {
        date: Date,
    },
    Time {
        time: Time,
    },
    Duration {
        minutes: u32,
    },
    /// `unit` is canonical: `m`, `m2`, `m3`, `mm`, `cm`, `km`, `ft`, `in`, `g`, `kg`, `t`, `l`,
    /// `gal`, `bag`, `pcs`, `roll`, `truck`, `trip`, `pallet`, `box`, `sheet`, `bundle`, `bar`,
    /// `set`, `pair`, `drum`, `can`, `person`. Things without a unit ("3 doors") are `pcs`.
    Quantity {
        value: Decimal,
        unit: String,
    },
    Percentage {
        value: Decimal,
    },
    Location {
        text: String,
    },
    Document {
        text: String,
    },
    /// A name of [`Hints::people`], as it was offered. A name that fits several equally well
    /// gives one entity for each, at the same place; so with the three below.
    Person {
        name: String,
    },
    /// A title of [`Hints::tasks`].
    Task {
        title: String,
    },
    /// A name of [`Hints::projects`].
    Project {
        name: String,
    },
    /// A name of [`Hints::suppliers`].
    Supplier {
        name: String,
    },
    /// The work a new task is about, without the request around it and without its due date.
    TaskTitle {
        text: String,
    },
}

/// The tone of a message. `score` runs from -1 (negative) to 1 (positive).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    pub label: SentimentLabel,
    pub score: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SentimentLabel {
    Positive,
    Neutral,
    Negative,
}

/// How soon a person should look, by the point rule R1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urgency {
    pub points: u8,
    pub level: UrgencyLevel,
    /// What the points are for: `+3: issue_report`.
    #[serde(default)]
    pub because: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UrgencyLevel {
    Low,
    Medium,
    High,
    Critical,
}
