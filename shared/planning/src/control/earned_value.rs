//! Earned value: every standard figure of one set of totals.
//!
//! Source of the formulas: ISO 21508:2018, ANSI/EIA-748, PMI Practice Standard for Earned Value
//! Management. `BAC` is the baseline budget with approved changes and without management reserve,
//! `PV`, `EV`, `AC` are planned, earned and actual value at the data date. All are amounts of one
//! currency, or all are hours; ratios have no unit and 1 is "as planned".

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::{add, div, hundredths, mul, mul_div, sub, sum};
use super::figure::{Figure, Undefined};

/// The four numbers that everything else follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Budget at completion.
    pub bac: Decimal,
    /// Planned value.
    pub pv: Decimal,
    /// Earned value.
    pub ev: Decimal,
    /// Actual cost.
    pub ac: Decimal,
}

impl Totals {
    pub(crate) const ZERO: Self =
        Self { bac: Decimal::ZERO, pv: Decimal::ZERO, ev: Decimal::ZERO, ac: Decimal::ZERO };
}

/// What one cost code still costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remaining {
    pub cost_code: String,
    /// Estimate to complete, made bottom-up.
    pub estimate: Decimal,
    /// Ordered and not yet received: a floor, because it will be paid whatever the estimate says.
    #[serde(default)]
    pub open_commitment: Decimal,
}

/// How an estimate at completion (EAC) is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A, typical: `BAC / CPI`; the rest goes as the past went.
    Typical,
    /// B, atypical: `AC + (BAC - EV)`; the rest goes as planned.
    Atypical,
    /// C: `AC + (BAC - EV) / (CPI * SPI)`; time must be bought back.
    CostAndSchedule,
    /// D: `AC + (BAC - EV) / (0.8 CPI + 0.2 SPI)`.
    Weighted,
    /// E: `AC + sum(ETC)`; the remaining work was estimated anew.
    BottomUp,
    /// F: E, where no cost code's ETC is below its open commitment.
    Committed,
}

impl Method {
    /// In the order of their letters.
    pub const ALL: [Self; 6] = [
        Self::Typical,
        Self::Atypical,
        Self::CostAndSchedule,
        Self::Weighted,
        Self::BottomUp,
        Self::Committed,
    ];

    /// A to F.
    pub fn letter(self) -> char {
        match self {
            Self::Typical => 'A',
            Self::Atypical => 'B',
            Self::CostAndSchedule => 'C',
            Self::Weighted => 'D',
            Self::BottomUp => 'E',
            Self::Committed => 'F',
        }
    }
}

/// An estimate at completion and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Estimate {
    pub method: Method,
    /// Estimate at completion.
    pub eac: Figure,
    /// Estimate to complete: `EAC - AC`.
    pub etc: Figure,
    /// Variance at completion: `BAC - EAC`.
    pub vac: Figure,
    /// To-complete performance index: `(BAC - EV) / (EAC - AC)`.
    pub tcpi: Figure,
}

/// All figures of one set of totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarnedValue {
    pub totals: Totals,
    /// `CV = EV - AC`.
    pub cost_variance: Figure,
    /// `SV = EV - PV`.
    pub schedule_variance: Figure,
    /// `CV / EV * 100`, percent.
    pub cost_variance_pct: Figure,
    /// `SV / PV * 100`, percent.
    pub schedule_variance_pct: Figure,
    /// `CPI = EV / AC`.
    pub cpi: Figure,
    /// `SPI = EV / PV`.
    pub spi: Figure,
    /// Cost-schedule index `CPI * SPI`.
    pub csi: Figure,
    /// `EV / BAC`, 0 to 1.
    pub percent_complete: Figure,
    /// `PV / BAC`, 0 to 1.
    pub percent_planned: Figure,
    /// `AC / BAC`, 1 is all of the budget.
    pub percent_spent: Figure,
    /// A to F.
    pub estimates: [Estimate; 6],
    /// `TCPI(BAC) = (BAC - EV) / (BAC - AC)`: how well the rest must go to keep the budget.
    pub tcpi_bac: Figure,
}

