//! Finds what a text names. The grammars run in an order, and a token belongs to the first that
//! takes it: "12 March" leaves no number, "block 4" no quantity.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the many senses of a word a grammar asks for the few it knows"
)]

mod calendar;
mod content;
mod day;
mod dictionary;
mod document;
mod duration;
mod figure;
mod message;
mod named;
mod number;
mod place;
mod protect;
mod sense;
mod time;
mod words;

use domain::Language;
use jiff::civil::Date;

use crate::understanding::{Entity, EntityValue, Hints};
use message::Message;

/// What the reading of figures and dates depends on beside the text.
pub(crate) struct Context<'a> {
    pub(crate) language: Language,
    pub(crate) hints: &'a Hints,
    pub(crate) today: Date,
}

/// All entities, in the order of the text; of two that begin together the longer is first.
pub(crate) fn find(text: &str, context: &Context<'_>) -> Vec<Entity> {
    let message = Message::read(text);
    let mut findings = Findings::new(&message);
    document::find(&mut findings);
    protect::find(&mut findings);
    calendar::find(&mut findings, context);
    place::find(&mut findings);
    document::find_bare(&mut findings);
    figure::find(&mut findings, context);
    named::find(&mut findings, context.hints);
    let mut entities = findings.entities;
    sort(&mut entities);
    entities
}

/// The words of a text that tell it from others, with what inflects them set aside.
pub(crate) fn content_words(text: &str) -> Vec<String> {
    let message = Message::read(text);
    content::words(&message).into_iter().map(|(_, word)| word.to_owned()).collect()
}

/// Brings entities into the order of the text.
pub(crate) fn sort(entities: &mut [Entity]) {
    entities.sort_by_key(|entity| (entity.start, usize::MAX - entity.end));
}

/// Entities found so far, and the tokens they took.
struct Findings<'m> {
    message: &'m Message<'m>,
    taken: Vec<bool>,
    entities: Vec<Entity>,
}

impl<'m> Findings<'m> {
    fn new(message: &'m Message<'m>) -> Self {
        Self { message, taken: vec![false; message.len()], entities: Vec::new() }
    }

    fn is_free(&self, index: usize) -> bool {
        self.taken.get(index).is_some_and(|taken| !taken)
    }

    fn are_free(&self, first: usize, past: usize) -> bool {
        (first..past).all(|index| self.is_free(index))
    }

    /// Keeps tokens from the grammars that follow.
    fn take(&mut self, first: usize, past: usize) {
        for taken in self.taken.iter_mut().take(past).skip(first) {
            *taken = true;
        }
    }

    fn add(&mut self, first: usize, past: usize, value: EntityValue) {
        self.take(first, past);
        self.mention(first, past, value);
    }

    /// Adds an entity whose tokens others may take too: a task is named by a block and a floor.
    fn mention(&mut self, first: usize, past: usize, value: EntityValue) {
        let (start, end) = self.message.span(first, past);
        self.entities.push(Entity { value, start, end });
    }
}
