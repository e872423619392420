//! An input taken apart: small numbers from its beginning, text from the rest.

/// What is left of an input.
pub(crate) struct Pieces<'a>(pub(crate) &'a [u8]);

impl<'a> Pieces<'a> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`, and 0 below nothing.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let drawn = usize::from(u16::from_be_bytes([self.byte(), self.byte()]));
        drawn.checked_rem(end).unwrap_or(0)
    }

    /// At most so many bytes.
    pub(crate) fn take(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// All that is left, as text.
    pub(crate) fn text(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }

    /// `genuine` with what is left in place of some of its bytes.
    pub(crate) fn patched(mut self, genuine: &str) -> String {
        let mut bytes = genuine.as_bytes().to_vec();
        let from = self.below(bytes.len() + 1);
        let cut = usize::from(self.byte());
        let to = from.saturating_add(cut).min(bytes.len());
        bytes.splice(from..to, self.0.iter().copied());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
