//! The risk register's score and the overall risk of a project.
//!
//! Frame: ISO 31000. A risk's score is probability by impact; the register's is the chance-like
//! complement `1 - prod(1 - s)`, so that many small risks add up and no sum exceeds 1.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::hundredths;
use super::progress::within;

mod factor;

pub use factor::{
    Delivery, Factor, FactorKind, FactorLimits, LongLead, bad_weather, cash_gap, labour_shortfall,
    low_float_share, overdue_questions, red_audit_value, single_source, stale_records,
    supplier_lateness, unapproved_changes,
};

/// Above this an overall risk asks for action (R7).
pub const HIGH_RISK: Decimal = hundredths(70);
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
