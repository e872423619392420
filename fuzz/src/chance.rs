//! Ids and keys that are the same in every run, so that what was found is found again.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::Ids;

/// The bytes of a counter: as different as needed and never a surprise.
#[derive(Default)]
pub(crate) struct Counted(AtomicU64);

impl Ids for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            for (to, from) in part.iter_mut().zip(spread) {
                *to = from;
            }
        }
    }
}
