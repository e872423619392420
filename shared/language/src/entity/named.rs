//! Who and what is meant: people, suppliers, projects and tasks, against those offered.
//!
//! A name fits in any script, with a typo, an ending, or a nickname. One that fits several of
//! those offered equally well gives an entity for each, at the same place: who uses them asks.

mod nickname;
mod sound;
mod task;

use super::Findings;
use super::message::{Kind, Message};
use super::sense::Sense;
use crate::understanding::{EntityValue, Hints};
use sound::Sound;

/// Of each kind the first ones are looked at.
const MOST_CANDIDATES: usize = 100;

/// Words of a name that count.
const MOST_PARTS: usize = 6;

/// Tokens of a message in which names are looked for: what bounds the work.
const MOST_TOKENS: usize = 200;

/// As many may fit equally well; more are nobody in particular.
const MOST_EQUAL: usize = 3;

/// A fit below this is chance.
const LEAST_FIT: u8 = 70;

/// A nickname is less than a name.
const NICKNAME_FIT: u8 = 75;

/// Words that are names too: they need a capital, a title, or their second name.
const ALSO_WORDS: [&str; 17] = [
    "said",
    "mark",
    "will",
    "bill",
    "rich",
    "don",
    "grant",
    "rose",
    "art",
    "salam",
    "salaam",
    "sand",
    "amen",
    "надя",
    "вера",
    "роман",
    "слава",
];

pub(super) fn find(findings: &mut Findings<'_>, hints: &Hints) {
    let message = findings.message;
    let listed = [&hints.people, &hints.suppliers, &hints.projects];
    if listed.iter().any(|names| !names.is_empty()) {
        let heard: Vec<Heard<'_>> =
            (0..message.len().min(MOST_TOKENS)).map(|index| Heard::new(message, index)).collect();
        people(findings, &heard, &hints.people);
        let supplier = |name| EntityValue::Supplier { name };
        companies(findings, &heard, (&hints.suppliers, Sense::SupplierCue), supplier);
        let project = |name| EntityValue::Project { name };
        companies(findings, &heard, (&hints.projects, Sense::ProjectCue), project);
    }
    task::find(findings, &hints.tasks);
}

/// A token as a name would sound in it.
struct Heard<'m> {
    /// As it is, and without endings and prefixes.
    sounds: Vec<Sound<'m>>,
    /// What it may be short for.
    full: Vec<Sound<'m>>,
    /// Behind "Abu" or "Umm".
    father: bool,
    /// A word of the dictionary.
    known: bool,
}

impl<'m> Heard<'m> {
    fn new(message: &'m Message<'m>, index: usize) -> Self {
        let word = message.word(index);
        let named = !message.is(index, Kind::Symbol);
        let forms = named.then(|| sound::forms(word)).into_iter().flatten();
        let full = nickname::full_names(word).iter().filter(|_| named);
        Self {
            sounds: forms.map(Sound::new).collect(),
            full: full.map(|name| Sound::new(name)).collect(),
            father: index.checked_sub(1).is_some_and(|before| message.has(before, Sense::Father)),
            known: !message.lexemes(index).is_empty(),
        }
    }

    /// How well the token fits a word of a name, of a hundred.
    fn quality(&self, part: &Part<'_>) -> Option<u8> {
        if self.father != part.father {
            return None;
        }
        let sound = &part.sound;
        let best = self.sounds.iter().map(|form| sound.fit(form)).max().unwrap_or(0);
        // A word of ours is a name only as written, in whichever script.
        let best = if self.known && best < 90 { 0 } else { best };
        let short = self.full.iter().any(|full| sound.fit(full) >= 80);
        let best = if short { best.max(NICKNAME_FIT) } else { best };
        (best >= LEAST_FIT).then_some(best)
    }
}

/// A word of a name that was offered.
struct Part<'h> {
    sound: Sound<'h>,
    /// "Abu", "Umm" stood before it: another person than who bears the name.
    father: bool,
    /// Says little: "Trading", "Tower".
    common: bool,
}

struct Candidate<'h> {
    name: &'h str,
    parts: Vec<Part<'h>>,
}

impl<'h> Candidate<'h> {
    fn new(name: &'h str, read: &'h Message<'h>) -> Self {
        let mut parts: Vec<Part<'h>> = Vec::new();
        let mut father = false;
        for index in (0..read.len()).filter(|index| !read.is(*index, Kind::Symbol)) {
            if parts.len() == MOST_PARTS {
                break;
            }
            if read.has(index, Sense::Father) && read.len() > index + 1 {
                father = true;
                continue;
            }
            let sound = Sound::new(read.word(index));
            parts.push(Part { sound, father, common: read.has(index, Sense::Common) });
            father = false;
        }
        if parts.iter().all(|part| part.common) {
            for part in &mut parts {
                part.common = false;
            }
        }
        Self { name, parts }
    }
}

/// The names that are looked at, read.
fn read(names: &[String]) -> Vec<(&str, Message<'_>)> {
    let names = names.iter().take(MOST_CANDIDATES).map(String::as_str);
    names.map(|name| (name, Message::read(name))).collect()
}

/// How a candidate fits at a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Words of the name that were found, those that say something.
    parts: usize,
    quality: u8,
    past: usize,
}

