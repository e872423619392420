//! The risk register's score and the overall risk of a project.
//!
//! Frame: ISO 31000. A risk's score is probability by impact; the register's is the chance-like
//! complement `1 - prod(1 - s)`, so that many small risks add up and no sum exceeds 1.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::{div, hundredths};
use super::figure::{Figure, Undefined};
use super::progress::within;

/// Above this an overall risk asks for action (R7).
pub const HIGH_RISK: Decimal = hundredths(70);
/// Remaining tasks with at most this float, working days, have little room.
pub const LOW_FLOAT_DAYS: u32 = 2;
const LOW_FLOAT_SHARE: Decimal = hundredths(25);
/// A site that says nothing for longer than this, in working days, is steered blind.
const FRESH_DAYS: Decimal = hundredths(200);

/// One line of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    pub id: String,
    /// 0 to 1.
    pub probability: Decimal,
    /// 0 to 1, by the tenant's scale.
    pub impact: Decimal,
    /// A closed risk no longer counts.
    #[serde(default)]
    pub closed: bool,
}

impl Risk {
    /// `probability * impact`, each kept within 0 and 1.
    pub fn score(&self) -> Decimal {
        within(self.probability) * within(self.impact)
    }
}

/// `1 - prod(1 - s)` over the open risks; 0 when there are none.
pub fn register_score(risks: &[Risk]) -> Decimal {
    let open = risks.iter().filter(|risk| !risk.closed);
    combined(open.map(Risk::score))
}

/// `1 - prod(1 - s)` of scores from 0 to 1.
pub fn combined(scores: impl IntoIterator<Item = Decimal>) -> Decimal {
    let none = scores.into_iter().fold(Decimal::ONE, |none, score| {
        // Twelve digits are more than any score's, and keep long products from filling up.
        (none * (Decimal::ONE - within(score))).round_dp(12)
    });
    (Decimal::ONE - none).normalize()
}

/// What an overall risk was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Register,
    Simulation,
}

/// What a simulation says about the two promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chances {
    /// P(finish after the contract date), 0 to 1.
    pub late: Decimal,
    /// P(cost above the approved budget with contingency), 0 to 1.
    pub over_budget: Decimal,
}

/// The overall risk of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OverallRisk {
    /// 0 to 1: the largest of what is known.
    pub overall_score: Decimal,
    pub register_score: Decimal,
    pub chances: Option<Chances>,
    pub basis: Basis,
}

/// The largest of the register's score and, after a simulation, its two chances.
pub fn overall_risk(risks: &[Risk], chances: Option<Chances>) -> OverallRisk {
    let register_score = register_score(risks);
    let simulated = chances.map(|known| within(known.late).max(within(known.over_budget)));
    OverallRisk {
        overall_score: register_score.max(simulated.unwrap_or_default()),
        register_score,
        chances,
        basis: if chances.is_some() { Basis::Simulation } else { Basis::Register },
    }
}

/// A sign of risk read from the project's own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Share of the remaining tasks whose total float is at most two working days.
    LowFloatShare,
    /// Working days since the last daily log.
    StaleRecords,
    /// Value of unapproved changes by budget.
    UnapprovedChanges,
}

/// A factor, what it may be, and whether it is beyond that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Factor {
    pub kind: FactorKind,
    pub value: Figure,
    pub threshold: Decimal,
    pub exceeded: bool,
}

/// Of the total floats of the remaining tasks, in working days.
pub fn low_float_share(floats_days: &[Decimal]) -> Factor {
    let low = floats_days.iter().filter(|float| **float <= LOW_FLOAT_DAYS.into()).count();
    let value = div(low.into(), floats_days.len().into(), Undefined::NotMeasured);
    factor(FactorKind::LowFloatShare, value, LOW_FLOAT_SHARE)
}

/// Of the working days since the last daily log; none when there never was one.
pub fn stale_records(working_days: Option<u32>) -> Factor {
    let value = working_days.map(Decimal::from).ok_or(Undefined::NotMeasured);
    factor(FactorKind::StaleRecords, value, FRESH_DAYS)
}

/// Of the value of changes done or asked for and not approved, by budget, against the share that
/// the tenant tolerates.
pub fn unapproved_changes(value: Decimal, bac: Decimal, tolerated: Decimal) -> Factor {
    factor(FactorKind::UnapprovedChanges, div(value, bac, Undefined::NoBudget), tolerated)
}

fn factor(kind: FactorKind, value: Result<Decimal, Undefined>, threshold: Decimal) -> Factor {
    let exceeded = value.is_ok_and(|value| value > threshold);
    Factor { kind, value: value.into(), threshold, exceeded }
}
