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
//! Days:
//! - A bare weekday, and `this`/`coming` or an Arabic weekday with "القادم", is the next such day
//!   strictly after today. English and Russian `next Thursday` is the one in the week after this
//!   one; weeks begin on Monday. `last Thursday` is the latest one strictly before today.
//!   So is "since Thursday". `Thursday next week` and `next week on Thursday` are the same.
//! - `before X`, `by X` and `until X` mean X; so does "before Thursday's pour".
//! - `next week` is its Monday, `next month` its first day. The end of a week is its Friday, in an
//!   Arabic message its Thursday; a weekend, behind a preposition, is its Saturday, in an Arabic
//!   message its Friday.
//!   `this week` and `this month` are no days.
//! - The beginning, middle and end of a month are its first, its 15th and its last day; of a week
//!   Monday, Wednesday and its end. What is over already is the next one's. A month alone is no
//!   day, nor is "now".
//! - `in 3 days` and `within 3 days` count from today; of "in 2-3 days" the longer holds. Months
//!   are those of the calendar, and a month after 31 January is the last of February.
//! - A date without a year is in this year, or in the next one when more than 182 days past. A
//!   year of two digits is from ten years back to twenty ahead.
//! - Numeric dates are day first, unless only month first gives a date. Without a year `12/3` is a
//!   day, unless it is a common fraction, counts something or names a place; `12.03` only behind a
//!   preposition or in a Russian message, and `12-3` only behind a preposition.
//! - "On the 15th" is the next 15th, today included.
//! - A day of a Hijri month is computed by the tabular calendar, which is within a day of that of
//!   Umm al-Qura; a Hijri month alone is no day.
//!
//! Times: a bare hour from 1 to 5 is in the afternoon, other hours are as written; in Russian
//! messages, with a leading zero and with a part of the day all are. A bare hour needs "at" or its
//! like before it and an end behind it. Prayer times have no value here.
//!
//! Durations: a day is 24 hours, a week seven days, a month 30, a year 365. `ساعة ونص` is 90 min.
//!
//! Numbers and amounts:
//! - `1.500` and `1,500` with a currency mean 1500, but `1.500` of a currency with three decimals
//!   means 1.5. Otherwise `1.500` is 1.5, and `1,500` is 1500, or 1.5 in a Russian message. With
//!   both marks the last is the decimal one.
//! - A number is an amount when a currency stands beside it; when it ends in thousands or millions
//!   and counts nothing; or when the message speaks of paying and the number has no unit. Then the
//!   currency is that of the amount before it in the message, else the hinted one, if any.
//!   Numbers alone below 10 are no amounts.
//! - A riyal, dinar, pound or lira is the hinted currency where the hint is one of that name.
//! - A minus, the word "minus" and `CR` behind make an amount negative; "credit" does not.
//! - `2M` is two millions beside a currency or where the message pays, else two metres.
//! - Telephones, codes, grades, axes, heights, ratios and dimensions are no amounts.
//! - A range gives its two ends, each an entity: "10-15 bags", "12-15 March", "7am-5pm".
//! - "Half done" and `نص الشغل` are 50 %; half of anything measured is a quantity, half of the
//!   people is neither.
//!
//! Names: any script, a typo, an ending, a nickname. One that fits several of those offered
//! equally well gives an entity for each at the same place; one that is also a word ("said",
//! `علي`) needs a title before it, its second name, or a capital.
//!
//! # Entities and their values
//! - `date`: an ISO date. `time`: of the day, without a zone. `duration`: minutes.
//! - `amount`: a decimal and an ISO 4217 currency, or none where it is not known.
//! - `quantity`: a decimal and a canonical unit, listed at [`EntityValue::Quantity`].
//! - `percentage`: 60 for 60 %.
//! - `location`, `document`: as written. `person`, `task`, `project`, `supplier`: one of those
//!   offered in [`Hints`], as it was offered. `task_title`: the work of a new task.
//!
//! Spans are bytes of the original. A token belongs to one entity, but a task that is named covers
//! what its name names.
//!
//! # Urgency
//! Rule R1: `issue_report`, `cost_overrun` and `task_failed` 3 points, `status_request` and
//! `cost_query` 1, negative sentiment 2, any date 1; from 4 points critical, 3 high, 2 medium.
//! `safety_report`, which the rule does not name, counts as an `issue_report`.
//!
//! # Limits
//! Only the first 4096 characters are read, and the first hundred of each kind of names offered,
//! which bounds all work: the entities of a message of site length take about 15 µs, and 1 µs more
//! for each name offered.
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
    let sentiment = tone::sentiment(&text, &hits);
    let dated = entities.iter().any(|entity| matches!(entity.value, EntityValue::Date { .. }));
    let top = intents.first().map_or(Intent::Other, |ranked| ranked.intent);
    let urgency = tone::urgency(top, sentiment.label, dated);
    let folded = text.into_folded();
    Understanding { language, folded, intents, segments, entities, sentiment, urgency }
}
