//! How much of a task may be claimed as earned, by the way it is measured.
//!
//! Source: PMI Practice Standard for Earned Value Management, measurement methods. A claim is a
//! share of the task's baseline budget and never more than all of it: quantity beyond the budget is
//! a change to be approved, not progress.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::{div, hundredths, sub, sum};
use super::figure::{Figure, Undefined};

/// A part of a task that counts when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Any unit; only the share among the task's steps counts.
    pub weight: Decimal,
    pub done: bool,
}

/// The way a task's progress is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum Measure {
    /// Nothing until it is finished.
    ZeroHundred { finished: bool },
    /// Half when it starts, all when it is finished.
    FiftyFifty { started: bool, finished: bool },
    /// The weight of the steps that are done.
    Milestones { steps: Vec<Step> },
    /// Installed quantity by budget quantity, in the same unit.
    Units { installed: Decimal, budget: Decimal },
    /// A share from 0 to 1 that someone saw.
    Physical { share: Decimal },
    /// Earns what was planned: `planned` is the share of its budget planned by the data date.
    LevelOfEffort { planned: Decimal },
}

/// What a measurement allows to claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Share of the budget earned, 0 to 1.
    pub share: Figure,
    /// Quantity beyond the budget quantity, in the unit of the task; zero for other methods.
    pub overrun: Decimal,
}

impl Measure {
    /// The claim of this measurement.
    pub fn claim(&self) -> Claim {
        Claim { share: self.share().map(within).into(), overrun: self.overrun() }
    }

    fn share(&self) -> Result<Decimal, Undefined> {
        match self {
            Self::ZeroHundred { finished } => Ok(Decimal::from(u8::from(*finished))),
            Self::FiftyFifty { finished: true, .. } => Ok(Decimal::ONE),
            Self::FiftyFifty { started, .. } => {
                Ok(if *started { hundredths(50) } else { Decimal::ZERO })
            }
            Self::Milestones { steps } => {
                let all = sum(steps.iter().map(|step| step.weight))?;
                let done = sum(steps.iter().filter(|step| step.done).map(|step| step.weight))?;
                div(done, all, Undefined::NotMeasured)
            }
            Self::Units { installed, budget } => div(*installed, *budget, Undefined::NoBudget),
            Self::Physical { share } => Ok(*share),
            Self::LevelOfEffort { planned } => Ok(*planned),
        }
    }

    fn overrun(&self) -> Decimal {
        match self {
            Self::Units { installed, budget } => {
                sub(*installed, *budget).map_or(Decimal::ZERO, |over| over.max(Decimal::ZERO))
            }
            Self::ZeroHundred { .. }
            | Self::FiftyFifty { .. }
            | Self::Milestones { .. }
            | Self::Physical { .. }
            | Self::LevelOfEffort { .. } => Decimal::ZERO,
        }
    }
}

/// A share of at least nothing and at most everything.
pub(crate) fn within(share: Decimal) -> Decimal {
    share.clamp(Decimal::ZERO, Decimal::ONE)
}
