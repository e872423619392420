//! The grammar of times of day.

use domain::Language;
use jiff::civil::Time;

use super::Context;
use super::message::{Kind, Message};
use super::number;
use super::sense::Sense;

/// A bare hour up to this one is in the afternoon: nobody meets "at 4" in the night.
const LAST_AFTERNOON_HOUR: i64 = 5;

/// A time and the token past it.
type Found = (usize, Time);

/// What a time is read from.
struct Clock {
    past: usize,
    hour: i64,
    minute: i64,
    /// It is written as a time: `7:30`.
    minutes_written: bool,
    /// `07`, which is no afternoon.
    zero: bool,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Night,
}

/// `17:30`, `5 pm`, "at 7", `الساعة ٧ ونص`, "в 7 утра", "half past 7", "noon".
pub(super) fn at(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    if let Some(found) = named(message, index).or_else(|| quarters(message, index, context)) {
        return Some(found);
    }
    // "At" is no part of the time, `الساعة` is.
    let hour_word = message.past(index, Sense::TimeCue).filter(|past| is_hour(message, *past));
    if let Some(found) = hour_word.and_then(|past| cued(message, past, context)) {
        return Some(found);
    }
    if number::touches_code(message, index) {
        return None;
    }
    let at = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::TimeCue));
    if let Some(found) = cued(message, index, context).filter(|_| at) {
        return Some(found);
    }
    let clock = clock(message, index)?;
    // "3am nrakkeb" is Arabizi for "we are installing".
    let particle = clock.hour == 3
        && !clock.minutes_written
        && !at
        && message.slice(clock.past, clock.past + 1) == "am"
        && message.is(clock.past + 1, Kind::Word)
        && message.lexemes(clock.past + 1).is_empty();
    if particle {
        return None;
    }
    if let Some((past, part)) = part(message, clock.past, clock.minutes_written) {
        return Some((past, civil(&clock, Some(part), context)?));
    }
    let before = |sense| index.checked_sub(1).is_some_and(|before| message.has(before, sense));
    let maybe = before(Sense::MaybeTimeCue);
    if let Some(past) = message.past(clock.past, Sense::Clock) {
        let hours = matches!(message.word(clock.past), "часов" | "часа" | "час" | "ч");
        if clock.minutes_written || !hours || maybe {
            return self::hours(message, past, &clock, context);
        }
    }
    // The second end of "с 8 до 20".
    let second = message.before(index) == "до"
        && index.checked_sub(3).is_some_and(|from| {
            message.word(from) == "с"
                && number::small(message, from + 1)
                    .is_some_and(|(past, hour)| past == from + 2 && hour <= 24)
        })
        && ends(message, clock.past);
    if clock.minutes_written || second {
        return Some((clock.past, civil(&clock, None, context)?));
    }
    // "from 7 to 5 pm", "с 8 до 17 часов": the first end, before one that is surely a time.
    let and = || message.past(clock.past, Sense::And).filter(|_| before(Sense::Between));
    let to = message.past_to(clock.past).filter(|_| maybe || dash(message, clock.past));
    let joint = to.or_else(and)?;
    let end = self::clock(message, joint)?;
    let part = part(message, end.past, end.minutes_written);
    let russian = message.before(index) == "с" && message.word(clock.past) == "до";
    let hourly =
        maybe && (message.has(end.past, Sense::Clock) || (russian && ends(message, end.past)));
    if !(part.is_some() || end.minutes_written || hourly) {
        return None;
    }
    // Of "7-9 am" both are in the morning, of "7-5 pm" only the second.
    let own = part.map(|(_, part)| part).filter(|_| clock.hour < end.hour || end.hour == 12);
    let own = own.or(part.map(|_| Part::Morning));
    Some((clock.past, civil(&clock, own, context)?))
}

fn dash(message: &Message<'_>, index: usize) -> bool {
    message.word(index) == "-"
}

/// Whether the token before is `الساعة`.
fn is_hour(message: &Message<'_>, index: usize) -> bool {
    matches!(message.before(index), "الساعه" | "عالساعه" | "ساعه" | "sa3a" | "elsa3a" | "essa3a")
}

