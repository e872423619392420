//! Learned weights as the bytes the reader looks up.

#![expect(clippy::float_arithmetic, reason = "weights are estimates, not money")]

use language::learning::{Compiled, INTENTS, Sections, Tuning, WEIGHT_STEP};

use crate::dataset::Dictionary;
use crate::learner::{Learned, WIDTH};

/// Rows that are kept: those that say most.
pub(crate) const MOST_ROWS: usize = 40_000;

pub(crate) fn pack(
    learned: &Learned,
    (dictionary, lexicon): (&Dictionary, &Compiled),
    tuning: &Tuning,
    stamp: &[u8],
) -> Vec<u8> {
    let mut order: Vec<(usize, f32)> = learned
        .rows
        .iter()
        .zip(&dictionary.counts)
        .map(|(row, count)| weight_of(row, *count))
        .enumerate()
        .filter(|(_, size)| *size > 0.0)
        .collect();
    order.sort_by(|(one, small), (next, large)| large.total_cmp(small).then(one.cmp(next)));
    order.truncate(MOST_ROWS);
    order.sort_unstable_by_key(|(row, _)| *row);
    let slots = (order.len() * 4 / 3 + 1).next_power_of_two();
    let mut table = vec![(0_u32, 0_u16); slots];
    let mut weights = Vec::new();
    for (place, (row, _)) in order.iter().enumerate() {
        let hash = dictionary.hashes[*row];
        let mut slot = hash as usize % slots;
        while table[slot].1 != 0 {
            slot = (slot + 1) % slots;
        }
        table[slot] = (hash, u16::try_from(place + 1).unwrap_or(u16::MAX));
        weights.extend(bytes_of(&learned.rows[*row]));
    }
    Sections {
        stamp: stamp.to_vec(),
        lexicon_slots: lexicon.slots.clone(),
        lexicon_pool: lexicon.pool.clone(),
        keys: table.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect(),
        rows: table.iter().flat_map(|(_, row)| row.to_le_bytes()).collect(),
        weights,
        bias: learned.bias.iter().take(INTENTS).flat_map(|bias| bias.to_le_bytes()).collect(),
        tuning: tuning.write(),
    }
    .write()
}

/// How much a row says: by its weights, and by how often it is asked.
fn weight_of(row: &[f32; WIDTH], count: u16) -> f32 {
    row.iter().map(|weight| weight * weight).sum::<f32>() * f32::from(count).sqrt()
}

/// The scale of a row, then its weights.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the values are within the bytes' bounds"
)]
fn bytes_of(row: &[f32; WIDTH]) -> Vec<u8> {
    let step = WEIGHT_STEP as f32;
    let most = row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let scale = (most / step / 127.0).ceil().clamp(1.0, 255.0);
    let mut bytes = vec![scale as u8];
    let byte =
        |weight: &f32| ((weight / step / scale).round().clamp(-127.0, 127.0) as i8).cast_unsigned();
    bytes.extend(row.iter().take(INTENTS).map(byte));
    bytes
}
