//! What is planned: activities, links, calendars, and the rules to schedule them by.

use serde::{Deserialize, Serialize};

use super::resource::{Assignment, Resource};
use crate::calendar::{Calendar, Moment};

/// A plan as it is written down. [`Network::new`](super::Network::new) checks it.
///
/// Calendars, activities and projects are named by their place in these lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// One, or several when a file holds projects that depend on each other.
    pub projects: Vec<Project>,
    pub calendars: Vec<Calendar>,
    pub activities: Vec<Activity>,
    pub links: Vec<Link>,
    /// Only levelling looks at them.
    #[serde(default)]
    pub resources: Vec<Resource>,
    #[serde(default)]
    pub assignments: Vec<Assignment>,
    pub options: Options,
}

/// A project of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub id: String,
    pub name: String,
    /// Nothing that is left to do starts before this moment: the data date.
    pub data_date: Moment,
    /// Nothing starts before this moment that has not started, even if the data date is earlier.
    #[serde(default)]
    pub planned_start: Option<Moment>,
    /// As of when progress was reported, where that is not the data date (MS Project).
    #[serde(default)]
    pub status_date: Option<Moment>,
    /// The contract date. When given, late dates are counted back from it, not from the finish
    /// that was computed.
    pub must_finish: Option<Moment>,
    /// The project's calendar, a place in [`Plan::calendars`].
    pub calendar: usize,
    /// Here only because others are linked to it: it has no longest path of its own.
    #[serde(default)]
    pub is_external: bool,
}

/// A piece of work, or a point in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Unique in the plan; the activity code people know.
    pub id: String,
    pub name: String,
    pub kind: Kind,
    /// Where it stands in the work breakdown, for people.
    #[serde(default)]
    pub wbs: String,
    /// The summary above it: a place in [`Plan::activities`].
    #[serde(default)]
    pub parent: Option<usize>,
    /// A place in [`Plan::projects`].
    #[serde(default)]
    pub project: usize,
    /// A place in [`Plan::calendars`].
    pub calendar: usize,
    /// Planned working minutes of the calendar; 0 for a milestone.
    pub duration: i64,
    /// Working minutes left. Without it: the duration, less what progress says is done.
    #[serde(default)]
    pub remaining: Option<i64>,
    /// 0..=10000. Only reported, unless there is no remaining duration.
    #[serde(default)]
    pub progress_bp: u16,
    #[serde(default)]
    pub actual_start: Option<Moment>,
    #[serde(default)]
    pub actual_finish: Option<Moment>,
    /// Work that was suspended goes on from here.
    #[serde(default)]
    pub resume: Option<Moment>,
    /// The finish somebody promised; see [`Options::expected_finish`].
    #[serde(default)]
    pub expected_finish: Option<Moment>,
    #[serde(default)]
    pub constraint: Option<Constraint>,
    /// A second one, as Primavera has it: a latest date beside an earliest one.
    #[serde(default)]
    pub second_constraint: Option<Constraint>,
    /// A date to be held that moves nothing: only reported when missed.
    #[serde(default)]
    pub deadline: Option<Moment>,
    /// From predecessors in projects that are not in the plan.
    #[serde(default)]
    pub external_start: Option<Moment>,
    /// From successors in projects that are not in the plan.
    #[serde(default)]
    pub external_finish: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Task,
    StartMilestone,
    FinishMilestone,
    /// Lasts as long as what it is linked to; drives nothing and is never critical.
    LevelOfEffort,
    /// Spans the activities below it; its links are not scheduled.
    Summary,
}

impl Kind {
    pub fn is_milestone(self) -> bool {
        matches!(self, Self::StartMilestone | Self::FinishMilestone)
    }

    /// Whether it takes part in the passes, unlike hammocks and summaries.
    pub fn is_scheduled(self) -> bool {
        matches!(self, Self::Task | Self::StartMilestone | Self::FinishMilestone)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    pub rule: Rule,
    /// Not read for [`Rule::AsLateAsPossible`].
    pub date: Moment,
}

/// What a constraint demands of dates. Only the two `Mandatory` rules break links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    StartNoEarlier,
    StartNoLater,
    FinishNoEarlier,
    FinishNoLater,
    /// No earlier and no later. MS Project's and Primavera's "start on".
    StartOn,
    FinishOn,
    /// Early and late dates are this date, whatever the links say.
    MandatoryStart,
    MandatoryFinish,
    /// The early start is this date, whatever the links say; late dates follow the links: what
    /// MS Project does with a task that is scheduled by hand.
    FixedStart,
    /// As late as its successors' early dates allow, so that its free float is zero.
    AsLateAsPossible,
}

impl Rule {
    /// Whether it holds dates from moving later: what DCMA-14 calls a hard constraint.
    pub fn is_hard(self) -> bool {
        match self {
            Self::StartNoLater
            | Self::FinishNoLater
            | Self::StartOn
            | Self::FinishOn
            | Self::MandatoryStart
            | Self::MandatoryFinish
            | Self::FixedStart => true,
            Self::StartNoEarlier | Self::FinishNoEarlier | Self::AsLateAsPossible => false,
        }
    }
}

/// That one activity waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Places in [`Plan::activities`].
    pub predecessor: usize,
    pub successor: usize,
    pub kind: LinkKind,
    /// Working minutes of the lag calendar; negative for a lead.
    pub lag: i64,
    /// Instead of [`Options::lag_calendar`].
    #[serde(default)]
    pub lag_calendar: Option<LagCalendar>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LinkKind {
    #[serde(rename = "FS")]
    FinishStart,
    #[serde(rename = "SS")]
    StartStart,
    #[serde(rename = "FF")]
    FinishFinish,
    #[serde(rename = "SF")]
    StartFinish,
}

