//! A message cut into folded tokens that remember their place in the original.

use crate::fold::{Glyph, glyphs};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, and digits after a first letter: `crack`, `c30`, `isn't`.
    Word,
    /// Digits with single separators between them: `1,234.56`, `12.03.2026`.
    Number,
    /// Any other single character.
    Symbol,
}

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    Attached,
    Space,
    Line,
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) gap: Gap,
    /// Bytes of the original.
    pub(crate) start: usize,
    pub(crate) end: usize,
    folded: (usize, usize),
}

/// A text being read. Every lookup past the last token gives an empty answer.
pub(crate) struct Text<'a> {
    original: &'a str,
    folded: String,
    pub(crate) tokens: Vec<Token>,
}

impl<'a> Text<'a> {
    pub(crate) fn read(original: &'a str) -> Self {
        let glyphs = glyphs(original);
        let mut folded = String::with_capacity(original.len());
        let mut tokens = Vec::new();
        let mut gap = Gap::Line;
        let mut rest = glyphs.as_slice();
        while let Some(first) = rest.first() {
            let kind = kind(first.letter);
            let length = kind.map_or(1, |kind| length(kind, rest));
            let (taken, next) = rest.split_at(length.min(rest.len()));
            let from = folded.len();
            folded.extend(taken.iter().map(|glyph| glyph.letter));
            match kind {
                Some(kind) => {
                    let end = taken.last().map_or(first.end, |glyph| glyph.end);
                    let folded = (from, folded.len());
                    tokens.push(Token { kind, gap, start: first.start, end, folded });
                    gap = Gap::Attached;
                }
                None if first.letter == '\n' || gap == Gap::Line => gap = Gap::Line,
                None => gap = Gap::Space,
            }
            rest = next;
        }
        Self { original, folded, tokens }
    }

    pub(crate) fn into_folded(self) -> String {
        self.folded
    }

    /// The folded token.
    pub(crate) fn word(&self, index: usize) -> &str {
        let folded = self.tokens.get(index).and_then(|token| {
            let (from, to) = token.folded;
            self.folded.get(from..to)
        });
        folded.unwrap_or("")
    }

    /// The original of the tokens from `first` up to `past`.
    pub(crate) fn slice(&self, first: usize, past: usize) -> &'a str {
        let (start, end) = self.span(first, past);
        self.original.get(start..end).unwrap_or("")
    }

    /// The bytes of the original under the tokens from `first` up to `past`.
    pub(crate) fn span(&self, first: usize, past: usize) -> (usize, usize) {
        let start = self.tokens.get(first).map_or(0, |token| token.start);
        let last = past.checked_sub(1).and_then(|last| self.tokens.get(last));
        (start, last.map_or(start, |token| token.end))
    }

    pub(crate) fn is(&self, index: usize, kind: Kind) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == kind)
    }

    /// Whether the token follows the one before it without a space.
    pub(crate) fn attached(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.gap == Gap::Attached)
    }

    /// Whether the token opens a line.
    pub(crate) fn opens_line(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.gap == Gap::Line)
    }
}

fn kind(letter: char) -> Option<Kind> {
    if letter.is_ascii_digit() {
        Some(Kind::Number)
    } else if letter.is_alphanumeric() {
        Some(Kind::Word)
    } else if letter.is_whitespace() || letter.is_control() {
        None
    } else {
        Some(Kind::Symbol)
    }
}

/// How many glyphs the token at the head of `glyphs` has.
fn length(kind: Kind, glyphs: &[Glyph]) -> usize {
    let letter = |index: usize| glyphs.get(index).map_or(' ', |glyph| glyph.letter);
    let inside = |index: usize| match kind {
        Kind::Word => {
            letter(index).is_alphanumeric()
                || (letter(index) == '\'' && letter(index + 1).is_alphabetic())
        }
        Kind::Number => {
            letter(index).is_ascii_digit()
                || (matches!(letter(index), '.' | ',') && letter(index + 1).is_ascii_digit())
        }
        Kind::Symbol => false,
    };
    1 + (1..glyphs.len()).take_while(|index| inside(*index)).count()
}
