//! A message as the set of concepts it speaks of.

use crate::lexicon::{Concept, Hit};
use crate::text::{Kind, Text};
use crate::understanding::{Entity, EntityValue};

/// A message of at most this many words may be nothing but its greeting, its yes or its stop.
const SHORT_WORDS: usize = 4;

/// What the cues look at. The words of a new task's title are left out: "add a task: repair the
/// crack" reports no crack.
pub(crate) struct Scene<'a> {
    concepts: u128,
    /// The first words that named each concept.
    words: Vec<(Concept, &'a str)>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(text: &Text<'a>, hits: &[Hit], entities: &[Entity]) -> Self {
        let mut scene = Self { concepts: 0, words: Vec::new() };
        let title = entities.iter().find_map(|entity| {
            matches!(entity.value, EntityValue::TaskTitle { .. })
                .then_some(entity.start..entity.end)
        });
        let titled = |start: usize| title.as_ref().is_some_and(|title| title.contains(&start));
        for hit in hits {
            let (start, _) = text.span(hit.first, hit.past);
            let Some(concept) = effective(hit).filter(|_| !titled(start)) else { continue };
            if !scene.has(concept) {
                scene.words.push((concept, text.slice(hit.first, hit.past)));
            }
            scene.add(concept);
        }
        for entity in entities.iter().filter(|entity| !titled(entity.start)) {
            scene.see(&entity.value);
        }
        if title.is_some() {
            scene.add(Concept::Titled);
        }
        let words = (0..text.tokens.len()).filter(|index| text.is(*index, Kind::Word));
        let words = words.count();
        if words <= SHORT_WORDS {
            scene.add(Concept::Short);
        }
        if words == 1 {
            scene.add(Concept::Alone);
        }
        scene
    }

    pub(crate) fn has(&self, concept: Concept) -> bool {
        self.concepts & bit(concept) != 0
    }

    /// The words of the message that named a concept, if words did.
    pub(crate) fn words(&self, concept: Concept) -> Option<&'a str> {
        self.words.iter().find(|(known, _)| *known == concept).map(|(_, words)| *words)
    }

    fn add(&mut self, concept: Concept) {
        self.concepts |= bit(concept);
    }

    fn see(&mut self, value: &EntityValue) {
        match value {
            EntityValue::Amount { .. } => self.add(Concept::HasAmount),
            EntityValue::Quantity { .. } => self.add(Concept::HasQuantity),
            EntityValue::Percentage { value } => {
                let whole = *value == rust_decimal::Decimal::ONE_HUNDRED;
                self.add(if whole { Concept::Whole } else { Concept::HasPercent });
            }
            EntityValue::Duration { .. } => self.add(Concept::HasDuration),
            EntityValue::Document { .. } => self.add(Concept::HasDocument),
            EntityValue::Date { .. }
            | EntityValue::Time { .. }
            | EntityValue::Location { .. }
            | EntityValue::Person { .. }
            | EntityValue::Task { .. }
            | EntityValue::Project { .. }
            | EntityValue::Supplier { .. }
            | EntityValue::TaskTitle { .. } => {}
        }
    }
}

fn bit(concept: Concept) -> u128 {
    1 << (concept as u32)
}

/// What a phrase says once a negation before it is counted in.
fn effective(hit: &Hit) -> Option<Concept> {
    let turned = NEGATED.iter().find(|(concept, _)| hit.negated && *concept == hit.concept);
    turned.map_or(Some(hit.concept), |(_, turned)| *turned)
}

/// What concepts become under a negation; the others stay as they are.
const NEGATED: [(Concept, Option<Concept>); 14] = [
    (Concept::Done, Some(Concept::NotDone)),
    (Concept::Started, Some(Concept::NotDone)),
    (Concept::Arrived, Some(Concept::NotArrived)),
    (Concept::Approve, Some(Concept::Reject)),
    (Concept::Defect, None),
    (Concept::Trouble, None),
    (Concept::Safety, None),
    (Concept::Failed, None),
    (Concept::Late, None),
    (Concept::Blocked, None),
    (Concept::Overrun, None),
    (Concept::Paid, None),
    (Concept::Need, None),
    (Concept::Stop, None),
];
