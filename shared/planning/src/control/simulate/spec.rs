//! What is uncertain about a plan: the input of a simulation.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::distribution::{Distribution, DistributionError};
use crate::calendar::Moment;

/// Fewer iterations than the first say little; more than the second say nothing more.
pub const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=100_000;
/// Iterations times activities, links and costs: about two minutes of computing.
pub const MOST_STEPS: u64 = 500_000_000;
/// Most lines of each list of a specification.
pub const MOST_LINES: usize = 200_000;
const DEFAULT_ITERATIONS: u32 = 5_000;

/// What to simulate. The same plan and specification give the same bytes on every machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spec {
    pub iterations: u32,
    pub seed: u64,
    /// What remains of activities, each once.
    pub durations: Vec<Uncertain>,
    /// For the unfinished tasks that [`Spec::durations`] does not name; without it they last as
    /// long as planned.
    pub others: Option<Others>,
    /// What tends to turn out alike, by trade for example.
    pub groups: Vec<Group>,
    /// What may happen.
    pub events: Vec<Event>,
    pub costs: Vec<CostLine>,
    /// The contract date; without it, that of the plan's first project, if it has one.
    pub contract_finish: Option<Moment>,
    /// The approved budget including contingency, for the costs of this specification.
    pub budget: Option<Decimal>,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            iterations: DEFAULT_ITERATIONS,
            seed: 0,
            durations: Vec::new(),
            others: None,
            groups: Vec::new(),
            events: Vec::new(),
            costs: Vec::new(),
            contract_finish: None,
            budget: None,
        }
    }
}

/// What remains of an activity, in working minutes of its calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertain {
    /// The activity's id.
    pub activity: String,
    pub remaining: Distribution,
}

/// A Beta-PERT around what remains by the plan: from `min_share` to `max_share` of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Others {
    /// At most 1.
    pub min_share: f64,
    /// At least 1.
    pub max_share: f64,
}

/// Members share a common cause: a Gaussian copula with the same correlation between every two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    /// 0 to 1, of the normal deviates behind the members; for normal members their own.
    pub correlation: f64,
    /// Ids of activities with an uncertain duration. An activity is in one group at most.
    #[serde(default)]
    pub activities: Vec<String>,
    /// Ids of cost lines, whose rates are meant. A line is in one group at most.
    #[serde(default)]
    pub costs: Vec<String>,
}

/// Something that may happen once, with its effect on time and money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub id: String,
    /// 0 to 1.
    pub probability: f64,
    /// Working minutes that each of the activities then lasts longer.
    #[serde(default)]
    pub delay: Option<Distribution>,
    #[serde(default)]
    pub activities: Vec<String>,
    /// Amount of the plan's currency that it then costs.
    #[serde(default)]
    pub cost: Option<Distribution>,
}

/// `quantity * rate`, once or for each day of a duration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    pub id: String,
    #[serde(default = "one")]
    pub quantity: Distribution,
    /// Amount of the plan's currency by unit, or by unit and day.
    pub rate: Distribution,
    #[serde(default)]
    pub timing: Timing,
}

/// What a cost depends on besides its quantity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    #[default]
    Once,
    /// For each working day of the project's calendar from the data date to the finish.
    ProjectDay,
    /// For each working day that remains of this activity.
    ActivityDay(String),
}

fn one() -> Distribution {
    Distribution::Fixed { value: 1.0 }
}

/// Why a specification cannot be simulated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error("iterations must be 1,000 to 100,000, not {0}")]
    Iterations(u32),
    #[error("{steps} steps are more than {MOST_STEPS}: fewer iterations, please")]
    TooMuch { steps: u64 },
    #[error("more than {MOST_LINES} {list}")]
    TooMany { list: &'static str },
    #[error("the plan has no activity {0} that can be simulated")]
    UnknownActivity(String),
    #[error("there is no cost line {0}")]
    UnknownCost(String),
    #[error("{0} is named twice")]
    Twice(String),
    #[error("{id}: {error}")]
    Distribution { id: String, error: DistributionError },
    #[error("{id}: {number} is not between 0 and 1")]
    Share { id: String, number: String },
    #[error("others: the shares must be at most 1 and at least 1")]
    Others,
}
