//! Which of the three languages a message is written in.

use domain::Language;

use crate::text::{Kind, Text};
use crate::understanding::Hints;

/// The script of most letters. Latin words of one or two letters and those with digits are
/// codes as often as English, so they do not count; without words the hint decides.
pub(crate) fn language(text: &Text<'_>, hints: &Hints) -> Language {
    let (mut latin, mut arabic, mut cyrillic) = (0_usize, 0_usize, 0_usize);
    let words = (0..text.tokens.len()).filter(|index| text.is(*index, Kind::Word));
    for word in words.map(|index| text.word(index)) {
        let coded = word.chars().any(|letter| letter.is_ascii_digit());
        for letter in word.chars() {
            match letter {
                'a'..='z' if !coded && word.len() > 2 => latin += 1,
                '\u{600}'..='\u{6ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => {
                    arabic += 1;
                }
                '\u{400}'..='\u{4ff}' => cyrillic += 1,
                _ => {}
            }
        }
    }
    if latin == 0 && arabic == 0 && cyrillic == 0 {
        hints.language.unwrap_or_default()
    } else if arabic >= latin && arabic >= cyrillic {
        Language::Ar
    } else if cyrillic >= latin {
        Language::Ru
    } else {
        Language::En
    }
}
