//! The words of a building site, in three languages, as concepts.
//!
//! The lexicon is a table in the weights, looked up where it lies: nothing is built at the start.
//! A phrase is found by its first word, whole, without its grammatical ending, or by a stem that
//! the word begins with; `compile` writes the table.

pub(crate) mod compile;

use crate::concept::Concept;
use crate::hash::Hash;
use crate::stem;
use crate::table::Table;
use crate::text::{Kind, Text};

/// What kind of key a hash is: seeds of [`Hash`].
const WHOLE: u8 = 1;
const STEM: u8 = 2;
const LIGHT: u8 = 3;

/// The longest stem tried, in letters; no longer one is listed.
const LONGEST_STEM_CHARS: usize = 20;

/// How many words a negation or an intensifier reaches over.
const REACH_TOKENS: usize = 3;

/// Arabic words carry "and", "the", "in", "for" in front; the longest is taken off first.
const CLITICS: [&str; 13] =
    ["وال", "بال", "فال", "كال", "عال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ع"];

/// A phrase of the lexicon found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) concept: Concept,
    /// Tokens from `first` up to `past`.
    pub(crate) first: usize,
    pub(crate) past: usize,
    pub(crate) negated: bool,
    pub(crate) strengthened: bool,
    /// The lexicons that list the phrase: bit 0 English, 1 Arabic, 2 Russian.
    pub(crate) languages: u8,
}

/// How good a match is: more words, then whole words over stems over endings, then longer ones.
type Rank = (usize, u8, usize);

/// The compiled lexicon: open addressing from hashes to places in the pool of phrases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexicon<'a> {
    /// Pairs of a hash and a place; place 0 is empty.
    slots: Table<'a>,
    pool: Table<'a>,
}

/// A phrase of the pool, its first word left out.
struct Phrase<'a> {
    languages: u8,
    rest: Table<'a>,
    concepts: &'a [u8],
}

impl<'a> Lexicon<'a> {
    pub(crate) fn new(slots: &'a [u8], pool: &'a [u8]) -> Self {
        Self { slots: Table(slots), pool: Table(pool) }
    }

    /// The phrases of a text, longest first where they overlap, in order.
    pub(crate) fn hits(&self, text: &Text<'_>) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(text.tokens.len());
        let (mut not, mut very) = (None, None);
        let mut index = 0;
        while index < text.tokens.len() {
            if breaks(text, index) {
                (not, very) = (None, None);
            }
            let near = |place: Option<usize>| place.is_some_and(|past| index - past < REACH_TOKENS);
            let Some((tokens, phrase)) = self.find(text, index) else {
                index += 1;
                continue;
            };
            let past = index + tokens;
            let (negated, strengthened) = (near(not), near(very));
            let languages = phrase.languages;
            for concept in phrase.concepts.iter().copied().map(Concept) {
                if concept == Concept::NOT {
                    not = Some(past);
                    negate_before(&mut hits, text, index);
                } else if concept == Concept::VERY {
                    very = Some(past);
                    // "سيء جدا": Arabic and Russian strengthen what stands before, too.
                    for hit in hits.iter_mut().filter(|hit: &&mut Hit| hit.past == index) {
                        hit.strengthened = true;
                    }
                }
                let first = index;
                hits.push(Hit { concept, first, past, negated, strengthened, languages });
            }
            index = past;
        }
        hits
    }

