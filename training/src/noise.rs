//! Spoils messages as people do: typos, letter case, lost marks, drawn-out letters.

use crate::chance::Chance;

/// Neighbours on the keyboards of the three languages, row by row.
const KEYS: [&str; 9] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ضصثقفغعهخحجد",
    "شسيبلاتنمكط",
    "ئءؤرىةوزظ",
];
/// Letters that are mistaken for each other by their sound or their dots.
const MISTAKEN: [(char, char); 16] = [
    ('ض', 'ظ'),
    ('ظ', 'ض'),
    ('ذ', 'د'),
    ('ث', 'ت'),
    ('س', 'ص'),
    ('ص', 'س'),
    ('ة', 'ه'),
    ('ط', 'ت'),
    ('о', 'а'),
    ('а', 'о'),
    ('е', 'и'),
    ('и', 'е'),
    ('з', 'с'),
    ('s', 'z'),
    ('c', 'k'),
    ('i', 'e'),
];

pub(crate) fn spoil(text: &str, chance: &mut Chance) -> String {
    let mut text = text.to_owned();
    if chance.percent(45) {
        text = text.to_lowercase();
    } else if chance.percent(4) {
        text = text.to_uppercase();
    }
    if chance.percent(55) {
        text = text.trim_end_matches(['.', '!']).to_owned();
    }
    if chance.percent(25) {
        text = text.replace(['?', '؟'], "");
    }
    if chance.percent(20) {
        text = text.replace([',', '،', ';'], "");
    }
    let typos = if chance.percent(30) { 1 + usize::from(chance.percent(30)) } else { 0 };
    for _ in 0..typos {
        text = typo(&text, chance);
    }
    if chance.percent(2) {
        text = drawn_out(&text, chance);
    }
    text.trim().to_owned()
}

fn typo(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let inner: Vec<usize> = letters
        .windows(3)
        .enumerate()
        .filter(|(_, three)| three.iter().all(|letter| letter.is_alphabetic()))
        .map(|(place, _)| place + 1)
        .collect();
    let Some(place) = chance.pick(&inner).copied() else { return text.to_owned() };
    let letter = letters.get(place).copied().unwrap_or(' ');
    match chance.below(6) {
        0 => {
            letters.remove(place);
        }
        1 => letters.insert(place, letter),
        2 => letters.swap(place, place + 1),
        3 => {
            if let Some(slot) = letters.get_mut(place) {
                *slot = neighbour(letter, chance);
            }
        }
        4 => {
            // A space is lost.
            if let Some(space) = letters.iter().skip(place).position(|letter| *letter == ' ') {
                letters.remove(place + space);
            }
        }
        _ => {
            let other = MISTAKEN.iter().find(|(one, _)| letters.contains(one));
            if let Some((one, other)) = other
                && let Some(slot) = letters.iter_mut().find(|letter| *letter == one)
            {
                *slot = *other;
            }
        }
    }
    letters.into_iter().collect()
}

fn neighbour(letter: char, chance: &mut Chance) -> char {
    for row in KEYS {
        let row: Vec<char> = row.chars().collect();
        if let Some(place) = row.iter().position(|key| *key == letter) {
            let other = if chance.percent(50) { place + 1 } else { place.wrapping_sub(1) };
            return row.get(other).copied().unwrap_or(letter);
        }
    }
    letter
}

fn drawn_out(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = chance.below(letters.len());
    if let Some(letter) = letters.get(place).copied().filter(|letter| letter.is_alphabetic()) {
        for _ in 0..2 + chance.below(3) {
            letters.insert(place, letter);
        }
    }
    letters.into_iter().collect()
}
