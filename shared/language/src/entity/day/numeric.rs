//! Dates in digits: `12/03/2026`, `12.03`, `2026-03-12`.

use domain::Language;

use super::Found;
use super::written::{date, either, short_year, without_year};
use crate::entity::Context;
use crate::entity::figure::paying;
use crate::entity::message::{Kind, Message};
use crate::entity::sense::Sense;

/// These are parts of a whole, and a working week, sooner than days.
const FRACTIONS: [(i64, i64); 6] = [(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (24, 7)];

/// Digits with marks between them. Without a year only where a day is expected, or where
/// nothing else is likely.
pub(super) fn at(
    message: &Message<'_>,
    index: usize,
    context: &Context<'_>,
    cued: bool,
) -> Option<Found> {
    if !message.is(index, Kind::Number) {
        return None;
    }
    let mut parts = [""; 4];
    let mut count = 0;
    let mut push = |part| {
        if let Some(place) = parts.get_mut(count) {
            *place = part;
        }
        count += 1;
    };
    let dotted = message.word(index).contains('.');
    let mut past = index + 1;
    let mark = if dotted { "." } else { message.word(past) };
    if dotted {
        message.word(index).split('.').take(4).for_each(&mut push);
    } else {
        push(message.word(index));
        while matches!(mark, "/" | "-" | "\\")
            && past - index < 7
            && message.word(past) == mark
            && message.attached(past)
            && message.attached(past + 1)
            && message.is(past + 1, Kind::Number)
        {
            push(message.word(past + 1));
            past += 2;
        }
    }
    let parts = parts.get(..count)?;
    let value = |place: usize| parts.get(place).and_then(|part| part.parse::<i64>().ok());
    let length = |place: usize| parts.get(place).map_or(0, |part| part.len());
    let (first, second) = (value(0)?, value(1)?);
    let date = match (count, length(0), length(1), length(2)) {
        (3, 4, 1..=2, 1..=2) => date(first, second, value(2)?),
        (3, 1..=2, 1..=2, 4) => either(value(2)?, first, second),
        (3, 1..=2, 1..=2, 2) => either(short_year(value(2)?, context.today)?, first, second),
        (2, 1..=2, 1..=2, _) if likely(message, (index, past), context, (mark, cued)) => {
            if FRACTIONS.contains(&(first, second)) && !cued {
                return None;
            }
            without_year(second, first, context.today)
                .or_else(|| without_year(first, second, context.today).filter(|_| cued))
        }
        _ => None,
    };
    // "12.03.2026г."
    let past = match message.word(past) {
        "г" if count == 3 => past + 1,
        _ => past,
    };
    date.map(|date| (past, date))
}

/// Whether two short numbers are a day and a month.
fn likely(
    message: &Message<'_>,
    (index, past): (usize, usize),
    context: &Context<'_>,
    (mark, cued): (&str, bool),
) -> bool {
    let counts = message.pick(past, |sense| {
        let counts = matches!(
            sense,
            Sense::Money(_) | Sense::Unit(_) | Sense::Piece | Sense::Percent | Sense::Scale(_)
        ) || matches!(sense, Sense::Minutes(_) | Sense::Morning | Sense::Afternoon);
        counts.then_some(())
    });
    let goes_on = message.attached(past) && matches!(message.word(past), "-" | "/" | "@" | "#");
    if counts.is_some() || goes_on {
        return false;
    }
    let before = index.checked_sub(1);
    match mark {
        "/" | "\\" => {
            let other = |sense| {
                matches!(sense, Sense::Place | Sense::Document | Sense::Naming | Sense::NumberSign)
            };
            let named = before
                .and_then(|before| message.pick(before, |sense| other(sense).then_some(())))
                .is_some();
            let share = matches!(message.word(past), "done" | "complete" | "completed" | "of");
            cued || !(named || share)
        }
        "." => {
            let two = message.word(index).len() == 5;
            let russian = context.language == Language::Ru
                && before.is_none_or(|before| !message.is(before, Kind::Number));
            let of_time = matches!(message.before(index), "в" | "во" | "at" | "الساعه" | "from");
            // No amount begins with a zero: 05.03.
            let zero = message.word(index).starts_with('0');
            let paying = paying(message) && !zero;
            two && !of_time && (cued || (russian && !paying))
        }
        _ => cued && !matches!(message.before(index), "for" | "of" | "в" | "from" | "من"),
    }
}
