//! Automatic risk factors: signs that a project's own records give, each with what it may be and
//! which records are behind it.
//!
//! The reference gives the limits of three (a quarter of the remaining tasks with at most two days
//! of float; ten days of attendance; two days without a log). The others are ours, chosen so that
//! what is common on a well-run site stays silent, and a tenant may have its own:
//!
//! | factor | limit | why |
//! | --- | --- | --- |
//! | overdue permits and questions on the critical path | 0 | one is enough to stop the work |
//! | supplier lateness, p90 | 5 working days | what is near-critical has no more float |
//! | single-source long-lead items | 0 | nobody else can deliver in time |
//! | bad weather | 0.2 of the days | a day a week is in most durations |
//! | labour shortfall | 0.1 of the planned | as CPI and SPI: a tenth off is not chance |
//! | RED audit value | 0.05 of the total | the share of the DCMA's points |
//! | unapproved changes | 0.05 of the budget | the same |
//! | cash gap | 0.1 of the certified | a month of a year's work is on its way, and no more |

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::control::exact::{div, hundredths, sub, sum};
use crate::control::figure::{Figure, Undefined};

/// Deliveries without which a ninetieth percentile says nothing.
const LEAST_DELIVERIES: usize = 5;

/// A sign of risk read from the project's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Share of the remaining tasks with little total float.
    LowFloatShare,
    /// Permits and questions past their date that hold up critical tasks.
    OverdueQuestions,
    /// Working days by which nine of ten deliveries were at most late.
    SupplierLateness,
    /// Items with a long lead that only one supplier offers, not yet delivered.
    SingleSource,
    /// Share of the days of forecast in which weather stops tasks that it can stop.
    BadWeather,
    /// Share of the planned attendance that did not come.
    LabourShortfall,
    /// Share of the value of an estimate whose audit is RED.
    RedAuditValue,
    /// Value of unapproved changes by budget.
    UnapprovedChanges,
    /// Share of what was certified that is not paid.
    CashGap,
    /// Working days since the last daily log.
    StaleRecords,
}

/// What each factor may be; beyond that it is a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FactorLimits {
    /// Working days of total float that count as little.
    pub low_float_days: Decimal,
    pub low_float_share: Decimal,
    pub overdue_questions: Decimal,
    pub supplier_lateness_days: Decimal,
    /// Working days of lead that count as long.
    pub long_lead_days: Decimal,
    pub single_source: Decimal,
    pub bad_weather: Decimal,
    pub labour_shortfall: Decimal,
    pub red_audit_value: Decimal,
    pub unapproved_changes: Decimal,
    pub cash_gap: Decimal,
    pub stale_days: Decimal,
}

impl Default for FactorLimits {
    fn default() -> Self {
        Self {
            low_float_days: hundredths(200),
            low_float_share: hundredths(25),
            overdue_questions: Decimal::ZERO,
            supplier_lateness_days: hundredths(500),
            long_lead_days: hundredths(2000),
            single_source: Decimal::ZERO,
            bad_weather: hundredths(20),
            labour_shortfall: hundredths(10),
            red_audit_value: hundredths(5),
            unapproved_changes: hundredths(5),
            cash_gap: hundredths(10),
            stale_days: hundredths(200),
        }
    }
}

/// A factor, what it may be, and whether it is beyond that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factor {
    pub kind: FactorKind,
    pub value: Figure,
    pub threshold: Decimal,
    pub exceeded: bool,
    /// Places in the list it was made from, of what counts.
    pub evidence: Vec<usize>,
}

/// A delivery that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Working days after the promised date; negative when early.
    pub late_days: Decimal,
}

/// Something that has to be ordered and has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongLead {
    /// Working days from the order to the site.
    pub lead_days: Decimal,
    /// Suppliers that offer it.
    pub suppliers: u32,
}

/// Of the total floats of the remaining tasks, in working days.
pub fn low_float_share(floats_days: &[Decimal], limits: &FactorLimits) -> Factor {
    let low = places(floats_days, |float| *float <= limits.low_float_days);
    let value = div(low.len().into(), floats_days.len().into(), Undefined::NotMeasured);
    factor(FactorKind::LowFloatShare, value, limits.low_float_share, low)
}

/// Of permits and questions that critical tasks wait for, whether each is past its date.
pub fn overdue_questions(is_overdue: &[bool], limits: &FactorLimits) -> Factor {
    let overdue = places(is_overdue, |overdue| *overdue);
    let value = Ok(overdue.len().into());
    factor(FactorKind::OverdueQuestions, value, limits.overdue_questions, overdue)
}

