//! The one lookup behind all grammars: phrases of three languages and what they may mean.

use std::cmp::Reverse;
use std::sync::LazyLock;

use super::message::{Kind, Message};
use super::sense::Sense;
use super::words;

/// Phrases with a sense each: `(sense, "one phrase|another|stem*")`, words apart by spaces, a
/// trailing `*` for any ending.
///
/// Written as [`fold`](crate::fold) leaves them (`ة` as `ه`, `й` as `и`), so that the start costs
/// no folding.
pub(super) type Rows = &'static [(Sense, &'static str)];

/// Arabic words carry "and", "the", "in", "for" in front; two letters at least must be left.
const CLITICS: [&str; 12] =
    ["وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ع"];

/// A power of two, twice the number of first words or more.
const SLOTS: usize = 8192;

/// About as many phrases as there are.
const ENTRIES: usize = 5000;

/// The longest word tried, in letters; no longer one is listed.
const LONGEST_WORD_CHARS: usize = 16;

/// A phrase found at a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    pub(super) sense: Sense,
    tokens: u8,
    /// Without the Arabic "and" that stood before it.
    pub(super) joined: bool,
    /// Without any Arabic prefix.
    pub(super) bared: bool,
    /// How much of the first word was matched as written: the more, the better.
    fit: u8,
}

impl Lexeme {
    pub(super) fn tokens(self) -> usize {
        self.tokens.into()
    }
}

struct Entry {
    sense: Sense,
    phrase: &'static str,
    /// Bytes of the first word.
    first: u8,
    /// Any ending may follow the first word.
    stem: bool,
    /// One more than the number of the next entry with the same first word.
    next: u16,
}

impl Entry {
    fn first(&self) -> &'static str {
        self.phrase.get(..self.first.into()).unwrap_or("")
    }

    /// The words behind the first, with a space before each.
    fn rest(&self) -> &'static str {
        self.phrase.get(usize::from(self.first) + usize::from(self.stem)..).unwrap_or("")
    }
}

struct Dictionary {
    entries: Vec<Entry>,
    /// One more than the number of an entry, by the hash of its first word.
    slots: Vec<u16>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::new(&words::ALL));

/// Adds what the token may begin, longest phrases first.
pub(super) fn look_up(message: &Message<'_>, index: usize, found: &mut Vec<Lexeme>) {
    // Of numbers only the figures of Arabizi, "3ashra", begin a word.
    let figure = message.attached(index + 1) && message.word(index).len() == 1;
    if message.is(index, Kind::Number) && !figure {
        return;
    }
    let from = found.len();
    let word = message.word(index);
    DICTIONARY.add(message, index, (word, None), found);
    if found.len() == from {
        for bare in without_clitic(word) {
            DICTIONARY.add(message, index, (bare, word.chars().next()), found);
        }
    }
    if found.len() == from
        && let Some(owner) = word.strip_suffix("'s")
    {
        DICTIONARY.add(message, index, (owner, None), found);
    }
    if let Some(found) = found.get_mut(from..) {
        found.sort_by_key(|lexeme| Reverse((lexeme.tokens, lexeme.fit)));
    }
}

/// The word without each Arabic prefix that leaves at least two letters.
pub(super) fn without_clitic(word: &str) -> impl Iterator<Item = &str> {
    let arabic = word.starts_with(|letter| ('\u{600}'..='\u{6ff}').contains(&letter));
    let clitics = if arabic { CLITICS.as_slice() } else { &[] };
    clitics
        .iter()
        .filter_map(|clitic| word.strip_prefix(clitic))
        .filter(|bare| bare.chars().nth(1).is_some())
}

impl Dictionary {
    fn new(tables: &[Rows]) -> Self {
        let entries = Vec::with_capacity(ENTRIES);
        let mut dictionary = Self { entries, slots: vec![0; SLOTS] };
        for (sense, row) in tables.iter().copied().flatten() {
            dictionary.insert_row(*sense, row);
        }
        dictionary
    }

    /// One pass over the bytes of a row: all that a cold start has to do.
    fn insert_row(&mut self, sense: Sense, row: &'static str) {
        let (mut start, mut first, mut hash) = (0, None, SEED);
        for (at, byte) in row.bytes().chain([b'|']).enumerate() {
            match byte {
                b'|' => {
                    let phrase = row.get(start..at).unwrap_or("");
                    self.insert(sense, phrase, (first.unwrap_or(phrase.len()), hash));
                    (start, first, hash) = (at + 1, None, SEED);
                }
                b' ' | b'*' if first.is_none() => first = Some(at - start),
                _ if first.is_none() => hash = step(hash, byte),
                _ => {}
            }
        }
    }

