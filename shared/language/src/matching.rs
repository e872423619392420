//! Finds which of some titles a message talks about.

#![expect(clippy::float_arithmetic, reason = "similarities are estimates, not money")]

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::entity::content_words;

/// Words of one text that are compared.
const MOST_WORDS: usize = 32;

/// Words this long may differ in their ending, as inflected ones do.
const SHORTEST_STEM_CHARS: usize = 4;

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
        let mut words = content_words(text);
        words.truncate(MOST_WORDS);
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

/// Letters in threes, with the edges of the word.
fn trigrams(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> =
        std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' ')).collect();
    letters.windows(3).filter_map(|three| <[char; 3]>::try_from(three).ok()).collect()
}

/// The share of `words` found among `others`.
fn covered(words: &[String], others: &[String]) -> f64 {
    let best = |word: &String| others.iter().map(|other| likeness(word, other)).fold(0.0, f64::max);
    words.iter().map(best).sum::<f64>() / float(words.len())
}

/// 1 for the same word, 0.8 for the same stem, else 0.
fn likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    if alike(one, other) { 0.8 } else { 0.0 }
}

/// Whether two words are the same, or have the same stem.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let longest = one.chars().count().max(other.chars().count());
    common >= SHORTEST_STEM_CHARS && common * 10 >= longest * 7
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
