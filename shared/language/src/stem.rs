//! Light stems: a word without its grammatical ending, the same for most forms of a word.

/// Shorter words are left as they are.
const SHORTEST_CHARS: usize = 4;

/// Endings of folded Russian nouns, adjectives and verbs, longest first.
const RUSSIAN: [&str; 74] = [
    "ировали",
    "ировать",
    "овались",
    "ившись",
    "ывается",
    "иваем",
    "ывает",
    "ились",
    "илось",
    "илась",
    "ались",
    "алось",
    "алась",
    "ается",
    "яется",
    "ится",
    "ться",
    "лись",
    "ями",
    "ами",
    "иях",
    "иеи",
    "ыми",
    "ими",
    "ого",
    "его",
    "ому",
    "ему",
    "ете",
    "ите",
    "ешь",
    "ишь",
    "лся",
    "али",
    "или",
    "ыли",
    "ала",
    "ила",
    "ыла",
    "ало",
    "ило",
    "ыло",
    "ать",
    "ить",
    "еть",
    "ять",
    "ют",
    "ут",
    "ят",
    "ат",
    "ет",
    "ит",
    "ла",
    "ло",
    "ли",
    "ах",
    "ях",
    "ом",
    "ем",
    "ои",
    "еи",
    "ыи",
    "ии",
    "ая",
    "яя",
    "ое",
    "ее",
    "ые",
    "ие",
    "ую",
    "юю",
    "ов",
    "ев",
    "ам",
];
const RUSSIAN_SHORT: [&str; 12] = ["ям", "ых", "их", "л", "а", "я", "о", "е", "и", "ы", "у", "ю"];

/// Endings of folded Arabic words: plurals, possessives and objects.
const ARABIC: [&str; 17] = [
    "تها", "ات", "ون", "ين", "ان", "ها", "هم", "كم", "نا", "وا", "ته", "تي", "وه", "يه", "ه", "ي",
    "ت",
];

/// The word without its ending; `None` for a word too short to have one.
pub(crate) fn light(word: &str) -> Option<&str> {
    let first = word.chars().next()?;
    word.char_indices().nth(SHORTEST_CHARS - 1)?;
    match first {
        'a'..='z' => Some(english(word)),
        '\u{400}'..='\u{4ff}' => {
            let soft = word.strip_suffix('ь').unwrap_or(word);
            let long = without(soft, &RUSSIAN, 4);
            Some(if long.len() < soft.len() { long } else { without(soft, &RUSSIAN_SHORT, 3) })
        }
        '\u{600}'..='\u{6ff}' => Some(without(word, &ARABIC, 3)),
        _ => None,
    }
}

fn without<'a>(word: &'a str, endings: &[&str], shortest: usize) -> &'a str {
    let bare = endings.iter().filter_map(|ending| word.strip_suffix(ending));
    let long = |bare: &&str| bare.chars().nth(shortest - 1).is_some();
    bare.clone().find(long).unwrap_or(word)
}

/// `pouring`, `poured`, `pours`, `pour`; `stopped`, `stop`; `curing`, `cure`.
fn english(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let bare = ["ings", "ing", "ed", "es", "s"].iter().find_map(|ending| {
        let bare = word.strip_suffix(ending)?;
        (bare.len() >= 3 && !(*ending == "s" && bare.ends_with('s'))).then_some(bare)
    });
    let bare = bare.unwrap_or(word);
    let bare = bare.strip_suffix('e').filter(|bare| bare.len() >= 3).unwrap_or(bare);
    let mut letters = bare.bytes().rev();
    let twice = letters.next() == letters.next();
    match bare.get(..bare.len() - 1) {
        Some(single) if twice && bare.len() > 4 => single,
        Some(_) | None => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::light;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            &["pour", "pours", "poured", "pouring"][..],
            &["cure", "cured", "curing"],
            &["stopped", "stopping"],
            &["закончили", "закончить", "закончила"],
            &["плитка", "плитки", "плиткои", "плитку"],
            &["бетон", "бетона", "бетоном", "бетону"],
            &["عامل", "عاملين"],
        ] {
            let stems: Vec<_> = forms.iter().map(|form| light(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{forms:?} {stems:?}");
        }
        assert_eq!(light("ось"), None);
    }
}
