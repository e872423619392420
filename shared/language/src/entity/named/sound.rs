//! The sound of a name, so that Ahmed, `أحمد` and Ахмед are the same.
//!
//! Consonants in classes of what the three scripts cannot tell apart, and between them the
//! vowels that were written. Arabic leaves short vowels out, so a missing one contradicts nothing.

/// Consonants that are compared; no name has more.
const MOST: usize = 16;

const A: u8 = 1;
const U: u8 = 2;
const I: u8 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Arabic,
    Cyrillic,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Sound<'w> {
    word: &'w str,
    script: Script,
    /// Which consonants there are, as bits.
    classes: u32,
    consonants: [u8; MOST],
    /// The vowels before each consonant, and after the last.
    vowels: [u8; MOST + 1],
    length: usize,
}

impl<'w> Sound<'w> {
    /// `word` is folded.
    pub(super) fn new(word: &'w str) -> Self {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let bare = word.strip_prefix("ال").filter(|bare| bare.chars().count() > 2);
        let word = bare.unwrap_or(word);
        let mut sound = Self {
            word,
            script: script(word),
            classes: 0,
            consonants: [0; MOST],
            vowels: [0; MOST + 1],
            length: 0,
        };
        let mut rest = word;
        while let Some(letter) = rest.chars().next() {
            let (class, vowels, taken) = sound.read(letter, rest);
            sound.push(class, vowels);
            rest = rest.get(taken..).unwrap_or("");
        }
        // "Abdullah", "Фатих", `صلاح`: a last h is heard in some spellings only.
        if sound.length > 1 && sound.consonants.get(sound.length - 1) == Some(&b'h') {
            sound.length -= 1;
        }
        let classes = sound.consonants.iter().take(sound.length);
        sound.classes = classes.fold(0, |bits, class| bits | 1 << (class % 32));
        sound
    }

    fn push(&mut self, class: u8, vowels: u8) {
        if class != 0 {
            let last = self.length.checked_sub(1).and_then(|last| self.consonants.get(last));
            let between = self.vowels.get(self.length).copied().unwrap_or(0);
            let doubled = last == Some(&class) && between == 0;
            if !doubled && self.length < MOST {
                if let Some(place) = self.consonants.get_mut(self.length) {
                    *place = class;
                }
                self.length += 1;
            }
        }
        if let Some(place) = self.vowels.get_mut(self.length) {
            *place |= vowels;
        }
    }

    /// The class of the consonant at the head, its vowels, and the bytes they take.
    fn read(&self, letter: char, rest: &str) -> (u8, u8, usize) {
        const PAIRS: [(&str, u8); 9] = [
            ("sh", b's'),
            ("ch", b's'),
            ("kh", b'h'),
            ("gh", b'j'),
            ("th", b't'),
            ("dh", b'd'),
            ("ph", b'f'),
            ("дж", b'j'),
            ("تش", b's'),
        ];
        if let Some((pair, class)) = PAIRS.iter().find(|(pair, _)| rest.starts_with(pair)) {
            return (*class, 0, pair.len());
        }
        let first = self.length == 0 && self.vowels.first() == Some(&0);
        let (class, vowels) = match letter {
            'b' | 'p' | 'ب' | 'پ' | 'б' | 'п' => (b'b', 0),
            't' | '6' | 'ت' | 'ط' | 'ث' | 'т' => (b't', 0),
            'j' | 'g' | 'ج' | 'غ' | 'г' | 'ж' => (b'j', 0),
            'h' | '7' | '5' | 'ح' | 'خ' | 'ه' | 'х' => (b'h', 0),
            'd' | 'د' | 'ذ' | 'ض' | 'д' => (b'd', 0),
            'r' | 'ر' | 'р' => (b'r', 0),
            'z' | 'ز' | 'ظ' | 'з' => (b'z', 0),
            's' | '9' | 'س' | 'ص' | 'ش' | 'с' | 'ш' | 'щ' | 'ц' | 'ч' => (b's', 0),
            'f' | 'v' | 'ف' | 'ڤ' | 'в' | 'ф' => (b'f', 0),
            'k' | 'q' | 'c' | '8' | 'x' | 'ك' | 'ق' | 'к' => (b'k', 0),
            'l' | 'ل' | 'л' => (b'l', 0),
            'm' | 'م' | 'м' => (b'm', 0),
            'n' | 'ن' | 'н' => (b'n', 0),
            'w' | 'و' if first => (b'f', 0),
            'y' | 'ي' if first => (b'y', 0),
            'я' if first => (b'y', A),
            'ю' if first => (b'y', U),
            'a' | 'ا' | 'а' | 'я' => (0, A),
            // Written for any: Ahmed, Ahmad; Salem, Salim; Yousef, Yusuf.
            'e' | 'е' | 'э' => (0, A | U | I),
            'o' | 'u' | 'w' | 'و' | 'о' | 'у' | 'ю' => (0, U),
            'i' | 'y' | 'ي' | 'и' | 'ы' => (0, I),
            // A vowel begins the name, whichever it is.
            'ع' if first => (0, A | U | I),
            _ => (0, 0),
        };
        (class, vowels, letter.len_utf8())
    }