impl EarnedValue {
    /// `remaining` may be empty: then E and F say that there is no bottom-up estimate.
    pub fn of(totals: Totals, remaining: &[Remaining]) -> Self {
        let Totals { bac, pv, ev, ac } = totals;
        let cv = sub(ev, ac);
        let sv = sub(ev, pv);
        let percent = |part: Result<Decimal, Undefined>, whole, reason| {
            part.and_then(|part| mul_div(part, Decimal::ONE_HUNDRED, whole, reason))
        };
        Self {
            totals,
            cost_variance: cv.into(),
            schedule_variance: sv.into(),
            cost_variance_pct: percent(cv, ev, Undefined::NoEarnedValue).into(),
            schedule_variance_pct: percent(sv, pv, Undefined::NoPlannedValue).into(),
            cpi: div(ev, ac, Undefined::NoActualCost).into(),
            spi: div(ev, pv, Undefined::NoPlannedValue).into(),
            csi: index_product(&totals).into(),
            percent_complete: div(ev, bac, Undefined::NoBudget).into(),
            percent_planned: div(pv, bac, Undefined::NoBudget).into(),
            percent_spent: div(ac, bac, Undefined::NoBudget).into(),
            estimates: Method::ALL.map(|method| estimate(method, &totals, remaining)),
            tcpi_bac: to_complete(&totals, bac).into(),
        }
    }

    /// The estimate made by this method.
    pub fn estimate(&self, method: Method) -> &Estimate {
        let [typical, atypical, both, weighted, bottom_up, committed] = &self.estimates;
        match method {
            Method::Typical => typical,
            Method::Atypical => atypical,
            Method::CostAndSchedule => both,
            Method::Weighted => weighted,
            Method::BottomUp => bottom_up,
            Method::Committed => committed,
        }
    }
}

fn estimate(method: Method, totals: &Totals, remaining: &[Remaining]) -> Estimate {
    let eac = at_completion(method, totals, remaining);
    Estimate {
        method,
        eac: eac.into(),
        etc: eac.and_then(|eac| sub(eac, totals.ac)).into(),
        vac: eac.and_then(|eac| sub(totals.bac, eac)).into(),
        tcpi: eac.and_then(|eac| to_complete(totals, eac)).into(),
    }
}

fn at_completion(
    method: Method,
    totals: &Totals,
    remaining: &[Remaining],
) -> Result<Decimal, Undefined> {
    let Totals { bac, pv, ev, ac } = *totals;
    let rest = sub(bac, ev)?;
    match method {
        Method::Typical => {
            require(ac, Undefined::NoActualCost)?;
            mul_div(bac, ac, ev, Undefined::NoEarnedValue)
        }
        Method::Atypical => add(ac, rest),
        Method::CostAndSchedule => {
            require(ac, Undefined::NoActualCost)?;
            require(pv, Undefined::NoPlannedValue)?;
            let by_cost = mul_div(rest, ac, ev, Undefined::NoEarnedValue)?;
            add(ac, mul_div(by_cost, pv, ev, Undefined::NoEarnedValue)?)
        }
        Method::Weighted => {
            let cpi = div(ev, ac, Undefined::NoActualCost)?;
            let spi = div(ev, pv, Undefined::NoPlannedValue)?;
            let index = add(mul(hundredths(80), cpi)?, mul(hundredths(20), spi)?)?;
            add(ac, div(rest, index, Undefined::NoEarnedValue)?)
        }
        Method::BottomUp => to_go(ac, remaining, |item| item.estimate),
        Method::Committed => to_go(ac, remaining, |item| item.estimate.max(item.open_commitment)),
    }
}

fn to_go(
    ac: Decimal,
    remaining: &[Remaining],
    cost: impl Fn(&Remaining) -> Decimal,
) -> Result<Decimal, Undefined> {
    if remaining.is_empty() {
        return Err(Undefined::NoEstimate);
    }
    add(ac, sum(remaining.iter().map(cost))?)
}

/// `(BAC - EV) / (target - AC)`. Nothing to do, or nothing left to do it with, is no index: a
/// negative one would read as an easy one.
fn to_complete(totals: &Totals, target: Decimal) -> Result<Decimal, Undefined> {
    let rest = sub(totals.bac, totals.ev)?;
    if rest <= Decimal::ZERO {
        return Err(Undefined::WorkComplete);
    }
    let left = sub(target, totals.ac)?;
    if left <= Decimal::ZERO {
        return Err(Undefined::BudgetSpent);
    }
    div(rest, left, Undefined::BudgetSpent)
}

fn index_product(totals: &Totals) -> Result<Decimal, Undefined> {
    let cpi = div(totals.ev, totals.ac, Undefined::NoActualCost)?;
    mul(cpi, div(totals.ev, totals.pv, Undefined::NoPlannedValue)?)
}

fn require(value: Decimal, reason: Undefined) -> Result<(), Undefined> {
    if value.is_zero() { Err(reason) } else { Ok(()) }
}
