//! The quality of a schedule: the fourteen points of the DCMA.
//!
//! Source: Defense Contract Management Agency, 14-Point Assessment Metrics (2009, revised 2012);
//! GAO-16-89G. Points about tasks look at what is not finished and is neither a summary nor a level
//! of effort. A working day is the day of the activity's calendar.

mod checks;
mod execution;

use rust_decimal::Decimal;
use serde::Serialize;

use super::exact::div;
use super::figure::{Figure, Undefined};
use crate::network::{Baseline, Network, Schedule};

/// The fourteen points, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Without a predecessor or without a successor, at most 5 %. The first and the last activity
    /// of a plan are among them by nature.
    Logic,
    /// Links with a negative lag: none.
    Leads,
    /// Links with a positive lag, at most 5 %.
    Lags,
    /// Finish-to-start links, at least 90 %.
    LinkTypes,
    /// Constraints that hold a date from moving later, at most 5 %.
    HardConstraints,
    /// Total float of more than 44 working days, at most 5 %.
    HighFloat,
    /// Total float below zero: none.
    NegativeFloat,
    /// Longer than 44 working days, at most 5 %.
    HighDuration,
    /// Actual dates after the data date, or forecast ones before it: none.
    InvalidDates,
    /// Tasks with neither resources nor cost: none.
    Resources,
    /// Of the tasks that the baseline has finished by now, those finished later or not, at most 5 %.
    MissedTasks,
    /// A critical activity lasting 600 days longer moves the finish by as much.
    CriticalPathTest,
    /// Critical path length index: (length + float) / length, at least 0.95.
    PathLengthIndex,
    /// Baseline execution index: finished by planned to be finished, at least 0.95.
    ExecutionIndex,
}

/// On which side of its threshold a point is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtMost,
    AtLeast,
}

/// The result of one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: Check,
    /// A share from 0 to 1; for the two indices and the path test the index.
    pub value: Figure,
    pub bound: Bound,
    pub threshold: Decimal,
    /// None if there was nothing to measure.
    pub passed: Option<bool>,
    /// How many were looked at.
    pub population: usize,
    /// Places in the plan of what is not well: links for leads, lags and link types, else activities.
    pub places: Vec<usize>,
}

/// All fourteen, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    pub findings: [Finding; 14],
    pub passed: usize,
    pub failed: usize,
    /// Points without anything to measure.
    pub not_measured: usize,
}

/// What is known besides the plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// For missed tasks and the execution index.
    pub baseline: Option<&'a Baseline>,
    /// Of each activity of the plan, whether it has resources or cost.
    pub loaded: Option<&'a [bool]>,
}

/// Assesses a plan and its schedule.
pub fn assess(network: &Network, schedule: &Schedule, evidence: Evidence<'_>) -> Assessment {
    let subject = Subject { network, schedule, evidence };
    let findings = [
        subject.logic(),
        subject.leads(),
        subject.lags(),
        subject.link_types(),
        subject.hard_constraints(),
        subject.high_float(),
        subject.negative_float(),
        subject.high_duration(),
        subject.invalid_dates(),
        subject.resources(),
        subject.missed_tasks(),
        subject.critical_path_test(),
        subject.path_length_index(),
        subject.execution_index(),
    ];
    let count = |passed| findings.iter().filter(|one| one.passed == passed).count();
    Assessment {
        passed: count(Some(true)),
        failed: count(Some(false)),
        not_measured: count(None),
        findings,
    }
}

/// What the points look at.
struct Subject<'a> {
    network: &'a Network,
    schedule: &'a Schedule,
    evidence: Evidence<'a>,
}

/// The point's threshold.
#[derive(Clone, Copy)]
struct Limit {
    check: Check,
    bound: Bound,
    threshold: Decimal,
}

impl Limit {
    const fn at_most(check: Check, threshold: Decimal) -> Self {
        Self { check, bound: Bound::AtMost, threshold }
    }

    const fn at_least(check: Check, threshold: Decimal) -> Self {
        Self { check, bound: Bound::AtLeast, threshold }
    }

    /// A share of `population`, of which `count` are meant and `places` are not well.
    fn share(self, count: usize, population: usize, places: Vec<usize>) -> Finding {
        let value = div(count.into(), population.into(), Undefined::NotMeasured);
        self.finding(value, population, places)
    }

    fn finding(
        self,
        value: Result<Decimal, Undefined>,
        population: usize,
        places: Vec<usize>,
    ) -> Finding {
        let Self { check, bound, threshold } = self;
        let passed = value.ok().map(|value| match bound {
            Bound::AtMost => value <= threshold,
            Bound::AtLeast => value >= threshold,
        });
        Finding { check, value: value.into(), bound, threshold, passed, population, places }
    }
}
