//! The file of weights: what `cargo xtask train` has learned, read where it lies.

use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::rank::Tuning;
use crate::table::Table;

/// Little-endian: the mark, the sections' ends, the sections.
const MARK: [u8; 4] = *b"HNW1";
const SECTIONS: usize = 8;

static BYTES: &[u8] = include_bytes!("../data/weights.bin");

/// What reading a message needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    pub(crate) lexicon: Lexicon<'a>,
    pub(crate) model: Model<'a>,
    pub(crate) tuning: Tuning,
    stamp: Table<'a>,
}

/// The parts of the file, each as it is stored.
#[derive(Debug, Clone, Default)]
pub struct Sections {
    /// What the weights were learned from; see the trainer.
    pub stamp: Vec<u8>,
    pub lexicon_slots: Vec<u8>,
    pub lexicon_pool: Vec<u8>,
    pub keys: Vec<u8>,
    pub rows: Vec<u8>,
    pub weights: Vec<u8>,
    pub bias: Vec<u8>,
    /// Numbers of [`Tuning`](crate::rank::Tuning), four bytes each.
    pub tuning: Vec<u8>,
}

impl Weights<'static> {
    /// The weights in this binary.
    pub fn built_in() -> Self {
        Self::read(BYTES)
    }
}

impl<'a> Weights<'a> {
    /// The weights in a file. One that is broken knows nothing and reads everything as `other`.
    pub fn read(bytes: &'a [u8]) -> Self {
        let table = Table(bytes);
        let known = table.slice(0, 4) == MARK;
        let mut start = 4 + SECTIONS * 4;
        let sections: [&[u8]; SECTIONS] = std::array::from_fn(|section| {
            let end = table.long(4 + section * 4) as usize;
            let bytes = if known { table.slice(start, end) } else { &[] };
            start = end;
            bytes
        });
        let [stamp, slots, pool, keys, rows, weights, bias, tuning] = sections;
        Self {
            lexicon: Lexicon::new(slots, pool),
            model: Model::new([keys, rows, weights, bias]),
            tuning: Tuning::read(Table(tuning)),
            stamp: Table(stamp),
        }
    }

    /// With other numbers beside the weights.
    #[must_use]
    pub fn tuned(self, tuning: Tuning) -> Self {
        Self { tuning, ..self }
    }

    /// What the weights were learned from.
    pub fn stamp(&self) -> &'a [u8] {
        self.stamp.0
    }
}

impl Sections {
    /// The file.
    pub fn write(&self) -> Vec<u8> {
        let sections = [
            &self.stamp,
            &self.lexicon_slots,
            &self.lexicon_pool,
            &self.keys,
            &self.rows,
            &self.weights,
            &self.bias,
            &self.tuning,
        ];
        let mut bytes = MARK.to_vec();
        let mut end = 4 + SECTIONS * 4;
        for section in sections {
            end += section.len();
            bytes.extend(u32::try_from(end).unwrap_or(u32::MAX).to_le_bytes());
        }
        for section in sections {
            bytes.extend_from_slice(section);
        }
        bytes
    }
}
