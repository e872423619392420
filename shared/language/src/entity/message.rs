//! A message as the grammars see it: tokens that remember their place, and what each may mean.
//!
//! Unlike [`Text`](crate::text::Text), which keeps `block4` and `بـ500` whole, this cuts a word off
//! the digits glued to it where the word says something by itself.

use super::dictionary::{self, Lexeme};
use super::sense::Sense;
use crate::fold::{Glyph, glyphs};

/// Words that may be glued in front of a number. Others, as in `C30` and `B500B`, make a code.
const GLUED: [&str; 61] = [
    "aed",
    "apartment",
    "apt",
    "axis",
    "bd",
    "bhd",
    "bldg",
    "blk",
    "block",
    "dh",
    "dhs",
    "egp",
    "eur",
    "flat",
    "floor",
    "flr",
    "gate",
    "gbp",
    "grid",
    "inr",
    "inv",
    "invoice",
    "iqd",
    "jd",
    "jod",
    "kd",
    "kwd",
    "kzt",
    "lbp",
    "le",
    "level",
    "lpo",
    "lvl",
    "no",
    "ncr",
    "omr",
    "phase",
    "pkr",
    "plot",
    "po",
    "qar",
    "qr",
    "rfi",
    "rm",
    "room",
    "rs",
    "rub",
    "sar",
    "sr",
    "syp",
    "tower",
    "try",
    "unit",
    "us",
    "usd",
    "uzs",
    "villa",
    "vo",
    "zone",
    "блок",
    "этаж",
];

/// Numbers with more characters than this are nothing we read.
const LONGEST_NUMBER_CHARS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, and digits behind a first letter where they make a code: `crack`, `c30`, `isn't`.
    Word,
    /// Digits with single separators between them: `1,234.56`, `12.03.2026`.
    Number,
    /// Any other single character.
    Symbol,
}

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Attached,
    Space,
    Line,
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    gap: Gap,
    /// Bytes of the original.
    start: usize,
    end: usize,
    /// Bytes of the folded copy.
    folded: (usize, usize),
    /// What it may mean: a range of the lexemes.
    lexemes: (usize, usize),
}

/// Every lookup past the last token gives an empty answer.
pub(super) struct Message<'a> {
    original: &'a str,
    folded: String,
    tokens: Vec<Token>,
    lexemes: Vec<Lexeme>,
}

impl<'a> Message<'a> {
    pub(super) fn read(original: &'a str) -> Self {
        let glyphs = glyphs(original);
        let folded = String::with_capacity(original.len());
        let mut message = Self { original, folded, tokens: Vec::new(), lexemes: Vec::new() };
        message.cut(&glyphs);
        for index in 0..message.tokens.len() {
            let from = message.lexemes.len();
            let mut found = std::mem::take(&mut message.lexemes);
            dictionary::look_up(&message, index, &mut found);
            message.lexemes = found;
            let range = (from, message.lexemes.len());
            if let Some(token) = message.tokens.get_mut(index) {
                token.lexemes = range;
            }
        }
        message
    }

