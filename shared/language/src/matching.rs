//! Finds which of some titles a message talks about.

#![expect(clippy::float_arithmetic, reason = "similarities are estimates, not money")]

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::lexicon::{self, Concept};
use crate::text::{Kind, Text};

/// Words of one text that are compared.
const MOST_WORDS: usize = 32;

/// Words this long may differ in their ending, as inflected ones do.
const SHORTEST_STEM_CHARS: usize = 4;

/// Concepts that say something about a task and not which one it is.
const PASSING: [Concept; 21] = [
    Concept::Filler,
    Concept::Done,
    Concept::Started,
    Concept::Progress,
    Concept::Blocked,
    Concept::Failed,
    Concept::Task,
    Concept::Ask,
    Concept::When,
    Concept::HowMuch,
    Concept::Status,
    Concept::StatusAsk,
    Concept::Late,
    Concept::Not,
    Concept::Very,
    Concept::Greeting,
    Concept::Thanks,
    Concept::Urgent,
    Concept::Today,
    Concept::Good,
    Concept::Bad,
];

/// How well each candidate fits the query: its index and a score of 0 to 1, best first, without
/// those that share nothing. Compares folded words, with Arabic prefixes and inflected endings
/// set aside, and their trigrams, which forgive misspelling.
///
/// Above 0.6, and 0.15 above the second, a match is worth acting on.
pub fn best_match<'a>(query: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<(usize, f64)> {
    let query = Profile::new(query);
    let mut matches: Vec<(usize, f64)> = candidates
        .enumerate()
        .map(|(index, candidate)| (index, query.similarity(&Profile::new(candidate))))
        .filter(|(_, score)| *score > 0.0)
        .collect();
    matches.sort_by(|(_, one), (_, other)| other.partial_cmp(one).unwrap_or(Ordering::Equal));
    matches
}

/// The words of a text that tell it from others.
struct Profile {
    words: Vec<String>,
    trigrams: HashSet<[char; 3]>,
}

impl Profile {
    fn new(text: &str) -> Self {
        let text = Text::read(text);
        let passing: HashSet<usize> = lexicon::hits(&text)
            .iter()
            .filter(|hit| PASSING.contains(&hit.concept))
            .flat_map(|hit| hit.first..hit.past)
            .collect();
        let naming = |index: &usize| {
            let share = text.word(index + 1) == "%";
            text.is(*index, Kind::Word) || (text.is(*index, Kind::Number) && !share)
        };
        let mut words: Vec<String> = (0..text.tokens.len())
            .filter(|index| naming(index) && !passing.contains(index))
            .map(|index| bare(text.word(index)).to_owned())
            .take(MOST_WORDS)
            .collect();
        words.sort_unstable();
        words.dedup();
        let trigrams = words.iter().flat_map(|word| trigrams(word)).collect();
        Self { words, trigrams }
    }

    fn similarity(&self, candidate: &Self) -> f64 {
        if self.words.is_empty() || candidate.words.is_empty() {
            return 0.0;
        }
        let found = covered(&self.words, &candidate.words);
        let covering = covered(&candidate.words, &self.words);
        let shared = self.trigrams.intersection(&candidate.trigrams).count();
        let score = 0.55 * found + 0.15 * covering + 0.3 * ratio(shared, self.trigrams.len());
        (score.clamp(0.0, 1.0) * 1e4).round() / 1e4
    }
}

/// Without the article and prefixes of Arabic.
fn bare(word: &str) -> &str {
    let arabic = word.starts_with(|letter| ('\u{600}'..='\u{6ff}').contains(&letter));
    let article = arabic.then_some(["وال", "بال", "لل", "ال"]).into_iter().flatten();
    let mut bare = article.filter_map(|article| word.strip_prefix(article));
    bare.find(|bare| bare.chars().count() >= 3).unwrap_or(word)
}

/// Letters in threes, with the edges of the word.
fn trigrams(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> =
        std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' ')).collect();
    letters.windows(3).filter_map(|three| <[char; 3]>::try_from(three).ok()).collect()
}

/// The share of `words` found among `others`.
fn covered(words: &[String], others: &[String]) -> f64 {
    let best = |word: &String| others.iter().map(|other| alike(word, other)).fold(0.0, f64::max);
    words.iter().map(best).sum::<f64>() / float(words.len())
}

/// 1 for the same word, 0.8 for the same stem, else 0.
fn alike(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let longest = one.chars().count().max(other.chars().count());
    if common >= SHORTEST_STEM_CHARS && common * 10 >= longest * 7 { 0.8 } else { 0.0 }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
