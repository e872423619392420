//! The passwords that most people use, as a Bloom filter.
//!
//! `common.bin` was made by `cargo run -p tenancy --example common_passwords` from two published
//! lists: the 19,640 of Django's `CommonPasswordValidator` (BSD licence, compiled by Royce
//! Williams) and the 30,000 of zxcvbn (MIT licence, Dropbox). They are in no other form in this
//! repository, and the filter cannot be turned back into them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aws_lc_rs::digest;

/// Bits for each word, and how many of them a word sets: one text in about ninety thousand is
/// wrongly taken for a word. (1 - e^(-16/24))^16 = 1.1e-5.
const BITS_PER_WORD: u64 = 24;
const PROBES: u64 = 16;
/// A text of fewer different characters says nothing.
const DIFFERENT_CHARS_MIN: usize = 5;

static BUNDLED: &[u8] = include_bytes!("common.bin");

/// A set of passwords that says `true` for all of its words, and once in a while for another text.
pub struct CommonPasswords {
    bits: Cow<'static, [u8]>,
}

impl CommonPasswords {
    /// The one this product is built with.
    pub const fn bundled() -> Self {
        Self { bits: Cow::Borrowed(BUNDLED) }
    }

    /// A filter of some words, compared in lower case.
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let words: BTreeSet<String> = words.map(str::to_lowercase).collect();
        let count = u64::try_from(words.len().max(1)).unwrap_or(u64::MAX);
        let bytes = count.saturating_mul(BITS_PER_WORD).div_ceil(8);
        let mut bits = vec![0_u8; usize::try_from(bytes).unwrap_or(1)];
        for word in &words {
            for (place, mask) in probes(word, bits.len()) {
                if let Some(byte) = bits.get_mut(place) {
                    *byte |= mask;
                }
            }
        }
        Self { bits: Cow::Owned(bits) }
    }

    /// The filter's bytes, to be kept in a file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bits
    }

    /// Whether a text in lower case is one of the words.
    pub fn has(&self, text: &str) -> bool {
        probes(text, self.bits.len())
            .all(|(place, mask)| self.bits.get(place).is_some_and(|byte| byte & mask != 0))
    }

    pub(super) fn has_any(&self, forms: &[String]) -> bool {
        forms.iter().any(|form| self.has(form))
    }

    #[cfg(test)]
    pub(super) fn fill_percent(&self) -> u64 {
        let set: u64 = self.bits.iter().map(|byte| u64::from(byte.count_ones())).sum();
        set * 100 / (self.bits.len() as u64 * 8)
    }
}

/// The bits of a text, by double hashing with the two halves of its SHA-256.
fn probes(text: &str, bytes: usize) -> impl Iterator<Item = (usize, u8)> {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let half = |from: usize| {
        let part = hash.as_ref().iter().skip(from).take(8);
        part.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
    };
    let (first, step) = (half(0), half(8) | 1);
    let bits = u64::try_from(bytes).unwrap_or(0).saturating_mul(8).max(1);
    (0..PROBES).map(move |probe| {
        let bit = first.wrapping_add(probe.wrapping_mul(step)) % bits;
        (usize::try_from(bit / 8).unwrap_or(0), 1 << (bit % 8))
    })
}

/// What a password is made from, as attackers make it: itself, without what stands before and
/// after its letters, with digits and signs read as letters, and the part that it repeats.
pub(super) fn forms(password: &str) -> Vec<String> {
    let lower = password.trim().to_lowercase();
    let plain: String = lower.chars().map(letter_of).collect();
    let mut forms = vec![lower.clone(), core(&lower), core(&plain)];
    // `P@ssw0rd!!!!`: what stands around is cut off before it is read as letters.
    forms.push(core(&core_with_signs(&lower).chars().map(letter_of).collect::<String>()));
    let repeated: Vec<String> = forms.iter().filter_map(|form| repeated(form)).collect();
    forms.extend(repeated);
    forms.retain(|form| !form.is_empty());
    forms.dedup();
    forms
}

/// In lower case, without what is neither letter nor digit.
pub(super) fn squeezed(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a text is a run, as `abcdef` or `112233`, or of very few different characters.
pub(super) fn is_run(password: &str) -> bool {
    let chars: Vec<u32> = password.to_lowercase().chars().map(u32::from).collect();
    let near = chars.iter().zip(chars.iter().skip(1)).filter(|(a, b)| a.abs_diff(**b) <= 1).count();
    let different: BTreeSet<&u32> = chars.iter().collect();
    // Of twelve characters, nine that follow their neighbour leave nothing to guess.
    different.len() < DIFFERENT_CHARS_MIN || near * 4 >= chars.len() * 3
}

fn core(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

fn core_with_signs(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphabetic())
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(|c: char| !c.is_alphanumeric())
}

fn letter_of(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// The part that a text repeats from beginning to end, if it does.
fn repeated(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2)
        .find(|length| chars.iter().zip(chars.iter().skip(*length)).all(|(a, b)| a == b))
        .map(|length| chars.iter().take(length).collect())
}
