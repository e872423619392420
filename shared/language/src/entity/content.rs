//! The words that tell one text from another.

use super::message::{Kind, Message};
use super::sense::Sense;

/// Words of one text that are compared.
const MOST_WORDS: usize = 60;

/// Words and numbers, without those that say nothing about which task is meant; Arabic without
/// its article.
pub(super) fn words<'m>(message: &'m Message<'_>) -> Vec<(usize, &'m str)> {
    let naming = |index: &usize| {
        let share = message.has(index + 1, Sense::Percent);
        let passing = message.has(*index, Sense::Passing);
        !passing && (message.is(*index, Kind::Word) || (message.is(*index, Kind::Number) && !share))
    };
    (0..message.len())
        .filter(naming)
        .map(|index| (index, bare(message.word(index))))
        .take(MOST_WORDS)
        .collect()
}

/// Without the article and prefixes of Arabic.
fn bare(word: &str) -> &str {
    let arabic = word.starts_with(|letter| ('\u{600}'..='\u{6ff}').contains(&letter));
    let article = arabic.then_some(["وال", "بال", "لل", "ال"]).into_iter().flatten();
    let mut bare = article.filter_map(|article| word.strip_prefix(article));
    bare.find(|bare| bare.chars().count() >= 3).unwrap_or(word)
}
