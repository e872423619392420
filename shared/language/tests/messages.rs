//! Messages whose intent is known, through the public door: plain ones, those of the demonstration,
//! harder ones, and those that other people wrote without seeing what the engine learned from.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics fails")]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::{Hints, Intent, Understanding, understand};
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    text: String,
    intent: Intent,
    #[serde(default)]
    also: Vec<Intent>,
}

const CLEAR: &str = include_str!("messages/clear.jsonl");
const DEMO: &str = include_str!("messages/demo.jsonl");
const HARDER: &str = include_str!("messages/harder.jsonl");
const HELD_OUT: [(&str, &str); 4] = [
    ("English", include_str!("held-out/en.jsonl")),
    ("Arabic", include_str!("held-out/ar.jsonl")),
    ("Russian", include_str!("held-out/ru.jsonl")),
    ("mixed", include_str!("held-out/mixed.jsonl")),
];

/// R2: tasks and costs are acted on above this confidence.
const GATE: f64 = 0.8;

fn lines(text: &str) -> Vec<Line> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn read(text: &str) -> Understanding {
    let now: Timestamp = "2026-03-10T06:00:00Z".parse().unwrap();
    understand(text, &Hints::default(), now, &TimeZone::get("Asia/Riyadh").unwrap())
}

/// Those of a file whose best intent is another.
fn missed(text: &str) -> Vec<String> {
    let miss = |line: &Line| {
        let top = read(&line.text).top();
        let wrong = top.intent != line.intent;
        wrong.then(|| format!("{} is {} {:.2}", line.text, top.intent, top.confidence))
    };
    lines(text).iter().filter_map(miss).collect()
}

#[test]
fn plain_messages_and_those_of_the_demonstration_are_understood() {
    for text in [CLEAR, DEMO, HARDER] {
        let missed = missed(text);
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}

#[test]
fn most_plain_messages_pass_the_gate() {
    let all = lines(CLEAR);
    let passed = all.iter().filter(|line| read(&line.text).top().confidence > GATE).count();
    assert!(passed * 100 >= all.len() * 80, "{passed} of {}", all.len());
}

#[test]
fn a_message_of_several_matters_has_a_segment_for_each() {
    for line in lines(HARDER).iter().filter(|line| !line.also.is_empty()) {
        let read = read(&line.text);
        for segment in &read.segments {
            assert!(line.text.get(segment.start..segment.end).is_some_and(|text| !text.is_empty()));
        }
        assert!(read.segments.is_sorted_by(|one, next| one.end <= next.start));
    }
    let text = "paid 1500 AED for diesel. There is a big crack in column C3!";
    let found: Vec<Intent> = read(text).segments.iter().map(|s| s.intents[0].intent).collect();
    assert_eq!(found, [Intent::CostReport, Intent::IssueReport]);
    assert_eq!(read(text).top().intent, Intent::IssueReport, "trouble before money");
}

/// How many there are, and how many are right at first, among three, and in language.
fn score(text: &str) -> (usize, usize, usize) {
    let lines = lines(text);
    let place = |line: &Line| {
        read(&line.text).intents.iter().position(|ranked| ranked.intent == line.intent)
    };
    let places: Vec<Option<usize>> = lines.iter().map(place).collect();
    let first = places.iter().filter(|place| **place == Some(0)).count();
    let third = places.iter().filter(|place| place.is_some_and(|place| place < 3)).count();
    (lines.len(), first, third)
}

/// Measured figures are in `docs/language.md`; the floors lie a little below them.
#[test]
fn messages_of_strangers_are_understood_as_well_as_was_measured() {
    let floors = [("English", 87, 96), ("Arabic", 83, 95), ("Russian", 88, 96), ("mixed", 83, 96)];
    for ((name, text), (named, first_floor, third_floor)) in HELD_OUT.into_iter().zip(floors) {
        assert_eq!(name, named);
        let (all, first, third) = score(text);
        assert!(first * 100 >= all * first_floor, "{name}: {first} of {all}");
        assert!(third * 100 >= all * third_floor, "{name}: {third} of {all} among three");
    }
}

#[test]
fn confidence_is_what_it_says() {
    let mut read: Vec<(f64, bool)> = HELD_OUT
        .iter()
        .flat_map(|(_, text)| lines(text))
        .map(|line| {
            let top = read(&line.text).top();
            (top.confidence, top.intent == line.intent)
        })
        .collect();
    read.sort_by(|(one, _), (next, _)| next.total_cmp(one));
    let right = |part: &[(f64, bool)]| part.iter().filter(|(_, right)| *right).count();
    let surest = &read[..read.len() * 7 / 10];
    assert!(right(surest) * 100 >= surest.len() * 95, "{}", right(surest));
    let above: Vec<_> = read.iter().copied().filter(|(sure, _)| *sure > GATE).collect();
    assert!(right(&above) * 100 >= above.len() * 93, "{} of {}", right(&above), above.len());
    // Nor may it be too shy to act: half of all messages are above the gate.
    assert!(above.len() * 2 > read.len(), "{} of {}", above.len(), read.len());
}

#[test]
fn danger_and_the_wish_for_silence_are_not_missed() {
    let all: Vec<Line> = HELD_OUT.iter().flat_map(|(_, text)| lines(text)).collect();
    for intent in [Intent::SafetyReport, Intent::OptOut] {
        let own: Vec<&Line> = all.iter().filter(|line| line.intent == intent).collect();
        let found = own.iter().filter(|line| read(&line.text).top().intent == intent).count();
        assert!(found * 100 >= own.len() * 93, "{intent}: {found} of {}", own.len());
    }
}

#[test]
fn the_data_in_the_binary_is_small() {
    let bytes = include_bytes!("../data/weights.bin").len();
    assert!(bytes <= 3_000_000, "{bytes}");
}
