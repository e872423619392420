//! Planned, earned and actual value of a project, from the tasks of its baseline.
//!
//! Budgets and dates are those of the *baseline*. An earned value computed from a later estimate
//! would move whenever somebody estimates anew, and mean nothing. Amounts are all of one currency,
//! or all hours: the same tasks give both.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::earned_value::Totals;
use super::exact::{add, mul, mul_div};
use super::figure::Undefined;
use super::progress::within;
use crate::calendar::{Calendar, Moment};

/// Where in its duration a task's budget is planned to be spent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// Evenly over its working time.
    #[default]
    Linear,
    /// Straight lines between these points, from 0, 0 to 1, 1.
    Points(Vec<CurvePoint>),
}

/// A share of a task's working time, and the share of its budget planned by then; both 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    pub time: Decimal,
    pub budget: Decimal,
}

/// A task of the baseline, and what is recorded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub id: String,
    /// The control account it belongs to.
    #[serde(default)]
    pub account: Option<String>,
    /// Baseline budget, approved changes included.
    pub budget: Decimal,
    /// Baseline start.
    pub start: Moment,
    /// Baseline finish; without working time after the start it is a milestone, planned at once.
    pub finish: Moment,
    /// Place in the list of calendars.
    #[serde(default)]
    pub calendar: usize,
    #[serde(default)]
    pub curve: Curve,
    /// Share of the budget earned, 0 to 1: see [`super::progress`].
    #[serde(default)]
    pub progress: Decimal,
    #[serde(default)]
    pub actual_cost: Decimal,
}

/// One task's part in the totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub id: String,
    pub account: Option<String>,
    #[serde(flatten)]
    pub totals: Totals,
}

/// Something about a task that a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightKind {
    /// It has earned this before its planned start: out of sequence.
    EarnedBeforePlanned,
    /// It has cost this and nothing is earned.
    SpentWithoutProgress,
    /// It has cost this much more than its whole budget.
    BudgetExceeded,
}

/// An insight and the amount it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Insight {
    pub id: String,
    pub kind: InsightKind,
    pub amount: Decimal,
}

/// The performance of a project at a moment, with the rows it was summed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Performance {
    pub at: Moment,
    pub totals: Totals,
    pub rows: Vec<Row>,
    pub insights: Vec<Insight>,
}

impl Performance {
    /// Of these tasks at the data date. A task whose calendar is not in the list is counted around
    /// the clock. The error is [`Undefined::OutOfRange`].
    pub fn of(tasks: &[Task], calendars: &[Calendar], at: Moment) -> Result<Self, Undefined> {
        let clock = Calendar::around_the_clock();
        let mut rows = Vec::with_capacity(tasks.len());
        for task in tasks {
            let calendar = calendars.get(task.calendar).unwrap_or(&clock);
            let totals = Totals {
                bac: task.budget,
                pv: planned_value(task, calendar, at)?,
                ev: mul(task.budget, within(task.progress))?,
                ac: task.actual_cost,
            };
            rows.push(Row { id: task.id.clone(), account: task.account.clone(), totals });
        }
        Ok(Self {
            at,
            totals: sum(rows.iter().map(|row| &row.totals))?,
            insights: rows.iter().flat_map(insights).collect(),
            rows,
        })
    }

    /// The totals of each control account; tasks without one are under `""`.
    pub fn accounts(&self) -> Result<BTreeMap<&str, Totals>, Undefined> {
        let mut accounts = BTreeMap::new();
        for row in &self.rows {
            let account = row.account.as_deref().unwrap_or_default();
            let so_far = accounts.entry(account).or_insert(Totals::ZERO);
            *so_far = sum([&*so_far, &row.totals])?;
        }
        Ok(accounts)
    }
}

/// The part of a task's budget that was planned to be spent before `at`.
pub fn planned_value(task: &Task, calendar: &Calendar, at: Moment) -> Result<Decimal, Undefined> {
    let whole = calendar.between(task.start, task.finish);
    if whole <= 0 {
        return Ok(if at >= task.finish { task.budget } else { Decimal::ZERO });
    }
    let passed = calendar.between(task.start, at).clamp(0, whole);
    match &task.curve {
        // Budget first, so that a third of it is as exact as money can be.
        Curve::Linear => mul_div(task.budget, passed.into(), whole.into(), Undefined::NoDuration),
        Curve::Points(points) => {
            let time = mul_div(Decimal::ONE, passed.into(), whole.into(), Undefined::NoDuration)?;
            mul(task.budget, along(points, time)?)
        }
    }
}

/// Budget share at a share of time: points out of order or range count as far as they make sense.
fn along(points: &[CurvePoint], time: Decimal) -> Result<Decimal, Undefined> {
    let mut before = CurvePoint { time: Decimal::ZERO, budget: Decimal::ZERO };
    let end = CurvePoint { time: Decimal::ONE, budget: Decimal::ONE };
    for point in points.iter().chain([&end]) {
        let point = CurvePoint {
            time: within(point.time).max(before.time),
            budget: within(point.budget).max(before.budget),
        };
        if time < point.time {
            let rise = point.budget - before.budget;
            let part =
                mul_div(rise, time - before.time, point.time - before.time, Undefined::NoDuration)?;
            return add(before.budget, part);
        }
        before = point;
    }
    Ok(Decimal::ONE)
}

fn sum<'a>(all: impl IntoIterator<Item = &'a Totals>) -> Result<Totals, Undefined> {
    all.into_iter().try_fold(Totals::ZERO, |sum, one| {
        Ok(Totals {
            bac: add(sum.bac, one.bac)?,
            pv: add(sum.pv, one.pv)?,
            ev: add(sum.ev, one.ev)?,
            ac: add(sum.ac, one.ac)?,
        })
    })
}

fn insights(row: &Row) -> impl Iterator<Item = Insight> {
    let Totals { bac, pv, ev, ac } = row.totals;
    let over = super::exact::sub(ac, bac).unwrap_or_default();
    let found = [
        (pv.is_zero() && ev > Decimal::ZERO, InsightKind::EarnedBeforePlanned, ev),
        (ev.is_zero() && ac > Decimal::ZERO, InsightKind::SpentWithoutProgress, ac),
        (over > Decimal::ZERO, InsightKind::BudgetExceeded, over),
    ];
    let id = row.id.clone();
    found.into_iter().filter(|(holds, _, _)| *holds).map(move |(_, kind, amount)| Insight {
        id: id.clone(),
        kind,
        amount,
    })
}
