//! Planned value over time, and the curves made of it.

use jiff::civil::date;
use planning::calendar::{Calendar, Moment};
use planning::control::Undefined;
use planning::control::earned_schedule::{EarnedSchedule, cross_check};
use planning::control::performance::{Curve, CurvePoint, Performance, Task, planned_value};
use planning::control::s_curve::{Every, Recorded, Rest, planned_by, reporting_moments, s_curve};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use rust_decimal::Decimal;

use crate::dec;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn task(budget: &str, start: &str, finish: &str) -> Task {
    Task {
        id: "t".to_owned(),
        account: None,
        budget: dec(budget),
        start: at(start),
        finish: at(finish),
        calendar: 0,
        curve: Curve::Linear,
        progress: Decimal::ZERO,
        actual_cost: Decimal::ZERO,
    }
}

#[test]
fn value_is_planned_in_working_time_not_over_the_week_end() {
    let work = task("1000", "2026-03-05T08:00", "2026-03-10T17:00");
    let calendar = Calendar::five_days();
    let planned = |text: &str| planned_value(&work, &calendar, at(text)).unwrap();
    assert_eq!(planned("2026-03-04T12:00"), Decimal::ZERO);
    assert_eq!(planned("2026-03-05T12:00"), dec("125"));
    assert_eq!(planned("2026-03-06T17:00"), dec("500"));
    assert_eq!(planned("2026-03-08T12:00"), dec("500"), "Sunday");
    assert_eq!(planned("2026-03-10T17:00"), dec("1000"));
    assert_eq!(planned("2027-01-01T00:00"), dec("1000"));
}

#[test]
fn a_milestone_is_planned_at_once_and_a_curve_where_it_says() {
    let calendar = Calendar::around_the_clock();
    let milestone = task("50", "2026-03-05T08:00", "2026-03-05T08:00");
    let before = at("2026-03-05T07:59");
    assert_eq!(planned_value(&milestone, &calendar, before), Ok(Decimal::ZERO));
    assert_eq!(planned_value(&milestone, &calendar, milestone.finish), Ok(dec("50")));
    let point = |time: &str, budget: &str| CurvePoint { time: dec(time), budget: dec(budget) };
    let mut early = task("100", "2026-03-01T00:00", "2026-03-11T00:00");
    early.curve = Curve::Points(vec![point("0.2", "0.5"), point("0.6", "0.9")]);
    let planned = |text: &str| planned_value(&early, &calendar, at(text)).unwrap();
    assert_eq!(planned("2026-03-02T00:00"), dec("25"));
    assert_eq!(planned("2026-03-03T00:00"), dec("50"));
    assert_eq!(planned("2026-03-05T00:00"), dec("70"));
    assert_eq!(planned("2026-03-09T00:00"), dec("95"));
    assert_eq!(planned("2026-03-11T00:00"), dec("100"));
}

#[test]
fn a_share_done_beyond_everything_earns_the_budget_only() {
    let mut over = task("100", "2026-03-01T00:00", "2026-03-11T00:00");
    over.progress = dec("1.3");
    let performance = Performance::of(&[over], &[], at("2026-03-06T00:00")).unwrap();
    assert_eq!(performance.totals.ev, dec("100"));
    assert_eq!(performance.totals.pv, dec("50"));
}

#[test]
fn budgets_beyond_a_decimal_are_refused() {
    let mut huge = task("1", "2026-03-01T00:00", "2026-03-11T00:00");
    huge.budget = Decimal::MAX;
    let two = [huge.clone(), huge];
    let refused = Performance::of(&two, &[], at("2026-03-06T00:00"));
    assert_eq!(refused, Err(Undefined::OutOfRange));
}

#[test]
fn periods_begin_with_their_months_and_weeks() {
    let (start, finish) = (at("2026-01-15T08:00"), at("2026-03-10T17:00"));
    let months = reporting_moments(start, finish, Every::Month);
    assert_eq!(months, [start, at("2026-02-01T00:00"), at("2026-03-01T00:00"), finish]);
    let weeks = reporting_moments(start, at("2026-01-28T00:00"), Every::Week);
    assert_eq!(weeks[1..3], [at("2026-01-19T00:00"), at("2026-01-26T00:00")]);
    assert_eq!(reporting_moments(start, start, Every::Day), [start]);
    let centuries = reporting_moments(start, Moment::midnight(date(2300, 1, 1)), Every::Day);
    assert_eq!(centuries.len(), planning::control::s_curve::MOST_MOMENTS);
}

