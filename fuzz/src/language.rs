//! Messages: whatever is written, something is understood, and what is quoted is in the text.

use domain::{Currency, Language};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::{Hints, best_match, fold, understand};

use crate::Target;

const LINES: &str = include_str!("language/seeds.txt");

/// Characters that are cut, folded, joined or turned in a special way.
pub(crate) const TARGET: Target = Target {
    name: "language",
    run,
    seeds,
    words: &[
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{200f}",
        "\u{202e}",
        "\u{feff}",
        "\u{300}",
        "\u{64b}",
        "ـ",
        "ء",
        "ﷺ",
        "﷼",
        "İ",
        "ß",
        "ŉ",
        "½",
        "²",
        "٫",
        "٬",
        "٪",
        "٠",
        "۹",
        "０",
        "№",
        "₽",
        "\u{1f477}",
        "\u{10ffff}",
        "ﬁ",
    ],
    // Longer texts are read only to there.
    most_bytes: 8_192,
};

/// Two bytes of a day, one of hints, the text.
fn run(data: &[u8]) {
    let mut pieces = crate::pieces::Pieces(data);
    let days = i64::try_from(pieces.below(40_000)).unwrap_or(0);
    let hinted = pieces.byte().is_multiple_of(4);
    let text = pieces.text();
    let now = Timestamp::from_second(days * 86_400).unwrap_or(Timestamp::UNIX_EPOCH);
    let zone = TimeZone::get("Africa/Cairo").unwrap_or(TimeZone::UTC);
    let hints = if hinted { hints() } else { Hints::default() };

    let read = understand(&text, &hints, now, &zone);
    assert!(!read.intents.is_empty(), "no intent: {text:?}");
    let in_order = read.entities.is_sorted_by_key(|entity| entity.start);
    assert!(in_order, "entities out of order: {text:?}");
    for entity in &read.entities {
        let quoted = text.get(entity.start..entity.end).is_some_and(|part| !part.trim().is_empty());
        assert!(quoted, "a span outside the text: {text:?}");
    }
    let folded = fold(&text);
    assert!(fold(&folded) == folded, "folding twice differs: {text:?}");
    let alike = best_match(&text, [text.as_str()].into_iter());
    assert!(alike.iter().all(|(_, score)| *score > 0.99), "a text unlike itself: {text:?}");
}

fn hints() -> Hints {
    let names = |from: usize, step: usize| {
        let few = LINES.lines().skip(from).step_by(step).take(20);
        few.map(|line| line.chars().take(30).collect()).collect()
    };
    Hints {
        language: Some(Language::Ru),
        currency: Some(Currency::SAR),
        people: ["Ahmed Hassan", "سعيد المنصوري", "Иван Петров", "Abu Omar", "", "-", "Al"]
            .map(str::to_owned)
            .to_vec(),
        tasks: names(0, 7),
        projects: names(3, 11),
        suppliers: names(5, 13),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let spread = |at: usize| u16::try_from(at * 50).unwrap_or(0).to_be_bytes();
    let of = |(at, line): (usize, &str)| [&spread(at)[..], &[0], line.as_bytes()].concat();
    LINES.lines().enumerate().map(of).collect()
}
