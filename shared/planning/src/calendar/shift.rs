//! A stretch of working time within a day.

use serde::{Deserialize, Serialize};

use super::{CalendarError, MOST_SHIFTS};

pub const MINUTES_A_DAY: i64 = 24 * 60;

/// From one minute of a day to another; midnight at the end of the day is 1440.
///
/// Invariant: ends after it starts, within one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Shift {
    from: u16,
    to: u16,
}

impl Shift {
    pub const ALL_DAY: Self = Self { from: 0, to: 1440 };
    pub const MORNING: Self = Self { from: 480, to: 720 };
    pub const AFTERNOON: Self = Self { from: 780, to: 1020 };

    /// A shift from minute `from` to minute `to` of a day.
    pub fn new(from: u16, to: u16) -> Result<Self, CalendarError> {
        if from < to && to <= 1440 {
            Ok(Self { from, to })
        } else {
            Err(CalendarError::Shift { from, to })
        }
    }

    /// The minute of the day at which work starts.
    pub fn from(self) -> u16 {
        self.from
    }

    /// The minute of the day at which work ends, up to 1440.
    pub fn to(self) -> u16 {
        self.to
    }

    pub(super) fn minutes(self) -> i64 {
        i64::from(self.to - self.from)
    }
}

impl TryFrom<(u16, u16)> for Shift {
    type Error = CalendarError;

    fn try_from((from, to): (u16, u16)) -> Result<Self, CalendarError> {
        Self::new(from, to)
    }
}

impl From<Shift> for (u16, u16) {
    fn from(shift: Shift) -> Self {
        (shift.from, shift.to)
    }
}

/// The shifts of a day in order, refused when they overlap.
pub(super) fn in_order(shifts: &[Shift]) -> Result<Vec<Shift>, CalendarError> {
    if shifts.len() > MOST_SHIFTS {
        return Err(CalendarError::TooManyShifts);
    }
    let mut sorted = shifts.to_vec();
    sorted.sort_unstable();
    for (one, next) in sorted.iter().zip(sorted.iter().skip(1)) {
        if next.from < one.to {
            return Err(CalendarError::Overlap { at: next.from });
        }
    }
    Ok(sorted)
}
