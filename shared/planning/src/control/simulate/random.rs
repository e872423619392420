//! Random numbers that depend on the seed and on what they are for, and on nothing else.
//!
//! `SplitMix64` (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014;
//! the finaliser is Stafford's variant 13) is a counter and a hash of it, so any number of the
//! sequence can be had without those before. Each variable has a sequence of its own, started by the
//! seed and the variable's *name*: adding, removing or reordering other variables does not change
//! what it draws, so two simulations differ only by what was changed between them.

use std::f64::consts::TAU;

/// The odd number nearest to 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
/// Numbers of a sequence kept for each iteration.
const DRAWS_PER_ITERATION: u64 = 2;
/// Fowler-Noll-Vo 1a, 64 bits.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// What a sequence is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Duration = 1,
    Group = 2,
    Occurrence = 3,
    Delay = 4,
    Impact = 5,
    Quantity = 6,
    Rate = 7,
}

/// The random numbers of one variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sequence {
    start: u64,
}

impl Sequence {
    pub(super) fn new(seed: u64, purpose: Purpose, name: &str) -> Self {
        let bytes = std::iter::once(purpose as u8).chain(name.bytes());
        let hash =
            bytes.fold(FNV_START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        Self { start: mix(seed.wrapping_add(mix(hash))) }
    }

    /// Between 0 and 1, neither of them.
    pub(super) fn uniform(self, iteration: u32) -> f64 {
        self.draw(iteration, 0)
    }

    /// Of the standard normal distribution (Box and Muller, 1958).
    pub(super) fn normal(self, iteration: u32) -> f64 {
        let radius = (-2.0 * libm::log(self.draw(iteration, 0))).sqrt();
        radius * libm::cos(TAU * self.draw(iteration, 1))
    }

    fn draw(self, iteration: u32, nth: u64) -> f64 {
        let count = u64::from(iteration) * DRAWS_PER_ITERATION + nth + 1;
        let bits = mix(self.start.wrapping_add(GAMMA.wrapping_mul(count)));
        // The middle of one of 2^52 equal parts: exact, and never 0 or 1.
        #[expect(clippy::cast_precision_loss, reason = "52 bits fit a float's 53")]
        let part = (bits >> 12) as f64;
        (part + 0.5) / 4_503_599_627_370_496.0
    }
}

fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{GAMMA, mix};

    #[test]
    fn the_generator_is_splitmix64() {
        // The first numbers of the authors' program for seed 1234567.
        let published = [
            6_457_827_717_110_365_317_u64,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (count, expected) in (1..).zip(published) {
            assert_eq!(mix(1_234_567_u64.wrapping_add(GAMMA.wrapping_mul(count))), expected);
        }
    }
}
