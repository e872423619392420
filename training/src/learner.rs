//! Learns the weights: softmax regression by Adagrad, one message at a time, in one thread, so
//! that the same messages give the same weights.

#![expect(clippy::float_arithmetic, reason = "weights are estimates, not money")]

use language::learning::{INTENTS, exp};

use crate::chance::Chance;
use crate::dataset::Example;

/// A row of weights, padded to what processors like.
pub(crate) const WIDTH: usize = 28;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) epochs: usize,
    pub(crate) rate: f32,
    /// How much of a weight is forgotten when it is touched.
    pub(crate) decay: f32,
    /// The share of a target that is spread over all intents.
    pub(crate) smoothing: f32,
    /// Of a hundred features, so many are left out at each look.
    pub(crate) dropout_percent: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Learned {
    pub(crate) rows: Vec<[f32; WIDTH]>,
    pub(crate) bias: [f32; WIDTH],
}

/// Learns from the examples: the mean of the weights after each epoch of the second half.
pub(crate) fn learn(examples: &[&Example], features: usize, course: &Course) -> Learned {
    let mut learned = Learned { rows: vec![[0.0; WIDTH]; features], bias: [0.0; WIDTH] };
    let mut squares = vec![1e-3_f32; features];
    let mut bias_square = 1.0_f32;
    let mut chance = Chance::new(17);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut mean = learned.clone();
    for epoch in 0..course.epochs {
        chance.shuffle(&mut order);
        for example in order.iter().map(|place| examples[*place]) {
            let salt = chance.next();
            let kept = |feature: u32| !dropped(feature, salt, course.dropout_percent);
            let mut scores = learned.bias;
            for (feature, share) in &example.features {
                if kept(*feature) {
                    let row = &learned.rows[*feature as usize];
                    scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * share);
                }
            }
            let slope = slope(&scores, example, course.smoothing);
            let steep: f32 = slope.iter().map(|part| part * part).sum();
            bias_square += steep;
            let rate = course.rate * 0.3 / bias_square.sqrt();
            learned.bias.iter_mut().zip(slope).for_each(|(bias, part)| *bias -= rate * part);
            for (feature, share) in &example.features {
                if kept(*feature) {
                    let square = &mut squares[*feature as usize];
                    *square += steep * share * share;
                    let rate = course.rate / square.sqrt();
                    let step = rate * share;
                    let fade = 1.0 - (rate * course.decay).min(0.5);
                    let row = &mut learned.rows[*feature as usize];
                    row.iter_mut().zip(slope).for_each(|(w, part)| *w = *w * fade - step * part);
                }
            }
        }
        if epoch >= course.epochs / 2 {
            mean.add(&learned, 1.0 / float(course.epochs - course.epochs / 2));
        }
    }
    mean
}

impl Learned {
    fn add(&mut self, other: &Self, share: f32) {
        let add = |own: &mut [f32; WIDTH], more: &[f32; WIDTH]| {
            own.iter_mut().zip(more).for_each(|(own, more)| *own += more * share);
        };
        self.rows.iter_mut().zip(&other.rows).for_each(|(own, more)| add(own, more));
        add(&mut self.bias, &other.bias);
    }
}

fn float(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}

fn dropped(feature: u32, salt: u64, percent: usize) -> bool {
    if percent == 0 {
        return false;
    }
    let mixed = (u64::from(feature) ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    mixed % 100 < percent as u64
}

/// How the loss grows with each score.
#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
fn slope(scores: &[f32; WIDTH], example: &Example, smoothing: f32) -> [f32; WIDTH] {
    let highest = scores.iter().take(INTENTS).copied().fold(f32::MIN, f32::max);
    let mut shares = [0.0_f32; WIDTH];
    for (share, score) in shares.iter_mut().zip(scores).take(INTENTS) {
        *share = exp(f64::from(score - highest)) as f32;
    }
    let total: f32 = shares.iter().sum();
    let spread = smoothing / float(INTENTS);
    for (intent, share) in shares.iter_mut().enumerate().take(INTENTS) {
        let target = if intent == example.intent { 1.0 - smoothing + spread } else { spread };
        *share = (*share / total - target) * example.weight;
    }
    shares
}
