//! Cross-validation: every hand-written message is read by weights that have not seen it.

use language::learning::{self, Compiled, Tuning, Weights};
use language::{Intent, RankedIntent};

use crate::chance::Chance;
use crate::corpus::{LANGUAGES, Message};
use crate::dataset::{Dictionary, Example, hashed};
use crate::learner::{self, Course};
use crate::{pack, variants};

pub(crate) const FOLDS: usize = 5;

/// The weights of each fold, and which messages they have not seen.
pub(crate) struct Folds {
    weights: Vec<Vec<u8>>,
    of_message: Vec<usize>,
}

/// Learns once for each fold. Generated messages are only ever learned from.
pub(crate) fn folds(
    messages: &[Message],
    (written, generated): (&[Example], &[Example]),
    (dictionary, lexicon): (&Dictionary, &Compiled),
    course: &Course,
    extra: (usize, usize, f32, f32),
) -> Folds {
    let of_message = split(messages);
    let weights = (0..FOLDS)
        .map(|fold| {
            let others = written.iter().zip(&of_message).filter(|(_, own)| **own != fold);
            let own: Vec<&Message> =
                messages.iter().zip(&of_message).filter(|(_, own)| **own != fold).map(|(m, _)| m).collect();
            let more = more(&own, (dictionary, lexicon), extra);
            let examples: Vec<&Example> =
                others.map(|(example, _)| example).chain(generated).chain(&more).collect();
            let learned = learner::learn(&examples, dictionary.hashes.len(), course);
            pack::pack(&learned, dictionary, lexicon, &Tuning::default(), &[])
        })
        .collect();
    Folds { weights, of_message }
}

pub(crate) fn more(own: &[&Message], (dictionary, lexicon): (&Dictionary, &Compiled), (times, count, spoiled_weight, joined_weight): (usize, usize, f32, f32)) -> Vec<Example> {
    let mut examples = Vec::new();
    let sets = [(variants::spoiled(own, times), spoiled_weight), (variants::joined(own, count), joined_weight)];
    for (messages, weight) in sets {
        for (f, m) in hashed(messages.iter(), lexicon).iter().zip(&messages) {
            examples.push(dictionary.example(f, m.intent as usize, weight));
        }
    }
    examples
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
fn split(messages: &[Message]) -> Vec<usize> {
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
