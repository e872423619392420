//! Finds what a text names. The grammars run in an order, and a token belongs to the first that
//! takes it: "12 March" leaves no number, "block 4" no quantity.

use domain::Language;
use jiff::civil::Date;

use crate::lexicon::Hit;
use crate::text::Text;
use crate::understanding::{Entity, EntityValue, Hints};
use crate::{calendar, figure, place, title};

/// What the reading of figures and dates depends on beside the text.
pub(crate) struct Context<'a> {
    pub(crate) language: Language,
    pub(crate) hints: &'a Hints,
    pub(crate) today: Date,
}

/// All entities, in the order of the text; the title of a new task covers what it names.
pub(crate) fn find(text: &Text<'_>, hits: &[Hit], context: &Context<'_>) -> Vec<Entity> {
    let mut findings = Findings::new(text);
    calendar::find(&mut findings, context.today);
    place::find(&mut findings);
    figure::find(&mut findings, hits, context);
    let mut entities = findings.entities;
    entities.extend(title::find(text, hits, &entities));
    entities.sort_by_key(|entity| (entity.start, usize::MAX - entity.end));
    entities
}

/// Entities found so far, and the tokens they took.
pub(crate) struct Findings<'t, 'a> {
    pub(crate) text: &'t Text<'a>,
    taken: Vec<bool>,
    entities: Vec<Entity>,
}

impl<'t, 'a> Findings<'t, 'a> {
    fn new(text: &'t Text<'a>) -> Self {
        Self { text, taken: vec![false; text.tokens.len()], entities: Vec::new() }
    }

    pub(crate) fn is_free(&self, index: usize) -> bool {
        self.taken.get(index).is_some_and(|taken| !taken)
    }

    /// Keeps tokens from the grammars that follow.
    pub(crate) fn take(&mut self, first: usize, past: usize) {
        for taken in self.taken.iter_mut().take(past).skip(first) {
            *taken = true;
        }
    }

    pub(crate) fn add(&mut self, first: usize, past: usize, value: EntityValue) {
        self.take(first, past);
        let (start, end) = self.text.span(first, past);
        self.entities.push(Entity { value, start, end });
    }
}
