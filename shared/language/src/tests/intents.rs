//! What messages want.

use domain::Language;

use super::{read, read_as};
use crate::{Hints, Intent, SentimentLabel, Understanding, UrgencyLevel};

/// Messages no machine should act on.
const VAGUE: &[&str] = &[
    "cement",
    "block C",
    "tomorrow",
    "Ahmed",
    "الحديد",
    "بكرا",
    "плитка",
    "в четверг",
    "1500",
    "see the photo",
    "...",
    "🤔",
    "",
    "the concrete for the roof",
    "maybe",
];

#[test]
fn a_vague_message_stays_below_the_gate() {
    for message in VAGUE {
        let read = read(message);
        let top = read.top();
        assert!(
            top.confidence <= 0.8 || top.intent == Intent::Other,
            "{message}: {:?}",
            read.intents
        );
    }
}

#[test]
fn intents_are_ranked_and_never_empty() {
    for message in VAGUE {
        let read = read(message);
        assert!(read.intents.is_sorted_by(|one, next| one.confidence >= next.confidence));
        assert!(read.intents.iter().any(|ranked| ranked.intent == Intent::Other));
        assert!(read.intents.iter().all(|ranked| (0.0..=1.0).contains(&ranked.confidence)));
    }
}

#[test]
fn a_negation_turns_what_it_reaches() {
    for (message, not) in [
        ("the waterproofing is not done", Intent::TaskComplete),
        ("ما خلصنا صب السقف", Intent::TaskComplete),
        ("ещё не закончили заливку", Intent::TaskComplete),
        ("no cracks in the slab", Intent::IssueReport),
        ("ما في تسريب", Intent::IssueReport),
        ("трещин нет", Intent::IssueReport),
        ("cement has not arrived yet", Intent::DeliveryReport),
        ("stop the pour on block C, rebar is wrong", Intent::OptOut),
        ("is the slab finished?", Intent::TaskComplete),
        ("add a task: repair the crack in column C3", Intent::IssueReport),
    ] {
        let top = read(message).top();
        // A guess below every gate is asked about, not acted on.
        assert!(top.intent != not || top.confidence <= 0.5, "{message}: {top:?}");
    }
}

#[test]
fn the_language_is_that_of_most_letters() {
    let hints = Hints { language: Some(Language::Ru), currency: None, ..Hints::default() };
    for (message, language) in [
        ("crack in column C3", Language::En),
        ("في شرخ بالعمود C3 في block B", Language::Ar),
        ("трещина в колонне C3, ось A-B", Language::Ru),
        ("👍 1500", Language::Ru),
    ] {
        assert_eq!(read_as(message, &hints).language, language, "{message}");
    }
}

#[test]
fn tone_and_urgency_come_from_the_whole_message() {
    use SentimentLabel as S;
    use UrgencyLevel as U;
    for (message, label, level) in [
        ("crack in column C3, urgent", S::Negative, U::Critical),
        ("crack in column C3", S::Neutral, U::High),
        ("трещина в стене, исправить завтра", S::Neutral, U::Critical),
        ("what's the status?", S::Neutral, U::Low),
        ("what's the status for tomorrow?", S::Neutral, U::Medium),
        ("هذا الشغل سيء جدا", S::Negative, U::Critical),
        ("great work, thanks", S::Positive, U::Low),
        ("the work is not good", S::Negative, U::Critical),
        ("عامل وقع من السقالة عاجل", S::Negative, U::Critical),
    ] {
        let read = read(message);
        assert_eq!(
            (read.sentiment.label, read.urgency.level),
            (label, level),
            "{message} {read:?}"
        );
    }
}

#[test]
fn negations_and_intensifiers_change_the_tone_in_every_language() {
    let score = |text: &str| read(text).sentiment.score;
    for (mild, strong) in [
        ("the plaster is bad", "the plaster is very bad"),
        ("اللياسة سيئة", "اللياسة سيئة جدا"),
        ("штукатурка ужасная", "штукатурка очень ужасная"),
    ] {
        assert!(score(strong) < score(mild) && score(mild) < 0.0, "{strong} {}", score(strong));
    }
    for (praise, blame) in [
        ("the finish is good", "the finish is not good"),
        ("الشغل ممتاز", "الشغل مش ممتاز"),
        ("работа хорошая", "работа не хорошая"),
    ] {
        assert!(score(praise) > 0.0 && score(blame) < 0.0, "{praise} {}", score(blame));
    }
}

#[test]
fn latin_letters_may_be_arabic_or_russian() {
    let hints = Hints { language: Some(Language::En), ..Hints::default() };
    for (message, language) in [
        ("5alasna el sab w bokra nabda2", Language::Ar),
        ("ya mohandes el 7adid ma wasal lessa", Language::Ar),
        ("zakonchili zalivku, zavtra nado cement", Language::Ru),
        ("done with B12 and C30", Language::En),
        ("ok", Language::En),
        ("ال concrete pump وصل", Language::Ar),
    ] {
        assert_eq!(read_as(message, &hints).language, language, "{message}");
    }
}

#[test]
fn an_understanding_survives_storage() {
    let read =
        read("please add a task: pour 12.5 m3 in block C before thursday 5 pm, paid 1,500 AED");
    let json = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<Understanding>(&json).unwrap(), read);
    assert!(json.contains(r#""intent":"task_create""#), "{json}");
    assert!(json.contains(r#"{"type":"date","date":"2026-03-12"}"#), "{json}");
    for intent in Intent::ALL {
        assert_eq!(serde_json::to_value(intent).unwrap(), intent.name());
    }
}

#[test]
fn a_phrase_finds_its_task() {
    let titles = [
        "fix the waterproofing on roof block C",
        "pour the slab of the second floor",
        "تركيب شدة السقف بلوك أ",
        "залить плиту второго этажа",
        "install formwork for columns",
    ];
    let of = |query: &str| crate::best_match(query, titles.iter().copied());
    for (query, index) in [
        ("the waterproofing is done", 0),
        ("waterprofing on the roof finished", 0),
        ("خلصنا تركيب الشدة", 2),
        ("плита готова", 3),
        ("progress on column formwork 60%", 4),
    ] {
        let matches = of(query);
        let (best, score) = matches[0];
        assert_eq!(best, index, "{query}: {matches:?}");
        assert!(score > 0.5 && score <= 1.0, "{query}: {matches:?}");
        assert!(matches.is_sorted_by(|(_, one), (_, next)| one >= next));
    }
    assert!(of("is done").is_empty());
    assert!(of("").is_empty());
}
