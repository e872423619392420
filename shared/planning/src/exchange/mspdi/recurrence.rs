//! The dates of a recurring exception.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::element::Element;
use crate::calendar::MOST_EXCEPTIONS;
use crate::exchange::ImportError;

/// Most days of all exceptions of a file, worked or not: two hundred exceptions of ten years.
pub(super) const MOST_DAYS: usize = 800_000;

/// How an exception recurs between two dates.
struct Pattern {
    kind: i64,
    period: i64,
    /// Bit 0 is Sunday.
    days_of_week: i64,
    month_day: i64,
    month_item: i64,
    month_position: i64,
    /// From 0.
    month: i64,
    most: usize,
}

/// The dates of an exception element, in order. Without a type it is every day of its period.
/// `days_left` is what may still be looked at in the file.
pub(super) fn dates(exception: &Element, days_left: &mut usize) -> Result<Vec<Date>, ImportError> {
    let period = exception.child("TimePeriod");
    let day = |name: &str| -> Result<Option<Date>, ImportError> {
        let at = period.map(|period| period.moment(name)).transpose()?.flatten();
        Ok(at.map(crate::calendar::Moment::date))
    };
    let Some(from) = day("FromDate")? else {
        return Err(exception.error("TimePeriod", "has no FromDate"));
    };
    let to = day("ToDate")?.unwrap_or(from);
    let number = |name: &str, default: i64| exception.whole(name).map(|n| n.unwrap_or(default));
    let occurrences = usize::try_from(number("Occurrences", 0)?).unwrap_or_default();
    let by_count = exception.flag("EnteredByOccurrences") == Some(true) && occurrences > 0;
    let pattern = Pattern {
        kind: number("Type", 1)?,
        period: number("Period", 1)?.max(1),
        days_of_week: number("DaysOfWeek", 0)?,
        month_day: number("MonthDay", 1)?,
        month_item: number("MonthItem", 0)?,
        month_position: number("MonthPosition", 0)?,
        month: number("Month", 0)?,
        most: if by_count { occurrences } else { usize::MAX },
    };
    let mut found = Vec::new();
    let mut date = from;
    while date <= to && found.len() < pattern.most {
        let room = days_left.checked_sub(1).filter(|_| found.len() < MOST_EXCEPTIONS);
        let Some(left) = room else {
            let (line, what) = (exception.line, "days of exceptions");
            return Err(ImportError::Limit { line, what, most: MOST_DAYS });
        };
        *days_left = left;
        if pattern.falls_on(date, from) {
            found.push(date);
        }
        match date.checked_add(1.day()) {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
    Ok(found)
}

impl Pattern {
    fn falls_on(&self, date: Date, from: Date) -> bool {
        let days = date.duration_since(from).as_hours() / 24;
        let months = (i64::from(date.year()) - i64::from(from.year())) * 12
            + i64::from(date.month())
            - i64::from(from.month());
        let is_month = i64::from(date.month()) == self.month + 1;
        match self.kind {
            2 => is_month && i64::from(date.day()) == self.month_day,
            3 => is_month && self.is_position(date),
            4 => months % self.period == 0 && i64::from(date.day()) == self.month_day,
            5 => months % self.period == 0 && self.is_position(date),
            6 => {
                let bit = u32::try_from(date.weekday().to_sunday_zero_offset()).unwrap_or_default();
                // Weeks are counted from the Sunday on or before the first date.
                let lead = i64::from(from.weekday().to_sunday_zero_offset());
                let week = (days + lead).div_euclid(7);
                week % self.period == 0 && self.days_of_week & (1_i64 << bit) != 0
            }
            _ => days % self.period == 0,
        }
    }

    /// Whether a date is, say, the second Tuesday or the last working day of its month.
    fn is_position(&self, date: Date) -> bool {
        if !self.is_item(date) {
            return false;
        }
        let same_before = (1..date.day())
            .filter_map(|day| Date::new(date.year(), date.month(), day).ok())
            .filter(|day| self.is_item(*day))
            .count();
        let is_last = (date.day() + 1..=date.days_in_month())
            .filter_map(|day| Date::new(date.year(), date.month(), day).ok())
            .all(|day| !self.is_item(day));
        match self.month_position {
            4 => is_last,
            position => i64::try_from(same_before) == Ok(position),
        }
    }

    fn is_item(&self, date: Date) -> bool {
        let weekday = date.weekday();
        let is_weekend = matches!(weekday, Weekday::Saturday | Weekday::Sunday);
        match self.month_item {
            0 => true,
            1 => !is_weekend,
            2 => is_weekend,
            item => i64::from(weekday.to_sunday_zero_offset()) == item - 3,
        }
    }
}
