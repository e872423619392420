//! Classic PERT: a path without a simulation, and how far it may be believed.
//!
//! Source: Malcolm, Roseboom, Clark, Fazar, "Application of a Technique for Research and Development
//! Program Evaluation", Operations Research 7 (1959). The deviation is a sixth of the range, another
//! formula than Beta-PERT's: the two are not to be mixed. Paths that join the one counted here can
//! only make the finish later, so the probability is an upper bound.

use std::f64::consts::SQRT_2;

use serde::{Deserialize, Serialize};

/// Optimistic, most likely and pessimistic duration, in any unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThreePoint {
    pub min: f64,
    pub mode: f64,
    pub max: f64,
}

/// The sum of independent durations one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Path {
    /// Sum of `(a + 4 m + b) / 6`.
    pub mean: f64,
    /// Sum of `((b - a) / 6)^2`.
    pub variance: f64,
}

impl Path {
    /// Of the activities of one path.
    pub fn of(activities: &[ThreePoint]) -> Self {
        let nothing = Self { mean: 0.0, variance: 0.0 };
        activities.iter().fold(nothing, |path, one| {
            let sd = (one.max - one.min) / 6.0;
            Self {
                mean: path.mean + (one.min + 4.0 * one.mode + one.max) / 6.0,
                variance: path.variance + sd * sd,
            }
        })
    }

    /// P(path takes at most this long), as if the sum were normal.
    pub fn probability_within(&self, duration: f64) -> f64 {
        if self.variance <= 0.0 {
            return if duration >= self.mean { 1.0 } else { 0.0 };
        }
        normal_below((duration - self.mean) / self.variance.sqrt())
    }
}

/// The standard normal distribution function.
pub(super) fn normal_below(deviate: f64) -> f64 {
    0.5 * libm::erfc(-deviate / SQRT_2)
}
