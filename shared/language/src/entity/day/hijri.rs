//! Days of the Islamic calendar.
//!
//! The months of Umm al-Qura follow the moon and are published; a pure crate can only compute the
//! tabular calendar (30 years of 10,631 days, leap in years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26
//! and 29, counted from Friday 16 July 622), which is within a day of it, seldom two. So these
//! dates are approximate.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Found, written};
use crate::entity::message::Message;
use crate::entity::number::touches_code;
use crate::entity::sense::Sense;

/// Years of the era that are read: 1990 to 2100.
const YEARS: std::ops::RangeInclusive<i64> = 1410..=1524;

/// 1 Muharram 1400 of the tabular calendar.
const EPOCH_YEAR: i64 = 1400;
const EPOCH: Option<Date> = Some(jiff::civil::date(1979, 11, 21));

/// "15 Ramadan", `١٥ رمضان ١٤٤٧`. A month without a day is no date.
pub(super) fn at(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    if touches_code(message, index) {
        return None;
    }
    let day = message.integer(index).filter(|day| (1..=30).contains(day))?;
    let ordinal = written::past_ordinal_ending(message, index + 1);
    let of = if message.word(ordinal) == "of" { ordinal + 1 } else { ordinal };
    let (past, month) = message.pick(of, |sense| match sense {
        Sense::Hijri(month) => Some(i64::from(month)),
        _ => None,
    })?;
    if let Some(year) = message.integer(past).filter(|year| YEARS.contains(year)) {
        let era = past + 1;
        let past =
            if matches!(message.word(era), "ه" | "هـ" | "ah" | "h") { era + 1 } else { era };
        return Some((past, date(year, month, day)?));
    }
    // `شوال` is a sack as well: without a year it needs a cue.
    let cued = index.checked_sub(1).is_some_and(|before| message.has(before, Sense::DateCue));
    if month == 10 && !cued {
        return None;
    }
    let near = (i64::from(today.year()) - 622) * 33 / 32;
    let found = written::in_a_fitting_year_from(near - 1, today, |year| date(year, month, day));
    found.map(|date| (past, date))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let leap = (11 * year + 14) % 30 < 11;
    let length = if month % 2 == 1 || (month == 12 && leap) { 30 } else { 29 };
    if !YEARS.contains(&year) || day > length {
        return None;
    }
    let leap_days = |year: i64| (11 * year + 3) / 30;
    let days = (year - EPOCH_YEAR) * 354 + leap_days(year) - leap_days(EPOCH_YEAR)
        + (59 * (month - 1) + 1) / 2
        + day
        - 1;
    EPOCH?.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn months_begin_as_the_tables_say() {
        // Known beginnings of months, which the tabular calendar meets or misses by a day.
        for (year, month, known) in [
            (1445, 9, "2024-03-11"),
            (1446, 1, "2024-07-07"),
            (1446, 9, "2025-03-01"),
            (1446, 12, "2025-05-28"),
            (1447, 1, "2025-06-26"),
            (1447, 9, "2026-02-18"),
            (1447, 10, "2026-03-20"),
        ] {
            let known: jiff::civil::Date = known.parse().unwrap();
            let computed = date(year, month, 1).unwrap();
            assert!((computed - known).get_days().abs() <= 1, "{year}-{month}: {computed}");
        }
        assert_eq!(date(1447, 9, 1).unwrap().to_string(), "2026-02-18");
        assert_eq!(date(1447, 2, 30), None);
    }
}
