//! From cues to ranked intents with confidences.

#![expect(clippy::float_arithmetic, reason = "confidences are estimates, not money")]

use crate::cue::{CUES, Cue, OTHER_TENTHS};
use crate::scene::Scene;
use crate::understanding::{Intent, RankedIntent};

/// No rule is ever surer than this.
const HIGHEST_CONFIDENCE: f64 = 0.99;

/// How many of the best intents are explained.
const EXPLAINED: usize = 3;

/// All intents with evidence and `other`, best first, and the reasons for the first ones.
///
/// A confidence is the intent's share of the evidence: the softmax of the cue sums, so two
/// intents in one message share it and neither passes the gate alone.
pub(crate) fn rank(scene: &Scene<'_>) -> (Vec<RankedIntent>, Vec<String>) {
    let seen: Vec<&Cue> =
        CUES.iter().filter(|cue| cue.all.iter().all(|concept| scene.has(*concept))).collect();
    let tenths = |intent: Intent| {
        let sum: i32 = seen.iter().filter(|cue| cue.intent == intent).map(|cue| cue.tenths).sum();
        if intent == Intent::Other { OTHER_TENTHS } else { sum }
    };
    let mut scores: Vec<(Intent, i32)> = Intent::ALL
        .into_iter()
        .map(|intent| (intent, tenths(intent)))
        .filter(|(_, tenths)| *tenths > 0)
        .collect();
    scores.sort_by_key(|(_, tenths)| -tenths);
    let odds = |tenths: i32| (f64::from(tenths) / 10.0).exp();
    let total: f64 = scores.iter().map(|(_, tenths)| odds(*tenths)).sum();
    let intents = scores
        .iter()
        .map(|(intent, tenths)| {
            let share = (odds(*tenths) / total).min(HIGHEST_CONFIDENCE);
            RankedIntent { intent: *intent, confidence: (share * 1e4).round() / 1e4 }
        })
        .collect();
    let explained = scores.iter().take(EXPLAINED);
    let because = explained
        .flat_map(|(intent, _)| seen.iter().filter(move |cue| cue.intent == *intent))
        .map(|cue| explain(cue, scene))
        .collect();
    (intents, because)
}

/// `task_create +3.5: Add (add), Task (task)`.
fn explain(cue: &Cue, scene: &Scene<'_>) -> String {
    let concepts: Vec<String> = cue
        .all
        .iter()
        .map(|concept| match scene.words(*concept) {
            Some(words) => format!("{concept:?} ({words})"),
            None => format!("{concept:?}"),
        })
        .collect();
    let weight = f64::from(cue.tenths) / 10.0;
    format!("{} {weight:+.1}: {}", cue.intent, concepts.join(", "))
}
