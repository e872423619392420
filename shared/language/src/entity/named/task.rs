//! Tasks that are named by the words of their titles.

use super::MOST_CANDIDATES;
use crate::entity::message::Message;
use crate::entity::{Findings, content};
use crate::matching;
use crate::understanding::EntityValue;

/// The share of a title's words that must be found, in hundredths.
const LEAST_SHARE: usize = 55;

/// The second best must be this much worse, in hundredths.
const MARGIN: usize = 15;

/// Words of a title lie together: between them at most so many others each.
const MOST_APART: usize = 4;

pub(super) fn find(findings: &mut Findings<'_>, titles: &[String]) {
    if titles.is_empty() {
        return;
    }
    let message = findings.message;
    let said = content::words(message);
    let mut best: Option<(usize, usize, (usize, usize))> = None;
    let mut second = 0;
    for (place, title) in titles.iter().take(MOST_CANDIDATES).enumerate() {
        let title = Message::read(title);
        let Some((share, span)) = share(&said, &content::words(&title)) else { continue };
        match best {
            Some((known, ..)) if share <= known => second = second.max(share),
            _ => {
                second = second.max(best.map_or(0, |(known, ..)| known));
                best = Some((share, place, span));
            }
        }
    }
    let Some((share, place, (first, past))) = best else { return };
    if share < LEAST_SHARE || share < second + MARGIN {
        return;
    }
    if let Some(title) = titles.get(place) {
        findings.mention(first, past, EntityValue::Task { title: title.clone() });
    }
}

/// The share of a title's letters that the message has in its words, in hundredths, and the
/// tokens between which they lie.
fn share(said: &[(usize, &str)], title: &[(usize, &str)]) -> Option<(usize, (usize, usize))> {
    let letters = |word: &str| word.chars().count().min(8);
    let whole: usize = title.iter().map(|(_, word)| letters(word)).sum();
    // Which words of the title were found; a title has fewer than 64.
    let mut matched = 0_u64;
    let mut span: Option<(usize, usize)> = None;
    let share = |matched: u64| {
        let words = title.iter().enumerate().filter(|(place, _)| matched >> place & 1 == 1);
        words.map(|(_, (_, word))| letters(word)).sum::<usize>() * 100 / whole.max(1)
    };
    for (token, word) in said {
        let Some(place) = title.iter().position(|(_, other)| matching::alike(word, other)) else {
            continue;
        };
        // A word far behind the others starts a new place.
        let far = span.is_some_and(|(_, past)| token - past >= MOST_APART);
        if far {
            if share(matched) >= LEAST_SHARE {
                break;
            }
            (matched, span) = (0, None);
        }
        matched |= 1 << place;
        span = Some((span.map_or(*token, |(first, _)| first), token + 1));
    }
    let enough = matched.count_ones() > 1 || title.len() < 3;
    let share = share(matched);
    span.filter(|_| enough).map(|span| (share, span))
}
