//! The hash of everything that is looked up in the weights: FNV-1a, which grows letter by letter,
//! so that the beginnings of a word cost no more than the word.

/// A hash being built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u32);

impl Hash {
    /// An empty hash; different seeds never meet.
    pub(crate) const fn new(seed: u8) -> Self {
        Self(0x811c_9dc5).byte(seed)
    }

    pub(crate) const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }

    pub(crate) fn letter(self, letter: char) -> Self {
        let mut buffer = [0; 4];
        self.text(letter.encode_utf8(&mut buffer))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte)
    }

    pub(crate) fn number(self, number: u16) -> Self {
        let [low, high] = number.to_le_bytes();
        self.byte(low).byte(high)
    }

    /// The value, its bits mixed: FNV alone leaves neighbours side by side.
    pub(crate) const fn finish(self) -> u32 {
        let mut bits = self.0;
        bits ^= bits >> 16;
        bits = bits.wrapping_mul(0x7feb_352d);
        bits ^= bits >> 15;
        bits = bits.wrapping_mul(0x846c_a68b);
        bits ^ (bits >> 16)
    }
}
