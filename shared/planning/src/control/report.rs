//! Everything that is said about a project at its data date, from one input.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::earned_schedule::{CrossCheck, EarnedSchedule, cross_check};
use super::earned_value::{EarnedValue, Remaining};
use super::exact::div;
use super::figure::{Figure, Undefined};
use super::forecast::{Account, CostForecast, forecast_cost};
use super::health::{Health, Known, Quality, health};
use super::legacy::{Beside, ElapsedVariance, SpendVariance, budget_beside, schedule_beside};
use super::performance::{Performance, Task};
use super::recommend::{Recommendation, recommendations};
use super::risk::{Chances, OverallRisk, Risk, overall_risk};
use super::s_curve::{Every, Point, Recorded, reporting_moments, s_curve};
use super::trend::{Period, Recent, Trend, cost_trend, recent_performance};
use super::variance::{BudgetVariance, ScheduleVariance, plain_forecast_finish};
use crate::calendar::{Calendar, Moment};

/// Tasks times moments of the curve: a second of computing.
const MOST_POINTS: usize = 10_000_000;

/// A project's baseline and records. Only the data date and the tasks are needed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Up to which progress and cost are recorded.
    pub data_date: Moment,
    /// Tasks are counted around the clock without them.
    #[serde(default)]
    pub calendars: Vec<Calendar>,
    pub tasks: Vec<Task>,
    /// By the accounts of the tasks.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountRecords>,
    /// The period of the curves.
    #[serde(default)]
    pub every: Every,
    /// Earned value and cost at the ends of past periods, oldest first.
    #[serde(default)]
    pub recorded: Vec<Recorded>,
    /// The early finish of the remaining work by its network, or the actual finish. Without it: the
    /// unfinished share of the baseline's duration from the data date.
    #[serde(default)]
    pub forecast_finish: Option<Moment>,
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// What a simulation said.
    #[serde(default)]
    pub chances: Option<Chances>,
    #[serde(default)]
    pub quality: Option<Quality>,
    #[serde(default)]
    pub work_stopped: bool,
    #[serde(default)]
    pub structural_finding: bool,
}

/// What is known of a control account besides its tasks.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountRecords {
    pub remaining: Vec<Remaining>,
    /// Cumulative CPI at the ends of past periods, oldest first.
    pub cpi_history: Vec<Decimal>,
}

/// The account named has no task, or a list is too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    #[error("there are no tasks")]
    NoTasks,
    #[error("no task belongs to account {0:?}")]
    UnknownAccount(String),
    #[error("{tasks} tasks at {moments} moments are too many: report longer periods")]
    TooMany { tasks: usize, moments: usize },
    #[error(transparent)]
    Figure(#[from] Undefined),
}

/// All figures, each beside what it was made from.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub performance: Performance,
    pub earned_value: EarnedValue,
    pub earned_schedule: EarnedSchedule,
    pub baseline_start: Moment,
    pub baseline_finish: Moment,
    pub forecast_finish: Option<Moment>,
    /// The forecast finish beside that of earned schedule.
    pub cross_check: Option<CrossCheck>,
    pub schedule: Option<Beside<ElapsedVariance, ScheduleVariance>>,
    pub cost: CostForecast,
    pub budget: Beside<SpendVariance, BudgetVariance>,
    pub trend: Trend,
    pub recent: Recent,
    pub risk: OverallRisk,
    pub health: Health,
    pub recommendations: Vec<Recommendation>,
    pub s_curve: Vec<Point>,
}

