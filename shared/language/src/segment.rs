//! Cuts a message where it may go from one matter to another.

use crate::text::{Kind, Text};

/// More pieces are not told apart: a list is one matter.
const MOST_PIECES: usize = 12;

/// Words that begin another matter, or join two things of one.
const JOINTS: [&str; 34] = [
    "and",
    "also",
    "then",
    "but",
    "plus",
    "btw",
    "another",
    "meanwhile",
    "و",
    "بس",
    "كمان",
    "وكمان",
    "وبعدين",
    "بعدين",
    "ايضا",
    "كذلك",
    "وايضا",
    "وبرضو",
    "برضه",
    "لكن",
    "وبالنسبه",
    "и",
    "а",
    "но",
    "еще",
    "также",
    "потом",
    "плюс",
    "кстати",
    "зато",
    "w",
    "kaman",
    "bas",
    "i",
];

/// The pieces of a text between its marks and joints, as ranges of tokens; one at least.
pub(crate) fn pieces(text: &Text<'_>) -> Vec<(usize, usize)> {
    let count = text.tokens.len();
    let mut pieces = Vec::new();
    let mut first = 0;
    for index in 1..count {
        if pieces.len() + 1 == MOST_PIECES {
            break;
        }
        if begins(text, index) && words(text, first, index) >= 2 && words(text, index, count) >= 2 {
            pieces.push((first, index));
            first = index;
        }
    }
    pieces.push((first, count));
    pieces
}

fn begins(text: &Text<'_>, index: usize) -> bool {
    let before = text.word(index - 1);
    let sentence = matches!(before, "." | "!" | "?" | ";" | "," | "…") && !text.attached(index);
    let dash = text.word(index) == "-" && !text.attached(index) && !text.attached(index + 1);
    let joint = JOINTS.contains(&text.word(index)) && !text.attached(index);
    // Arabic writes "and" onto the word.
    let joined = text.word(index).starts_with('و') && text.word(index).chars().nth(3).is_some();
    sentence || dash || joint || joined || text.opens_line(index)
}

fn words(text: &Text<'_>, first: usize, past: usize) -> usize {
    (first..past).filter(|index| text.is(*index, Kind::Word)).count()
}
