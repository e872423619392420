//! What holds for every network: the properties of the reference's §5.1.

#![expect(clippy::unwrap_used, reason = "a broken fixture has to fail its test")]

use planning::calendar::{Calendar, Moment};
use planning::network::{
    Activity, Constraint, Link, LinkKind, MOST_MINUTES, Network, Plan, ProgressRule, Rule, Schedule,
};
use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

const HOUR: i64 = 60;

/// Links go from lower to higher places, so there is never a cycle.
fn plans(kinds: &'static [LinkKind], leads: bool) -> impl Strategy<Value = Plan> {
    let durations = prop::collection::vec((0..40_i64, 0..2_usize), 2..14);
    durations.prop_flat_map(move |durations| {
        let count = durations.len();
        let lag = if leads { -6..12_i64 } else { 0..1 };
        let link = (0..count, 0..count, prop::sample::select(kinds), lag);
        let links = prop::collection::vec(link, 0..25);
        (Just(durations), links).prop_map(|(durations, links)| make(&durations, links))
    })
}

fn make(durations: &[(i64, usize)], links: Vec<(usize, usize, LinkKind, i64)>) -> Plan {
    let start = "2026-03-02T08:00".parse().unwrap();
    let mut plan = Plan::new("any", start, Calendar::five_days());
    plan.calendars.push(Calendar::around_the_clock());
    for (n, (hours, calendar)) in durations.iter().enumerate() {
        let made = Activity::task(format!("T{n}"), hours * HOUR);
        plan.activities.push(Activity { calendar: *calendar, ..made });
    }
    for (one, other, kind, hours) in links {
        let (from, to) = (one.min(other), one.max(other));
        let known = |link: &Link| (link.predecessor, link.successor, link.kind) == (from, to, kind);
        if from != to && !plan.links.iter().any(known) {
            plan.links.push(Link { lag: hours * HOUR, ..Link::new(from, to, kind) });
        }
    }
    plan
}

const ALL: &[LinkKind] =
    &[LinkKind::FinishStart, LinkKind::StartStart, LinkKind::FinishFinish, LinkKind::StartFinish];

fn one_calendar(mut plan: Plan) -> Plan {
    plan.activities.iter_mut().for_each(|activity| activity.calendar = 0);
    plan
}

fn schedule(plan: &Plan) -> Schedule {
    Network::new(plan.clone()).unwrap().schedule()
}