    /// How well another word sounds like this, of a hundred.
    pub(super) fn fit(&self, other: &Self) -> u8 {
        let word = other.word;
        // A cheap refusal first: most words share few consonants with a name.
        if (self.classes ^ other.classes).count_ones() > 2 {
            return 0;
        }
        if word == self.word {
            return 100;
        }
        let same_script = other.script == self.script;
        if same_script && word.bytes().any(|byte| byte.is_ascii_digit()) {
            return 0;
        }
        let alike = self.sounds_like(other);
        if !same_script {
            return if alike && (self.length > 1 || self.ends_alike(other)) { 90 } else { 0 };
        }
        let begins = self.word.chars().next() == word.chars().next();
        if !(alike || begins) || self.length.abs_diff(other.length) > 1 {
            return 0;
        }
        let length = self.word.chars().count().min(word.chars().count());
        let most = if length >= 7 { 2 } else { usize::from(length >= 4) };
        let distance = distance(self.word, word);
        if self.script == Script::Arabic {
            return if length >= 5 && distance <= 1 { 80 } else { 0 };
        }
        if alike && self.length > 2 && length >= 5 && distance <= 3 {
            return 85;
        }
        if !begins || distance > most {
            return 0;
        }
        // Khalid and Khalil are two; a consonant is left out or moved sooner than exchanged.
        let exchanged = self.length == other.length && self.sorted() != other.sorted();
        let another = self.contradicts(other) || (exchanged && length < 7);
        if another { 0 } else { 80 }
    }

    fn sorted(&self) -> [u8; MOST] {
        let mut consonants = [0; MOST];
        for (place, class) in consonants.iter_mut().zip(self.letters()) {
            *place = *class;
        }
        consonants.sort_unstable();
        consonants
    }

    fn letters(&self) -> &[u8] {
        self.consonants.get(..self.length).unwrap_or(&[])
    }

    /// The same consonants, and no vowels between them that contradict each other.
    fn sounds_like(&self, other: &Self) -> bool {
        self.length > 0 && self.letters() == other.letters() && !self.contradicts(other)
    }

    /// The same consonants with other vowels: Hassan is not Hussein.
    fn contradicts(&self, other: &Self) -> bool {
        if self.letters() != other.letters() {
            return false;
        }
        // Endings inflect, so the last vowels are left out where there is something before them.
        let compared = if self.length > 1 { self.length } else { self.length + 1 };
        let mut pairs = self.vowels.iter().zip(&other.vowels).take(compared).enumerate();
        pairs.any(|(place, (one, two))| {
            let disjoint = *one != 0 && *two != 0 && one & two == 0;
            // A long vowel that Arabic wrote is in every other spelling.
            let long = |arabic: u8, other: u8| place > 0 && arabic != 0 && other == 0;
            let opens = place == 0 && (*one == 0) != (*two == 0);
            disjoint
                || opens
                || (self.script == Script::Arabic
                    && other.script != Script::Arabic
                    && long(*one, *two))
                || (other.script == Script::Arabic
                    && self.script != Script::Arabic
                    && long(*two, *one))
        })
    }

    /// For names of one consonant, like Ali: the vowels behind it are the same.
    fn ends_alike(&self, other: &Self) -> bool {
        let last = |sound: &Self| sound.vowels.get(sound.length).copied().unwrap_or(0);
        last(self) != 0 && last(self) & last(other) != 0
    }
}

