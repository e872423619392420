//! The classifier: a linear model whose weights are a byte each.

#![expect(clippy::float_arithmetic, reason = "scores are estimates, not money")]

use crate::feature::{Feature, Group};
use crate::table::Table;
use crate::understanding::Intent;

/// How many intents there are.
pub const INTENTS: usize = Intent::ALL.len();

/// A row of the table: its scale, then a weight for each intent.
pub(crate) const ROW_BYTES: usize = 1 + INTENTS;

/// What one step of a weight with scale 1 is worth.
pub const WEIGHT_STEP: f64 = 1.0 / 4096.0;

/// A group of this many features or fewer counts in full, a larger one is scaled down.
const FEW: [f64; 3] = [24.0, 12.0, 40.0];
/// How fast a group learns, and so how much it says: signs speak for all languages.
const PACE: [f64; 3] = [2.0, 1.0, 0.4];

/// Evidence for each intent, in the order of [`Intent::ALL`].
pub(crate) type Scores = [f64; INTENTS];

#[derive(Debug, Clone, Copy)]
pub(crate) struct Model<'a> {
    /// Hashes of features.
    keys: Table<'a>,
    /// The row of each key, plus 1; 0 is empty.
    rows: Table<'a>,
    weights: Table<'a>,
    bias: Table<'a>,
}

/// A feature the model knows: its place in the features, its row, and how much it counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) feature: usize,
    row: usize,
    share: f64,
}

/// How much a feature of each group counts in a message with these numbers of features.
pub fn shares(counts: [usize; 3]) -> [f64; 3] {
    let mut shares = PACE;
    for ((share, count), few) in shares.iter_mut().zip(counts).zip(FEW) {
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        *share /= count.max(few).sqrt();
    }
    shares
}

pub(crate) fn group_counts(features: &[Feature]) -> [usize; 3] {
    let of = |group: Group| features.iter().filter(|feature| feature.group == group).count();
    [of(Group::Signs), of(Group::Words), of(Group::Letters)]
}

impl<'a> Model<'a> {
    pub(crate) fn new(sections: [&'a [u8]; 4]) -> Self {
        let [keys, rows, weights, bias] = sections.map(Table);
        Self { keys, rows, weights, bias }
    }

    /// The features that have weights.
    pub(crate) fn known(&self, features: &[Feature]) -> Vec<Known> {
        let [signs, words, letters] = shares(group_counts(features));
        let share = |group: Group| match group {
            Group::Signs => signs,
            Group::Words => words,
            Group::Letters => letters,
        };
        let known = features.iter().enumerate().filter_map(|(place, feature)| {
            let row = self.row_of(feature.hash)?;
            Some(Known { feature: place, row, share: share(feature.group) })
        });
        known.collect()
    }

    fn row_of(&self, hash: u32) -> Option<usize> {
        let slots = self.rows.0.len() / 2;
        let mask = slots.checked_sub(1)?;
        let mut slot = hash as usize & mask;
        for _ in 0..slots {
            match self.rows.short(slot * 2) {
                0 => return None,
                row if self.keys.long(slot * 4) == hash => return Some(usize::from(row - 1)),
                _ => slot = (slot + 1) & mask,
            }
        }
        None
    }

    pub(crate) fn scores(&self, known: &[Known]) -> Scores {
        let mut scores = [0.0; INTENTS];
        for (intent, score) in scores.iter_mut().enumerate() {
            *score = f64::from(f32::from_bits(self.bias.long(intent * 4)));
        }
        for known in known {
            let start = known.row * ROW_BYTES;
            let Some((scale, row)) = self.weights.slice(start, start + ROW_BYTES).split_first()
            else {
                continue;
            };
            let factor = f64::from(*scale) * WEIGHT_STEP * known.share;
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += f64::from(weight.cast_signed()) * factor;
            }
        }
        scores
    }

    /// What one feature says for an intent.
    pub(crate) fn evidence(&self, known: &Known, intent: Intent) -> f64 {
        let start = known.row * ROW_BYTES;
        let scale = f64::from(self.weights.byte(start));
        let weight = self.weights.byte(start + 1 + intent as usize).cast_signed();
        f64::from(weight) * scale * WEIGHT_STEP * known.share
    }
}