proptest! {
    #[test]
    fn total_float_is_at_least_free_float_is_at_least_nothing(plan in plans(ALL, true)) {
        for dates in schedule(&one_calendar(plan)).dates {
            let (total, free) = (dates.total_float.unwrap(), dates.free_float.unwrap());
            prop_assert!(total >= free && free >= 0, "{dates:?}");
        }
    }

    #[test]
    fn no_link_is_broken_on_any_calendars(plan in plans(ALL, true)) {
        let schedule = schedule(&plan);
        for (link, driving) in plan.links.iter().zip(&schedule.driving) {
            let (before, after) =
                (&schedule.dates[link.predecessor], &schedule.dates[link.successor]);
            let from = if link.kind.leaves_finish() { before.early_finish } else { before.early_start };
            let to = if link.kind.arrives_at_finish() { after.early_finish } else { after.early_start };
            let lag = &plan.calendars[plan.activities[link.predecessor].calendar];
            let own = &plan.calendars[plan.activities[link.successor].calendar];
            let slack = own.between(lag.add(from, link.lag), to);
            prop_assert!(slack >= 0, "{link:?} {slack}");
            prop_assert!(!*driving || slack == 0 || link.kind == LinkKind::StartStart, "{link:?}");
        }
    }

    #[test]
    fn an_hour_more_moves_the_end_by_nothing_or_an_hour(
        plan in plans(&[LinkKind::FinishStart], false),
        choice in any::<prop::sample::Index>(),
    ) {
        let plan = one_calendar(plan);
        let before = schedule(&plan);
        let mut longer = plan.clone();
        let n = choice.index(longer.activities.len());
        longer.activities[n].duration += HOUR;
        let moved = plan.calendars[0].between(before.finish, schedule(&longer).finish);
        prop_assert!(moved == 0 || moved == HOUR, "{moved}");
        prop_assert_eq!(moved == HOUR, before.dates[n].total_float < Some(HOUR));
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(plan in plans(ALL, true), seed in any::<u64>()) {
        let count = plan.activities.len();
        let mut order: Vec<usize> = (0..count).collect();
        let key = |n: usize| seed.wrapping_mul(2 * n as u64 + 1).rotate_left(29);
        order.sort_by_key(|n| key(*n));
        let mut shuffled = plan.clone();
        shuffled.activities = order.iter().map(|n| plan.activities[*n].clone()).collect();
        let place = |n: usize| order.iter().position(|other| *other == n).unwrap();
        for link in &mut shuffled.links {
            (link.predecessor, link.successor) = (place(link.predecessor), place(link.successor));
        }
        shuffled.links.reverse();
        let (one, other) = (schedule(&plan), schedule(&shuffled));
        for n in 0..count {
            prop_assert_eq!(one.dates[n], other.dates[place(n)]);
        }
    }

    #[test]
    fn a_link_that_says_nothing_new_changes_no_date(plan in plans(&[LinkKind::FinishStart], false)) {
        let plan = one_calendar(plan);
        let before = schedule(&plan);
        for first in &plan.links {
            for second in plan.links.iter().filter(|link| link.predecessor == first.successor) {
                let mut more = plan.clone();
                let (from, to) = (first.predecessor, second.successor);
                if plan.links.iter().all(|link| (link.predecessor, link.successor) != (from, to)) {
                    more.links.push(Link::new(from, to, LinkKind::FinishStart));
                    prop_assert_eq!(&schedule(&more).dates, &before.dates);
                }
            }
        }
    }

    #[test]
    fn the_longest_path_ends_where_the_project_does(plan in plans(ALL, true)) {
        let schedule = schedule(&plan);
        let path = schedule.longest_path();
        prop_assert!(path.iter().any(|n| schedule.dates[*n].early_finish == schedule.finish));
    }

    /// Whatever is constrained and has happened, the passes give an answer and do not overflow.
    #[test]
    fn any_progress_and_constraint_is_scheduled(
        plan in plans(ALL, true),
        states in prop::collection::vec((0..3_usize, -500..500_i64, rules()), 14),
        progress in prop::sample::select(vec![
            ProgressRule::RetainedLogic,
            ProgressRule::ProgressOverride,
            ProgressRule::ActualDates,
        ]),
        extreme in any::<bool>(),
    ) {
        let mut plan = plan;
        plan.options.progress = progress;
        let data_date = plan.projects[0].data_date;
        for (activity, (state, hours, rule)) in plan.activities.iter_mut().zip(states) {
            let date: Moment = data_date + hours * HOUR;
            activity.constraint = rule.map(|rule| Constraint { rule, date });
            if state > 0 {
                activity.actual_start = Some(data_date - hours.abs() * HOUR);
                activity.remaining = Some(activity.duration / 2);
            }
            if state == 2 {
                activity.actual_finish = Some(data_date);
            }
            if extreme {
                activity.duration = MOST_MINUTES;
            }
        }
        let schedule = schedule(&plan);
        prop_assert_eq!(schedule.dates.len(), plan.activities.len());
        for (activity, dates) in plan.activities.iter().zip(&schedule.dates) {
            if activity.actual_start.is_none() && dates.remaining > 0 {
                prop_assert!(dates.early_start < dates.early_finish);
            }
        }
    }
}

fn rules() -> impl Strategy<Value = Option<Rule>> {
    prop_oneof![
        3 => Just(None),
        1 => prop::sample::select(vec![
            Some(Rule::StartNoEarlier),
            Some(Rule::StartNoLater),
            Some(Rule::FinishNoEarlier),
            Some(Rule::FinishNoLater),
            Some(Rule::StartOn),
            Some(Rule::FinishOn),
            Some(Rule::MandatoryStart),
            Some(Rule::MandatoryFinish),
            Some(Rule::FixedStart),
            Some(Rule::AsLateAsPossible),
        ]),
    ]
}
