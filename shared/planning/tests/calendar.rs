//! Working time, counted against a walk minute by minute.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a broken fixture has to fail its test"
)]

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use planning::calendar::{Calendar, CalendarError, Moment, Shift};
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, proptest};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00; 20 March off, 7 March worked till noon.
fn site() -> Calendar {
    let exceptions =
        BTreeMap::from([(date(2026, 3, 20), Vec::new()), (date(2026, 3, 7), vec![Shift::MORNING])]);
    Calendar::new("site", Calendar::five_days().week().clone(), exceptions).unwrap()
}

#[test]
fn work_is_added_over_nights_weekends_and_exceptions() {
    let calendar = site();
    let cases = [
        ("2026-03-02T08:00", 480, "2026-03-02T17:00"),
        ("2026-03-02T08:00", 481, "2026-03-03T08:01"),
        // Out of hours, work starts with the next shift.
        ("2026-03-02T12:30", 60, "2026-03-02T14:00"),
        ("2026-03-06T17:00", 240, "2026-03-07T12:00"),
        ("2026-03-06T17:00", 241, "2026-03-09T08:01"),
        ("2026-03-19T17:00", 60, "2026-03-23T09:00"),
        ("2026-03-03T08:00", -480, "2026-03-02T08:00"),
        ("2026-03-02T17:00", -480, "2026-03-02T08:00"),
        ("2026-03-23T08:00", -60, "2026-03-19T16:00"),
        // By nothing it stays, even on a Sunday.
        ("2026-03-08T03:00", 0, "2026-03-08T03:00"),
    ];
    for (from, minutes, to) in cases {
        assert_eq!(calendar.add(at(from), minutes), at(to), "{from} {minutes:+}");
    }
}

#[test]
fn a_gap_has_an_end_before_it_and_a_start_after_it() {
    let calendar = site();
    let sunday = at("2026-03-15T10:00");
    assert_eq!(calendar.previous_finish(sunday), at("2026-03-13T17:00"));
    assert_eq!(calendar.next_start(sunday), at("2026-03-16T08:00"));
    assert_eq!(calendar.between(at("2026-03-13T17:00"), at("2026-03-16T08:00")), 0);
    assert!(calendar.touches_work(at("2026-03-13T17:00")));
    assert!(calendar.touches_work(at("2026-03-16T08:00")));
    assert!(!calendar.touches_work(sunday));
    assert_eq!(calendar.between(at("2026-03-19T17:00"), at("2026-03-02T08:00")), -(14 * 480 + 240));
}

#[test]
fn a_calendar_that_makes_no_sense_is_refused() {
    let never = std::array::from_fn(|_| Vec::new());
    let none = Calendar::new("never", never, BTreeMap::new());
    assert_eq!(none.unwrap_err(), CalendarError::NoWorkingTime);
    assert_eq!(Shift::new(600, 600).unwrap_err(), CalendarError::Shift { from: 600, to: 600 });
    assert_eq!(Shift::new(600, 1441).unwrap_err(), CalendarError::Shift { from: 600, to: 1441 });
    let mut week = Calendar::five_days().week().clone();
    week[0].push(Shift::new(700, 800).unwrap());
    let overlap = Calendar::new("overlap", week, BTreeMap::new());
    assert_eq!(overlap.unwrap_err(), CalendarError::Overlap { at: 700 });
}

#[test]
fn a_calendar_survives_being_stored() {
    let json = serde_json::to_string(&site()).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), site());
    let broken = json.replace("[480,720]", "[720,480]");
    assert!(serde_json::from_str::<Calendar>(&broken).is_err());
    assert_eq!(serde_json::to_string(&at("2026-03-02 08:00")).unwrap(), "\"2026-03-02T08:00:00\"");
}

#[test]
fn far_dates_do_not_overflow() {
    let calendar = site();
    let far = calendar.add(at("2026-03-02T08:00"), 2_000_000_000);
    assert_eq!(calendar.between(at("2026-03-02T08:00"), far), 2_000_000_000);
    assert_eq!(Moment::from_minutes(i64::MAX).date(), Date::MAX);
}

fn day() -> impl Strategy<Value = Vec<Shift>> {
    prop::sample::subsequence(vec![0_u16, 60, 480, 720, 721, 1020, 1380, 1440], 0..=8).prop_map(
        |edges| edges.chunks_exact(2).map(|pair| Shift::new(pair[0], pair[1]).unwrap()).collect(),
    )
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let week = prop::collection::vec(day(), 7);
    let exceptions = prop::collection::btree_map(0..60_i32, day(), 0..12);
    (week, exceptions, Just(vec![Shift::MORNING])).prop_map(|(mut week, exceptions, monday)| {
        if week.iter().all(Vec::is_empty) {
            week[0] = monday;
        }
        let first = date(2026, 2, 10);
        let dated = exceptions
            .into_iter()
            .map(|(n, shifts)| (first.checked_add(jiff::Span::new().days(n)).unwrap(), shifts));
        Calendar::new("any", week.try_into().unwrap(), dated.collect()).unwrap()
    })
}

/// Whether the minute that starts at `minute` is worked, read from the calendar as written.
fn is_worked(calendar: &Calendar, minute: Moment) -> bool {
    let day = minute.date();
    let of_week = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap();
    let shifts = calendar.exceptions().get(&day).unwrap_or(&calendar.week()[of_week]);
    let of_day = u16::try_from(minute - Moment::midnight(day)).unwrap();
    shifts.iter().any(|shift| shift.from() <= of_day && of_day < shift.to())
}

proptest! {
    #[test]
    fn work_between_is_what_a_walk_counts(
        calendar in calendar(),
        from in 0..100_000_i64,
        length in 0..20_000_i64,
    ) {
        let from = at("2026-02-01T00:00") + from;
        let walked = (0..length).filter(|n| is_worked(&calendar, from + *n)).count();
        prop_assert_eq!(calendar.between(from, from + length), i64::try_from(walked).unwrap());
    }

    #[test]
    fn counting_and_finding_are_inverse(calendar in calendar(), work in -5_000_000..5_000_000_i64) {
        let (finish, start) = (calendar.finish_at(work), calendar.start_at(work));
        prop_assert_eq!(calendar.work_before(finish), work);
        prop_assert_eq!(calendar.work_before(start), work);
        prop_assert!(finish <= start);
        prop_assert!(is_worked(&calendar, finish - 1));
        prop_assert!(is_worked(&calendar, start));
    }
}
