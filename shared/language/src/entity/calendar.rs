//! Days, times of day and durations: which of them a token begins.

use super::sense::Sense;
use super::{Context, Findings, day, duration, time};
use crate::understanding::EntityValue;

/// Takes every date, then what looks like a time or a duration in the rest.
pub(super) fn find(findings: &mut Findings<'_>, context: &Context<'_>) {
    let message = findings.message;
    let mut index = 0;
    let mut last = None;
    while index < message.len() {
        if !findings.is_free(index) {
            index += 1;
            continue;
        }
        let found = if let Some((past, date)) = day::at(message, index, context) {
            let date = match last {
                Some((first, end)) if follows(findings, end, index) && date < first => {
                    day::after(message, index, (first, date)).unwrap_or(date)
                }
                _ => date,
            };
            last = Some((date, past));
            Some((past, EntityValue::Date { date }))
        } else if let Some((past, time)) = time::at(message, index, context) {
            Some((past, EntityValue::Time { time }))
        } else {
            duration::at(message, index)
                .map(|(past, minutes)| (past, EntityValue::Duration { minutes }))
        };
        if let Some((past, value)) =
            found.filter(|(past, _)| (index..*past).all(|token| findings.is_free(token)))
        {
            findings.add(index, past, value);
            index = past;
        } else {
            index += 1;
        }
    }
}

/// Whether only "to" stands between the end of a day and the next one.
fn follows(findings: &Findings<'_>, end: usize, index: usize) -> bool {
    let message = findings.message;
    let past = message.past_to(end);
    past.is_some_and(|past| past == index || message.past(past, Sense::DateCue) == Some(index))
}
