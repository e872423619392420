//! What the passes do beside the oracle: progress, constraints, calendars, ends.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a broken fixture has to fail its test"
)]

use planning::calendar::{Calendar, Moment};
use planning::network::{
    Activity, Baseline, Change, Constraint, CriticalRule, FloatRule, Kind, LagCalendar, Link,
    LinkKind, Network, Plan, PlanError, ProgressRule, Rule, Schedule, gantt,
};

const HOUR: i64 = 60;
const DAY: i64 = 8 * HOUR;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A plan from Monday, 2 March 2026, on five days of eight hours; links are finish-to-start.
fn plan(activities: &[(&str, i64)], links: &[(&str, &str)]) -> Plan {
    let mut plan = Plan::new("test", at("2026-03-02T08:00"), Calendar::five_days());
    plan.activities = activities.iter().map(|(id, days)| Activity::task(*id, days * DAY)).collect();
    for (from, to) in links {
        let (from, to) = (plan.find(from).unwrap(), plan.find(to).unwrap());
        plan.links.push(Link::new(from, to, LinkKind::FinishStart));
    }
    plan
}

fn schedule(plan: Plan) -> Schedule {
    Network::new(plan).unwrap().schedule()
}

fn constrain(plan: &mut Plan, id: &str, rule: Rule, date: &str) {
    let place = plan.find(id).unwrap();
    plan.activities[place].constraint = Some(Constraint { rule, date: at(date) });
}

#[test]
fn a_cycle_is_reported_as_the_cycle() {
    let made = plan(
        &[("A", 1), ("B", 1), ("C", 1), ("D", 1), ("E", 1)],
        &[("A", "B"), ("B", "C"), ("C", "D"), ("D", "B"), ("D", "E")],
    );
    let Err(PlanError::Cycle(cycle)) = Network::new(made) else { panic!("no cycle") };
    let mut turned = cycle.clone();
    while turned[0] != "B" {
        turned.rotate_left(1);
    }
    assert_eq!(turned, ["B", "C", "D"], "{cycle:?}");
}

#[test]
fn a_plan_that_contradicts_itself_is_refused() {
    let good = || plan(&[("A", 1), ("B", 1)], &[("A", "B")]);
    let refused = |change: &dyn Fn(&mut Plan)| {
        let mut plan = good();
        change(&mut plan);
        Network::new(plan).unwrap_err()
    };
    let a = || "A".to_owned();
    assert_eq!(refused(&|plan| plan.activities[1].id = a()), PlanError::DuplicateId(a()));
    assert_eq!(refused(&|plan| plan.links[0].successor = 0), PlanError::SelfLink(a()));
    assert_eq!(
        refused(&|plan| plan.links.push(plan.links[0])),
        PlanError::DuplicateLink { predecessor: a(), successor: "B".to_owned() }
    );
    assert_eq!(
        refused(&|plan| plan.activities[0].actual_finish = Some(at("2026-03-02"))),
        PlanError::ActualDates(a())
    );
    assert_eq!(
        refused(&|plan| plan.activities[0].duration = -1),
        PlanError::Duration { what: a(), minutes: -1 }
    );
    assert!(matches!(
        refused(&|plan| plan.links[0].predecessor = 7),
        PlanError::Dangling { list: "activities", place: 7, .. }
    ));
    assert_eq!(
        refused(&|plan| {
            plan.activities[0].parent = Some(1);
            plan.activities[1].parent = Some(0);
        }),
        PlanError::SummaryCycle(a())
    );
    // Two links of different kinds between the same two are one statement, not two.
    let mut both = good();
    both.links.push(Link::new(0, 1, LinkKind::FinishFinish));
    assert!(Network::new(both).is_ok());
}

#[test]
fn negative_float_is_kept() {
    let mut made = plan(&[("A", 5), ("B", 5)], &[("A", "B")]);
    constrain(&mut made, "B", Rule::FinishNoLater, "2026-03-11T17:00");
    let schedule = schedule(made);
    assert_eq!(schedule.finish, at("2026-03-13T17:00"));
    assert_eq!(schedule.dates[0].total_float, Some(-2 * DAY));
    assert_eq!(schedule.dates[1].total_float, Some(-2 * DAY));
    assert_eq!(schedule.dates[0].free_float, Some(0));
    assert!(schedule.dates.iter().all(|dates| dates.critical));
}