/// "noon", "midnight".
fn named(message: &Message<'_>, index: usize) -> Option<Found> {
    message.pick(index, |sense| match sense {
        Sense::Noon => Time::new(12, 0, 0, 0).ok(),
        Sense::Midnight => Some(Time::midnight()),
        _ => None,
    })
}

/// The hour behind "at" or `الساعة`. A bare number needs an end behind it: "at 7 villas" is none.
fn cued(message: &Message<'_>, first: usize, context: &Context<'_>) -> Option<Found> {
    let clock = clock(message, first)?;
    if let Some((past, part)) = part(message, clock.past, true) {
        return Some((past, civil(&clock, Some(part), context)?));
    }
    if let Some(past) = message.past(clock.past, Sense::Clock) {
        return hours(message, past, &clock, context);
    }
    if !(clock.minutes_written || is_hour(message, first) || ends(message, clock.past)) {
        return None;
    }
    Some((clock.past, civil(&clock, None, context)?))
}

/// "7 часов вечера", "8 o'clock am": the part of the day behind the word for hours.
fn hours(
    message: &Message<'_>,
    past: usize,
    clock: &Clock,
    context: &Context<'_>,
) -> Option<Found> {
    let part = part(message, past, true);
    let past = part.map_or(past, |(past, _)| past);
    Some((past, civil(clock, part.map(|(_, part)| part), context)?))
}

/// What may stand behind a bare hour.
fn ends(message: &Message<'_>, past: usize) -> bool {
    if message.opens_line(past) {
        return true;
    }
    if message.is(past, Kind::Symbol) {
        return matches!(message.word(past), "." | "," | "!" | "?" | ";" | ")")
            || (message.word(past) == "-" && !message.attached(past));
    }
    let goes_on = |sense| {
        matches!(
            sense,
            Sense::DateCue
                | Sense::Relative(_)
                | Sense::Weekday(_)
                | Sense::And
                | Sense::To
                | Sense::AfterAmount
        )
    };
    message.pick(past, |sense| goes_on(sense).then_some(())).is_some()
}

/// "half past 7", "quarter to 8", "в половине восьмого", "без четверти 8".
fn quarters(message: &Message<'_>, index: usize, context: &Context<'_>) -> Option<Found> {
    let (past, minutes) = message.pick(index, |sense| match sense {
        Sense::HalfPast => Some(30),
        Sense::QuarterPast => Some(15),
        Sense::QuarterTo => Some(-15),
        Sense::HalfTo => Some(-30),
        _ => None,
    })?;
    let hour = message.pick(past, |sense| match sense {
        Sense::Ordinal(hour) if minutes == -30 => Some(i64::from(hour)),
        _ => None,
    });
    let (past, hour) = match hour {
        Some(found) => found,
        // "half 8" is a half of eight things.
        None if minutes == -30 || message.word(index) == "half" && past == index + 1 => {
            return None;
        }
        None => number::small(message, past)?,
    };
    if !(1..=12).contains(&hour) {
        return None;
    }
    let (hour, minute) = if minutes < 0 { (hour - 1, 60 + minutes) } else { (hour, minutes) };
    let half = part(message, past, true);
    let past = half.map_or(past, |(past, _)| past);
    let clock = Clock { past, hour, minute, minutes_written: true, zero: false };
    Some((past, civil(&clock, half.map(|(_, part)| part), context)?))
}