    fn insert(&mut self, sense: Sense, phrase: &'static str, (first, hash): (usize, u32)) {
        let Ok(number) = u16::try_from(self.entries.len() + 1) else { return };
        let slot = self.slot(hash, phrase.get(..first).unwrap_or(""));
        let Some(head) = self.slots.get_mut(slot) else { return };
        let next = std::mem::replace(head, number);
        let stem = phrase.as_bytes().get(first) == Some(&b'*');
        let first = u8::try_from(first).unwrap_or(0);
        self.entries.push(Entry { sense, phrase, first, stem, next });
    }

    fn entry(&self, number: u16) -> Option<&Entry> {
        self.entries.get(usize::from(number).checked_sub(1)?)
    }

    /// The slot of a first word, or the empty one where it belongs. There is always one.
    fn slot(&self, hash: u32, first: &str) -> usize {
        let start = usize::try_from(hash).unwrap_or(0);
        let mut probes = (0..SLOTS).map(|step| start.wrapping_add(step) % SLOTS);
        let fitting = probes.find(|slot| {
            let number = self.slots.get(*slot).copied().unwrap_or(0);
            self.entry(number).is_none_or(|entry| entry.first() == first)
        });
        fitting.unwrap_or(SLOTS)
    }

    /// Adds the phrases that begin with a word, or with a stem of it.
    fn add(
        &self,
        message: &Message<'_>,
        index: usize,
        (word, prefix): (&str, Option<char>),
        found: &mut Vec<Lexeme>,
    ) {
        let mut hash = SEED;
        let mut fit = 0_u8;
        for (start, letter) in word.char_indices().take(LONGEST_WORD_CHARS) {
            let end = start + letter.len_utf8();
            hash = letter.encode_utf8(&mut [0; 4]).bytes().fold(hash, step);
            fit += 1;
            let Some(head) = word.get(..end) else { return };
            let mut number = self.slots.get(self.slot(hash, head)).copied().unwrap_or(0);
            while let Some(entry) = self.entry(number) {
                number = entry.next;
                if end < word.len() && !entry.stem {
                    continue;
                }
                if let Some(tokens) = continues(message, index + 1, entry.rest()) {
                    let fit = 2 * fit + u8::from(!entry.stem);
                    let (joined, bared) = (prefix == Some('و'), prefix.is_some());
                    let (sense, tokens) = (entry.sense, tokens + 1);
                    found.push(Lexeme { sense, tokens, joined, bared, fit });
                }
            }
        }
    }
}

/// How many tokens the rest of a phrase takes, if it goes on like that.
fn continues(message: &Message<'_>, mut index: usize, rest: &str) -> Option<u8> {
    let mut tokens = 0;
    for pattern in rest.split(' ').filter(|pattern| !pattern.is_empty()) {
        let word = message.word(index);
        let fits = |form: &str| match pattern.strip_suffix('*') {
            Some(stem) => form.starts_with(stem),
            None => form == pattern,
        };
        if message.opens_line(index) || !(fits(word) || without_clitic(word).any(fits)) {
            return None;
        }
        index += 1;
        tokens += 1;
    }
    Some(tokens)
}

const SEED: u32 = 0x811c_9dc5;

/// FNV-1a, whose value for a word passes through those of its beginnings.
fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::{DICTIONARY, LONGEST_WORD_CHARS, Message, SLOTS};

    #[test]
    fn the_dictionary_is_folded_and_fits_its_tables() {
        let used = DICTIONARY.slots.iter().filter(|slot| **slot != 0).count();
        assert!(used * 2 < SLOTS, "{used}");
        let mut wrong = Vec::new();
        for entry in &DICTIONARY.entries {
            assert!(!entry.first().is_empty(), "{:?}", entry.sense);
            assert!(entry.first().chars().count() <= LONGEST_WORD_CHARS, "{}", entry.phrase);
            let phrase = entry.phrase.replace('*', "");
            let message = Message::read(&phrase);
            let tokens: Vec<&str> = (0..message.len()).map(|index| message.word(index)).collect();
            if crate::fold(&phrase) != phrase || tokens.join(" ") != phrase {
                wrong.push(phrase);
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
