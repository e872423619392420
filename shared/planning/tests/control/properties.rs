//! What holds for every project.

use planning::calendar::Calendar;
use planning::control::earned_schedule::EarnedSchedule;
use planning::control::earned_value::{EarnedValue, Method, Totals};
use planning::control::health::{Known, health};
use planning::control::risk::combined;
use planning::control::simulate::{Distribution, Spec, Uncertain, simulate};
use planning::control::trend::cost_trend;
use planning::network::{Activity, Change, Constraint, Link, LinkKind, Network, Plan, Rule};
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use rust_decimal::Decimal;

/// An amount in cents, up to ten million.
fn amount() -> impl Strategy<Value = Decimal> {
    (1_i64..1_000_000_000).prop_map(|cents| Decimal::new(cents, 2))
}

fn share() -> impl Strategy<Value = Decimal> {
    (0_i64..=10_000).prop_map(|points| Decimal::new(points, 4))
}

/// A plan on two calendars, with all kinds of links, lags, leads, a constraint and started work.
fn plan() -> impl Strategy<Value = Plan> {
    let kinds = [
        LinkKind::FinishStart,
        LinkKind::StartStart,
        LinkKind::FinishFinish,
        LinkKind::StartFinish,
    ];
    let activity = (0_i64..4_000, 0_usize..2);
    let link = (0_usize..8, 0_usize..8, 0_usize..4, -600_i64..1_500);
    let lists = (
        proptest::collection::vec(activity, 2..8),
        proptest::collection::vec(link, 0..14),
        0_usize..8,
    );
    lists.prop_map(move |(activities, links, special)| {
        let start = "2026-03-02T08:00".parse().unwrap();
        let mut plan = Plan::new("any", start, Calendar::five_days());
        plan.calendars.push(Calendar::around_the_clock());
        for (n, (duration, calendar)) in activities.iter().enumerate() {
            let activity = Activity::task(format!("a{n}"), *duration);
            plan.activities.push(Activity { calendar: *calendar, ..activity });
        }
        if let Some(activity) = plan.activities.get_mut(special) {
            let date = "2026-03-11T10:00".parse().unwrap();
            activity.constraint = Some(Constraint { rule: Rule::StartNoEarlier, date });
        }
        if let Some(activity) = plan.activities.get_mut(special / 2) {
            activity.actual_start = Some("2026-02-26T08:00".parse().unwrap());
            activity.progress_bp = 4_000;
        }
        for (one, other, kind, lag) in links {
            let (from, to) = (one.min(other), one.max(other));
            let link = Link { lag, ..Link::new(from, to, kinds[kind]) };
            let same = |known: &Link| {
                (known.predecessor, known.successor, known.kind) == (from, to, link.kind)
            };
            if from < to && to < plan.activities.len() && !plan.links.iter().any(same) {
                plan.links.push(link);
            }
        }
        plan
    })
}

fn near(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() <= Decimal::new(1, 9) * a.abs().max(Decimal::ONE)
}

