//! The trend of cost performance over reporting periods.
//!
//! Slope: the Theil-Sen estimator (Sen, 1968), the median of the slopes between all pairs of
//! periods. One bad month does not turn it, as it would turn a least-squares line.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::{add, div, hundredths, sub};
use super::figure::{Figure, Undefined};

/// Fewer periods show no trend.
const LEAST_PERIODS: usize = 3;
/// Periods that count: older ones say little about now.
const RECENT_PERIODS: usize = 6;
/// A slope within this per period is stable.
const STABLE_SLOPE: Decimal = hundredths(1);
/// Periods of the recent CPI, and the distance from the cumulative one that is worth a word.
const SHORT_PERIODS: usize = 3;
const NOTABLE_GAP: Decimal = hundredths(5);

/// Where cost performance goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Improving,
    Stable,
    Worsening,
    InsufficientData,
}

/// The trend of the cumulative cost performance index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// Change of CPI per period.
    pub slope: Figure,
    pub direction: Direction,
    /// Periods it was made from.
    pub periods: usize,
}

/// Theil-Sen over the last six of the cumulative CPIs, oldest first.
pub fn cost_trend(cpi: &[Decimal]) -> Trend {
    let recent = last(cpi, RECENT_PERIODS);
    let slope = theil_sen(recent);
    let direction = match slope {
        Err(_) => Direction::InsufficientData,
        Ok(slope) if slope > STABLE_SLOPE => Direction::Improving,
        Ok(slope) if slope < -STABLE_SLOPE => Direction::Worsening,
        Ok(_) => Direction::Stable,
    };
    Trend { slope: slope.into(), direction, periods: recent.len() }
}

/// Cumulative earned value and actual cost at the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub ev: Decimal,
    pub ac: Decimal,
}

/// The CPI of the last three periods beside the cumulative one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Recent {
    /// Cumulative CPI at the last period.
    pub cumulative: Figure,
    /// `(EV_n - EV_{n-3}) / (AC_n - AC_{n-3})`.
    pub recent: Figure,
    /// They are more than 0.05 apart: what was earned lately is not like what was earned before.
    pub differs: bool,
}

/// Compares the last three of these periods, oldest first, with all of them.
pub fn recent_performance(periods: &[Period]) -> Recent {
    let cumulative = periods
        .last()
        .ok_or(Undefined::InsufficientData)
        .and_then(|period| div(period.ev, period.ac, Undefined::NoActualCost));
    let recent = short_term(periods);
    let gap = cumulative.and_then(|all| recent.and_then(|recent| sub(recent, all)));
    Recent {
        cumulative: cumulative.into(),
        recent: recent.into(),
        differs: gap.is_ok_and(|gap| gap.abs() > NOTABLE_GAP),
    }
}

fn short_term(periods: &[Period]) -> Result<Decimal, Undefined> {
    let now = periods.last().ok_or(Undefined::InsufficientData)?;
    let before = match periods.len().checked_sub(SHORT_PERIODS) {
        None => return Err(Undefined::InsufficientData),
        // Before the first period nothing was earned or spent.
        Some(0) => Period { ev: Decimal::ZERO, ac: Decimal::ZERO },
        Some(count) => *periods.get(count - 1).ok_or(Undefined::InsufficientData)?,
    };
    div(sub(now.ev, before.ev)?, sub(now.ac, before.ac)?, Undefined::NoActualCost)
}

/// Median of the slopes of all pairs, one period apart from the next.
fn theil_sen(series: &[Decimal]) -> Result<Decimal, Undefined> {
    if series.len() < LEAST_PERIODS {
        return Err(Undefined::InsufficientData);
    }
    let mut slopes = Vec::with_capacity(series.len() * (series.len() - 1) / 2);
    for (from, first) in series.iter().enumerate() {
        for (steps, second) in series.iter().skip(from + 1).enumerate() {
            let rise = sub(*second, *first)?;
            slopes.push(div(rise, Decimal::from(steps + 1), Undefined::InsufficientData)?);
        }
    }
    slopes.sort_unstable();
    let middle = slopes.len() / 2;
    let upper = *slopes.get(middle).ok_or(Undefined::InsufficientData)?;
    if slopes.len() % 2 == 1 {
        return Ok(upper);
    }
    let lower = *slopes.get(middle - 1).ok_or(Undefined::InsufficientData)?;
    div(add(lower, upper)?, Decimal::TWO, Undefined::InsufficientData)
}

fn last<T>(series: &[T], count: usize) -> &[T] {
    series.get(series.len().saturating_sub(count)..).unwrap_or(series)
}
