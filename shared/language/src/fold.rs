//! The folded copy of a text: spelling differences that carry no meaning are removed.

/// Characters of a text that are read; the rest of a longer one is ignored.
const LONGEST_TEXT_CHARS: usize = 4096;

/// One folded character and the bytes of the original it stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) letter: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Lower case, Arabic letter forms and vowel marks folded, Latin and Cyrillic diacritics folded
/// (й becomes и, ё becomes е), digits in ASCII, tatweel and invisible characters removed.
///
/// For matching only: show and store the original. Reads the first 4096 characters.
pub fn fold(text: &str) -> String {
    glyphs(text).iter().map(|glyph| glyph.letter).collect()
}

/// The folded characters of a text with their places in it.
pub(crate) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len().min(LONGEST_TEXT_CHARS));
    for (start, original) in text.char_indices().take(LONGEST_TEXT_CHARS) {
        let end = start + original.len_utf8();
        // Most of an English text, and no more than this happens to it below.
        if original.is_ascii() {
            let letter = if original == '`' { '\'' } else { original.to_ascii_lowercase() };
            glyphs.push(Glyph { letter, start, end });
            continue;
        }
        if is_mark(original) {
            // A mark belongs to the letter it stands on, also in spans.
            if let Some(last) = glyphs.last_mut() {
                last.end = end;
            }
            continue;
        }
        if is_invisible(original) {
            continue;
        }
        for lower in original.to_lowercase().filter(|lower| !is_mark(*lower)) {
            let (first, second) = fold_letter(lower);
            glyphs.push(Glyph { letter: first, start, end });
            glyphs.extend(second.map(|letter| Glyph { letter, start, end }));
        }
    }
    // Letters that fold to two make it longer than what is read.
    glyphs.truncate(LONGEST_TEXT_CHARS);
    glyphs
}

/// Combining diacritics, Arabic vowel marks, tatweel, variation selectors, and hamza, which is
/// left out in writing more often than not.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | 'ـ' | 'ء'
        | '\u{fe00}'..='\u{fe0f}')
}

fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

/// The folded form of a lower-case letter; two letters for the ligatures.
fn fold_letter(letter: char) -> (char, Option<char>) {
    let folded = match letter {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' | 'ی' => 'ي',
        'ؤ' => 'و',
        'ة' => 'ه',
        'ک' => 'ك',
        'ё' => 'е',
        'й' => 'и',
        '٫' => '.',
        '٬' | '،' => ',',
        '؟' => '?',
        '؛' => ';',
        '٪' => '%',
        '²' => '2',
        '³' => '3',
        '’' | '‘' | '`' | 'ʼ' => '\'',
        '‐'..='―' | '−' => '-',
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ß' => return ('s', Some('s')),
        'æ' => return ('a', Some('e')),
        'œ' => return ('o', Some('e')),
        other => digit(other).unwrap_or(other),
    };
    (folded, None)
}

/// Arabic-Indic, Persian and full-width digits in ASCII.
fn digit(letter: char) -> Option<char> {
    let code = u32::from(letter);
    let zero = match letter {
        '٠'..='٩' => 0x0660,
        '۰'..='۹' => 0x06f0,
        '０'..='９' => 0xff10,
        _ => return None,
    };
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spelling_that_carries_no_meaning_is_folded() {
        for (text, folded) in [
            ("Été à Zürich, Straße", "ete a zurich, strasse"),
            ("أُنْجِزَتِ المُهِمَّةُ", "انجزت المهمه"),
            ("مـــشـكـلة ٪٥٠ ؟", "مشكله %50 ?"),
            ("١٬٢٣٤٫٥ ۷۸", "1,234.5 78"),
            ("Ещё Йод И\u{306}од", "еще иод иод"),
            ("C30/37 M³", "c30/37 m3"),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(folded), folded);
        }
        let long = fold(&"ß".repeat(5000));
        assert_eq!(fold(&long), long);
    }
}
