//! Fits the few numbers beside the weights on what cross-validation has read.

#![expect(clippy::float_arithmetic, reason = "confidences are estimates, not money")]

use language::learning::{KNOTS, Tuning};
use language::{Intent, RankedIntent};

use crate::corpus::Message;
use crate::cross::Folds;

/// The share of safety reports and opt-outs that must be seen.
const RECALL: f64 = 0.96;
/// Floors of the safeguards that are tried, in hundredths.
const HIGHEST_FLOOR: u8 = 42;
const LOWEST_FLOOR: u8 = 12;
const FLOOR_STEP: u8 = 3;
/// Groups of messages of like confidence.
const GROUPS: usize = 24;
/// A curve must rise, or messages that differ would be equal.
const LEAST_RISE: f64 = 0.002;

pub(crate) fn tune(folds: &Folds, messages: &[Message]) -> Tuning {
    let mut best = (Tuning::default(), 0);
    // Above a half: sure segments decide, not the whole.
    for share in [0.55, 0.65, 0.75] {
        for floor in [0.5, 0.6] {
            let tuning = Tuning { segment_share: share, segment_floor: floor, ..best.0 };
            let right = right(messages, &folds.read(messages, &tuning));
            if right > best.1 {
                best = (tuning, right);
            }
        }
    }
    let mut tuning = best.0;
    tuning.safety_floor = floor(Intent::SafetyReport, &tuning, (folds, messages));
    tuning.opt_out_floor = floor(Intent::OptOut, &tuning, (folds, messages));
    tuning.truth = truth(messages, &folds.read(messages, &tuning));
    tuning
}

/// From which share on an intent comes first: the highest that finds enough of its messages.
fn floor(intent: Intent, tuning: &Tuning, (folds, messages): (&Folds, &[Message])) -> f64 {
    let with = |step: u8| {
        let mut tuning = *tuning;
        let floor = f64::from(step) / 100.0;
        if intent == Intent::SafetyReport {
            tuning.safety_floor = floor;
        } else {
            tuning.opt_out_floor = floor;
        }
        folds.read(messages, &tuning)
    };
    let mut step = HIGHEST_FLOOR;
    while step > LOWEST_FLOOR && recall(intent, messages, &with(step)) < RECALL {
        step -= FLOOR_STEP;
    }
    f64::from(step) / 100.0
}

fn found(intent: Intent, messages: &[Message], read: &[Vec<RankedIntent>]) -> usize {
    let own = messages.iter().zip(read).filter(|(message, _)| message.intent == intent);
    own.filter(|(message, read)| is_right(message, read)).count()
}

fn is_right(message: &Message, read: &[RankedIntent]) -> bool {
    read.first().is_some_and(|top| top.intent == message.intent)
}

fn right(messages: &[Message], read: &[Vec<RankedIntent>]) -> usize {
    messages.iter().zip(read).filter(|(message, read)| is_right(message, read)).count()
}

fn recall(intent: Intent, messages: &[Message], read: &[Vec<RankedIntent>]) -> f64 {
    let own = messages.iter().filter(|message| message.intent == intent).count();
    ratio(found(intent, messages, read), own)
}

/// The share of right answers as a rising curve of the confidence: isotonic regression over
/// groups of messages, read at the knots.
fn truth(messages: &[Message], read: &[Vec<RankedIntent>]) -> [f64; KNOTS] {
    let mut points: Vec<(f64, bool)> = messages
        .iter()
        .zip(read)
        .map(|(message, read)| {
            (read.first().map_or(0.0, |top| top.confidence), is_right(message, read))
        })
        .collect();
    points.sort_by(|(one, _), (next, _)| one.total_cmp(next));
    // Blocks of a mean confidence, a share of right ones, and a size; pooled while they fall.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for group in points.chunks(points.len().div_ceil(GROUPS).max(1)) {
        let confidence: f64 = group.iter().map(|(confidence, _)| confidence).sum();
        let right = group.iter().filter(|(_, right)| *right).count();
        let size = group.len();
        blocks.push((confidence / float(size), ratio(right, size), size));
        while let [.., one, next] = blocks.as_slice()
            && one.1 >= next.1
        {
            let size = one.2 + next.2;
            let mean = |a: f64, b: f64| (a * float(one.2) + b * float(next.2)) / float(size);
            let pooled = (mean(one.0, next.0), mean(one.1, next.1), size);
            blocks.truncate(blocks.len() - 2);
            blocks.push(pooled);
        }
    }
    let mut curve = [0.0; KNOTS];
    for (knot, value) in curve.iter_mut().enumerate() {
        *value = at(&blocks, float(knot) / float(KNOTS - 1));
    }
    for knot in 1..KNOTS {
        curve[knot] = curve[knot].max(curve[knot - 1] + LEAST_RISE);
    }
    curve
}

/// The curve through the blocks' middles, from 0 to 1 at the ends.
fn at(blocks: &[(f64, f64, usize)], confidence: f64) -> f64 {
    let mut low = (0.0, 0.0);
    for (middle, share, _) in blocks {
        if confidence < *middle {
            let part = (confidence - low.0) / (middle - low.0);
            return low.1 + (share - low.1) * part;
        }
        low = (*middle, *share);
    }
    let width = 1.0 - low.0;
    if width > 0.0 { low.1 + (1.0 - low.1) * (confidence - low.0) / width * 0.5 } else { low.1 }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { float(part) / float(whole) }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
