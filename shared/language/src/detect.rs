//! Which of the three languages a message is written in.

use domain::Language;

use crate::lexicon::Hit;
use crate::text::{Kind, Text};
use crate::understanding::Hints;

/// The lexicons' bits in [`Hit::languages`].
const ENGLISH: u8 = 1;
const ARABIC: u8 = 2;
const RUSSIAN: u8 = 4;

/// Digits that stand for Arabic letters in Latin words.
const ARABIZI: [char; 6] = ['2', '3', '5', '6', '7', '9'];
/// Latin words that are Arabic, among those too common for a lexicon of concepts.
const ARABIC_CUES: [&str; 40] = [
    "el",
    "al",
    "w",
    "fe",
    "fi",
    "fee",
    "ma",
    "mish",
    "mesh",
    "mafi",
    "mafeesh",
    "mo",
    "mu",
    "mn",
    "men",
    "min",
    "3la",
    "ala",
    "ya",
    "yalla",
    "yala",
    "ana",
    "enta",
    "inta",
    "e7na",
    "i7na",
    "hatha",
    "hada",
    "hay",
    "da",
    "dah",
    "kan",
    "bas",
    "bs",
    "inshallah",
    "wallah",
    "walla",
    "khalas",
    "shway",
    "lel",
];
const RUSSIAN_CUES: [&str; 24] = [
    "na",
    "ne",
    "uzhe",
    "nado",
    "nuzhno",
    "eto",
    "chto",
    "kak",
    "gde",
    "kogda",
    "skolko",
    "dlya",
    "zavtra",
    "segodnya",
    "privet",
    "spasibo",
    "davai",
    "zakonchili",
    "est",
    "budet",
    "tam",
    "ot",
    "po",
    "pozhaluista",
];

/// So many Latin words for one of another script leave the message in that script's language.
const FOREIGN: usize = 2;

/// The script of most words; a Latin word is what its digits, the lexicons and a few cue words
/// make it. Words of one or two letters and those with digits that are no Arabizi are codes as
/// often as words, so they do not count; without words the hint decides.
pub(crate) fn language(text: &Text<'_>, hits: &[Hit], hints: &Hints) -> Language {
    let (mut latin, mut arabic, mut cyrillic) = (0_usize, 0_usize, 0_usize);
    let (mut english_words, mut arabic_words, mut russian_words) = (0_usize, 0_usize, 0_usize);
    for index in (0..text.tokens.len()).filter(|index| text.is(*index, Kind::Word)) {
        let word = text.word(index);
        let letters = word.chars().count();
        match word.chars().next() {
            Some('\u{600}'..='\u{6ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}') => {
                arabic += 1;
            }
            Some('\u{400}'..='\u{4ff}') => cyrillic += 1,
            Some('a'..='z') => {
                let digits = word.chars().any(|letter| letter.is_ascii_digit());
                let arabizi = is_arabizi(text, index);
                if !digits && letters > 2 {
                    latin += 1;
                }
                let listed = |language: u8| {
                    let own = |hit: &&Hit| hit.first <= index && index < hit.past;
                    hits.iter().find(own).is_some_and(|hit| hit.languages & language != 0)
                };
                let english = listed(ENGLISH);
                english_words += usize::from(english && letters > 2);
                let cue = ARABIC_CUES.contains(&word) || (listed(ARABIC) && !english);
                arabic_words += usize::from(arabizi) * 2 + usize::from(cue);
                let cue = RUSSIAN_CUES.contains(&word) || (listed(RUSSIAN) && !english);
                russian_words += usize::from(cue && !arabizi);
            }
            Some(_) | None => {}
        }
    }
    if arabic_words + russian_words + latin + arabic + cyrillic == 0 {
        return hints.language.unwrap_or_default();
    }
    // Foreign words of the trade stand in Arabic and Russian sentences, not the other way round.
    let scripted = arabic.max(cyrillic);
    if scripted > 0 && scripted * FOREIGN >= latin {
        return if arabic >= cyrillic { Language::Ar } else { Language::Ru };
    }
    // One word is a name or a slip as often as a language.
    if arabic_words > english_words && arabic_words >= russian_words && arabic_words > 1 {
        Language::Ar
    } else if russian_words > english_words && russian_words > 1 {
        Language::Ru
    } else if latin > 0 {
        Language::En
    } else {
        hints.language.unwrap_or_default()
    }
}

/// `ma7ad`, `5alasna`: a digit between letters, or before letters that are no unit.
fn is_arabizi(text: &Text<'_>, index: usize) -> bool {
    let word = text.word(index);
    let mut letters = word.chars().skip(1).peekable();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        let goes_on = letters.peek().is_some_and(char::is_ascii_alphabetic);
        inside |= ARABIZI.contains(&letter) && (goes_on || word.len() > 3) && lone_digit(word);
    }
    let before = index.checked_sub(1).filter(|_| text.attached(index));
    let opened = before.is_some_and(|before| {
        text.word(before).len() == 1
            && text.word(before).starts_with(ARABIZI)
            && word.len() > 2
            && !matches!(
                word,
                "pcs" | "bags" | "ton" | "tons" | "hrs" | "min" | "mins" | "days" | "mm2"
            )
    });
    inside || opened
}

/// Codes have their digits in a row at the end; Arabizi has one at a time.
fn lone_digit(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    let row = word.as_bytes().windows(2).any(|two| two.iter().all(u8::is_ascii_digit));
    !row && letters >= 2 && digits <= letters
}
