//! Messages as rows of known features.

#![expect(clippy::float_arithmetic, reason = "weights are estimates, not money")]

use std::collections::HashMap;

use language::learning::{self, Compiled, Group};

use crate::corpus::Message;
use language::Intent;

/// A feature that occurs in fewer messages is no rule.
const FEWEST: u32 = 2;

/// A message of an intent that must not be missed weighs so many others.
const GRAVER: f32 = 2.0;

/// A message to learn from: its features by their numbers and how much each counts.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) features: Vec<(u32, f32)>,
    pub(crate) intent: usize,
    pub(crate) weight: f32,
}

/// The features that are learned, by their hashes.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    numbers: HashMap<u32, u32>,
    /// By number.
    pub(crate) hashes: Vec<u32>,
    /// How many messages have each.
    pub(crate) counts: Vec<u16>,
}

/// The features of messages, hashed.
pub(crate) type Hashed = Vec<Vec<(u32, Group)>>;

pub(crate) fn hashed<'m>(
    messages: impl Iterator<Item = &'m Message>,
    lexicon: &Compiled,
) -> Hashed {
    messages.map(|message| learning::features(&message.text, lexicon)).collect()
}

impl Dictionary {
    /// The features that several messages have.
    pub(crate) fn of(messages: &[&Hashed]) -> Self {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for (hash, _) in messages.iter().copied().flatten().flatten() {
            *counts.entry(*hash).or_default() += 1;
        }
        let mut known: Vec<(u32, u32)> =
            counts.into_iter().filter(|(_, count)| *count >= FEWEST).collect();
        known.sort_unstable();
        let hashes: Vec<u32> = known.iter().map(|(hash, _)| *hash).collect();
        let counts = known.iter().map(|(_, count)| u16::try_from(*count).unwrap_or(u16::MAX));
        let counts = counts.collect();
        let numbers = hashes.iter().copied().zip(0..).collect();
        Self { numbers, hashes, counts }
    }

    /// The messages as examples of the same weight; their features in the same order.
    pub(crate) fn examples(
        &self,
        features: &Hashed,
        messages: &[Message],
        weight: f32,
    ) -> Vec<Example> {
        let example = |(features, message): (&Vec<(u32, Group)>, &Message)| {
            let graver = matches!(message.intent, Intent::SafetyReport | Intent::OptOut);
            let weight = if graver { weight * GRAVER } else { weight };
            self.example(features, message.intent as usize, weight)
        };
        features.iter().zip(messages).map(example).collect()
    }

    fn example(&self, features: &[(u32, Group)], intent: usize, weight: f32) -> Example {
        let mut counts = [0; 3];
        for (_, group) in features {
            counts[*group as usize] += 1;
        }
        let shares = learning::shares(counts);
        #[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
        let features = features
            .iter()
            .filter_map(|(hash, group)| {
                let number = self.numbers.get(hash)?;
                Some((*number, shares[*group as usize] as f32))
            })
            .collect();
        Example { features, intent, weight }
    }
}
