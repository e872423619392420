//! What the trainer shares with the reader. Nothing here is called when a message is read.

use jiff::civil::Date;

pub use crate::exponential::{exp, ln};
pub use crate::feature::Group;
pub use crate::lexicon::compile::{Compiled, compile};
pub use crate::model::{INTENTS, WEIGHT_STEP, shares};
pub use crate::rank::{KNOTS, Tuning, tier};
pub use crate::weights::{Sections, Weights};

use crate::feature::{self, Part};
use crate::lexicon::Lexicon;
use crate::text::Text;
use crate::understanding::{Hints, Understanding};
use crate::{detect, entity, sign};

/// The day messages are read on; no weight depends on which it is.
const TODAY: Date = jiff::civil::date(2026, 3, 10);

/// The features of a text, each a hash and its group, by a lexicon.
pub fn features(text: &str, lexicon: &Compiled) -> Vec<(u32, Group)> {
    let lexicon = Lexicon::new(&lexicon.slots, &lexicon.pool);
    let original = text;
    let text = Text::read(original);
    let hits = lexicon.hits(&text);
    let hints = Hints::default();
    let language = detect::language(&text, &hits, &hints);
    let context = entity::Context { language, hints: &hints, today: TODAY };
    let entities = entity::find(original, &context);
    let signs = sign::signs(&text, &hits, &entities);
    let part = Part::new(&text, &signs, 0, text.tokens.len());
    feature::features(&part).iter().map(|feature| (feature.hash, feature.group)).collect()
}

/// Reads a message by other weights than those in the binary.
pub fn understand(text: &str, weights: &Weights<'_>) -> Understanding {
    crate::read(text, &Hints::default(), TODAY, weights)
}
