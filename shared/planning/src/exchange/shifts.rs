//! Shifts as files write them.

use crate::calendar::Shift;

/// Shifts in order, those that touch or overlap made one.
pub(super) fn united(mut shifts: Vec<Shift>) -> Vec<Shift> {
    shifts.sort_unstable();
    let mut united: Vec<Shift> = Vec::with_capacity(shifts.len());
    for shift in shifts {
        match united.last_mut() {
            Some(last) if shift.from() <= last.to() => {
                let whole = Shift::new(last.from(), last.to().max(shift.to()));
                *last = whole.unwrap_or(*last);
            }
            _ => united.push(shift),
        }
    }
    united
}

/// The minute of `8:00`, `08:00` or `08:00:00`.
pub(super) fn minute_of_day(text: &str) -> Option<u16> {
    let mut parts = text.split(':');
    let hour: u16 = parts.next()?.trim().parse().ok()?;
    let minute: u16 = parts.next()?.trim().parse().ok()?;
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}