fn people(findings: &mut Findings<'_>, heard: &[Heard<'_>], names: &[String]) {
    let read = read(names);
    let candidates: Vec<Candidate<'_>> =
        read.iter().map(|(name, read)| Candidate::new(name, read)).collect();
    let message = findings.message;
    let mut index = 0;
    while index < heard.len() {
        let fits = candidates.iter().filter_map(|candidate| {
            let fit = fit(findings, heard, candidate, index)?;
            // A word that is no name by itself needs a sign that it is one.
            let sure = fit.parts > 1 || is_name(message, index);
            sure.then_some((fit, candidate.name))
        });
        match add_best(findings, index, &fits.collect::<Vec<_>>(), |name| EntityValue::Person {
            name,
        }) {
            Some(past) => index = past,
            None => index += 1,
        }
    }
}

/// Adds those that fit best, unless too many do, and gives the token past them.
fn add_best(
    findings: &mut Findings<'_>,
    index: usize,
    fits: &[(Fit, &str)],
    value: impl Fn(String) -> EntityValue,
) -> Option<usize> {
    let best = fits.iter().map(|(fit, _)| *fit).max()?;
    let equal: Vec<&str> =
        fits.iter().filter(|(fit, _)| *fit == best).map(|(_, name)| *name).collect();
    if equal.len() > MOST_EQUAL {
        return None;
    }
    for name in equal {
        findings.add(index, best.past, value(name.to_owned()));
    }
    Some(best.past)
}

/// Whether a word that fits a name is meant as one: it is no word of ours, or has a capital in a
/// sentence, or a title before it.
fn is_name(message: &Message<'_>, index: usize) -> bool {
    let word = message.word(index);
    let known = message.lexemes(index).iter().any(|lexeme| lexeme.tokens() == 1);
    if !known && !ALSO_WORDS.contains(&word) {
        return true;
    }
    let titled = (1..=2).filter_map(|length| index.checked_sub(length)).any(|first| {
        message.past(first, Sense::Title) == Some(index)
            || message.past(first, Sense::Father) == Some(index)
    });
    let capital = message.slice(index, index + 1).starts_with(char::is_uppercase);
    let opens = message.opens_line(index) || matches!(message.before(index), "." | "!" | "?");
    titled || (capital && !opens && !known)
}

/// The words of a name from a token on; the first says something.
fn fit(
    findings: &Findings<'_>,
    heard: &[Heard<'_>],
    candidate: &Candidate<'_>,
    index: usize,
) -> Option<Fit> {
    let message = findings.message;
    let quality = |token: usize, part: &Part<'_>| heard.get(token)?.quality(part);
    let mut said = candidate.parts.iter().filter(|part| !part.common);
    if !findings.is_free(index) || !said.any(|part| quality(index, part).is_some()) {
        return None;
    }
    let mut used = [false; MOST_PARTS];
    let mut found = Fit { parts: 0, quality: u8::MAX, past: index };
    let mut token = index;
    while token < index + 2 * MOST_PARTS && findings.is_free(token) {
        let joint = message.word(token) == "-"
            || matches!(message.word(token), "al" | "el" | "bin" | "ibn" | "بن" | "ابن");
        if joint && token > index {
            token += 1;
            continue;
        }
        let best = candidate
            .parts
            .iter()
            .zip(used.iter_mut())
            .filter(|(_, used)| !**used)
            .filter_map(|(part, used)| Some((quality(token, part)?, part.common, used)))
            .max_by_key(|(quality, ..)| *quality);
        let Some((quality, common, used)) = best else { break };
        *used = true;
        found.parts += usize::from(!common);
        found.quality = found.quality.min(quality);
        token += 1;
        found.past = token;
    }
    (found.parts > 0).then_some(found)
}

/// Suppliers and projects: behind a cue one word of the name is enough, elsewhere most of it.
fn companies(
    findings: &mut Findings<'_>,
    heard: &[Heard<'_>],
    (names, cue): (&[String], Sense),
    value: impl Fn(String) -> EntityValue + Copy,
) {
    let read = read(names);
    let candidates: Vec<Candidate<'_>> =
        read.iter().map(|(name, read)| Candidate::new(name, read)).collect();
    let message = findings.message;
    let mut index = 0;
    while index < heard.len() {
        let cued = (1..=3).filter_map(|length| index.checked_sub(length)).any(|first| {
            message.past(first, cue).is_some_and(|past| {
                past == index || (past + 1 == index && is_article(message.word(past)))
            })
        });
        let fits = candidates.iter().filter_map(|candidate| {
            let fit = fit(findings, heard, candidate, index)?;
            let said = candidate.parts.iter().filter(|part| !part.common).count();
            let most = fit.parts * 2 > said || fit.parts > 1;
            let sure = cued || (most && is_name(message, index) && fit.quality >= 90);
            sure.then_some((fit, candidate.name))
        });
        match add_best(findings, index, &fits.collect::<Vec<_>>(), value) {
            Some(past) => index = past,
            None => index += 1,
        }
    }
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "al" | "el" | "شركه" | "موسسه" | "مصنع" | "ооо" | "\"" | "«" | "жк")
}
