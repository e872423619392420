//! Phrases and what they mean: the one lookup behind the lexicon and every grammar.

use std::collections::HashMap;

use crate::text::Text;

/// The longest stem tried, in letters; no longer one is listed.
const LONGEST_STEM_CHARS: usize = 20;

/// Arabic words carry "and", "the", "in", "for" in front; the longest is taken off first.
const CLITICS: [&str; 12] =
    ["وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ع"];

/// Phrases with a meaning each. Rows are `(meaning, "one phrase|another|stem*")`: words apart by
/// spaces, a trailing `*` for any ending. Rows are folded here, so they are written naturally.
pub(crate) struct Vocabulary<T> {
    phrases: HashMap<String, Vec<Phrase<T>>>,
}

struct Phrase<T> {
    stem: bool,
    rest: Vec<(String, bool)>,
    meanings: Vec<T>,
}

/// How good a match is: more words, then whole words over stems, then longer ones.
type Rank = (usize, bool, usize);

impl<T: Copy> Vocabulary<T> {
    pub(crate) fn new(tables: &[&[(T, &str)]]) -> Self {
        let mut vocabulary = Self { phrases: HashMap::new() };
        for (meaning, row) in tables.iter().copied().flatten() {
            for phrase in row.split('|') {
                vocabulary.add(phrase, *meaning);
                // "dont" is written as often as "don't".
                if phrase.contains('\'') {
                    vocabulary.add(&phrase.replace('\'', ""), *meaning);
                }
            }
        }
        vocabulary
    }

    fn add(&mut self, phrase: &str, meaning: T) {
        let mut words = phrase.split_whitespace().map(|word| {
            let stem = word.strip_suffix('*');
            (crate::fold(stem.unwrap_or(word)), stem.is_some())
        });
        let Some((first, stem)) = words.next() else { return };
        let rest: Vec<_> = words.collect();
        let known = self.phrases.entry(first).or_default();
        match known.iter_mut().find(|phrase| phrase.stem == stem && phrase.rest == rest) {
            Some(phrase) => phrase.meanings.push(meaning),
            None => known.push(Phrase { stem, rest, meanings: vec![meaning] }),
        }
    }

    /// The longest phrase that starts at a token: how many tokens it has, and its meanings.
    pub(crate) fn find(&self, text: &Text<'_>, index: usize) -> Option<(usize, &[T])> {
        let word = text.word(index);
        let mut best: Option<(Rank, &Phrase<T>)> = None;
        for form in forms(word) {
            for (chars, prefix) in prefixes(form) {
                let whole = prefix.len() == form.len();
                let phrases = self.phrases.get(prefix).map_or(&[][..], Vec::as_slice);
                for phrase in phrases.iter().filter(|phrase| whole || phrase.stem) {
                    let rank = (1 + phrase.rest.len(), !phrase.stem, chars);
                    let better = best.as_ref().is_none_or(|(known, _)| rank > *known);
                    if better && phrase.continues(text, index + 1) {
                        best = Some((rank, phrase));
                    }
                }
            }
        }
        best.map(|((tokens, ..), phrase)| (tokens, phrase.meanings.as_slice()))
    }
}

impl<T> Phrase<T> {
    fn continues(&self, text: &Text<'_>, index: usize) -> bool {
        self.rest.iter().enumerate().all(|(offset, (pattern, stem))| {
            forms(text.word(index + offset)).any(|form| {
                if *stem { form.starts_with(pattern.as_str()) } else { form == pattern }
            })
        })
    }
}

/// The word, and the word without each Arabic prefix that leaves at least two letters.
pub(crate) fn forms(word: &str) -> impl Iterator<Item = &str> {
    let bare = CLITICS.iter().filter_map(|clitic| word.strip_prefix(clitic));
    std::iter::once(word).chain(bare.filter(|bare| bare.chars().nth(1).is_some()))
}

/// The beginnings of a word and its whole, with their lengths in letters.
fn prefixes(word: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = word.char_indices().map(|(start, letter)| start + letter.len_utf8());
    let beginnings = ends
        .zip(1..=LONGEST_STEM_CHARS)
        .filter_map(|(end, chars)| word.get(..end).map(|prefix| (chars, prefix)));
    beginnings
        .filter(move |(_, prefix)| prefix.len() < word.len())
        .chain(std::iter::once((word.len(), word)))
}
