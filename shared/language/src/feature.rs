//! What the classifier sees of a message, or of a part of it.
//!
//! A feature is a hash. Three groups weigh alike whatever the length of the message: signs and
//! their pairs, words and their pairs, and runs of letters, which forgive misspelling.

use crate::hash::Hash;
use crate::sign::Sign;
use crate::stem;
use crate::text::{Kind, Text};

/// How far apart, in signs, two signs make an ordered pair.
const NEAR_SIGNS: usize = 3;
/// How far apart two signs make a pair at all.
const FAR_SIGNS: usize = 10;
/// Lengths of the runs of letters.
const RUNS: std::ops::RangeInclusive<usize> = 3..=5;
/// Letters of a word that are read as runs; codes and links go on for longer.
const MOST_LETTERS: usize = 24;
/// Features of one message that are read; a message of site length has a few hundred.
const MOST_FEATURES: usize = 3000;

/// The kinds of features: seeds of [`Hash`].
mod seed {
    pub(super) const SIGN: u8 = 16;
    pub(super) const FIRST: u8 = 17;
    pub(super) const LAST: u8 = 18;
    pub(super) const ORDERED: u8 = 19;
    pub(super) const PAIR: u8 = 20;
    pub(super) const TRIPLE: u8 = 21;
    pub(super) const WORD: u8 = 22;
    pub(super) const WORDS: u8 = 23;
    pub(super) const STEM: u8 = 24;
    pub(super) const MIXED: u8 = 25;
    pub(super) const RUN: u8 = 26;
    pub(super) const SHAPE: u8 = 27;
    pub(super) const GRAMMAR: u8 = 28;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Signs,
    Words,
    Letters,
}

/// What a feature was read from, to tell people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// One, two or three signs, by their places in the row.
    Signs(usize, usize),
    /// Tokens from one up to another.
    Tokens(usize, usize),
    Shape,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature {
    pub(crate) hash: u32,
    pub(crate) group: Group,
    pub(crate) cause: Cause,
}

/// The part of a text that is looked at: its tokens and its signs.
#[derive(Clone, Copy)]
pub(crate) struct Part<'t, 'a> {
    pub(crate) text: &'t Text<'a>,
    pub(crate) first: usize,
    pub(crate) past: usize,
    pub(crate) signs: &'t [Sign],
}

impl<'t, 'a> Part<'t, 'a> {
    /// The part of the tokens from `first` up to `past`; `signs` are those of the whole text.
    pub(crate) fn new(text: &'t Text<'a>, signs: &'t [Sign], first: usize, past: usize) -> Self {
        let from = signs.partition_point(|sign| sign.first < first);
        let to = signs.partition_point(|sign| sign.first < past);
        Self { text, first, past, signs: signs.get(from..to).unwrap_or(&[]) }
    }
}

/// The features of a part, each once.
pub(crate) fn features(part: &Part<'_, '_>) -> Vec<Feature> {
    let mut found = Vec::with_capacity(512);
    of_signs(part, &mut found);
    of_words(part, &mut found);
    of_shape(part, &mut found);
    found.truncate(MOST_FEATURES);
    found.sort_unstable_by_key(|feature| (feature.hash, feature.group));
    found.dedup_by_key(|feature| feature.hash);
    found
}

fn of_signs(part: &Part<'_, '_>, found: &mut Vec<Feature>) {
    let mut add = |hash: Hash, one: usize, other: usize| {
        let cause = Cause::Signs(one, other);
        found.push(Feature { hash: hash.finish(), group: Group::Signs, cause });
    };
    let strong: Vec<(usize, u16)> = part
        .signs
        .iter()
        .enumerate()
        .filter(|(_, sign)| !sign.id.is_weak())
        .map(|(place, sign)| (place, sign.id.0))
        .collect();
    for (index, (place, id)) in strong.iter().copied().enumerate() {
        add(Hash::new(seed::SIGN).number(id), place, place);
        if index < 2 {
            add(Hash::new(seed::FIRST).byte(u8::from(index == 0)).number(id), place, place);
        }
        if index + 1 == strong.len() {
            add(Hash::new(seed::LAST).number(id), place, place);
        }
        for (distance, (other, next)) in
            strong.iter().copied().skip(index + 1).take(FAR_SIGNS).enumerate()
        {
            let (low, high) = (id.min(next), id.max(next));
            add(Hash::new(seed::PAIR).number(low).number(high), place, other);
            if distance < NEAR_SIGNS {
                add(Hash::new(seed::ORDERED).number(id).number(next), place, other);
            }
        }
        if let (Some((_, second)), Some((last, third))) =
            (strong.get(index + 1), strong.get(index + 2))
        {
            let hash = Hash::new(seed::TRIPLE).number(id).number(*second).number(*third);
            add(hash, place, *last);
        }
    }
    of_grammar(part, add);
}

/// The words of grammar with the signs beside them: "did … finish", "will … come".
fn of_grammar(part: &Part<'_, '_>, mut add: impl FnMut(Hash, usize, usize)) {
    let id = |place: usize| part.signs.get(place).map(|sign| sign.id);
    let edge = Hash::new(seed::GRAMMAR);
    if let Some(first) = id(0) {
        add(edge.byte(0).number(first.0), 0, 0);
        if let Some(second) = id(1) {
            add(edge.byte(1).number(first.0).number(second.0), 0, 1);
        }
    }
    for place in 0..part.signs.len() {
        let (Some(own), Some(next)) = (id(place), id(place + 1)) else { break };
        if own.is_weak() || next.is_weak() {
            add(edge.byte(2).number(own.0).number(next.0), place, place + 1);
        }
        let Some(last) = id(place + 2) else { break };
        if own.is_weak() || next.is_weak() || last.is_weak() {
            add(edge.byte(3).number(own.0).number(next.0).number(last.0), place, place + 2);
            if own.is_weak() != last.is_weak() {
                add(edge.byte(4).number(own.0).number(last.0), place, place + 2);
            }
        }
    }
}

