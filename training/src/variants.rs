//! More messages from the hand-written ones: two in one, and the same with other slips.

use crate::chance::Chance;
use crate::corpus::{LANGUAGES, Message};
use crate::generator;
use crate::noise;

/// Longer messages are not joined: people who write much write two messages.
const LONGEST_CHARS: usize = 120;
/// So many of a hundred joined messages are of two languages.
const MIXED_PERCENT: usize = 5;

/// Each message with other slips, `times` over.
pub(crate) fn spoiled(messages: &[&Message], times: usize) -> Vec<Message> {
    let mut chance = Chance::new(11);
    let mut variants = Vec::new();
    for message in messages {
        for _ in 0..times {
            let text = noise::spoil(&message.text, &mut chance);
            if text != message.text {
                variants.push(Message { text, ..(*message).clone() });
            }
        }
    }
    variants
}

/// Messages of two matters.
pub(crate) fn joined(messages: &[&Message], count: usize) -> Vec<Message> {
    let mut chance = Chance::new(12);
    let short = |message: &&&Message| {
        message.also.is_empty()
            && message.text.len() < LONGEST_CHARS * 2
            && generator::joins(message.intent)
    };
    let short: Vec<&Message> = messages.iter().filter(short).copied().collect();
    let by_language: Vec<Vec<&Message>> = (0..LANGUAGES.len())
        .map(|language| short.iter().filter(|m| m.language == language).copied().collect())
        .collect();
    let mut joined = Vec::new();
    for _ in 0..count {
        let Some(first) = chance.pick(&short).copied() else { break };
        let others =
            if chance.percent(MIXED_PERCENT) { &short } else { &by_language[first.language] };
        let Some(second) = chance.pick(others).copied() else { break };
        if first.intent != second.intent {
            joined.push(generator::join(first, second, &mut chance));
        }
    }
    joined
}
