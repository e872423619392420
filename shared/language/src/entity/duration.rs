//! The grammar of lengths of time: `8 hours`, `3-day`, "two weeks", `ساعة ونص`, "полтора часа".

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::message::Message;
use super::number::{self, Figure};
use super::sense::Sense;

/// Longer than ten years is no duration of a site.
const LONGEST_MINUTES: u32 = 10 * 365 * 24 * 60;

/// Minutes and the token past them.
type Found = (usize, u32);

pub(super) fn at(message: &Message<'_>, index: usize) -> Option<Found> {
    let (past, minutes) = single(message, index)?;
    // "2 hours 30 minutes", "1 hour and 20 min".
    let and = message.past(past, Sense::And).unwrap_or(past);
    let (past, minutes) = match single(message, and) {
        Some((past, more)) if more < 60 && minutes % 60 == 0 && minutes < 24 * 60 => {
            (past, minutes + more)
        }
        _ => (past, minutes),
    };
    (minutes <= LONGEST_MINUTES).then_some((past, minutes))
}

fn single(message: &Message<'_>, index: usize) -> Option<Found> {
    let some = |sense| match sense {
        Sense::SomeMinutes(minutes) => Some(minutes),
        _ => None,
    };
    if let Some(found) = message.pick(index, some) {
        return Some(found);
    }
    if number::touches_code(message, index) {
        return None;
    }
    let figure = number::at(message, index)?;
    if let Some((past, unit)) = unit(message, figure.past) {
        return with_part(message, past, figure.plain, unit);
    }
    // Of "3-4 days" the first.
    let joint = message.past_to(figure.past).or_else(|| {
        message.past(figure.past, Sense::And).filter(|_| {
            index.checked_sub(1).is_some_and(|before| message.has(before, Sense::Between))
        })
    })?;
    let second = number::at(message, joint)?;
    let (_, unit) = unit(message, second.past)?;
    minutes(figure, unit).map(|minutes| (figure.past, minutes))
}

fn unit(message: &Message<'_>, index: usize) -> Option<(usize, u32)> {
    let dash = usize::from(message.word(index) == "-" && message.attached(index));
    let more = |word| matches!(word, "more" | "extra" | "full" | "working" | "еще" | "полных");
    let index = index + dash;
    let index = if more(message.word(index)) { index + 1 } else { index };
    // "3D" is a model, "50D" a length of lap.
    if message.slice(index, index + 1) == "D" {
        return None;
    }
    // "8 m" is a length, and "5 h beams" are things.
    message.pick_bare(index, |sense| match sense {
        Sense::Minutes(minutes) => Some(minutes),
        _ => None,
    })
}

/// "3 days and a half", `٣ ساعات ونص`.
fn with_part(message: &Message<'_>, past: usize, count: Decimal, unit: u32) -> Option<Found> {
    let part = message.pick(past, |sense| match sense {
        Sense::AndHalf => Some(Decimal::new(5, 1)),
        Sense::AndQuarter => Some(Decimal::new(25, 2)),
        _ => None,
    });
    let (past, count) = match part {
        Some((past, part)) => (past, count.checked_add(part)?),
        None => (past, count),
    };
    total(count, unit).map(|minutes| (past, minutes))
}

fn minutes(figure: Figure, unit: u32) -> Option<u32> {
    total(figure.plain, unit)
}

fn total(count: Decimal, unit: u32) -> Option<u32> {
    count.checked_mul(Decimal::from(unit))?.round().to_u32().filter(|minutes| *minutes > 0)
}