/// Computes the report.
pub fn report(input: &Input) -> Result<Report, ReportError> {
    let start = input.tasks.iter().map(|task| task.start).min().ok_or(ReportError::NoTasks)?;
    let finish = input.tasks.iter().map(|task| task.finish).max().ok_or(ReportError::NoTasks)?;
    let performance = Performance::of(&input.tasks, &input.calendars, input.data_date)?;
    let totals = performance.totals;
    let accounts = accounts(input, &performance)?;
    let earned_value = EarnedValue::of(totals, &remaining(&accounts));
    let moments = reporting_moments(start, finish, input.every);
    if moments.len().saturating_mul(input.tasks.len()) > MOST_POINTS {
        let (tasks, moments) = (input.tasks.len(), moments.len());
        return Err(ReportError::TooMany { tasks, moments });
    }
    let earned_schedule =
        EarnedSchedule::of_tasks(&input.tasks, &input.calendars, totals.ev, input.data_date)?;
    let forecast_finish = input.forecast_finish.or_else(|| {
        let done = earned_value.percent_complete.value()?;
        let date =
            plain_forecast_finish(start.date(), finish.date(), input.data_date.date(), done)?;
        Some(Moment::midnight(date))
    });
    let schedule = forecast_finish.map(|forecast| {
        let until = if totals.ev == totals.bac { forecast } else { input.data_date };
        schedule_beside(start.date(), finish.date(), until.date(), forecast.date())
    });
    let cost = forecast_cost(&accounts);
    let budget = budget_beside(totals.bac, totals.ac, cost.point);
    let risk = overall_risk(&input.risks, input.chances);
    let is_assessed = input.chances.is_some() || !input.risks.is_empty();
    let overall_risk = Some(risk.overall_score).filter(|_| is_assessed);
    let corrected = schedule.map(|both| both.corrected);
    Ok(Report {
        health: health(&Known {
            schedule_variance_pct: corrected.and_then(|variance| variance.variance_pct.value()),
            budget_variance_pct: budget.corrected.variance_pct.value(),
            overall_risk,
            quality: input.quality,
            work_stopped: input.work_stopped,
            structural_finding: input.structural_finding,
        }),
        recommendations: recommendations(
            corrected.and_then(|variance| variance.status),
            budget.corrected.status,
            overall_risk,
        ),
        cross_check: forecast_finish.and_then(|forecast| {
            cross_check(&earned_schedule, (start, finish), input.data_date, forecast)
        }),
        trend: cost_trend(&cpi_series(&input.recorded)),
        recent: recent_performance(&periods(&input.recorded)),
        s_curve: s_curve(&input.tasks, &input.calendars, &moments, &input.recorded, None),
        baseline_start: start,
        baseline_finish: finish,
        performance,
        earned_value,
        earned_schedule,
        forecast_finish,
        schedule,
        cost,
        budget,
        risk,
    })
}

fn accounts(input: &Input, performance: &Performance) -> Result<Vec<Account>, ReportError> {
    let totals = performance.accounts()?;
    if let Some(id) = input.accounts.keys().find(|id| !totals.contains_key(id.as_str())) {
        return Err(ReportError::UnknownAccount(id.clone()));
    }
    let account = |(id, totals): (&str, _)| {
        let known = input.accounts.get(id).cloned().unwrap_or_default();
        let AccountRecords { remaining, cpi_history } = known;
        Account { id: id.to_owned(), totals, remaining, cpi_history }
    };
    Ok(totals.into_iter().map(account).collect())
}

/// The estimates of all accounts; none if one that is not complete has none, for a sum without it
/// would be too low.
fn remaining(accounts: &[Account]) -> Vec<Remaining> {
    let is_missing =
        |account: &Account| account.remaining.is_empty() && account.totals.ev < account.totals.bac;
    if accounts.iter().any(is_missing) {
        return Vec::new();
    }
    accounts.iter().flat_map(|account| account.remaining.clone()).collect()
}

fn periods(recorded: &[Recorded]) -> Vec<Period> {
    recorded.iter().map(|record| Period { ev: record.ev, ac: record.ac }).collect()
}

/// Periods before the first cost have no index.
fn cpi_series(recorded: &[Recorded]) -> Vec<Decimal> {
    let cpi =
        |record: &Recorded| Figure(div(record.ev, record.ac, Undefined::NoActualCost)).value();
    recorded.iter().filter_map(cpi).collect()
}
