//! Cross-validation: every hand-written message is read by weights that have not seen it.

use language::learning::{self, Tuning, Weights};
use language::{Intent, RankedIntent};

use crate::chance::Chance;
use crate::corpus::{LANGUAGES, Message};

pub(crate) const FOLDS: usize = 5;

/// The weights of each fold, and the fold of each message: the one whose weights have not seen it.
pub(crate) struct Folds {
    pub(crate) weights: Vec<Vec<u8>>,
    pub(crate) of_message: Vec<usize>,
}

impl Folds {
    /// What each message is taken for.
    pub(crate) fn read(&self, messages: &[Message], tuning: &Tuning) -> Vec<Vec<RankedIntent>> {
        let weights: Vec<Weights<'_>> =
            self.weights.iter().map(|bytes| Weights::read(bytes).tuned(*tuning)).collect();
        let read = |(message, fold): (&Message, &usize)| {
            learning::understand(&message.text, &weights[*fold]).intents
        };
        messages.iter().zip(&self.of_message).map(read).collect()
    }
}

/// A fold for each message, so that every fold has its part of each intent and language.
pub(crate) fn split(messages: &[Message]) -> Vec<usize> {
    let mut chance = Chance::new(5);
    let mut folds = vec![0; messages.len()];
    for language in 0..LANGUAGES.len() {
        for intent in Intent::ALL {
            let own = |message: &Message| message.intent == intent && message.language == language;
            let mut places: Vec<usize> =
                (0..messages.len()).filter(|place| own(&messages[*place])).collect();
            chance.shuffle(&mut places);
            let start = chance.below(FOLDS);
            for (number, place) in places.into_iter().enumerate() {
                folds[place] = (number + start) % FOLDS;
            }
        }
    }
    folds
}
