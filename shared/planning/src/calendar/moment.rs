//! A minute of the project's wall clock.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, date};
use serde::{Deserialize, Serialize};

use super::shift::MINUTES_A_DAY;

const EPOCH: Date = date(1970, 1, 1);

/// Minutes since 1 January 1970, 00:00, on the wall clock of the project, whatever its zone.
///
/// Written as `2026-03-02T08:00`. Seconds of a date are cut off.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "DateTime", into = "DateTime")]
pub struct Moment(i64);

impl Moment {
    /// The minute numbered `minutes`; see [`Moment`] for where the count starts.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes)
    }

    /// The number of this minute.
    pub const fn minutes(self) -> i64 {
        self.0
    }

    /// Days since the epoch, and the minute of the day.
    pub(super) fn split(self) -> (i64, i64) {
        (self.0.div_euclid(MINUTES_A_DAY), self.0.rem_euclid(MINUTES_A_DAY))
    }

    /// The first minute of a date.
    pub fn midnight(day: Date) -> Self {
        Self(day.duration_since(EPOCH).as_hours() * 60)
    }

    /// The date of this minute, at the ends of the calendar the nearest there is.
    pub fn date(self) -> Date {
        DateTime::from(self).date()
    }
}

impl From<DateTime> for Moment {
    fn from(at: DateTime) -> Self {
        let of_day = i64::from(at.hour()) * 60 + i64::from(at.minute());
        Self::midnight(at.date()) + of_day
    }
}

impl From<Moment> for DateTime {
    fn from(moment: Moment) -> Self {
        let start = EPOCH.to_datetime(Time::midnight());
        start.saturating_add(SignedDuration::from_secs(moment.0.saturating_mul(60)))
    }
}

impl Add<i64> for Moment {
    type Output = Self;

    fn add(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes))
    }
}

impl Sub<i64> for Moment {
    type Output = Self;

    fn sub(self, minutes: i64) -> Self {
        Self(self.0.saturating_sub(minutes))
    }
}

/// Minutes of the clock from the second to the first.
impl Sub for Moment {
    type Output = i64;

    fn sub(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::from(*self);
        write!(f, "{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
    }
}

/// Reads `2026-03-02T08:00`, with a space for the `T`, with seconds, or a date alone (midnight).
impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.trim().parse::<DateTime>().map(Self::from)
    }
}
