//! What holds for any text.

use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

use super::read;
use crate::{best_match, fold};

/// Up to 4 KB of any characters, and of what the grammars look for, in any order.
fn texts() -> impl prop::strategy::Strategy<Value = String> {
    use prop::strategy::Strategy;
    let pieces = prop::sample::select(vec![
        "add a task: ",
        "paid ",
        "AED",
        "1,234.56",
        "45 000",
        "٫",
        "١٢",
        "/",
        "-",
        ":",
        "block C",
        "%",
        "قبل الخميس",
        "до 12.03",
        "2026",
        "م3",
        "\n",
        " ",
        "ه\u{64b}",
        "\u{200f}",
        "k",
        "مليون",
        "+",
        "next ",
        "in 99999 days",
        "трещин нет",
        "أضف مهمة",
        ".",
        "drawing A",
        "3-м",
        "ﷺ",
        "İ",
        "ß",
        "👷🏽",
        "0",
        "remind me to",
        "نص ",
        "два с половиной ",
        "x30",
        "end of ",
        "с 12 до ",
        "المهندس علي",
        "abu ",
        "next week on ",
        "twenty-",
        "and a half",
        "1/2/",
        "ألفين و",
        "RFI-",
        "@",
        "Ø12",
        "الساعة ",
        "12-15-",
        "ـ",
    ]);
    let pieces = prop::collection::vec(pieces, 0..120).prop_map(|pieces| pieces.concat());
    let anything = prop::collection::vec(any::<char>(), 0..1024).prop_map(String::from_iter);
    prop::strategy::Union::new([pieces.boxed(), anything.boxed()])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn reading_never_fails_and_spans_lie_in_the_original(text in texts()) {
        let read = read(&text);
        prop_assert!(!read.intents.is_empty());
        prop_assert!((-1.0..=1.0).contains(&read.sentiment.score));
        for entity in &read.entities {
            let slice = text.get(entity.start..entity.end);
            prop_assert!(slice.is_some_and(|slice| !slice.is_empty()), "{entity:?}");
            prop_assert!(slice == Some(slice.unwrap().trim()), "{entity:?}");
        }
        prop_assert!(read.entities.is_sorted_by_key(|entity| entity.start));
    }

    #[test]
    fn folding_is_stable_and_a_text_is_most_like_itself(text in texts()) {
        let folded = fold(&text);
        prop_assert!(fold(&folded) == folded);
        for (_, score) in best_match(&text, [text.as_str()].into_iter()) {
            prop_assert!(score > 0.99 && score <= 1.0);
        }
    }
}
