//! What a site message means, in English, Arabic and Russian, without a network or a model.
//!
//! [`understand`] reads one message into an [`Understanding`]: its language, what its writer
//! wants (ranked, with a confidence), the amounts, dates, quantities and places it names, its
//! tone and its urgency. [`best_match`] finds which of some titles a message talks about.
//!
//! How it works: the text is folded ([`fold`]) and cut into tokens that remember where they came
//! from. Words and phrases of a lexicon name *concepts* (paid, crack, task, done, ...), the same
//! in all three languages, so mixed messages need nothing special. Grammars find dates, figures
//! and places. Concepts, their pairs, words and runs of letters are the features of a linear
//! classifier; `cargo xtask train` learns its weights and the lexicon from `data/`, and
//! `docs/language.md` says how well. A message of several matters is read in segments.
//!
//! # Reading rules
//! - A bare weekday, and `this`/`coming` or an Arabic weekday with "القادم", is the next such day
//!   strictly after today. English and Russian `next Thursday` is the one in the week after this
//!   one; weeks begin on Monday. `last Thursday` is the latest one strictly before today.
//! - `before X`, `by X` and `until X` mean X.
//! - `next week` is its Monday. A month counts only with a day of the month beside it.
//! - A date without a year is in this year, or in the next one when more than 182 days past.
//! - Numeric dates are day first, unless only month first gives a date.
//! - `1.500` and `1,500` with a currency mean 1500, but `1.500` of a currency with three decimals
//!   means 1.5. Otherwise `1.500` is 1.5, and `1,500` is 1500, or 1.5 in a Russian message.
//! - A number is an amount when a currency stands beside it, or when the message speaks of
//!   paying and the number has no unit; then the currency is the hinted one, if any.
//! - A riyal, dinar, pound or lira is the hinted currency where the hint is one of that name.
//! - In durations a day is 24 hours, a week seven days.
//!
//! # Urgency
//! Rule R1: `issue_report`, `cost_overrun` and `task_failed` 3 points, `status_request` and
//! `cost_query` 1, negative sentiment 2, any date 1; from 4 points critical, 3 high, 2 medium.
//! `safety_report`, which the rule does not name, counts as an `issue_report`.
//!
//! # Limits
//! Only the first 4096 characters are read, which bounds all work: a message of site length takes
//! about 10 µs, the worst one under a millisecond.
//!
//! Invariant: pure. No clock, no environment, no randomness; the only state is the words of the
//! grammars, put in order on first use.

mod concept;
mod detect;
mod entity;
mod exponential;
mod feature;
mod fold;
mod hash;
pub mod learning;
mod lexicon;
mod matching;
mod model;
mod rank;
mod segment;
mod sign;
mod stem;
mod table;
mod text;
mod title;
mod tone;
mod understanding;
mod vocabulary;
mod weights;

#[cfg(test)]
mod tests;

pub use fold::fold;
pub use matching::best_match;
pub use understanding::{
    Entity, EntityValue, Hints, Intent, RankedIntent, Segment, Sentiment, SentimentLabel,
    Understanding, Urgency, UrgencyLevel,
};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::rank::Ranker;
use crate::text::Text;
use crate::weights::Weights;

/// Reads one message. `now` and `zone` (the project's) say which day is today.
///
/// Never fails: what is not understood is `other`.
pub fn understand(text: &str, hints: &Hints, now: Timestamp, zone: &TimeZone) -> Understanding {
    read(text, hints, zone.to_datetime(now).date(), &Weights::built_in())
}

fn read(original: &str, hints: &Hints, today: Date, weights: &Weights<'_>) -> Understanding {
    let text = Text::read(original);
    let hits = weights.lexicon.hits(&text);
    let language = detect::language(&text, &hits, hints);
    let mut entities = entity::find(original, &entity::Context { language, hints, today });
    entities.extend(title::find(&text, &hits, &entities));
    entity::sort(&mut entities);
    let signs = sign::signs(&text, &hits, &entities);
    let ranker =
        Ranker { model: weights.model, tuning: weights.tuning, text: &text, signs: &signs };
    let (intents, segments) = ranker.rank();
    let sentiment = tone::sentiment(&hits);
    let dated = entities.iter().any(|entity| matches!(entity.value, EntityValue::Date { .. }));
    let top = intents.first().map_or(Intent::Other, |ranked| ranked.intent);
    let urgency = tone::urgency(top, sentiment.label, dated);
    let folded = text.into_folded();
    Understanding { language, folded, intents, segments, entities, sentiment, urgency }
}