#[test]
fn a_contract_date_gives_everything_its_float() {
    let mut made = plan(&[("A", 5), ("B", 3)], &[]);
    made.projects[0].must_finish = Some(at("2026-03-10T17:00"));
    let schedule = schedule(made.clone());
    assert_eq!(schedule.dates[0].total_float, Some(2 * DAY));
    assert_eq!(schedule.dates[1].total_float, Some(4 * DAY));
    // Free float is against the finish that was computed.
    assert_eq!(schedule.dates[1].free_float, Some(2 * DAY));
    assert!(!schedule.dates[0].critical && schedule.dates[0].near_critical);
    assert!(schedule.dates[0].longest_path);
    made.options.critical = CriticalRule::LongestPath;
    let by_path = Network::new(made).unwrap().schedule();
    assert!(by_path.dates[0].critical && !by_path.dates[1].critical);
}

#[test]
fn each_constraint_moves_what_it_should() {
    let dates = |rule: Rule, date: &str| {
        let mut made = plan(&[("A", 2), ("B", 2), ("C", 10)], &[("A", "B")]);
        constrain(&mut made, "B", rule, date);
        let dates = schedule(made).dates[1];
        (dates.early_start, dates.late_finish, dates.total_float.unwrap())
    };
    // Without any: early 4 March, late 13 March.
    let (wednesday, last) = (at("2026-03-04T08:00"), at("2026-03-13T17:00"));
    let monday = at("2026-03-09T08:00");
    let early = |rule| dates(rule, "2026-03-09T08:00");
    assert_eq!(early(Rule::StartNoEarlier), (monday, last, 3 * DAY));
    assert_eq!(early(Rule::StartNoLater), (wednesday, at("2026-03-10T17:00"), 3 * DAY));
    assert_eq!(early(Rule::StartOn), (monday, at("2026-03-10T17:00"), 0));
    assert_eq!(early(Rule::MandatoryStart), (monday, at("2026-03-10T17:00"), 0));
    let late = |rule| dates(rule, "2026-03-10T17:00");
    assert_eq!(late(Rule::FinishNoEarlier), (monday, last, 3 * DAY));
    assert_eq!(late(Rule::FinishNoLater), (wednesday, at("2026-03-10T17:00"), 3 * DAY));
    assert_eq!(late(Rule::FinishOn), (monday, at("2026-03-10T17:00"), 0));
    // Only what is mandatory breaks links.
    let broken = dates(Rule::MandatoryStart, "2026-03-03T08:00");
    assert_eq!(broken, (at("2026-03-03T08:00"), at("2026-03-04T17:00"), 0));
    let kept = dates(Rule::StartOn, "2026-03-03T08:00");
    assert_eq!(kept, (wednesday, at("2026-03-04T17:00"), -DAY));
    // As late as it delays nobody.
    let late = dates(Rule::AsLateAsPossible, "2026-03-03T08:00");
    assert_eq!(late, (at("2026-03-12T08:00"), last, 0));
}

#[test]
fn what_is_left_waits_under_retained_logic_and_not_under_override() {
    let mut made = plan(&[("A", 5), ("B", 5), ("C", 1)], &[("A", "B"), ("B", "C")]);
    made.projects[0].data_date = at("2026-03-04T08:00");
    made.activities[0].actual_start = Some(at("2026-03-02T08:00"));
    made.activities[0].remaining = Some(3 * DAY);
    // B began before A was done.
    made.activities[1].actual_start = Some(at("2026-03-03T08:00"));
    made.activities[1].remaining = Some(2 * DAY);
    let retained = schedule(made.clone());
    assert_eq!(retained.dates[1].early_start, at("2026-03-09T08:00"));
    assert_eq!(retained.dates[1].start, at("2026-03-03T08:00"));
    assert_eq!(retained.finish, at("2026-03-11T17:00"));
    assert_eq!(retained.out_of_sequence, [0]);
    assert_eq!(retained.dates[0].total_float, Some(0));

    made.options.progress = ProgressRule::ProgressOverride;
    let overridden = schedule(made.clone());
    assert_eq!(overridden.dates[1].early_start, at("2026-03-04T08:00"));
    assert_eq!(overridden.finish, at("2026-03-06T17:00"));
    assert_eq!(overridden.out_of_sequence, [0]);

    made.options.progress = ProgressRule::ActualDates;
    let actual = schedule(made);
    assert_eq!(actual.dates[1].early_start, at("2026-03-03T08:00"));
    assert_eq!(actual.dates[1].finish, at("2026-03-09T17:00"));
}