#[test]
fn curves_end_where_the_records_do_and_the_forecast_goes_on_from_there() {
    let tasks = [task("100", "2026-03-01T00:00", "2026-03-11T00:00")];
    let left = [task("60", "2026-03-06T00:00", "2026-03-16T00:00")];
    let data_date = at("2026-03-06T00:00");
    let recorded = [
        Recorded { at: at("2026-03-03T00:00"), ev: dec("10"), ac: dec("12") },
        Recorded { at: data_date, ev: dec("40"), ac: dec("55") },
    ];
    let moments = ["2026-03-01", "2026-03-04", "2026-03-06", "2026-03-11", "2026-03-16"].map(at);
    let rest = Rest { data_date, spent: dec("55"), tasks: &left };
    let curve = s_curve(&tasks, &[], &moments, &recorded, Some(rest));
    let column = |pick: fn(&planning::control::s_curve::Point) -> Option<Decimal>| {
        curve.iter().map(pick).collect::<Vec<_>>()
    };
    let some = |texts: [&str; 5]| {
        texts.map(|text| if text == "-" { None } else { Some(dec(text)) }).to_vec()
    };
    assert_eq!(column(|point| point.planned.value()), some(["0", "30", "50", "100", "100"]));
    assert_eq!(column(|point| point.earned), some(["-", "10", "40", "-", "-"]));
    assert_eq!(column(|point| point.spent), some(["-", "12", "55", "-", "-"]));
    let forecast = column(|point| point.forecast.and_then(|figure| figure.value()));
    assert_eq!(forecast, some(["-", "-", "55", "85", "115"]));
}

#[test]
fn logic_and_progress_that_disagree_by_more_than_a_tenth_are_reported() {
    let planned: Vec<Decimal> = (0..=10).map(Decimal::from).collect();
    let half_speed = EarnedSchedule::of(&planned, dec("2"), dec("4"));
    let (start, finish) = (at("2026-03-01T00:00"), at("2026-03-11T00:00"));
    let data_date = at("2026-03-05T00:00");
    let against =
        |network: &str| cross_check(&half_speed, (start, finish), data_date, at(network)).unwrap();
    assert_eq!(against("2026-03-21T00:00").earned_finish, at("2026-03-21T00:00"));
    assert!(!against("2026-03-21T00:00").disagree);
    // 16 days are left by the one, 17.5 by the other.
    assert!(!against("2026-03-22T12:00").disagree);
    assert!(against("2026-03-11T00:00").disagree);
    let nothing = EarnedSchedule::of(&planned, Decimal::ZERO, dec("4"));
    assert_eq!(cross_check(&nothing, (start, finish), data_date, finish), None);
}

#[test]
fn earned_schedule_of_tasks_is_exact_and_a_week_end_makes_nobody_late() {
    let tasks = [task("1000", "2026-03-02T08:00", "2026-03-13T17:00")];
    let calendars = [Calendar::five_days()];
    let figures = |earned: &str, data_date: &str| {
        EarnedSchedule::of_tasks(&tasks, &calendars, dec(earned), at(data_date)).unwrap()
    };
    for on_plan in ["2026-03-06T17:00", "2026-03-07T12:00", "2026-03-09T08:00"] {
        let friday = figures("500", on_plan);
        assert_eq!(friday.variance.value(), Some(Decimal::ZERO), "{on_plan}");
        assert_eq!(friday.index.value(), Some(Decimal::ONE));
    }
    let behind = figures("200", "2026-03-06T17:00");
    // Earned up to Tuesday evening, which is as good as Wednesday morning.
    assert_eq!(behind.variance.rounded(4), Some(dec("-2.375")));
    let ahead = figures("600", "2026-03-06T17:00");
    assert_eq!(ahead.variance.rounded(4), Some(dec("3")));
    let late = figures("1000", "2026-03-20T17:00");
    assert_eq!(late.earned_schedule.value(), Some(late.planned_duration));
    assert_eq!(late.to_complete_index.reason(), Some(Undefined::WorkComplete));
    let nothing = figures("0", "2026-03-06T17:00");
    assert_eq!(nothing.earned_schedule.value(), Some(Decimal::ZERO));
    assert_eq!(nothing.estimate_at_completion.reason(), Some(Undefined::NoEarnedValue));
    let early = figures("0", "2026-02-01T00:00");
    assert_eq!(early.index.reason(), Some(Undefined::NoTimePassed));
}

proptest! {
    #[test]
    fn planned_value_never_falls_and_ends_with_the_budget(
        budgets in proptest::collection::vec((0_i64..1_000_000, 0_i64..60, 0_i64..60), 1..12),
        moments in proptest::collection::vec(0_i64..200_000, 2..8),
    ) {
        let start = at("2026-03-02T08:00");
        let tasks: Vec<Task> = budgets
            .iter()
            .map(|(cents, from, days)| Task {
                budget: Decimal::new(*cents, 2),
                start: start + from * 1440,
                finish: start + (from + days) * 1440,
                ..task("0", "2026-03-02", "2026-03-02")
            })
            .collect();
        let calendars = [Calendar::five_days()];
        let mut moments = moments;
        moments.sort_unstable();
        let mut before = Decimal::ZERO;
        for moment in moments {
            let planned = planned_by(&tasks, &calendars, start + moment).unwrap();
            prop_assert!(planned >= before);
            before = planned;
        }
        let all: Decimal = tasks.iter().map(|task| task.budget).sum();
        prop_assert_eq!(planned_by(&tasks, &calendars, start + 1_000_000).unwrap(), all);
    }
}