/// An hour: `7`, `7:30`, `7.30`, `0730 hrs`, "seven", `٧ ونص`, `٨ إلا ربع`.
fn clock(message: &Message<'_>, index: usize) -> Option<Clock> {
    let zero = message.word(index).starts_with('0');
    if let Some((hour, minute)) = dotted(message, index) {
        return Some(Clock { past: index + 1, hour, minute, minutes_written: true, zero });
    }
    let (past, hour) = number::small(message, index)
        .or_else(|| ordinal_hour(message, index))
        .filter(|(_, hour)| (0..=24).contains(hour))?;
    // "В 12й" is a flat, "in ноль" is level.
    let ending = message.attached(past) && message.is(past, Kind::Word);
    let known = part(message, past, true).is_some() || message.has(past, Sense::Clock);
    if (ending && !known && message.word(past) != "h")
        || (hour == 0 && !message.is(index, Kind::Number))
    {
        return None;
    }
    let mark = matches!(message.word(past), ":" | "-" | "h");
    if mark && message.attached(past) && message.attached(past + 1) {
        let minute = message.integer(past + 1).filter(|_| message.word(past + 1).len() == 2);
        let dashed = message.word(past) == "-";
        if let Some(minute) = minute.filter(|minute| !dashed || *minute % 15 == 0) {
            let cued = index.checked_sub(1).is_some_and(|before| {
                message.has(before, Sense::TimeCue) || message.has(before, Sense::MaybeTimeCue)
            });
            if minute < 60 && (!dashed || cued) {
                return Some(Clock { past: past + 2, hour, minute, minutes_written: true, zero });
            }
            return None;
        }
        if message.word(past) == ":" {
            return None;
        }
    }
    let (past, minute): (usize, i64) = match message.past(past, Sense::AndHalf) {
        Some(past) => (past, 30),
        None => match message.past(past, Sense::AndQuarter) {
            Some(past) => (past, 15),
            None if matches!(message.word(past), "الا" | "illa")
                && message.has(past + 1, Sense::Quarter) =>
            {
                (past + 2, -15)
            }
            None => (past, 0),
        },
    };
    let hour = if minute < 0 { hour - 1 } else { hour };
    let minute = minute.rem_euclid(60);
    Some(Clock { past, hour, minute, minutes_written: false, zero })
}

/// `الساعة السابعة`.
fn ordinal_hour(message: &Message<'_>, index: usize) -> Option<(usize, i64)> {
    let cued = is_hour(message, index);
    message.pick(index, |sense| match sense {
        Sense::Ordinal(hour @ 1..=12) if cued => Some(i64::from(hour)),
        _ => None,
    })
}

/// `17.30` behind a cue, `0730 hrs`.
fn dotted(message: &Message<'_>, index: usize) -> Option<(i64, i64)> {
    if !message.is(index, Kind::Number) {
        return None;
    }
    let word = message.word(index);
    let cued = |sense| index.checked_sub(1).is_some_and(|before| message.has(before, sense));
    let (hour, minute) = match word.split_once('.') {
        Some((hour, minute)) if minute.len() == 2 && cued(Sense::TimeCue) => (hour, minute),
        Some((hour, minute)) if minute.len() == 2 && part(message, index + 1, true).is_some() => {
            (hour, minute)
        }
        None if word.len() == 4 && matches!(message.word(index + 1), "hrs" | "hours" | "h") => {
            let cue = cued(Sense::TimeCue) || cued(Sense::MaybeTimeCue);
            if !(cue || word.starts_with('0')) {
                return None;
            }
            word.split_at_checked(2)?
        }
        _ => return None,
    };
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// The part of the day at a token. The single letters of Arabic need a time that is sure.
fn part(message: &Message<'_>, index: usize, sure: bool) -> Option<(usize, Part)> {
    let index = if message.word(index) == "في" { index + 1 } else { index };
    if !sure && matches!(message.word(index), "م" | "ص" | "дня") {
        return None;
    }
    message.pick(index, |sense| match sense {
        Sense::Morning => Some(Part::Morning),
        Sense::Afternoon => Some(Part::Afternoon),
        Sense::Night => Some(Part::Night),
        _ => None,
    })
}

fn civil(clock: &Clock, part: Option<Part>, context: &Context<'_>) -> Option<Time> {
    let hour = clock.hour;
    let written_in_full = clock.zero || hour == 0 || context.language == Language::Ru;
    let hour = match part {
        Some(Part::Afternoon) if (1..12).contains(&hour) => hour + 12,
        Some(Part::Night) if (6..12).contains(&hour) => hour + 12,
        Some(Part::Night | Part::Morning) if hour == 12 => 0,
        None if (1..=LAST_AFTERNOON_HOUR).contains(&hour) && !written_in_full => hour + 12,
        Some(_) | None => hour,
    };
    let hour = if hour == 24 && clock.minute == 0 { 0 } else { hour };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(clock.minute).ok()?, 0, 0).ok()
}