proptest! {
    #[test]
    fn the_index_to_reach_the_typical_estimate_is_the_index_so_far(
        bac in amount(), done in 1_i64..10_000, ac in amount(), pv in amount(),
    ) {
        let ev = bac * Decimal::new(done, 4);
        let figures = EarnedValue::of(Totals { bac, pv, ev, ac }, &[]);
        let typical = figures.estimate(Method::Typical);
        prop_assert!(near(typical.tcpi.value().unwrap(), figures.cpi.value().unwrap()));
        let (etc, vac) = (typical.etc.value().unwrap(), typical.vac.value().unwrap());
        prop_assert!(near(ac + etc, bac - vac));
        // Without a difference in cost performance, A and B agree.
        let even = EarnedValue::of(Totals { bac, pv, ev, ac: ev }, &[]);
        let (a, b) = (even.estimate(Method::Typical), even.estimate(Method::Atypical));
        prop_assert!(near(a.eac.value().unwrap(), b.eac.value().unwrap()));
    }

    #[test]
    fn earned_schedule_grows_with_earned_value_and_never_passes_the_plan(
        steps in proptest::collection::vec(0_i64..1_000, 1..24),
        one in 0_i64..30_000, more in 0_i64..3_000, at in 1_i64..40,
    ) {
        let mut planned = vec![Decimal::ZERO];
        for step in steps {
            planned.push(planned[planned.len() - 1] + Decimal::from(step));
        }
        let at = Decimal::from(at);
        let first = EarnedSchedule::of(&planned, Decimal::from(one), at);
        let second = EarnedSchedule::of(&planned, Decimal::from(one + more), at);
        let (es, later) = (first.earned_schedule.value(), second.earned_schedule.value());
        prop_assert_eq!(es.is_none(), first.planned_duration.is_zero());
        if let (Some(es), Some(later)) = (es, later) {
            prop_assert!(Decimal::ZERO <= es && es <= later && later <= first.planned_duration);
            prop_assert!(near(first.index.value().unwrap() * at, es));
        }
    }

    #[test]
    fn health_is_a_number_of_a_hundred_and_never_better_for_being_later(
        late in -50_i64..200, later in 0_i64..50, dear in -50_i64..200, risk in share(),
    ) {
        let known = Known {
            schedule_variance_pct: Some(Decimal::from(late)),
            budget_variance_pct: Some(Decimal::from(dear)),
            overall_risk: Some(risk),
            ..Known::default()
        };
        let worse = Known { schedule_variance_pct: Some(Decimal::from(late + later)), ..known };
        let (score, worse) = (health(&known).score.unwrap(), health(&worse).score.unwrap());
        prop_assert!(score <= 100 && worse <= score);
    }

    #[test]
    fn another_risk_never_lowers_the_score(
        scores in proptest::collection::vec(share(), 0..20), another in share(),
    ) {
        let before = combined(scores.iter().copied());
        let after = combined(scores.into_iter().chain([another]));
        prop_assert!(Decimal::ZERO <= before && before <= after && after <= Decimal::ONE);
        prop_assert!(after >= another - Decimal::new(1, 9));
    }

    #[test]
    fn the_trend_of_a_line_is_its_slope_and_one_outlier_does_not_turn_it(
        start in -500_i64..500, slope in -50_i64..50, outlier in -5_000_i64..5_000, at in 0_usize..6,
    ) {
        let line: Vec<Decimal> =
            (0..6).map(|period| Decimal::new(start + slope * period, 3)).collect();
        prop_assert_eq!(cost_trend(&line).slope.rounded(9), Some(Decimal::new(slope, 3).normalize()));
        let mut bent = line;
        bent[at] = Decimal::new(outlier, 3);
        // Ten of the fifteen pairs still lie on the line, so the median does.
        prop_assert_eq!(cost_trend(&bent).slope.rounded(9), Some(Decimal::new(slope, 3).normalize()));
    }
}

proptest! {
    // Each case is two thousand passes.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_iteration_is_the_critical_path_method_itself(
        plan in plan(), durations in proptest::collection::vec(0_u16..6_000, 8),
    ) {
        let network = Network::new(plan).unwrap();
        let certain = simulate(&network, &Spec { iterations: 1_000, ..Spec::default() }).unwrap();
        let schedule = network.schedule();
        prop_assert_eq!(certain.time.deterministic_finish, schedule.finish);
        prop_assert_eq!((certain.time.finish.p10, certain.time.finish.p90), (schedule.finish, schedule.finish));
        let on_path = |one: &planning::control::simulate::Sensitivity| one.criticality > 0.5;
        let critical: Vec<bool> = certain.activities.iter().map(on_path).collect();
        let longest: Vec<bool> = schedule.dates.iter().map(|dates| dates.longest_path).collect();
        prop_assert_eq!(critical, longest);
        // Other durations: what the network says if they were changed by hand.
        let ids = network.plan().activities.iter().map(|activity| activity.id.clone());
        let drawn = ids.zip(&durations).map(|(activity, minutes)| {
            Uncertain { activity, remaining: Distribution::Fixed { value: f64::from(*minutes) } }
        });
        let spec = Spec { iterations: 1_000, durations: drawn.collect(), ..Spec::default() };
        let changes: Vec<Change> = (0..network.plan().activities.len())
            .zip(&durations)
            .map(|(activity, minutes)| Change::Remaining { activity, minutes: i64::from(*minutes) })
            .collect();
        let by_hand = network.what_if(&changes).unwrap();
        prop_assert_eq!(simulate(&network, &spec).unwrap().time.finish.p50, by_hand.finish);
    }
}
