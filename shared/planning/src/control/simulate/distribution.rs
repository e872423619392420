//! How a duration, a quantity or a price may turn out.

use serde::{Deserialize, Serialize};

use super::random::Sequence;
use super::shape::{Logarithms, Shape};

/// Beta-PERT's weight of the most likely value (Vose, "Risk Analysis"; the usual 4).
const WEIGHT: f64 = 4.0;
/// Beyond this neither minutes nor money of a project lie.
const LARGEST: f64 = 1e12;

/// A probability distribution. The unit is that of what it describes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// Always the same.
    Fixed { value: f64 },
    /// Anything between, equally likely.
    Uniform { min: f64, max: f64 },
    /// Straight lines up to the most likely value and down from it.
    Triangular { min: f64, mode: f64, max: f64 },
    /// A Beta distribution with mean `(min + 4 mode + max) / 6`.
    BetaPert { min: f64, mode: f64, max: f64 },
    /// The normal distribution. Durations below zero are drawn as zero.
    Normal { mean: f64, sd: f64 },
}

/// Why something is no distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DistributionError {
    #[error("its numbers must be finite and at most 10^12 in size")]
    Range,
    #[error("its numbers must be in order: min, mode, max; and a deviation is not negative")]
    Order,
}

impl Distribution {
    /// Numbers in order and in range.
    pub fn check(&self) -> Result<(), DistributionError> {
        let (numbers, in_order) = match *self {
            Self::Fixed { value } => ([value; 3], true),
            Self::Uniform { min, max } => ([min, max, max], min <= max),
            Self::Triangular { min, mode, max } | Self::BetaPert { min, mode, max } => {
                ([min, mode, max], min <= mode && mode <= max)
            }
            Self::Normal { mean, sd } => ([mean, sd, sd], sd >= 0.0),
        };
        if !numbers.iter().all(|number| number.abs() <= LARGEST) {
            return Err(DistributionError::Range);
        }
        if in_order { Ok(()) } else { Err(DistributionError::Order) }
    }

    /// The mean. Triangular `(a + m + b) / 3`, Beta-PERT `(a + 4 m + b) / 6`.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Fixed { value } => value,
            Self::Uniform { min, max } => f64::midpoint(min, max),
            Self::Triangular { min, mode, max } => (min + mode + max) / 3.0,
            Self::BetaPert { min, mode, max } => (min + WEIGHT * mode + max) / (WEIGHT + 2.0),
            Self::Normal { mean, .. } => mean,
        }
    }

    /// The variance. Triangular `(a^2 + m^2 + b^2 - am - ab - mb) / 18`; Beta-PERT
    /// `(mean - a)(b - mean) / 7`, which is not the `((b - a) / 6)^2` of classic PERT: see
    /// [`super::pert`].
    pub fn variance(&self) -> f64 {
        match *self {
            Self::Fixed { .. } => 0.0,
            Self::Uniform { min, max } => (max - min) * (max - min) / 12.0,
            Self::Triangular { min, mode, max } => {
                let (low, high) = (mode - min, max - mode);
                (low * low + low * high + high * high) / 18.0
            }
            Self::BetaPert { min, max, .. } => {
                let mean = self.mean();
                (mean - min) * (max - mean) / (WEIGHT + 3.0)
            }
            Self::Normal { sd, .. } => sd * sd,
        }
    }

    /// The value of a plan that knows one value only: the most likely one, or the middle.
    pub fn likely(&self) -> f64 {
        match *self {
            Self::Fixed { value } => value,
            Self::Uniform { .. } | Self::Normal { .. } => self.mean(),
            Self::Triangular { mode, .. } | Self::BetaPert { mode, .. } => mode,
        }
    }
}

/// A distribution made ready to be drawn from.
#[derive(Debug, Clone)]
pub(super) enum Sampler {
    Fixed(f64),
    Uniform { min: f64, range: f64 },
    Triangular { min: f64, max: f64, low: f64, high: f64, split: f64 },
    Beta { min: f64, range: f64, shape: Shape },
    Normal { mean: f64, sd: f64 },
}

impl Sampler {
    pub(super) fn new(distribution: &Distribution, logarithms: &Logarithms) -> Self {
        match *distribution {
            Distribution::Fixed { value } => Self::Fixed(value),
            Distribution::Uniform { min, max }
            | Distribution::Triangular { min, max, .. }
            | Distribution::BetaPert { min, max, .. }
                if min >= max =>
            {
                Self::Fixed(min)
            }
            Distribution::Uniform { min, max } => Self::Uniform { min, range: max - min },
            Distribution::Triangular { min, mode, max } => {
                let range = max - min;
                let (low, high) = (range * (mode - min), range * (max - mode));
                Self::Triangular { min, max, low, high, split: (mode - min) / range }
            }
            Distribution::BetaPert { min, mode, max } => {
                let range = max - min;
                let alpha = 1.0 + WEIGHT * (mode - min) / range;
                let beta = 1.0 + WEIGHT * (max - mode) / range;
                Self::Beta { min, range, shape: Shape::beta(alpha, beta, logarithms) }
            }
            Distribution::Normal { mean, sd } => Self::Normal { mean, sd },
        }
    }

    /// A value of its own.
    pub(super) fn draw(&self, sequence: Sequence, iteration: u32) -> f64 {
        match self {
            Self::Normal { .. } => self.at_normal(sequence.normal(iteration)),
            Self::Fixed(_) | Self::Uniform { .. } | Self::Triangular { .. } | Self::Beta { .. } => {
                self.quantile(sequence.uniform(iteration))
            }
        }
    }

    /// The value that lies where `deviate` lies in the standard normal distribution: the Gaussian
    /// copula.
    pub(super) fn at_normal(&self, deviate: f64) -> f64 {
        match self {
            Self::Normal { mean, sd } => mean + sd * deviate,
            Self::Fixed(_) | Self::Uniform { .. } | Self::Triangular { .. } | Self::Beta { .. } => {
                self.quantile(super::pert::normal_below(deviate))
            }
        }
    }

    fn quantile(&self, probability: f64) -> f64 {
        match self {
            Self::Fixed(value) | Self::Normal { mean: value, .. } => *value,
            Self::Uniform { min, range } => min + range * probability,
            Self::Triangular { min, low, split, .. } if probability < *split => {
                min + (probability * low).sqrt()
            }
            Self::Triangular { max, high, .. } => max - ((1.0 - probability) * high).sqrt(),
            Self::Beta { min, range, shape } => min + range * shape.quantile(probability),
        }
    }
}
