//! The prefix table that turns moments into counts of working minutes and back.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::shift::{MINUTES_A_DAY, Shift, in_order};
use super::{CalendarError, Moment};

/// 1 January 1970 was a Thursday; weeks are counted from the Monday before.
const DAYS_SINCE_MONDAY: i64 = 3;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    week: [Day; 7],
    /// Minutes of the week before each day; the eighth is the whole week.
    before: [i64; 8],
    exceptions: Vec<Exception>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Day {
    shifts: Vec<Shift>,
    minutes: i64,
}

#[derive(Clone, Debug, PartialEq)]
struct Exception {
    /// Days since the epoch.
    day: i64,
    hours: Day,
    /// Working minutes before this day, other exceptions counted.
    before: i64,
    /// What this and the earlier exceptions add to the pattern of the weeks after this day.
    shift: i64,
}

impl Table {
    pub(super) fn new(
        week: &[Vec<Shift>; 7],
        exceptions: &BTreeMap<Date, Vec<Shift>>,
    ) -> Result<Self, CalendarError> {
        let mut ordered: [Vec<Shift>; 7] = std::array::from_fn(|_| Vec::new());
        for (to, from) in ordered.iter_mut().zip(week) {
            *to = in_order(from)?;
        }
        let mut table = Self::weekly(&ordered);
        if table.week_minutes() == 0 {
            return Err(CalendarError::NoWorkingTime);
        }
        let mut shift = 0;
        for (date, shifts) in exceptions {
            let day = Moment::midnight(*date).split().0;
            let hours = Day::new(in_order(shifts)?);
            let before = table.weekly_before(day) + shift;
            shift += hours.minutes - table.of_week(day).minutes;
            table.exceptions.push(Exception { day, hours, before, shift });
        }
        Ok(table)
    }

    /// A table without exceptions, of shifts that are in order.
    pub(super) fn weekly(week: &[Vec<Shift>; 7]) -> Self {
        let week = std::array::from_fn(|n| Day::new(week.get(n).cloned().unwrap_or_default()));
        let mut before = [0; 8];
        let mut sum = 0;
        for (day, slot) in week.iter().zip(before.iter_mut().skip(1)) {
            sum += Day::minutes(day);
            *slot = sum;
        }
        Self { week, before, exceptions: Vec::new() }
    }

    pub(super) fn longest_day(&self) -> i64 {
        self.week.iter().map(Day::minutes).max().unwrap_or_default()
    }

    pub(super) fn week_minutes(&self) -> i64 {
        let [.., whole] = self.before;
        whole
    }

    pub(super) fn work_before(&self, at: Moment) -> i64 {
        let (day, minute) = at.split();
        let later = self.exceptions.partition_point(|exception| exception.day <= day);
        match later.checked_sub(1).and_then(|last| self.exceptions.get(last)) {
            Some(last) if last.day == day => last.before + last.hours.before(minute),
            last => {
                let shift = last.map_or(0, |last| last.shift);
                self.weekly_before(day) + shift + self.of_week(day).before(minute)
            }
        }
    }

    pub(super) fn finish_at(&self, work: i64) -> Moment {
        let later = self.exceptions.partition_point(|exception| exception.before < work);
        let Some(last) = later.checked_sub(1).and_then(|last| self.exceptions.get(last)) else {
            return self.weekly_finish_at(work);
        };
        if work <= last.before + last.hours.minutes {
            return moment(last.day, last.hours.finish_at(work - last.before));
        }
        self.weekly_finish_at(work - last.shift)
    }

    /// The shifts of a day, counted from the epoch.
    pub(super) fn shifts(&self, day: i64) -> &[Shift] {
        let exception = self.exceptions.binary_search_by_key(&day, |exception| exception.day);
        let exception = exception.ok().and_then(|place| self.exceptions.get(place));
        exception.map_or(&self.of_week(day).shifts, |exception| &exception.hours.shifts)
    }

    /// Minutes before a day if there were no exceptions.
    fn weekly_before(&self, day: i64) -> i64 {
        let monday_based = day + DAYS_SINCE_MONDAY;
        let (weeks, day) = (monday_based.div_euclid(7), monday_based.rem_euclid(7));
        let of_week = usize::try_from(day).ok().and_then(|day| self.before.get(day));
        weeks.saturating_mul(self.week_minutes()) + of_week.copied().unwrap_or_default()
    }

    fn weekly_finish_at(&self, work: i64) -> Moment {
        let whole = self.week_minutes().max(1);
        // The last minute of a week ends that week; it does not start the next one.
        let (weeks, rest) = ((work - 1).div_euclid(whole), (work - 1).rem_euclid(whole) + 1);
        let first = weeks * 7 - DAYS_SINCE_MONDAY;
        for ((number, day), before) in (0..).zip(&self.week).zip(self.before) {
            if rest <= before + day.minutes {
                return moment(first + number, day.finish_at(rest - before));
            }
        }
        moment(first, 0)
    }

    fn of_week(&self, day: i64) -> &Day {
        let number = usize::try_from((day + DAYS_SINCE_MONDAY).rem_euclid(7)).unwrap_or_default();
        let [first, ..] = &self.week;
        self.week.get(number).unwrap_or(first)
    }
}

impl Day {
    fn new(shifts: Vec<Shift>) -> Self {
        let minutes = shifts.iter().map(|shift| shift.minutes()).sum();
        Self { shifts, minutes }
    }

    fn minutes(&self) -> i64 {
        self.minutes
    }

    /// Working minutes of this day before minute `at` of the clock.
    fn before(&self, at: i64) -> i64 {
        let worked = |shift: &Shift| (at - i64::from(shift.from())).clamp(0, shift.minutes());
        self.shifts.iter().map(worked).sum()
    }

    /// The minute of the clock at which working minute `work` (from 1) ends.
    fn finish_at(&self, work: i64) -> i64 {
        let mut rest = work;
        for shift in &self.shifts {
            if rest <= shift.minutes() {
                return i64::from(shift.from()) + rest;
            }
            rest -= shift.minutes();
        }
        MINUTES_A_DAY
    }
}

fn moment(day: i64, minute: i64) -> Moment {
    Moment::from_minutes(day.saturating_mul(MINUTES_A_DAY).saturating_add(minute))
}
