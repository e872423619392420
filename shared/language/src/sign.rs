//! A message as a row of signs: the concepts its words speak of and the kinds of things it names,
//! in their order. The same row in every language.

use crate::concept::{self, Concept};
use crate::hash::Hash;
use crate::lexicon::Hit;
use crate::text::{Kind, Text};
use crate::understanding::{Entity, EntityValue};

/// What one or several tokens say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) id: SignId,
    pub(crate) first: usize,
    pub(crate) past: usize,
}

/// A concept, a negated concept, or a kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SignId(pub(crate) u16);

const NEGATED: u16 = 256;
const THINGS: u16 = 512;
/// From here on, words of grammar by their hashes.
const WEAK: u16 = 1024;

/// Kinds of things, by their distance from [`THINGS`].
const THING_NAMES: [&str; 11] = [
    "amount",
    "quantity",
    "percentage",
    "100 %",
    "date",
    "time",
    "duration",
    "location",
    "document",
    "number",
    "question mark",
];

const NUMBER: u16 = THINGS + 9;
const QUESTION: u16 = THINGS + 10;

impl SignId {
    fn of_hit(hit: &Hit, text: &Text<'_>) -> Self {
        if hit.concept == Concept::FILLER {
            let words = (hit.first..hit.past).map(|index| text.word(index));
            let hash = words.fold(Hash::new(0), Hash::text).finish() % u32::from(u16::MAX - WEAK);
            return Self(WEAK + u16::try_from(hash).unwrap_or(0));
        }
        Self(u16::from(hit.concept.0) + if hit.negated { NEGATED } else { 0 })
    }

    /// A word of grammar: it says something only together with what stands beside it.
    pub(crate) fn is_weak(self) -> bool {
        self.0 >= WEAK
    }

    fn of_entity(value: &EntityValue) -> Option<Self> {
        let distance =
            match value {
                EntityValue::Amount { .. } => 0,
                EntityValue::Quantity { .. } => 1,
                EntityValue::Percentage { value } => {
                    if *value == rust_decimal::Decimal::ONE_HUNDRED { 3 } else { 2 }
                }
                EntityValue::Date { .. } => 4,
                EntityValue::Time { .. } => 5,
                EntityValue::Duration { .. } => 6,
                EntityValue::Location { .. } => 7,
                EntityValue::Document { .. } => 8,
                // What the title is about is there without it; names depend on what was offered.
                EntityValue::TaskTitle { .. }
                | EntityValue::Person { .. }
                | EntityValue::Task { .. }
                | EntityValue::Project { .. }
                | EntityValue::Supplier { .. } => return None,
            };
        Some(Self(THINGS + distance))
    }

    /// The concept's or the kind's name.
    pub(crate) fn name(self) -> String {
        let id = usize::from(self.0);
        let concepts = usize::from(NEGATED);
        if self.is_weak() {
            return String::new();
        }
        if let Some(thing) = id.checked_sub(usize::from(THINGS)) {
            return THING_NAMES.get(thing).copied().unwrap_or("").to_owned();
        }
        let concept = |id: usize| Concept(u8::try_from(id).unwrap_or(u8::MAX)).name();
        if id < concepts {
            concept(id).to_owned()
        } else {
            format!("not {}", concept(id - concepts))
        }
    }
}

const _: () = assert!(concept::COUNT <= NEGATED as usize, "concepts and their negations overlap");

/// The signs of a text in the order of their first tokens.
pub(crate) fn signs(text: &Text<'_>, hits: &[Hit], entities: &[Entity]) -> Vec<Sign> {
    let mut signs: Vec<Sign> = hits
        .iter()
        .map(|hit| Sign { id: SignId::of_hit(hit, text), first: hit.first, past: hit.past })
        .collect();
    let mut numbered = vec![false; text.tokens.len()];
    for entity in entities {
        let Some(id) = SignId::of_entity(&entity.value) else { continue };
        let first = text.tokens.partition_point(|token| token.end <= entity.start);
        let past = text.tokens.partition_point(|token| token.start < entity.end);
        numbered.iter_mut().take(past).skip(first).for_each(|taken| *taken = true);
        signs.push(Sign { id, first, past });
    }
    for (index, taken) in numbered.iter().enumerate() {
        let id = if !taken && text.is(index, Kind::Number) {
            NUMBER
        } else if text.word(index) == "?" {
            QUESTION
        } else {
            continue;
        };
        signs.push(Sign { id: SignId(id), first: index, past: index + 1 });
    }
    signs.sort_by_key(|sign| (sign.first, sign.past, sign.id));
    signs
}
