//! Sentiment from the words of praise and complaint, and urgency by rule R1.

#![expect(clippy::float_arithmetic, reason = "a sentiment score is an estimate, not money")]

use crate::concept::Concept;
use crate::lexicon::Hit;
use crate::text::Text;
use crate::understanding::{Intent, Sentiment, SentimentLabel, Urgency, UrgencyLevel};

/// Scores beyond this, either way, are not neutral.
const NEUTRAL_SCORE: f64 = 0.2;

/// The tone. A defect told calmly is neutral; complaints, danger and haste are negative.
pub(crate) fn sentiment(text: &Text<'_>, hits: &[Hit]) -> Sentiment {
    let sum: f64 = hits.iter().map(|hit| feeling(text, hit)).sum();
    let score = (sum / (1.0 + sum.abs()) * 1e4).round() / 1e4;
    let label = if score >= NEUTRAL_SCORE {
        SentimentLabel::Positive
    } else if score <= -NEUTRAL_SCORE {
        SentimentLabel::Negative
    } else {
        SentimentLabel::Neutral
    };
    Sentiment { label, score }
}

/// The feeling in a concept, and what a negation leaves of it: "not bad" is milder than "good",
/// "not late" says nothing.
const FEELINGS: [(Concept, f64, f64); 16] = [
    (Concept::GOOD, 0.8, -0.6),
    (Concept::THANKS, 0.5, 0.0),
    (Concept::PASSED, 0.3, -0.3),
    (Concept::BAD, -0.8, 0.3),
    (Concept::URGENT, -0.5, 0.0),
    (Concept::SAFETY, -0.5, 0.0),
    (Concept::INJURY, -0.8, 0.0),
    (Concept::FIRE, -0.8, 0.0),
    (Concept::COLLAPSE, -0.8, 0.0),
    (Concept::UNPROTECTED, -0.5, 0.0),
    (Concept::THEFT, -0.5, 0.0),
    (Concept::TROUBLE, -0.3, 0.1),
    (Concept::FAILED, -0.3, 0.0),
    (Concept::REJECT, -0.2, 0.0),
    (Concept::OVERRUN, -0.2, 0.0),
    (Concept::LATE, -0.2, 0.0),
];

/// Intensifiers inside a phrase of the lexicon: "very bad" is one.
const STRONG: [&str; 14] = [
    "very",
    "so",
    "too",
    "extremely",
    "really",
    "جدا",
    "كتير",
    "وايد",
    "قوي",
    "مره",
    "очень",
    "совсем",
    "крайне",
    "слишком",
];

fn feeling(text: &Text<'_>, hit: &Hit) -> f64 {
    let Some((_, plain, negated)) = FEELINGS.iter().find(|(known, ..)| *known == hit.concept)
    else {
        return 0.0;
    };
    let strong = (hit.first..hit.past).any(|index| STRONG.contains(&text.word(index)));
    let strength = if hit.strengthened || strong { 1.5 } else { 1.0 };
    let turn = if hit.negated { *negated } else { 1.0 };
    plain * strength * turn
}

const GRAVE: [Intent; 4] =
    [Intent::IssueReport, Intent::CostOverrun, Intent::TaskFailed, Intent::SafetyReport];
const ASKING: [Intent; 2] = [Intent::StatusRequest, Intent::CostQuery];

/// Rule R1. Points: an issue, a cost overrun or a failed task 3; asking for
/// status or cost 1; negative sentiment 2; any date 1. Four points are critical, three high, two
/// medium. A safety report, which the rule's list of intents does not know, counts as an issue.
pub(crate) fn urgency(top: Intent, tone: SentimentLabel, dated: bool) -> Urgency {
    let of_intent = if GRAVE.contains(&top) { 3 } else { u8::from(ASKING.contains(&top)) };
    let of_tone = if tone == SentimentLabel::Negative { 2 } else { 0 };
    let parts = [(of_intent, top.name()), (of_tone, "negative"), (u8::from(dated), "date")];
    let points = parts.iter().map(|(points, _)| *points).sum();
    let level = match points {
        0 | 1 => UrgencyLevel::Low,
        2 => UrgencyLevel::Medium,
        3 => UrgencyLevel::High,
        _ => UrgencyLevel::Critical,
    };
    let because = parts
        .iter()
        .filter(|(points, _)| *points > 0)
        .map(|(points, reason)| format!("+{points}: {reason}"))
        .collect();
    Urgency { points, level, because }
}

#[cfg(test)]
mod tests {
    use super::urgency;
    use crate::understanding::{Intent, SentimentLabel, UrgencyLevel};

    #[test]
    fn urgency_points_follow_rule_r1() {
        use Intent as I;
        use SentimentLabel as S;
        use UrgencyLevel as U;
        for (intent, tone, dated, points, level) in [
            (I::IssueReport, S::Neutral, false, 3, U::High),
            (I::CostOverrun, S::Positive, false, 3, U::High),
            (I::TaskFailed, S::Neutral, true, 4, U::Critical),
            (I::SafetyReport, S::Neutral, false, 3, U::High),
            (I::IssueReport, S::Negative, false, 5, U::Critical),
            (I::IssueReport, S::Negative, true, 6, U::Critical),
            (I::StatusRequest, S::Neutral, false, 1, U::Low),
            (I::StatusRequest, S::Neutral, true, 2, U::Medium),
            (I::CostQuery, S::Negative, false, 3, U::High),
            (I::CostQuery, S::Negative, true, 4, U::Critical),
            (I::TaskCreate, S::Neutral, true, 1, U::Low),
            (I::TaskCreate, S::Negative, false, 2, U::Medium),
            (I::Other, S::Negative, true, 3, U::High),
            (I::Thanks, S::Positive, false, 0, U::Low),
        ] {
            let urgency = urgency(intent, tone, dated);
            assert_eq!((urgency.points, urgency.level), (points, level), "{intent} {tone:?}");
            assert_eq!(urgency.because.is_empty(), points == 0);
        }
    }
}
