//! The forecast of the final cost: which estimate at completion is believed, and why.
//!
//! Selection per control account (project-controls practice; GAO-20-195G on when an index may be
//! extrapolated, Christensen and Heise 1993 on its stability):
//!
//! 1. below 10 % complete, or without actual cost: F, bottom-up with commitments as a floor;
//! 2. from 10 to below 20 %: between B and F; the point is their middle;
//! 3. from 20 %: A if the CPI was stable over the last three periods, else F;
//! 4. complete: the actual cost.
//!
//! Where F is wanted and nobody has estimated the remaining work, B takes its place and the output
//! says so. The project's forecast is the sum of its accounts, never `BAC / CPI` of its totals,
//! which is wrong as soon as the accounts differ.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::earned_value::{EarnedValue, Method, Remaining, Totals};
use super::exact::{add, div, hundredths, sub, sum};
use super::figure::{Figure, Undefined};
use super::variance::{BudgetVariance, budget_variance};

const EARLY: Decimal = hundredths(10);
const ESTABLISHED: Decimal = hundredths(20);
const STABLE_PERIODS: usize = 3;
const STABLE_BAND: Decimal = hundredths(10);

/// A control account: the level at which cost is managed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: String,
    #[serde(flatten)]
    pub totals: Totals,
    /// Bottom-up estimate of the rest, by cost code; empty if nobody made one.
    #[serde(default)]
    pub remaining: Vec<Remaining>,
    /// Cumulative CPI at the end of each period, oldest first.
    #[serde(default)]
    pub cpi_history: Vec<Decimal>,
}

/// What decided the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing is paid yet, so no index exists.
    NoActualCost,
    /// Below 10 % complete: an index would be noise.
    TooEarly,
    /// 10 to 20 % complete: the index is not yet to be trusted.
    StillEarly,
    /// From 20 % with a CPI that stayed within 0.1 for three periods.
    StableIndex,
    /// From 20 % with a CPI that moved more, or fewer than three periods.
    UnstableIndex,
    /// All work is done.
    Complete,
    /// The account has no budget to measure completeness by.
    NoBudget,
}

/// The forecast of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountForecast {
    pub id: String,
    pub why: Why,
    /// The methods the range spans; one when there is no range.
    pub methods: Vec<Method>,
    /// F was wanted and B stands in for it.
    pub without_estimate: bool,
    pub low: Figure,
    pub point: Figure,
    pub high: Figure,
}

/// The forecast of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostForecast {
    pub accounts: Vec<AccountForecast>,
    /// Sum of the accounts' budgets.
    pub bac: Figure,
    pub low: Figure,
    /// The estimate at completion of the project.
    pub point: Figure,
    pub high: Figure,
    /// Rule R6 on `point`.
    pub budget: BudgetVariance,
}

/// Forecasts every account by the selection rule and sums them.
pub fn forecast_cost(accounts: &[Account]) -> CostForecast {
    let accounts_bac = sum(accounts.iter().map(|account| account.totals.bac));
    let accounts: Vec<AccountForecast> = accounts.iter().map(forecast_account).collect();
    let total = |part: fn(&AccountForecast) -> &Figure| {
        accounts.iter().try_fold(Decimal::ZERO, |sum, account| add(sum, part(account).0?))
    };
    let point = total(|account| &account.point);
    CostForecast {
        bac: accounts_bac.into(),
        low: total(|account| &account.low).into(),
        point: point.into(),
        high: total(|account| &account.high).into(),
        budget: budget_variance(accounts_bac.unwrap_or_default(), point.into()),
        accounts,
    }
}

/// Forecasts one account by the selection rule.
pub fn forecast_account(account: &Account) -> AccountForecast {
    let why = select(account);
    let figures = EarnedValue::of(account.totals, &account.remaining);
    let committed = if account.remaining.is_empty() { Method::Atypical } else { Method::Committed };
    let wants_estimate = !matches!(why, Why::StableIndex | Why::Complete);
    let methods = match why {
        Why::StableIndex => vec![Method::Typical],
        // With EV = BAC, B is the actual cost.
        Why::Complete => vec![Method::Atypical],
        Why::StillEarly if committed != Method::Atypical => vec![Method::Atypical, committed],
        Why::StillEarly
        | Why::NoActualCost
        | Why::TooEarly
        | Why::UnstableIndex
        | Why::NoBudget => vec![committed],
    };
    let eacs: Result<Vec<Decimal>, Undefined> =
        methods.iter().map(|method| figures.estimate(*method).eac.0).collect();
    let of = |pick: fn(&[Decimal]) -> Result<Decimal, Undefined>| -> Figure {
        eacs.as_ref().map_err(|reason| *reason).and_then(|eacs| pick(eacs)).into()
    };
    AccountForecast {
        id: account.id.clone(),
        why,
        methods,
        without_estimate: wants_estimate && account.remaining.is_empty(),
        low: of(|eacs| eacs.iter().copied().min().ok_or(Undefined::NoEstimate)),
        point: of(mean),
        high: of(|eacs| eacs.iter().copied().max().ok_or(Undefined::NoEstimate)),
    }
}

fn select(account: &Account) -> Why {
    let Totals { bac, ev, ac, .. } = account.totals;
    if ac.is_zero() {
        return Why::NoActualCost;
    }
    match div(ev, bac, Undefined::NoBudget) {
        Err(_) => Why::NoBudget,
        Ok(share) if share < EARLY => Why::TooEarly,
        Ok(share) if share < ESTABLISHED => Why::StillEarly,
        Ok(share) if share >= Decimal::ONE => Why::Complete,
        Ok(_) if is_stable(&account.cpi_history) => Why::StableIndex,
        Ok(_) => Why::UnstableIndex,
    }
}

/// Each of the last three is within 0.1 of the latest.
fn is_stable(history: &[Decimal]) -> bool {
    let recent = history.iter().rev().take(STABLE_PERIODS);
    let near = |cpi: &&Decimal| {
        let gap = history.last().map(|latest| sub(**cpi, *latest));
        matches!(gap, Some(Ok(gap)) if gap.abs() <= STABLE_BAND)
    };
    recent.filter(near).count() == STABLE_PERIODS
}

fn mean(values: &[Decimal]) -> Result<Decimal, Undefined> {
    div(sum(values.iter().copied())?, values.len().into(), Undefined::NoEstimate)
}