#[test]
fn what_is_finished_has_no_float_but_hands_on_what_it_waited_for() {
    let mut made = plan(&[("A", 5), ("B", 5), ("C", 1)], &[("A", "B"), ("B", "C")]);
    made.projects[0].data_date = at("2026-03-04T08:00");
    made.activities[0].actual_start = Some(at("2026-03-02T08:00"));
    made.activities[0].remaining = Some(3 * DAY);
    made.activities[1].actual_start = Some(at("2026-02-23T08:00"));
    made.activities[1].actual_finish = Some(at("2026-03-03T17:00"));
    let schedule = schedule(made);
    assert_eq!((schedule.dates[1].total_float, schedule.dates[1].free_float), (None, None));
    assert_eq!(schedule.dates[1].finish, at("2026-03-03T17:00"));
    assert!(!schedule.dates[1].critical);
    assert_eq!(schedule.dates[2].early_start, at("2026-03-09T08:00"));
}

#[test]
fn a_lag_that_has_passed_is_spent() {
    let mut made = plan(&[("A", 2), ("B", 2)], &[]);
    made.projects[0].data_date = at("2026-03-06T08:00");
    made.activities[0].actual_start = Some(at("2026-03-02T08:00"));
    made.activities[0].actual_finish = Some(at("2026-03-03T17:00"));
    let with = |lag: i64| {
        let mut made = made.clone();
        made.links.push(Link { lag, ..Link::new(0, 1, LinkKind::FinishStart) });
        schedule(made).dates[1].early_start
    };
    assert_eq!(with(DAY), at("2026-03-06T08:00"));
    assert_eq!(with(3 * DAY), at("2026-03-09T08:00"));
    assert_eq!(with(-DAY), at("2026-03-06T08:00"));
}

#[test]
fn a_lag_counts_on_the_calendar_it_is_said_to() {
    let mut made = plan(&[("A", 1), ("B", 1)], &[]);
    made.calendars.push(Calendar::around_the_clock());
    made.activities[1].calendar = 1;
    made.links.push(Link { lag: 5 * DAY, ..Link::new(0, 1, LinkKind::FinishStart) });
    let starts = |calendar: LagCalendar| {
        let mut made = made.clone();
        made.options.lag_calendar = calendar;
        let schedule = schedule(made);
        assert_eq!(schedule.dates[0].total_float, Some(0), "{calendar:?}");
        schedule.dates[1].early_start
    };
    assert_eq!(starts(LagCalendar::Predecessor), at("2026-03-09T17:00"));
    assert_eq!(starts(LagCalendar::Project), at("2026-03-09T17:00"));
    assert_eq!(starts(LagCalendar::Successor), at("2026-03-04T09:00"));
    assert_eq!(starts(LagCalendar::AroundTheClock), at("2026-03-04T09:00"));
}

#[test]
fn floats_by_start_by_finish_or_the_smaller() {
    let mut made = plan(&[("A", 2), ("B", 4)], &[]);
    made.activities[0].actual_start = Some(at("2026-02-27T08:00"));
    made.activities[0].remaining = Some(DAY);
    for rule in [FloatRule::Finish, FloatRule::Start, FloatRule::Smaller] {
        made.options.float = rule;
        assert_eq!(schedule(made.clone()).dates[0].total_float, Some(3 * DAY), "{rule:?}");
    }
}

#[test]
fn milestones_stand_at_their_side_of_the_night() {
    let mut made = plan(&[("A", 1)], &[]);
    made.activities.push(Activity::milestone("F", Kind::FinishMilestone));
    made.activities.push(Activity::milestone("S", Kind::StartMilestone));
    made.activities.push(Activity::task("B", DAY));
    for (from, to) in [(0, 1), (0, 2), (2, 3)] {
        made.links.push(Link::new(from, to, LinkKind::FinishStart));
    }
    let schedule = schedule(made);
    assert_eq!(schedule.dates[1].early_finish, at("2026-03-02T17:00"));
    assert_eq!(schedule.dates[2].early_start, at("2026-03-03T08:00"));
    assert_eq!(schedule.dates[3].early_start, at("2026-03-03T08:00"));
}

#[test]
fn a_level_of_effort_spans_and_a_summary_rolls_up() {
    let mut made = plan(&[("A", 2), ("B", 3), ("C", 9)], &[("A", "B")]);
    made.activities.push(Activity { kind: Kind::LevelOfEffort, ..Activity::task("L", 0) });
    made.activities.push(Activity { kind: Kind::Summary, ..Activity::task("S", 0) });
    made.links.push(Link::new(0, 3, LinkKind::StartStart));
    made.links.push(Link::new(1, 3, LinkKind::FinishFinish));
    made.activities[0].parent = Some(4);
    made.activities[1].parent = Some(4);
    let schedule = schedule(made);
    for spanning in [&schedule.dates[3], &schedule.dates[4]] {
        assert_eq!(spanning.early_start, at("2026-03-02T08:00"));
        assert_eq!(spanning.early_finish, at("2026-03-06T17:00"));
        assert_eq!(spanning.total_float, Some(4 * DAY));
        assert!(!spanning.critical && !spanning.longest_path);
    }
    assert_eq!(schedule.dates[1].free_float, Some(4 * DAY));
    assert_eq!(schedule.longest_path(), [2]);
}

