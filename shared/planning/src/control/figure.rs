//! A figure of a report: a decimal, or the reason why there is none.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Digits after the point of a figure in JSON: a ratio's worth; money has at most four.
const JSON_DIGITS: u32 = 6;

/// Why a figure has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    #[error("no actual cost is recorded")]
    NoActualCost,
    #[error("nothing was planned to be done by now")]
    NoPlannedValue,
    #[error("nothing is earned yet")]
    NoEarnedValue,
    #[error("there is no budget")]
    NoBudget,
    #[error("the work is complete")]
    WorkComplete,
    #[error("the budget or estimate is already spent")]
    BudgetSpent,
    #[error("the remaining work has no bottom-up estimate")]
    NoEstimate,
    #[error("the planned duration has already passed")]
    PlannedDurationPassed,
    #[error("no time has passed")]
    NoTimePassed,
    #[error("the plan has no duration")]
    NoDuration,
    #[error("there are too few periods")]
    InsufficientData,
    #[error("it was not measured")]
    NotMeasured,
    #[error("a number is beyond what a decimal holds")]
    OutOfRange,
}

/// A decimal, or why there is none. JSON: `{"value": "0.888889", "reason": null}`, rounded half
/// away from zero to six digits; the value itself keeps all its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure(pub Result<Decimal, Undefined>);

impl Figure {
    /// The value, if there is one.
    pub fn value(&self) -> Option<Decimal> {
        self.0.ok()
    }

    /// Why there is no value, if there is none.
    pub fn reason(&self) -> Option<Undefined> {
        self.0.err()
    }

    /// The value with this many digits after the point, half away from zero, without trailing zeros.
    pub fn rounded(&self, digits: u32) -> Option<Decimal> {
        self.value().map(|value| round(value, digits))
    }
}

impl From<Result<Decimal, Undefined>> for Figure {
    fn from(result: Result<Decimal, Undefined>) -> Self {
        Self(result)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Figure", 2)?;
        object.serialize_field("value", &self.rounded(JSON_DIGITS))?;
        object.serialize_field("reason", &self.reason())?;
        object.end()
    }
}

/// Commercial rounding, without trailing zeros.
pub(crate) fn round(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}