/// The ninetieth percentile (nearest rank) of the lateness of at least five deliveries.
pub fn supplier_lateness(deliveries: &[Delivery], limits: &FactorLimits) -> Factor {
    let mut days: Vec<Decimal> = deliveries.iter().map(|one| one.late_days).collect();
    days.sort_unstable();
    let rank = (days.len() * 9).div_ceil(10).saturating_sub(1);
    let value = days.get(rank).copied().filter(|_| days.len() >= LEAST_DELIVERIES);
    let late = places(deliveries, |one| one.late_days > limits.supplier_lateness_days);
    let (value, limit) = (value.ok_or(Undefined::NotMeasured), limits.supplier_lateness_days);
    factor(FactorKind::SupplierLateness, value, limit, late)
}

/// How many items with a long lead have one supplier at most.
pub fn single_source(items: &[LongLead], limits: &FactorLimits) -> Factor {
    let alone = |item: &LongLead| item.lead_days > limits.long_lead_days && item.suppliers <= 1;
    let alone = places(items, alone);
    let value = Ok(alone.len().into());
    factor(FactorKind::SingleSource, value, limits.single_source, alone)
}

/// Of each working day that is forecast and on which weather can stop a task, whether it will.
pub fn bad_weather(stops_work: &[bool], limits: &FactorLimits) -> Factor {
    let bad = places(stops_work, |stops| *stops);
    let value = div(bad.len().into(), stops_work.len().into(), Undefined::NotMeasured);
    factor(FactorKind::BadWeather, value, limits.bad_weather, bad)
}

/// Of planned and attended hours of the last ten working days: `1 - attended / planned`.
pub fn labour_shortfall(days: &[(Decimal, Decimal)], limits: &FactorLimits) -> Factor {
    let value = || {
        let planned = sum(days.iter().map(|(planned, _)| *planned))?;
        let attended = sum(days.iter().map(|(_, attended)| *attended))?;
        div(sub(planned, attended)?, planned, Undefined::NotMeasured)
    };
    let short = places(days, |(planned, attended)| attended < planned);
    factor(FactorKind::LabourShortfall, value(), limits.labour_shortfall, short)
}

/// Of the value of each position and whether its audit is RED.
pub fn red_audit_value(positions: &[(Decimal, bool)], limits: &FactorLimits) -> Factor {
    let value = || {
        let all = sum(positions.iter().map(|(value, _)| *value))?;
        let red = sum(positions.iter().filter(|(_, red)| *red).map(|(value, _)| *value))?;
        div(red, all, Undefined::NoBudget)
    };
    let red = places(positions, |(_, red)| *red);
    factor(FactorKind::RedAuditValue, value(), limits.red_audit_value, red)
}

/// Of the value of each change that was done or asked for and not approved, by budget.
pub fn unapproved_changes(changes: &[Decimal], bac: Decimal, limits: &FactorLimits) -> Factor {
    let value = sum(changes.iter().copied()).and_then(|all| div(all, bac, Undefined::NoBudget));
    let all = (0..changes.len()).collect();
    factor(FactorKind::UnapprovedChanges, value, limits.unapproved_changes, all)
}

/// Of what each certificate certified and what of it was paid: `1 - paid / certified`.
pub fn cash_gap(certificates: &[(Decimal, Decimal)], limits: &FactorLimits) -> Factor {
    let value = || {
        let certified = sum(certificates.iter().map(|(certified, _)| *certified))?;
        let paid = sum(certificates.iter().map(|(_, paid)| *paid))?;
        div(sub(certified, paid)?, certified, Undefined::NotMeasured)
    };
    let open = places(certificates, |(certified, paid)| paid < certified);
    factor(FactorKind::CashGap, value(), limits.cash_gap, open)
}

/// Of the working days since the last daily log; none when there never was one.
pub fn stale_records(working_days: Option<u32>, limits: &FactorLimits) -> Factor {
    let value = working_days.map(Decimal::from).ok_or(Undefined::NotMeasured);
    factor(FactorKind::StaleRecords, value, limits.stale_days, Vec::new())
}

fn places<T>(list: &[T], counts: impl Fn(&T) -> bool) -> Vec<usize> {
    (0..).zip(list).filter(|(_, one)| counts(one)).map(|(place, _)| place).collect()
}

fn factor(
    kind: FactorKind,
    value: Result<Decimal, Undefined>,
    threshold: Decimal,
    evidence: Vec<usize>,
) -> Factor {
    let exceeded = value.is_ok_and(|value| value > threshold);
    Factor { kind, value: value.into(), threshold, exceeded, evidence }
}
