//! Bytes read where they lie. What lies past the end reads as zero, so a broken table is no panic.

#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a>(pub(crate) &'a [u8]);

impl<'a> Table<'a> {
    pub(crate) fn byte(&self, place: usize) -> u8 {
        self.0.get(place).copied().unwrap_or(0)
    }

    pub(crate) fn short(&self, place: usize) -> u16 {
        let bytes = self.0.get(place..place + 2).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u16::from_le_bytes)
    }

    pub(crate) fn long(&self, place: usize) -> u32 {
        let bytes = self.0.get(place..place + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    /// The bytes from `start` up to `end`, as far as there are any.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.0.get(start..end).unwrap_or(&[])
    }
}
