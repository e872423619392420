//! The health of a project: one number from 0 to 100, what it covers and what it was made from.
//!
//! `100 * (0.35 S + 0.35 C + 0.20 R + 0.10 Q)`, each part from 0 to 1. What is not known does not
//! count: the weights of the rest are scaled up, and below half of the weight there is no number.
//! The edges of S and C are those of rules R4 and R6, so score and status never disagree.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::exact::hundredths;
use super::progress::within;

const LEAST_COVERAGE: Decimal = hundredths(50);
const CAP: u8 = 49;
const GOOD: u8 = 75;
const WATCH: u8 = 50;

/// Schedule variance in percent to S, linear between.
const SCHEDULE_CURVE: [(Decimal, Decimal); 4] = [
    (hundredths(0), hundredths(100)),
    (hundredths(1000), hundredths(70)),
    (hundredths(2000), hundredths(40)),
    (hundredths(4000), hundredths(0)),
];
/// Budget variance in percent to C, linear between.
const COST_CURVE: [(Decimal, Decimal); 4] = [
    (hundredths(0), hundredths(100)),
    (hundredths(500), hundredths(70)),
    (hundredths(1000), hundredths(40)),
    (hundredths(2500), hundredths(0)),
];

/// What the quality part is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Overdue snags of all open snags, 0 to 1.
    pub overdue_snag_share: Decimal,
    /// Failed inspections of all inspections, 0 to 1.
    pub failed_inspection_share: Decimal,
    /// A safety event of high severity is open.
    pub open_high_safety_event: bool,
}

/// What is known of a project. None is "not measured", which is not the same as good or bad.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Schedule variance on the forecast finish, percent.
    pub schedule_variance_pct: Option<Decimal>,
    /// Budget variance on the estimate at completion, percent.
    pub budget_variance_pct: Option<Decimal>,
    /// Overall risk, 0 to 1.
    pub overall_risk: Option<Decimal>,
    pub quality: Option<Quality>,
    /// A safety event has stopped work.
    pub work_stopped: bool,
    /// A RED structural finding is open.
    pub structural_finding: bool,
}

/// A part of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    Schedule,
    Cost,
    Risk,
    Quality,
}

/// One part, its weight and its score; no score if it was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    pub kind: PartKind,
    pub weight: Decimal,
    /// 0 to 1.
    pub score: Option<Decimal>,
    /// Points of a hundred that it adds.
    pub points: Option<Decimal>,
}

/// What to do with a project of this health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// 75 and above.
    Good,
    /// 50 to 74.
    Watch,
    /// Below 50.
    Act,
}

/// Why the number is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    ScheduleNotMeasured,
    CostNotMeasured,
    RiskNotMeasured,
    QualityNotMeasured,
    /// S is below 1: the forecast finish is after the baseline.
    BehindBaseline,
    /// C is below 1: the estimate at completion is above the budget.
    AboveBudget,
    /// R is below 1: the overall risk is not zero.
    AtRisk,
    /// Q is below 1: overdue snags, failed inspections or an open safety event.
    QualityOpen,
    /// Held at 49 while a safety event has stopped work.
    WorkStopped,
    /// Held at 49 while a RED structural finding is open.
    StructuralFinding,
    /// Less than half of the weight is known: no number.
    TooLittleKnown,
}

/// Health with its coverage and reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// 0 to 100; none if too little is known.
    pub score: Option<u8>,
    pub band: Option<Band>,
    /// Weight of the parts that are known, 0 to 1.
    pub coverage: Decimal,
    pub parts: [Part; 4],
    pub reasons: Vec<Reason>,
}

/// The health of a project of which this is known.
pub fn health(known: &Known) -> Health {
    let scores = [
        (PartKind::Schedule, hundredths(35), known.schedule_variance_pct.map(schedule_score)),
        (PartKind::Cost, hundredths(35), known.budget_variance_pct.map(cost_score)),
        (
            PartKind::Risk,
            hundredths(20),
            known.overall_risk.map(|risk| Decimal::ONE - within(risk)),
        ),
        (PartKind::Quality, hundredths(10), known.quality.as_ref().map(quality_score)),
    ];
    let coverage: Decimal =
        scores.iter().filter(|(_, _, score)| score.is_some()).map(|(_, weight, _)| *weight).sum();
    let parts = scores.map(|(kind, weight, score)| Part {
        kind,
        weight,
        score,
        points: score.map(|score| (Decimal::ONE_HUNDRED * weight * score / coverage).normalize()),
    });
    let score = (coverage >= LEAST_COVERAGE).then(|| {
        let sum: Decimal = parts.iter().filter_map(|part| part.points).sum();
        let score = sum.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let score = u8::try_from(score).unwrap_or_default();
        if known.work_stopped || known.structural_finding { score.min(CAP) } else { score }
    });
    Health { score, band: score.map(band), coverage, parts, reasons: reasons(known, &parts) }
}

/// S of a schedule variance in percent: 1 up to 0, 0.7 at 10, 0.4 at 20, 0 from 40.
pub fn schedule_score(variance_pct: Decimal) -> Decimal {
    along(&SCHEDULE_CURVE, variance_pct)
}

/// C of a budget variance in percent: 1 up to 0, 0.7 at 5, 0.4 at 10, 0 from 25.
pub fn cost_score(variance_pct: Decimal) -> Decimal {
    along(&COST_CURVE, variance_pct)
}

/// `1 - min(1, 0.5 overdue snags + 0.3 failed inspections + 0.2 open high safety event)`.
fn quality_score(quality: &Quality) -> Decimal {
    let safety = if quality.open_high_safety_event { hundredths(20) } else { Decimal::ZERO };
    let snags = hundredths(50) * within(quality.overdue_snag_share);
    let failed = hundredths(30) * within(quality.failed_inspection_share);
    Decimal::ONE - (snags + failed + safety).min(Decimal::ONE)
}

fn along(curve: &[(Decimal, Decimal)], x: Decimal) -> Decimal {
    let mut before: Option<(Decimal, Decimal)> = None;
    for &(x1, y1) in curve {
        if x <= x1 {
            return before.map_or(y1, |(x0, y0)| y0 + (y1 - y0) * (x - x0) / (x1 - x0));
        }
        before = Some((x1, y1));
    }
    before.map(|(_, y)| y).unwrap_or_default()
}

fn band(score: u8) -> Band {
    match score {
        GOOD.. => Band::Good,
        WATCH.. => Band::Watch,
        _ => Band::Act,
    }
}

fn reasons(known: &Known, parts: &[Part; 4]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = parts.iter().filter_map(reason).collect();
    let covered: Decimal =
        parts.iter().filter(|part| part.score.is_some()).map(|part| part.weight).sum();
    let further = [
        (known.work_stopped, Reason::WorkStopped),
        (known.structural_finding, Reason::StructuralFinding),
        (covered < LEAST_COVERAGE, Reason::TooLittleKnown),
    ];
    reasons.extend(further.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason));
    reasons
}

fn reason(part: &Part) -> Option<Reason> {
    let (unknown, low) = match part.kind {
        PartKind::Schedule => (Reason::ScheduleNotMeasured, Reason::BehindBaseline),
        PartKind::Cost => (Reason::CostNotMeasured, Reason::AboveBudget),
        PartKind::Risk => (Reason::RiskNotMeasured, Reason::AtRisk),
        PartKind::Quality => (Reason::QualityNotMeasured, Reason::QualityOpen),
    };
    match part.score {
        None => Some(unknown),
        Some(score) if score < Decimal::ONE => Some(low),
        Some(_) => None,
    }
}
