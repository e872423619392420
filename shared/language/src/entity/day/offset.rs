//! Days counted from today: "in 3 days", `قبل يومين`, "неделю назад".

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Found, shift};
use crate::entity::message::Message;
use crate::entity::number;
use crate::entity::sense::Sense;

const DAY_MINUTES: u32 = 24 * 60;
const MONTH_MINUTES: u32 = 30 * DAY_MINUTES;

/// Counted months and years go on the calendar; more than this is no plan.
const MOST_MONTHS: i64 = 120;

pub(super) fn at(message: &Message<'_>, index: usize, today: Date) -> Option<Found> {
    if let Some(past) = message.past(index, Sense::After)
        && let Some((past, span)) = span(message, past)
    {
        return Some((past, span.from(today, 1)?));
    }
    if let Some(before) = message.past(index, Sense::AgoBefore)
        && let Some((past, span)) = span(message, before)
    {
        // "Since the day that": من يوم ركبوا.
        if message.word(index) == "من" && past == before + 1 && message.word(before) == "يوم" {
            return None;
        }
        // "from 3 to 5 days", "two days before the pour" in Arabic: قبل يومين من الصب.
        let less = matches!(message.before(index), "اقل" | "اكثر" | "اكتر");
        let relative = !less && message.word(index) != "min" && !message.has(past, Sense::To);
        return relative.then_some((past, span.from(today, -1)?));
    }
    let (past, span) = span(message, index)?;
    let turn = |sense| match sense {
        Sense::Ago => Some(-1),
        Sense::Later => Some(1),
        _ => None,
    };
    let (past, sign) = message.pick(past, turn)?;
    Some((past, span.from(today, sign)?))
}

/// Days, or months of the calendar.
enum Span {
    Days(i64),
    Months(i64),
}

impl Span {
    fn new(count: i64, minutes: u32) -> Option<Self> {
        let days = i64::from(minutes / DAY_MINUTES);
        if minutes.is_multiple_of(MONTH_MINUTES) {
            return count.checked_mul(days / 30).map(Self::Months);
        }
        if days == 365 {
            return count.checked_mul(12).map(Self::Months);
        }
        count.checked_mul(days).filter(|days| *days != 0).map(Self::Days)
    }

    fn from(&self, today: Date, sign: i64) -> Option<Date> {
        match self {
            Self::Days(days) => shift(today, sign * days),
            Self::Months(months) if *months <= MOST_MONTHS => {
                today.checked_add((sign * months).months()).ok()
            }
            Self::Months(_) => None,
        }
    }
}

/// "3 days", "a week", `يومين`; of "2-3 days" the longer.
fn span(message: &Message<'_>, index: usize) -> Option<(usize, Span)> {
    let some = |sense| match sense {
        Sense::SomeMinutes(minutes) if minutes >= DAY_MINUTES => Span::new(1, minutes),
        _ => None,
    };
    if let Some(found) = message.pick(index, some) {
        return Some(found);
    }
    let one = |sense| match sense {
        Sense::Minutes(minutes) if minutes >= DAY_MINUTES => Some(minutes),
        _ => None,
    };
    let article = message.past(index, Sense::Article).unwrap_or(index);
    // `قبل يوم الأحد` is before Sunday.
    let named = message.word(article) == "يوم"
        && (message.integer(article + 1).is_some()
            || message
                .pick(article + 1, |sense| {
                    matches!(sense, Sense::Weekday(_) | Sense::Weak(_)).then_some(())
                })
                .is_some());
    if let Some((past, minutes)) = message.pick(article, one).filter(|_| !named) {
        // "one more day" is one, "ten days" are ten; a bare plural is none.
        return Some((past, Span::new(1, minutes)?)).filter(|_| !plural(message.word(article)));
    }
    if number::touches_code(message, index) {
        return None;
    }
    let (mut past, mut count) = number::small(message, index)?;
    let range = message.past_to(past).and_then(|past| number::small(message, past));
    if let Some((after, most)) = range {
        (past, count) = (after, most);
    }
    let past = past + usize::from(message.word(past) == "-" && message.attached(past));
    let past =
        if matches!(message.word(past), "more" | "еще" | "full") { past + 1 } else { past };
    let (past, minutes) = message.pick(past, one)?;
    Some((past, Span::new(count, minutes)?))
}

/// "in days", "за дни": no number of them is told.
fn plural(word: &str) -> bool {
    matches!(word, "days" | "weeks" | "months" | "years" | "ايام" | "اسابيع" | "شهور" | "اشهر")
        || matches!(word, "дня" | "дней" | "недель" | "месяцев" | "лет" | "дни")
}