/// The word as it is, and without an ending or a prefix that it may carry.
pub(super) fn forms(word: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: [&str; 14] =
        ["ом", "ем", "ым", "ой", "ой", "ои", "еи", "а", "у", "е", "ы", "и", "ю", "я"];
    let cyrillic = script(word) == Script::Cyrillic;
    let endings = if cyrillic { ENDINGS.as_slice() } else { &[] };
    let stems = endings
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .filter(|stem| stem.chars().nth(2).is_some());
    let owner = word.strip_suffix("'s");
    let bare = crate::entity::dictionary::without_clitic(word);
    std::iter::once(word).chain(owner).chain(stems).chain(bare)
}

fn script(word: &str) -> Script {
    match word.chars().next() {
        Some('\u{400}'..='\u{4ff}') => Script::Cyrillic,
        Some('\u{600}'..='\u{6ff}') => Script::Arabic,
        Some(_) | None => Script::Latin,
    }
}

/// Letters to change, add, leave out or exchange, up to three.
pub(super) fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 4;
    const LONGEST: usize = 24;
    let mut first = ['\0'; LONGEST];
    let mut second = ['\0'; LONGEST];
    let fill = |word: &str, letters: &mut [char; LONGEST]| {
        letters.iter_mut().zip(word.chars()).map(|(place, letter)| *place = letter).count()
    };
    let (length, width) = (fill(one, &mut first), fill(other, &mut second));
    if length.abs_diff(width) >= FAR || length == LONGEST || width == LONGEST {
        return FAR;
    }
    let letter = |letters: &[char; LONGEST], place: usize| letters.get(place).copied();
    let mut before = [FAR; LONGEST + 1];
    let mut last = [0; LONGEST + 1];
    last.iter_mut().enumerate().for_each(|(place, cost)| *cost = place);
    for row in 0..length {
        let mut next = [0; LONGEST + 1];
        next[0] = row + 1;
        for column in 0..width {
            let at = |costs: &[usize; LONGEST + 1], place: usize| {
                costs.get(place).copied().unwrap_or(FAR)
            };
            let same = letter(&first, row) == letter(&second, column);
            let mut cost = (at(&last, column) + usize::from(!same))
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1);
            let swapped = row > 0
                && column > 0
                && letter(&first, row) == letter(&second, column - 1)
                && letter(&first, row - 1) == letter(&second, column);
            if swapped {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            if let Some(place) = next.get_mut(column + 1) {
                *place = cost;
            }
        }
        (before, last) = (last, next);
    }
    last.get(width).copied().unwrap_or(FAR).min(FAR)
}

#[cfg(test)]
mod tests {
    use super::{Sound, distance, forms};

    #[test]
    fn a_name_sounds_the_same_in_three_scripts() {
        for (name, words, other) in [
            ("ahmed", ["احمد", "ахмед", "ahmad"], "hamid"),
            ("mohammed", ["محمد", "мохаммед", "mohamad"], "mahmoud"),
            ("khalid", ["خالد", "халид", "khaled"], "khalil"),
            ("hassan", ["حسن", "хасан", "hasan"], "حسين"),
            ("hussein", ["حسين", "хусейн", "hussain"], "hassan"),
            ("سعيد", ["saeed", "саид", "sa3id"], "سعد"),
            ("иван", ["ivan", "ивану", "иваном"], "илья"),
            ("yousef", ["يوسف", "юсуф", "yusuf"], "yasser"),
            ("ali", ["علي", "али", "ali"], "или"),
        ] {
            let name_folded = crate::fold(name);
            let sound = Sound::new(&name_folded);
            let fit = |word: &str| {
                let word = crate::fold(word);
                forms(&word).map(|form| sound.fit(&Sound::new(form))).max().unwrap_or(0)
            };
            for word in words {
                assert!(fit(word) >= 70, "{name} {word} {}", fit(word));
            }
            assert!(fit(other) < 70, "{name} {other} {}", fit(other));
        }
    }

    #[test]
    fn the_distance_counts_what_a_thumb_does() {
        for (one, other, expected) in
            [("ahmed", "ahmed", 0), ("ahmed", "ahemd", 1), ("ahmed", "ahmd", 1), ("abc", "xyzw", 4)]
        {
            assert_eq!(distance(one, other), expected);
            assert_eq!(distance(other, one), expected);
        }
    }
}
