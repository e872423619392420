//! More messages from the hand-written ones: two in one.

use crate::chance::Chance;
use crate::corpus::{LANGUAGES, Message};
use crate::generator;

/// Longer messages are not joined: people who write much write two messages.
const LONGEST_BYTES: usize = 240;
/// So many of a hundred joined messages are of two languages.
const MIXED_PERCENT: usize = 5;

/// Messages of two matters, `count` at most.
pub(crate) fn joined(messages: &[&Message], count: usize) -> Vec<Message> {
    let mut chance = Chance::new(12);
    let short = |message: &&&Message| {
        message.also.is_empty()
            && message.text.len() < LONGEST_BYTES
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
