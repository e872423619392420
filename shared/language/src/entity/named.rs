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
const MOST_TOKENS: usize = 400;

/// As many may fit equally well; more are nobody in particular.
const MOST_EQUAL: usize = 3;

/// A fit below this is chance.
const LEAST_FIT: u8 = 70;

/// Words that are names too: they need a capital, a title, or their second name.
const ALSO_WORDS: [&str; 17] = [
    "said", "mark", "will", "bill", "rich", "don", "grant", "rose", "art", "salam", "salaam",
    "sand", "amen", "надя", "вера", "роман", "слава",
];

pub(super) fn find(findings: &mut Findings<'_>, hints: &Hints) {
    people(findings, &hints.people);
    companies(findings, &hints.suppliers, Sense::SupplierCue, |name| EntityValue::Supplier {
        name,
    });
    companies(findings, &hints.projects, Sense::ProjectCue, |name| EntityValue::Project { name });
    task::find(findings, &hints.tasks);
}

/// A word of a name that was offered.
struct Part {
    sound: Sound,
    /// "Abu", "Umm" stood before it: another person than who bears the name.
    father: bool,
    /// Says little: "Trading", "Tower".
    common: bool,
}

struct Candidate<'h> {
    name: &'h str,
    parts: Vec<Part>,
}

impl<'h> Candidate<'h> {
    fn new(name: &'h str) -> Self {
        let message = Message::read(name);
        let mut parts: Vec<Part> = Vec::new();
        let mut father = false;
        for index in (0..message.len()).filter(|index| !message.is(*index, Kind::Symbol)) {
            if parts.len() == MOST_PARTS {
                break;
            }
            if message.has(index, Sense::Father) && message.len() > index + 1 {
                father = true;
                continue;
            }
            let sound = Sound::new(message.word(index));
            parts.push(Part { sound, father, common: message.has(index, Sense::Common) });
            father = false;
        }
        if parts.iter().all(|part| part.common) {
            parts.iter_mut().for_each(|part| part.common = false);
        }
        Self { name, parts }
    }

    fn offered(names: &'h [String]) -> Vec<Self> {
        names.iter().take(MOST_CANDIDATES).map(|name| Self::new(name)).collect()
    }
}

/// How a candidate fits at a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Words of the name that were found, those that say something.
    parts: usize,
    fit: u8,
    past: usize,
}

fn people(findings: &mut Findings<'_>, names: &[String]) {
    let candidates = Candidate::offered(names);
    if candidates.is_empty() {
        return;
    }
    let message = findings.message;
    let mut index = 0;
    while index < message.len().min(MOST_TOKENS) {
        let fits = candidates.iter().filter_map(|candidate| {
            let fit = fit(findings, candidate, index)?;
            // A word that is no name by itself needs a sign that it is one.
            let sure = fit.parts > 1 || is_name(message, index);
            sure.then_some((fit, candidate.name))
        });
        match add_best(findings, index, fits.collect(), |name| EntityValue::Person { name }) {
            Some(past) => index = past,
            None => index += 1,
        }
    }
}

/// Adds those that fit best, unless too many do, and gives the token past them.
fn add_best(
    findings: &mut Findings<'_>,
    index: usize,
    fits: Vec<(Fit, &str)>,
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

/// The words of a name from a token on.
fn fit(findings: &Findings<'_>, candidate: &Candidate<'_>, index: usize) -> Option<Fit> {
    let message = findings.message;
    let mut used = [false; MOST_PARTS];
    let mut found = Fit { parts: 0, fit: u8::MAX, past: index };
    let mut token = index;
    while token < index + 2 * MOST_PARTS && findings.is_free(token) {
        let joint = message.is(token, Kind::Symbol) && message.word(token) == "-"
            || matches!(message.word(token), "al" | "el" | "bin" | "ibn" | "بن" | "ابن");
        if joint && found.parts > 0 && token > index {
            token += 1;
            continue;
        }
        let best = candidate
            .parts
            .iter()
            .zip(used.iter_mut())
            .filter(|(_, used)| !**used)
            .filter_map(|(part, used)| Some((quality(message, token, part)?, part.common, used)))
            .max_by_key(|(quality, ..)| *quality);
        let Some((quality, common, used)) = best else { break };
        *used = true;
        found.parts += usize::from(!common);
        found.fit = found.fit.min(quality);
        token += 1;
        found.past = token;
    }
    // The name begins with a word that says something.
    let said = candidate.parts.iter().any(|part| {
        !part.common && quality(message, index, part).is_some()
    });
    (found.parts > 0 && said).then_some(found)
}

/// How well a word of the message fits a word of a name, of a hundred.
fn quality(message: &Message<'_>, index: usize, part: &Part) -> Option<u8> {
    if message.is(index, Kind::Symbol) {
        return None;
    }
    let father = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::Father));
    if father != part.father {
        return None;
    }
    let word = message.word(index);
    let known = !message.lexemes(index).is_empty();
    let best = sound::forms(word).map(|form| part.sound.fit(form)).max().unwrap_or(0);
    // A word of ours is a name only as written, in whichever script.
    let best = if known && best < 90 { 0 } else { best };
    let best = best.max(nickname::fit(word, &part.sound));
    (best >= LEAST_FIT).then_some(best)
}

/// Suppliers and projects: behind a cue one word of the name is enough, elsewhere most of it.
fn companies(
    findings: &mut Findings<'_>,
    names: &[String],
    cue: Sense,
    value: impl Fn(String) -> EntityValue + Copy,
) {
    let candidates = Candidate::offered(names);
    if candidates.is_empty() {
        return;
    }
    let message = findings.message;
    let mut index = 0;
    while index < message.len().min(MOST_TOKENS) {
        let cued = (1..=3).filter_map(|length| index.checked_sub(length)).any(|first| {
            message.past(first, cue).is_some_and(|past| {
                past == index || (past + 1 == index && is_article(message.word(past)))
            })
        });
        let fits = candidates.iter().filter_map(|candidate| {
            let fit = fit(findings, candidate, index)?;
            let said = candidate.parts.iter().filter(|part| !part.common).count();
            let most = fit.parts * 2 > said || fit.parts > 1;
            let sure = cued || (most && is_name(message, index) && fit.fit >= 90);
            sure.then_some((fit, candidate.name))
        });
        match add_best(findings, index, fits.collect(), value) {
            Some(past) => index = past,
            None => index += 1,
        }
    }
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "al" | "el" | "شركه" | "موسسه" | "مصنع" | "ооо" | "\"" | "«" | "жк")
}