    /// The best phrase that starts at a token, and how many tokens it has.
    fn find(&self, text: &Text<'_>, index: usize) -> Option<(usize, Phrase<'a>)> {
        let word = text.word(index);
        let mut best: Option<(Rank, Phrase<'a>)> = None;
        if text.is(index, Kind::Symbol) {
            self.at_key(Hash::new(WHOLE).text(word), (3, 1), (text, index), &mut best);
        } else {
            for form in forms(word) {
                self.of_form(form, (text, index), &mut best);
            }
            if best.is_none()
                && let Some(short) = squeezed(word)
            {
                for form in forms(&short) {
                    self.of_form(form, (text, index), &mut best);
                }
            }
        }
        best.map(|((tokens, ..), phrase)| (tokens, phrase))
    }

    fn of_form(
        &self,
        form: &str,
        place: (&Text<'_>, usize),
        best: &mut Option<(Rank, Phrase<'a>)>,
    ) {
        let mut whole = Hash::new(WHOLE);
        let mut stem = Hash::new(STEM);
        let mut chars = 0;
        for letter in form.chars() {
            whole = whole.letter(letter);
            chars += 1;
            if chars <= LONGEST_STEM_CHARS {
                stem = stem.letter(letter);
                self.at_key(stem, (2, chars), place, best);
            }
        }
        self.at_key(whole, (3, chars), place, best);
        if let Some(light) = stem::light(form) {
            self.at_key(Hash::new(LIGHT).text(light), (1, chars), place, best);
        }
    }

    /// Betters `best` by the phrases under a key.
    fn at_key(
        &self,
        key: Hash,
        (level, chars): (u8, usize),
        (text, index): (&Text<'_>, usize),
        best: &mut Option<(Rank, Phrase<'a>)>,
    ) {
        let Some(mut place) = self.place_of(key.finish()) else { return };
        let count = self.pool.short(place);
        place += 2;
        for _ in 0..count {
            let (phrase, next) = self.phrase(place);
            place = next;
            let rank = (1 + phrase.words(), level, chars);
            let better = best.as_ref().is_none_or(|(known, _)| rank > *known);
            if better && phrase.continues(text, index + 1) {
                *best = Some((rank, phrase));
            }
        }
    }

    fn place_of(&self, hash: u32) -> Option<usize> {
        let slots = self.slots.0.len() / 8;
        let mask = slots.checked_sub(1)?;
        let mut slot = hash as usize & mask;
        for _ in 0..slots {
            match self.slots.long(slot * 8 + 4) {
                0 => return None,
                place if self.slots.long(slot * 8) == hash => return usize::try_from(place).ok(),
                _ => slot = (slot + 1) & mask,
            }
        }
        None
    }

    /// The phrase at a place of the pool, and the place after it.
    fn phrase(&self, place: usize) -> (Phrase<'a>, usize) {
        let words = usize::from(self.pool.byte(place + 1));
        let concepts = place + 3;
        let rest = concepts + usize::from(self.pool.byte(place + 2));
        let past = rest + words * REST_BYTES;
        let phrase = Phrase {
            languages: self.pool.byte(place),
            concepts: self.pool.slice(concepts, rest),
            rest: Table(self.pool.slice(rest, past)),
        };
        (phrase, past)
    }
}

/// Of each word after the first: the letters of its stem or 0, its hash, that of its light stem.
const REST_BYTES: usize = 9;

impl Phrase<'_> {
    fn words(&self) -> usize {
        self.rest.0.len() / REST_BYTES
    }

    fn continues(&self, text: &Text<'_>, index: usize) -> bool {
        (0..self.words()).all(|word| {
            let place = word * REST_BYTES;
            let stem_chars = usize::from(self.rest.byte(place));
            let (hash, light) = (self.rest.long(place + 1), self.rest.long(place + 5));
            forms(text.word(index + word)).any(|form| {
                if stem_chars > 0 {
                    prefix(form, stem_chars)
                        .is_some_and(|prefix| Hash::new(STEM).text(prefix).finish() == hash)
                } else {
                    Hash::new(WHOLE).text(form).finish() == hash
                        || (light != 0
                            && stem::light(form)
                                .is_some_and(|form| Hash::new(LIGHT).text(form).finish() == light))
                }
            })
        })
    }
}

/// The first letters of a word, if it has as many.
fn prefix(word: &str, chars: usize) -> Option<&str> {
    let last = chars.checked_sub(1)?;
    let (start, letter) = word.char_indices().nth(last)?;
    word.get(..start + letter.len_utf8())
}

/// The word, and the word without each Arabic prefix that leaves at least two letters.
fn forms(word: &str) -> impl Iterator<Item = &str> {
    let arabic = word.starts_with(|letter| matches!(letter, '\u{600}'..='\u{6ff}'));
    let clitics = if arabic { &CLITICS[..] } else { &[] };
    let bare = clitics.iter().filter_map(|clitic| word.strip_prefix(clitic));
    std::iter::once(word).chain(bare.filter(|bare| bare.chars().nth(1).is_some()))
}

/// "stooop" with its drawn-out letters single.
fn squeezed(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let (mut last, mut run, mut longest) = (letters.next()?, 1, 1);
    let mut short = String::from(last);
    for letter in letters {
        if letter == last {
            run += 1;
            longest = longest.max(run);
        } else {
            short.push(letter);
            (last, run) = (letter, 1);
        }
    }
    (longest > 2).then_some(short)
}

/// A clause ends here, and with it what a negation reaches.
fn breaks(text: &Text<'_>, index: usize) -> bool {
    text.opens_line(index) || matches!(text.word(index), "." | "," | ";" | "!" | "?" | ":")
}

/// "проблем нет", "issues: none": a negation after its noun, when nothing follows it.
fn negate_before(hits: &mut [Hit], text: &Text<'_>, index: usize) {
    if text.word(index) == "нет" {
        for hit in hits.iter_mut().filter(|hit| hit.past == index) {
            hit.negated = true;
        }
    }
}