impl LinkKind {
    /// `FS`, `SS`, `FF` or `SF`.
    pub fn code(self) -> &'static str {
        match self {
            Self::FinishStart => "FS",
            Self::StartStart => "SS",
            Self::FinishFinish => "FF",
            Self::StartFinish => "SF",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::FinishStart, Self::StartStart, Self::FinishFinish, Self::StartFinish]
            .into_iter()
            .find(|kind| kind.code().eq_ignore_ascii_case(code))
    }

    /// Whether it leaves the predecessor's finish, not its start.
    pub fn leaves_finish(self) -> bool {
        matches!(self, Self::FinishStart | Self::FinishFinish)
    }

    /// Whether it arrives at the successor's finish, not its start.
    pub fn arrives_at_finish(self) -> bool {
        matches!(self, Self::FinishFinish | Self::StartFinish)
    }
}

/// On whose working time a lag is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LagCalendar {
    #[default]
    Predecessor,
    Successor,
    /// The calendar of the predecessor's project.
    Project,
    AroundTheClock,
}

/// The rules of a schedule. The defaults are Primavera's.
#[expect(clippy::struct_excessive_bools, reason = "independent switches, as Primavera has them")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    pub progress: ProgressRule,
    pub lag_calendar: LagCalendar,
    pub float: FloatRule,
    /// What [`Dates::critical`](super::Dates::critical) means.
    pub critical: CriticalRule,
    /// Total float up to this many minutes is critical.
    pub critical_up_to: i64,
    /// Total float up to this many minutes is near-critical: five days of eight hours.
    pub near_critical_up_to: i64,
    /// An activity without successors is as late as it is early.
    pub open_ends_critical: bool,
    /// Whether [`Activity::expected_finish`] sets the remaining duration.
    pub expected_finish: bool,
    /// Whether the lag of a start-to-start link that is being worked off is counted from the
    /// predecessor's remaining start (Primavera's "early start"), not from its actual start.
    pub start_lag_from_early: bool,
    /// Whether latest dates hold the early dates too, whatever the links say: MS Project's
    /// "tasks will always honor their constraint dates".
    pub constraints_over_links: bool,
    /// Whether late dates of every project are counted back from the last finish of all, not from
    /// that of each.
    pub float_from_all_projects: bool,
    /// Whether dates that come from projects outside the plan are left out.
    pub ignore_external_dates: bool,
    /// Minutes that a start-to-finish link without lag keeps between the two dates. Primavera
    /// up to release 6 kept one, as its exports show; nobody else does.
    pub start_finish_gap: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            progress: ProgressRule::default(),
            lag_calendar: LagCalendar::default(),
            float: FloatRule::default(),
            critical: CriticalRule::default(),
            critical_up_to: 0,
            near_critical_up_to: 5 * 8 * 60,
            open_ends_critical: false,
            expected_finish: true,
            start_lag_from_early: true,
            constraints_over_links: false,
            float_from_all_projects: false,
            ignore_external_dates: false,
            start_finish_gap: 0,
        }
    }
}

/// What links mean to work that started before they allowed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgressRule {
    /// What is left waits for its predecessors.
    #[default]
    RetainedLogic,
    /// What has started goes on, whatever its predecessors do.
    ProgressOverride,
    /// MS Project's way: what has started keeps its actual start, and its finish is counted from
    /// there and not from the data date. What is finished holds nobody up any more, a deadline
    /// counts as a latest finish, and an as-late-as-possible activity uses up its total float.
    ActualDates,
}

/// Which difference of late and early dates is total float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloatRule {
    #[default]
    Finish,
    Start,
    Smaller,
}

/// Which activities are critical. The longest path is reported beside them under either rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriticalRule {
    #[default]
    TotalFloat,
    LongestPath,
}

impl Plan {
    /// An empty plan of one project with one calendar.
    pub fn new(name: impl Into<String>, data_date: Moment, calendar: Calendar) -> Self {
        let project = Project {
            id: String::new(),
            name: name.into(),
            data_date,
            planned_start: None,
            status_date: None,
            must_finish: None,
            calendar: 0,
            is_external: false,
        };
        Self {
            projects: vec![project],
            calendars: vec![calendar],
            activities: Vec::new(),
            links: Vec::new(),
            resources: Vec::new(),
            assignments: Vec::new(),
            options: Options::default(),
        }
    }

    /// The place of the activity called `id`.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.activities.iter().position(|activity| activity.id == id)
    }
}

impl Activity {
    /// A task of `duration` working minutes on the first calendar.
    pub fn task(id: impl Into<String>, duration: i64) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            kind: Kind::Task,
            wbs: String::new(),
            parent: None,
            project: 0,
            calendar: 0,
            duration,
            remaining: None,
            progress_bp: 0,
            actual_start: None,
            actual_finish: None,
            resume: None,
            expected_finish: None,
            constraint: None,
            second_constraint: None,
            deadline: None,
            external_start: None,
            external_finish: None,
        }
    }

    /// A milestone of one of the two kinds.
    pub fn milestone(id: impl Into<String>, kind: Kind) -> Self {
        Self { kind, ..Self::task(id, 0) }
    }

    /// Working minutes left: none when finished, all when not started.
    pub fn remaining_minutes(&self) -> i64 {
        if self.actual_finish.is_some() {
            return 0;
        }
        self.remaining.unwrap_or_else(|| {
            let left = 10_000 - i64::from(self.progress_bp.min(10_000));
            (self.duration * left + 5_000) / 10_000
        })
    }
}

impl Link {
    /// A link without lag.
    pub fn new(predecessor: usize, successor: usize, kind: LinkKind) -> Self {
        Self { predecessor, successor, kind, lag: 0, lag_calendar: None }
    }
}
