//! What holds for the data and the weights learned from it.

use std::collections::BTreeMap;

use language::Intent;
use language::learning::Weights;
use training::corpus::{self, LANGUAGES};
use training::stamp;

#[test]
fn the_weights_are_those_of_the_data() {
    let now = stamp::now().unwrap();
    assert_eq!(Weights::built_in().stamp(), now, "stale: run `cargo xtask train`");
}

#[test]
fn no_message_is_tested_after_it_was_learned() {
    let mut seen = BTreeMap::new();
    for message in corpus::messages().unwrap() {
        let key = corpus::key(&message.text);
        // Emojis and numbers alone have no letters to compare.
        if !key.is_empty() {
            seen.insert(key, message.text);
        }
    }
    let tests = corpus::root().join("shared/language/tests");
    for file in corpus::files(&tests, ".jsonl").unwrap() {
        for line in file.text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = line["text"].as_str().unwrap();
            let learned = seen.get(&corpus::key(text));
            assert!(learned.is_none(), "{}: {text} is learned as {learned:?}", file.path);
        }
    }
}

#[test]
fn every_intent_has_messages_in_every_language() {
    let messages = corpus::messages().unwrap();
    for (language, name) in LANGUAGES.iter().enumerate() {
        for intent in Intent::ALL {
            let own = |m: &&corpus::Message| m.intent == intent && m.language == language;
            let count = messages.iter().filter(own).count();
            assert!(count >= 20, "{name} {intent}: {count}");
        }
    }
    assert!(messages.len() >= 1500);
}
