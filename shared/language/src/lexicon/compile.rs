//! Writes the table that [`Lexicon`](super::Lexicon) reads.

use std::collections::BTreeMap;

use super::{LIGHT, LONGEST_STEM_CHARS, STEM, WHOLE};
use crate::concept::Concept;
use crate::hash::Hash;
use crate::stem;
use crate::text::Text;

/// The lexicon as it is stored.
pub struct Compiled {
    pub slots: Vec<u8>,
    pub pool: Vec<u8>,
    /// Different phrases.
    pub phrases: usize,
}

/// A word of a phrase as it is matched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    text: String,
    stem: bool,
}

/// By phrase: the languages that list it, and its concepts in the order of the files.
type Phrases = BTreeMap<Vec<Word>, (u8, Vec<u8>)>;

/// The words after the first, the languages, and the concepts.
type Entry<'p> = (&'p [Word], u8, &'p [u8]);

/// The lexicon of files, each with its name, its language (0 English, 1 Arabic, 2 Russian) and
/// its text.
///
/// # Errors
/// A line that does not name a known concept, with its file and number, and two keys that share
/// a hash.
pub fn compile(files: &[(&str, u8, &str)]) -> Result<Compiled, String> {
    let mut phrases = Phrases::new();
    for (file, language, text) in files {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end_matches([' ', '\r']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = || format!("{file}:{}", number + 1);
            let (name, row) =
                line.split_once('\t').ok_or_else(|| format!("{}: no tab", place()))?;
            let concept = Concept::by_name(name.trim())
                .ok_or_else(|| format!("{}: no concept `{name}`", place()))?;
            for phrase in row.split('|') {
                let language = 1 << language;
                add(&mut phrases, phrase, language, concept)
                    .map_err(|problem| format!("{}: `{phrase}` {problem}", place()))?;
                // "dont" is written as often as "don't".
                if phrase.contains('\'') {
                    let plain = phrase.replace('\'', "");
                    add(&mut phrases, &plain, language, concept)?;
                }
            }
        }
    }
    write(&phrases)
}

fn add(phrases: &mut Phrases, phrase: &str, language: u8, concept: Concept) -> Result<(), String> {
    let mut words = Vec::new();
    for part in phrase.split_whitespace() {
        let stem = part.strip_suffix('*');
        let text = Text::read(stem.unwrap_or(part));
        let count = text.tokens.len();
        for index in 0..count {
            let is_stem = stem.is_some() && index + 1 == count;
            words.push(Word { text: text.word(index).to_owned(), stem: is_stem });
        }
    }
    if words.is_empty() {
        return Ok(());
    }
    let long = |word: &Word| word.stem && word.text.chars().count() > LONGEST_STEM_CHARS;
    if words.iter().any(long) || words.len() > usize::from(u8::MAX) {
        return Err("is too long".to_owned());
    }
    let (languages, concepts) = phrases.entry(words).or_default();
    *languages |= language;
    if !concepts.contains(&concept.0) {
        concepts.push(concept.0);
    }
    Ok(())
}

fn write(phrases: &Phrases) -> Result<Compiled, String> {
    let mut keys: BTreeMap<(u8, &str), Vec<Entry<'_>>> = BTreeMap::new();
    for (words, (languages, concepts)) in phrases {
        let Some((first, rest)) = words.split_first() else { continue };
        let entry = (rest, *languages, concepts.as_slice());
        let kind = if first.stem { STEM } else { WHOLE };
        keys.entry((kind, &first.text)).or_default().push(entry);
        if let Some(light) = stem::light(&first.text).filter(|_| !first.stem) {
            keys.entry((LIGHT, light)).or_default().push(entry);
        }
    }
    let slots = (keys.len() * 10 / 7 + 1).next_power_of_two();
    let mut table = vec![(0_u32, 0_u32); slots];
    // Place 0 says "empty".
    let mut pool = vec![0];
    let mut hashes = BTreeMap::new();
    for ((kind, word), entries) in &keys {
        let hash = Hash::new(*kind).text(word).finish();
        if let Some(other) = hashes.insert(hash, *word) {
            return Err(format!("`{other}` and `{word}` share a hash"));
        }
        let place = u32::try_from(pool.len()).map_err(|error| error.to_string())?;
        let mut slot = hash as usize % slots;
        while table.get(slot).is_some_and(|(_, place)| *place != 0) {
            slot = (slot + 1) % slots;
        }
        if let Some(free) = table.get_mut(slot) {
            *free = (hash, place);
        }
        let count =
            u16::try_from(entries.len()).map_err(|_| format!("`{word}` begins too many"))?;
        pool.extend(count.to_le_bytes());
        for (rest, languages, concepts) in entries {
            pool.push(*languages);
            pool.push(u8::try_from(rest.len()).unwrap_or(u8::MAX));
            pool.push(u8::try_from(concepts.len()).unwrap_or(u8::MAX));
            pool.extend_from_slice(concepts);
            rest.iter().for_each(|word| write_word(&mut pool, word));
        }
    }
    let bytes = |(hash, place): &(u32, u32)| [hash.to_le_bytes(), place.to_le_bytes()].concat();
    let slots = table.iter().flat_map(bytes).collect();
    Ok(Compiled { slots, pool, phrases: phrases.len() })
}

fn write_word(pool: &mut Vec<u8>, word: &Word) {
    let chars = if word.stem { word.text.chars().count() } else { 0 };
    pool.push(u8::try_from(chars).unwrap_or(u8::MAX));
    let kind = if word.stem { STEM } else { WHOLE };
    pool.extend(Hash::new(kind).text(&word.text).finish().to_le_bytes());
    let light = stem::light(&word.text).filter(|_| !word.stem);
    let light = light.map_or(0, |light| Hash::new(LIGHT).text(light).finish());
    pool.extend(light.to_le_bytes());
}
