//! What came out of a simulation.

use rust_decimal::Decimal;
use serde::Serialize;

use super::statistics::Spread;
use crate::calendar::Moment;
use crate::control::risk::Chances;

/// The result of a simulation. The same plan and specification give the same bytes of JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Results of different versions are not to be compared byte by byte.
    pub engine: u32,
    pub seed: u64,
    pub iterations: u32,
    pub time: Time,
    /// None without costs and cost events.
    pub cost: Option<Cost>,
    /// Each activity that is scheduled and not finished, in the order of the plan.
    pub activities: Vec<Sensitivity>,
    /// Places in `activities`, the longest bar first: those with the greatest swing.
    pub tornado: Vec<usize>,
}

/// Results in time. Minutes are working minutes of the first project's calendar, from its data date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Time {
    /// From the data date to the finish.
    pub minutes: Spread<f64>,
    /// Working minutes of a day of that calendar, to show days.
    pub day_minutes: i64,
    /// What the plan alone says.
    pub deterministic_minutes: i64,
    pub deterministic_finish: Moment,
    /// Mean less deterministic: what merging paths and lopsided durations add to the plan.
    pub bias_minutes: f64,
    /// P80 less deterministic.
    pub contingency_minutes: f64,
    pub finish: Finishes,
    /// P(finish <= what the plan says).
    pub on_plan: Chance,
    pub contract_finish: Option<Moment>,
    /// P(finish > contract date).
    pub late: Option<Chance>,
}

/// Finishes not exceeded in this percentage of iterations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Finishes {
    pub p10: Moment,
    pub p50: Moment,
    pub p80: Moment,
    pub p90: Moment,
}

/// Results in money, of the plan's currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    pub amount: Spread<Decimal>,
    /// With every line at its most likely, the plan's durations and no event.
    pub deterministic: Decimal,
    /// P80 less deterministic.
    pub contingency: Decimal,
    pub budget: Option<Decimal>,
    /// P(cost > budget).
    pub over_budget: Option<Chance>,
}

/// A probability that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// 0 to 1.
    pub probability: Decimal,
    /// `sqrt(p (1 - p) / N)`.
    pub standard_error: f64,
}

/// What an activity has to do with the finish.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensitivity {
    pub id: String,
    /// Criticality index: share of iterations with the activity on the longest path.
    pub criticality: f64,
    /// Cruciality: Spearman's rank correlation of its duration and the project's (Williams, 1992,
    /// takes Pearson's). None for what did not vary.
    pub cruciality: Option<f64>,
    /// Schedule sensitivity index: criticality by the activity's deviation over the project's.
    pub sensitivity: Option<f64>,
    /// Mean finish in the tenth of iterations with its longest durations, less that in the tenth
    /// with its shortest, in working minutes.
    pub swing_minutes: Option<f64>,
    /// Mean of what remained of it, in working minutes of its calendar.
    pub mean_minutes: f64,
}

impl Outcome {
    /// For [`crate::control::risk::overall_risk`]. A promise that was not given has no chance of
    /// being broken.
    pub fn chances(&self) -> Chances {
        let of = |chance: Option<Chance>| chance.map_or(Decimal::ZERO, |one| one.probability);
        Chances {
            late: of(self.time.late),
            over_budget: of(self.cost.as_ref().and_then(|cost| cost.over_budget)),
        }
    }

    /// Puts the places in the order of their swings.
    pub(super) fn with_tornado(mut self) -> Self {
        let swing = |place: &usize| {
            self.activities.get(*place).and_then(|one| one.swing_minutes).map(f64::abs)
        };
        let mut places: Vec<usize> =
            (0..self.activities.len()).filter(|place| swing(place).is_some()).collect();
        places.sort_by(|one, other| {
            swing(other).unwrap_or_default().total_cmp(&swing(one).unwrap_or_default())
        });
        self.tornado = places;
        self
    }
}