fn of_words(part: &Part<'_, '_>, found: &mut Vec<Feature>) {
    let mut add = |hash: Hash, group: Group, first: usize, past: usize| {
        found.push(Feature { hash: hash.finish(), group, cause: Cause::Tokens(first, past) });
    };
    let edge = Hash::new(seed::WORD).byte(b'^');
    let (mut last_word, mut last_mixed) = (edge, edge);
    let mut mixed_past = part.first;
    for index in part.first..part.past {
        let Some(word) = word_of(part.text, index) else { continue };
        let own = Hash::new(seed::WORD).text(word);
        add(own, Group::Words, index, index + 1);
        let pair = |seed: u8, one: Hash, other: Hash| {
            let (one, other) = (one.finish(), other.finish());
            one.to_le_bytes()
                .into_iter()
                .chain(other.to_le_bytes())
                .fold(Hash::new(seed), Hash::byte)
        };
        let before = index.saturating_sub(1).max(part.first);
        add(pair(seed::WORDS, last_word, own), Group::Words, before, index + 1);
        last_word = own;
        if let Some(stem) = stem::light(word) {
            add(Hash::new(seed::STEM).text(stem), Group::Words, index, index + 1);
        }
        if index >= mixed_past {
            // A sign where there is one, else the word.
            let sign = part.signs.iter().find(|sign| sign.first <= index && index < sign.past);
            let mixed = sign.map_or(own, |sign| Hash::new(seed::SIGN).number(sign.id.0));
            add(pair(seed::MIXED, last_mixed, mixed), Group::Words, before, index + 1);
            last_mixed = mixed;
            mixed_past = sign.map_or(index + 1, |sign| sign.past);
        }
        if part.text.is(index, Kind::Word) {
            of_letters(word, |hash| add(hash, Group::Letters, index, index + 1));
        }
    }
    let end = Hash::new(seed::WORDS)
        .byte(b'$')
        .number(u16::try_from(last_word.finish() >> 16).unwrap_or(0));
    add(end, Group::Words, part.past.saturating_sub(1).max(part.first), part.past);
}

/// What stands for a token: its letters, `#` for a number, nothing for most marks.
fn word_of<'t>(text: &'t Text<'_>, index: usize) -> Option<&'t str> {
    if text.is(index, Kind::Number) {
        return Some("#");
    }
    let word = text.word(index);
    let mark = text.is(index, Kind::Symbol) && word.bytes().all(|byte| byte.is_ascii_punctuation());
    (!mark || matches!(word, "?" | "!" | "%" | "$" | "+")).then_some(word)
}

/// The runs of letters of a word with its edges.
fn of_letters(word: &str, mut add: impl FnMut(Hash)) {
    let mut letters = [' '; MOST_LETTERS + 2];
    let mut length = 1;
    for (place, letter) in letters.iter_mut().skip(1).zip(word.chars().take(MOST_LETTERS)) {
        *place = letter;
        length += 1;
    }
    let letters = letters.get(..=length).unwrap_or(&letters);
    for run in RUNS {
        for letters in letters.windows(run) {
            add(letters.iter().fold(Hash::new(seed::RUN), |hash, letter| hash.letter(*letter)));
        }
    }
}

/// Length, script, marks: what no single word shows.
fn of_shape(part: &Part<'_, '_>, found: &mut Vec<Feature>) {
    let mut add = |kind: u8, value: u8| {
        let hash = Hash::new(seed::SHAPE).byte(kind).byte(value).finish();
        found.push(Feature { hash, group: Group::Signs, cause: Cause::Shape });
    };
    let (mut words, mut numbers, mut symbols) = (0_usize, 0_usize, 0_usize);
    let mut scripts = [false; 3];
    for index in part.first..part.past {
        if part.text.is(index, Kind::Word) {
            words += 1;
            let [latin, arabic, cyrillic] = &mut scripts;
            match part.text.word(index).chars().next() {
                Some('a'..='z') => *latin = true,
                Some('\u{600}'..='\u{6ff}') => *arabic = true,
                Some('\u{400}'..='\u{4ff}') => *cyrillic = true,
                Some(_) | None => {}
            }
        } else if part.text.is(index, Kind::Number) {
            numbers += 1;
        } else {
            symbols += 1;
        }
    }
    let bucket = |count: usize| match count {
        0..=3 => count,
        4..=5 => 4,
        6..=8 => 5,
        9..=14 => 6,
        15..=24 => 7,
        _ => 8,
    };
    let short = |count: usize| u8::try_from(bucket(count)).unwrap_or(u8::MAX);
    add(0, short(words));
    add(1, short(numbers));
    add(2, short(part.signs.len()));
    add(3, scripts.iter().fold(0, |bits, script| bits * 2 + u8::from(*script)));
    add(4, u8::from(words == 0) * 2 + u8::from(symbols > 0));
}