#[test]
fn open_and_dangling_ends_are_found() {
    let mut made = plan(&[("A", 2), ("B", 3), ("C", 1)], &[]);
    made.links.push(Link::new(0, 1, LinkKind::StartStart));
    made.links.push(Link::new(1, 2, LinkKind::FinishFinish));
    let network = Network::new(made.clone()).unwrap();
    let ends = network.open_ends();
    assert_eq!(ends.no_predecessor, [0]);
    assert_eq!(ends.no_successor, [2]);
    assert_eq!(ends.dangling_finish, [0]);
    assert_eq!(ends.dangling_start, [2]);
    made.options.open_ends_critical = true;
    made.activities[1].duration = DAY;
    assert_eq!(schedule(made).dates[2].total_float, Some(0));
}

#[test]
fn a_what_if_is_the_schedule_of_the_changed_plan_and_keeps_nothing() {
    let made =
        plan(&[("A", 2), ("B", 3), ("C", 4), ("D", 1)], &[("A", "B"), ("A", "C"), ("B", "D")]);
    let network = Network::new(made.clone()).unwrap();
    let before = network.schedule();
    let constraint = Constraint { rule: Rule::StartNoEarlier, date: at("2026-03-12T08:00") };
    let changes = [
        Change::Remaining { activity: 1, minutes: 9 * DAY },
        Change::Lag { link: 2, minutes: DAY },
        Change::Constraint { activity: 2, constraint: Some(constraint) },
    ];
    let mut changed = made;
    changed.activities[1].remaining = Some(9 * DAY);
    changed.links[2].lag = DAY;
    changed.activities[2].constraint = Some(constraint);
    assert_eq!(network.what_if(&changes).unwrap(), schedule(changed));
    assert_eq!(network.schedule(), before);
    let wrong = Change::Remaining { activity: 9, minutes: 1 };
    assert!(matches!(network.what_if(&[wrong]), Err(PlanError::Dangling { place: 9, .. })));
    let never_started = Change::ActualFinish { activity: 0, at: Some(at("2026-03-02")) };
    assert!(matches!(network.what_if(&[never_started]), Err(PlanError::ActualDates(_))));
}

#[test]
fn a_delay_is_the_sum_of_its_causes_along_the_path() {
    let made =
        plan(&[("A", 2), ("B", 3), ("C", 4), ("D", 1)], &[("A", "B"), ("B", "D"), ("C", "D")]);
    let agreed = Network::new(made.clone()).unwrap();
    let baseline = Baseline::of(agreed.plan(), &agreed.schedule());
    let mut late = made;
    late.activities[0].duration += DAY;
    late.activities[1].duration += 3 * DAY;
    late.activities.push(Activity::task("N", DAY));
    let network = Network::new(late).unwrap();
    let schedule = network.schedule();
    let delay = network.delay(&schedule, &baseline, None).unwrap();
    assert_eq!((delay.activity, delay.minutes, delay.day_minutes), (3, 4 * DAY, DAY));
    let causes: Vec<_> = delay.causes.iter().map(|one| (one.activity, one.minutes)).collect();
    assert_eq!(causes, [(0, DAY), (1, 3 * DAY), (3, 0)]);
    assert_eq!(delay.contract_float, None);
    let found = network.compare(&schedule, &baseline);
    assert_eq!(found[1].finish, Some(4 * DAY));
    assert_eq!(found[1].duration, Some(3 * DAY));
    assert!(!found[4].in_baseline && found[4].finish.is_none());
    assert_eq!(network.delay(&schedule, &baseline, Some(4)), None);
}

#[test]
fn the_chart_has_a_bar_for_each_activity() {
    let mut made = plan(&[("A", 2), ("B", 3), ("C", 1)], &[("A", "B")]);
    made.activities.push(Activity { kind: Kind::Summary, ..Activity::task("S", 0) });
    made.activities[0].parent = Some(3);
    let network = Network::new(made).unwrap();
    let schedule = network.schedule();
    let baseline = Baseline::of(network.plan(), &schedule);
    let bars = gantt(network.plan(), &schedule, Some(&baseline));
    assert_eq!(bars.len(), 4);
    assert_eq!((bars[0].depth, bars[1].driven_by.as_slice()), (1, ["A".to_owned()].as_slice()));
    assert_eq!(bars[2].float_to, Some(at("2026-03-06T17:00")));
    assert_eq!(bars[1].float_to, None);
    assert_eq!(bars[2].baseline_finish, Some(at("2026-03-02T17:00")));
}
