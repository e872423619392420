//! What a sample says: mean, deviation, percentiles, ranks, each with how far it may be wrong.

use serde::Serialize;

use super::{float, float_of_count};

/// Percent of the points of [`Spread::curve`].
pub(super) const CURVE_PERCENT: [usize; 19] =
    [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95];

/// A percentile: the value that this percentage of iterations does not exceed (nearest rank).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantile<V> {
    pub value: V,
    /// Half the distance of the order statistics one deviation of the rank apart.
    pub standard_error: V,
}

/// How a result is spread over the iterations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread<V> {
    pub mean: V,
    /// Standard deviation of the sample.
    pub sd: V,
    /// Of the mean: `sd / sqrt(N)`.
    pub standard_error: V,
    pub minimum: V,
    pub p10: Quantile<V>,
    pub p50: Quantile<V>,
    pub p80: Quantile<V>,
    pub p90: Quantile<V>,
    pub maximum: V,
    /// The cumulative curve: percentiles 5, 10, ..., 95.
    pub curve: Vec<V>,
}

impl Spread<f64> {
    /// Of a sample with at least one value.
    pub(super) fn of(sample: &[i64]) -> Self {
        let mut ordered = sample.to_vec();
        ordered.sort_unstable();
        let at = |rank: usize| ordered.get(rank.max(1) - 1).or(ordered.last()).copied();
        let value = |rank: usize| float(at(rank).unwrap_or_default());
        let count = ordered.len();
        let quantile = |percent: usize| {
            let share = float_of_count(percent) / 100.0;
            let spread = (float_of_count(count) * share * (1.0 - share)).sqrt().ceil();
            let rank = nearest_rank(count, percent);
            let (low, high) =
                (rank.saturating_sub(whole(spread)), (rank + whole(spread)).min(count));
            Quantile { value: value(rank), standard_error: (value(high) - value(low)) / 2.0 }
        };
        let (mean, sd) = mean_and_deviation(sample);
        Self {
            mean,
            sd,
            standard_error: sd / float_of_count(count.max(1)).sqrt(),
            minimum: value(1),
            p10: quantile(10),
            p50: quantile(50),
            p80: quantile(80),
            p90: quantile(90),
            maximum: value(count),
            curve: CURVE_PERCENT.map(|percent| value(nearest_rank(count, percent))).to_vec(),
        }
    }

    /// The same in another unit.
    pub(super) fn map<V>(&self, to: impl Fn(f64) -> V) -> Spread<V> {
        let quantile = |one: &Quantile<f64>| Quantile {
            value: to(one.value),
            standard_error: to(one.standard_error),
        };
        Spread {
            mean: to(self.mean),
            sd: to(self.sd),
            standard_error: to(self.standard_error),
            minimum: to(self.minimum),
            p10: quantile(&self.p10),
            p50: quantile(&self.p50),
            p80: quantile(&self.p80),
            p90: quantile(&self.p90),
            maximum: to(self.maximum),
            curve: self.curve.iter().map(|value| to(*value)).collect(),
        }
    }
}

/// The smallest rank, from 1, that holds this percentage of `count`.
fn nearest_rank(count: usize, percent: usize) -> usize {
    (count * percent).div_ceil(100)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the root of a count is neither negative nor beyond a count"
)]
fn whole(root: f64) -> usize {
    root as usize
}

/// Mean and standard deviation (with N - 1), summed in the order of the sample.
pub(super) fn mean_and_deviation(sample: &[i64]) -> (f64, f64) {
    let count = float_of_count(sample.len().max(1));
    // The exact sum, so that the mean depends on nothing else.
    let sum: i128 = sample.iter().map(|value| i128::from(*value)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more digits than a float has")]
    let mean = sum as f64 / count;
    let square = |value: &i64| (float(*value) - mean) * (float(*value) - mean);
    let squares: f64 = sample.iter().map(square).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

/// The ranks of a sample, doubled so that the middle rank of equal values is whole, and the order
/// of the sample by value.
pub(super) struct Ranks {
    doubled: Vec<i64>,
    pub(super) order: Vec<usize>,
}

impl Ranks {
    pub(super) fn of(sample: &[i64]) -> Self {
        let mut keyed: Vec<(i64, usize)> = sample.iter().copied().zip(0..).collect();
        keyed.sort_unstable();
        let mut doubled = vec![0; sample.len()];
        let mut rank: i64 = 0;
        for equal in keyed.chunk_by(|one, other| one.0 == other.0) {
            let count = i64::try_from(equal.len()).unwrap_or_default();
            for (_, place) in equal {
                if let Some(slot) = doubled.get_mut(*place) {
                    *slot = 2 * rank + count + 1;
                }
            }
            rank += count;
        }
        Self { doubled, order: keyed.into_iter().map(|(_, place)| place).collect() }
    }

    /// Spearman's rank correlation, -1 to 1; none if one of the samples never varies.
    pub(super) fn correlation(&self, other: &Self) -> Option<f64> {
        // The mean of doubled ranks 2, 4, ..., 2n is n + 1.
        let middle = i64::try_from(self.doubled.len()).ok()? + 1;
        let (mut xy, mut xx, mut yy) = (0_i128, 0_i128, 0_i128);
        for (x, y) in self.doubled.iter().zip(&other.doubled) {
            let (x, y) = (i128::from(x - middle), i128::from(y - middle));
            xy += x * y;
            xx += x * x;
            yy += y * y;
        }
        if xx == 0 || yy == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a correlation needs fewer digits")]
        let [xy, xx, yy] = [xy as f64, xx as f64, yy as f64];
        Some(xy / (xx.sqrt() * yy.sqrt()))
    }
}