    fn cut(&mut self, glyphs: &[Glyph]) {
        let mut gap = Gap::Line;
        let mut rest = glyphs;
        while let Some(first) = rest.first() {
            let kind = kind(first.letter);
            let length = kind.map_or(1, |kind| length(kind, rest));
            let (taken, next) = rest.split_at(length.min(rest.len()));
            match kind {
                Some(kind) => {
                    let from = self.folded.len();
                    self.folded.extend(taken.iter().map(|glyph| glyph.letter));
                    let end = taken.last().map_or(first.end, |glyph| glyph.end);
                    let folded = (from, self.folded.len());
                    let start = first.start;
                    self.tokens.push(Token { kind, gap, start, end, folded, lexemes: (0, 0) });
                    gap = Gap::Attached;
                }
                None if first.letter == '\n' || gap == Gap::Line => gap = Gap::Line,
                None => gap = Gap::Space,
            }
            rest = next;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The folded token.
    pub(super) fn word(&self, index: usize) -> &str {
        let folded = self.tokens.get(index).and_then(|token| {
            let (from, to) = token.folded;
            self.folded.get(from..to)
        });
        folded.unwrap_or("")
    }

    /// The folded token before `index`.
    pub(super) fn before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// The original of the tokens from `first` up to `past`.
    pub(super) fn slice(&self, first: usize, past: usize) -> &'a str {
        let (start, end) = self.span(first, past);
        self.original.get(start..end).unwrap_or("")
    }

    /// The bytes of the original under the tokens from `first` up to `past`.
    pub(super) fn span(&self, first: usize, past: usize) -> (usize, usize) {
        let start = self.tokens.get(first).map_or(0, |token| token.start);
        let last = past.checked_sub(1).and_then(|last| self.tokens.get(last));
        (start, last.map_or(start, |token| token.end))
    }

    pub(super) fn is(&self, index: usize, kind: Kind) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == kind)
    }

    /// Whether the token follows the one before it without a space.
    pub(super) fn attached(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.gap == Gap::Attached)
    }

    pub(super) fn spaced(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.gap == Gap::Space)
    }

    /// Whether the token opens a line; so does the end.
    pub(super) fn opens_line(&self, index: usize) -> bool {
        self.tokens.get(index).is_none_or(|token| token.gap == Gap::Line)
    }

    /// The whole number a token of digits alone stands for.
    pub(super) fn integer(&self, index: usize) -> Option<i64> {
        if self.is(index, Kind::Number) { self.word(index).parse().ok() } else { None }
    }

    /// The longest phrase at a token that `choose` takes: the token past it, and what was chosen.
    pub(super) fn pick<T>(
        &self,
        index: usize,
        choose: impl Fn(Sense) -> Option<T>,
    ) -> Option<(usize, T)> {
        self.lexemes(index)
            .iter()
            .find_map(|lexeme| choose(lexeme.sense).map(|taken| (index + lexeme.tokens(), taken)))
    }

    /// Like [`pick`](Self::pick), for words without an Arabic prefix: "1500 to the driver" is no
    /// quantity.
    pub(super) fn pick_bare<T>(
        &self,
        index: usize,
        choose: impl Fn(Sense) -> Option<T>,
    ) -> Option<(usize, T)> {
        self.lexemes(index)
            .iter()
            .filter(|lexeme| !lexeme.bared)
            .find_map(|lexeme| choose(lexeme.sense).map(|taken| (index + lexeme.tokens(), taken)))
    }

    /// Past the phrase at a token that has this sense.
    pub(super) fn past(&self, index: usize, sense: Sense) -> Option<usize> {
        self.pick(index, |found| (found == sense).then_some(())).map(|(past, ())| past)
    }

    /// Past what joins the ends of a range. A long dash between spaces joins sentences.
    pub(super) fn past_to(&self, index: usize) -> Option<usize> {
        let long = self.slice(index, index + 1) == "—" && !self.attached(index);
        self.past(index, Sense::To).filter(|_| !long)
    }

    pub(super) fn has(&self, index: usize, sense: Sense) -> bool {
        self.past(index, sense).is_some()
    }

    /// Whether any phrase of the message has a sense that `choose` takes.
    pub(super) fn anywhere(&self, choose: impl Fn(Sense) -> bool) -> bool {
        self.lexemes.iter().any(|lexeme| choose(lexeme.sense))
    }

    /// What a token may begin, longest phrases first.
    pub(super) fn lexemes(&self, index: usize) -> &[Lexeme] {
        let range = self.tokens.get(index).map_or((0, 0), |token| token.lexemes);
        self.lexemes.get(range.0..range.1).unwrap_or(&[])
    }
}

fn kind(letter: char) -> Option<Kind> {
    if letter.is_ascii_digit() {
        Some(Kind::Number)
    } else if is_letter(letter) {
        Some(Kind::Word)
    } else if letter.is_whitespace() || letter.is_control() {
        None
    } else {
        Some(Kind::Symbol)
    }
}

/// A letter or a digit; those of our three scripts without a look at the tables of Unicode.
fn is_letter(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '0'..='9' | 'а'..='я' | '\u{620}'..='\u{64a}')
        || (!letter.is_ascii() && letter.is_alphanumeric())
}

/// How many glyphs the token at the head of `glyphs` has.
fn length(kind: Kind, glyphs: &[Glyph]) -> usize {
    let letter = |index: usize| glyphs.get(index).map_or(' ', |glyph| glyph.letter);
    let run = |inside: &dyn Fn(usize) -> bool| {
        1 + (1..glyphs.len()).take_while(|index| inside(*index)).count()
    };
    match kind {
        Kind::Symbol => 1,
        Kind::Number => run(&|index| {
            letter(index).is_ascii_digit()
                || (matches!(letter(index), '.' | ',') && letter(index + 1).is_ascii_digit())
        })
        .min(LONGEST_NUMBER_CHARS),
        Kind::Word => {
            let letters = run(&|index| {
                (is_letter(letter(index)) && !letter(index).is_ascii_digit())
                    || (letter(index) == '\'' && letter(index + 1).is_alphabetic())
            });
            let whole = run(&|index| {
                is_letter(letter(index))
                    || (letter(index) == '\'' && letter(index + 1).is_alphabetic())
            });
            if whole > letters && stands_alone(glyphs.get(..letters), letter(letters), whole) {
                letters
            } else {
                whole
            }
        }
    }
}

/// Whether letters in front of a digit are a word: of [`GLUED`], or Arabic, but not `م3`.
fn stands_alone(letters: Option<&[Glyph]>, digit: char, whole: usize) -> bool {
    let letters = letters.unwrap_or_default();
    let Some(first) = letters.first() else { return false };
    if ('\u{600}'..='\u{6ff}').contains(&first.letter) {
        let unit = first.letter == 'م' && letters.len() == 1 && matches!(digit, '2' | '3');
        return !(unit && whole == 2);
    }
    GLUED.iter().any(|word| word.chars().eq(letters.iter().map(|glyph| glyph.letter)))
}
