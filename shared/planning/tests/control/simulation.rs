//! Simulations whose answers are known (MC1 to MC6), and what must hold for every simulation.
#![expect(clippy::float_arithmetic, reason = "means and variances of samples")]

use planning::calendar::{Calendar, Moment};
use planning::control::risk::{Basis, overall_risk};
use planning::control::simulate::pert::{Path, ThreePoint};
use planning::control::simulate::{
    CostLine, Distribution, Event, Group, Others, Outcome, Spec, SpecError, Timing, Uncertain,
    simulate,
};
use planning::network::{Activity, Kind, Link, LinkKind, Network, Plan};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::{dec, oracle};

const DAY: i64 = 480;
const ITERATIONS: u32 = 50_000;

fn days(days: f64) -> f64 {
    days * 480.0
}

/// Tasks of this many days, linked by `from>to`, from Monday 2 March 2026, 08:00.
fn plan(tasks: &[(&str, i64)], links: &[&str]) -> Plan {
    let start: Moment = "2026-03-02T08:00".parse().unwrap();
    let mut plan = Plan::new("test", start, Calendar::five_days());
    plan.activities = tasks.iter().map(|(id, days)| Activity::task(*id, days * DAY)).collect();
    for link in links {
        let (from, to) = link.split_once('>').unwrap();
        let (from, to) = (plan.find(from).unwrap(), plan.find(to).unwrap());
        plan.links.push(Link::new(from, to, LinkKind::FinishStart));
    }
    plan
}

fn network(tasks: &[(&str, i64)], links: &[&str]) -> Network {
    Network::new(plan(tasks, links)).unwrap()
}

fn uncertain(activity: &str, remaining: Distribution) -> Uncertain {
    Uncertain { activity: activity.to_owned(), remaining }
}

fn triangular(min: f64, mode: f64, max: f64) -> Distribution {
    Distribution::Triangular { min: days(min), mode: days(mode), max: days(max) }
}

fn pert(min: f64, mode: f64, max: f64) -> Distribution {
    Distribution::BetaPert { min: days(min), mode: days(mode), max: days(max) }
}

fn uniform(min: f64, max: f64) -> Distribution {
    Distribution::Uniform { min: days(min), max: days(max) }
}

fn spec(durations: Vec<Uncertain>) -> Spec {
    Spec { iterations: ITERATIONS, seed: 20_260_302, durations, ..Spec::default() }
}

fn of(case: usize, name: &str) -> Value {
    oracle(&format!("/monte_carlo/{case}/{name}"))
}

fn float(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// |mean - exact| <= 4 sd / sqrt(N), and the variance within 5 %.
#[track_caller]
fn assert_moments(mean: f64, sd: f64, exact_mean: f64, exact_variance: f64) {
    let allowed = 4.0 * exact_variance.sqrt() / f64::from(ITERATIONS).sqrt();
    assert!((mean - exact_mean).abs() <= allowed, "mean {mean}, exact {exact_mean} +- {allowed}");
    let ratio = sd * sd / exact_variance;
    assert!((0.95..=1.05).contains(&ratio), "variance {} is {ratio} of the exact", sd * sd);
}

#[track_caller]
fn assert_days(outcome: &Outcome, exact_mean: f64, exact_variance: f64) {
    let minutes = &outcome.time.minutes;
    assert_moments(minutes.mean / 480.0, minutes.sd / 480.0, exact_mean, exact_variance);
}

#[test]
fn mc1_three_triangular_tasks_one_after_the_other() {
    let inputs = of(0, "inputs");
    let ids = ["a", "b", "c"];
    let mut durations = Vec::new();
    let mut tasks = Vec::new();
    for (id, points) in ids.iter().zip(inputs.as_array().unwrap()) {
        durations.push(uncertain(
            id,
            triangular(float(&points[0]), float(&points[1]), float(&points[2])),
        ));
        tasks.push((*id, points[1].as_i64().unwrap()));
    }
    let exact: f64 = durations.iter().map(|one| one.remaining.variance() / 480.0 / 480.0).sum();
    assert!((exact - float(&of(0, "variance"))).abs() < 1e-9);
    let outcome = simulate(&network(&tasks, &["a>b", "b>c"]), &spec(durations)).unwrap();
    assert_days(&outcome, float(&of(0, "mean")), float(&of(0, "variance")));
    let time = &outcome.time;
    for (quantile, name) in
        [(time.minutes.p50, "P50"), (time.minutes.p80, "P80"), (time.minutes.p90, "P90")]
    {
        let expected = float(&of(0, &format!("approx/{name}")));
        let allowed = 0.005 + 4.0 * quantile.standard_error / 480.0;
        let value = quantile.value / 480.0;
        assert!((value - expected).abs() <= allowed, "{name} {value}, known {expected}");
    }
    let modes = of(0, "deterministic_mode_sum").as_i64().unwrap();
    assert_eq!(time.deterministic_minutes, modes * DAY);
    assert!(time.on_plan.probability < dec("0.1"), "the modes are no likely finish");
}

#[test]
fn mc2_two_parallel_tasks_finish_later_than_either() {
    let mut parallel = plan(&[("a", 15), ("b", 15)], &[]);
    parallel.activities.push(Activity::milestone("end", Kind::FinishMilestone));
    for task in [0, 1] {
        parallel.links.push(Link::new(task, 2, LinkKind::FinishStart));
    }
    let both = vec![uncertain("a", uniform(10.0, 20.0)), uncertain("b", uniform(10.0, 20.0))];
    let outcome = simulate(&Network::new(parallel).unwrap(), &spec(both)).unwrap();
    assert_days(&outcome, float(&of(1, "mean")), float(&of(1, "variance")));
    let time = &outcome.time;
    assert_eq!(time.deterministic_minutes, of(1, "deterministic").as_i64().unwrap() * DAY);
    let bias = time.bias_minutes / 480.0;
    assert!((bias - float(&of(1, "merge_bias"))).abs() < 0.05, "{bias}");
    let on_plan = time.on_plan.probability.to_f64().unwrap();
    assert!((on_plan - float(&of(1, "P_le_15"))).abs() <= 4.0 * time.on_plan.standard_error);
    for activity in &outcome.activities[..2] {
        let error = (activity.criticality - float(&of(1, "criticality_each"))).abs();
        assert!(error < 0.01, "{activity:?}");
    }
    assert!((outcome.activities[2].criticality - 1.0).abs() < 1e-12);
}

#[test]
fn mc3_beta_pert_is_not_classic_pert() {
    let known = pert(2.0, 4.0, 12.0);
    assert!((known.mean() / 480.0 - float(&of(2, "mean"))).abs() < 1e-9);
    assert!((known.variance() / 480.0 / 480.0 - float(&of(2, "variance"))).abs() < 1e-9);
    let classic = Path::of(&[ThreePoint { min: 2.0, mode: 4.0, max: 12.0 }]);
    assert!((classic.variance - float(&of(2, "classic_pert_variance"))).abs() < 1e-6);
    let outcome = simulate(&network(&[("a", 4)], &[]), &spec(vec![uncertain("a", known)])).unwrap();
    assert_days(&outcome, float(&of(2, "mean")), float(&of(2, "variance")));
    // Closer than the sample can tell by chance: 5 % of 3.0 would let 2.86 pass.
    let variance = (outcome.time.minutes.sd / 480.0).powi(2);
    assert!((variance - 3.0).abs() < 0.1, "{variance}");
}

#[test]
fn mc4_an_event_that_may_happen_costs_its_expected_value() {
    let event = Event {
        id: "flood".to_owned(),
        probability: 0.3,
        delay: None,
        activities: Vec::new(),
        cost: Some(Distribution::Uniform { min: 50_000.0, max: 150_000.0 }),
    };
    let spec = Spec { events: vec![event], budget: Some(dec("49999")), ..spec(Vec::new()) };
    let outcome = simulate(&network(&[("a", 1)], &[]), &spec).unwrap();
    let cost = outcome.cost.unwrap();
    let (mean, sd) = (cost.amount.mean.to_f64().unwrap(), cost.amount.sd.to_f64().unwrap());
    assert_moments(mean, sd, float(&of(3, "mean")), float(&of(3, "variance")));
    assert!((float(&of(3, "variance")).sqrt() - float(&of(3, "sd"))).abs() < 0.1);
    assert_eq!((cost.deterministic, cost.amount.minimum), (Decimal::ZERO, Decimal::ZERO));
    let over = cost.over_budget.unwrap();
    assert!((over.probability.to_f64().unwrap() - 0.3).abs() <= 4.0 * over.standard_error);
}

/// The activities and links of MC5, and the three points of each.
fn classic() -> (Vec<(String, ThreePoint)>, Vec<String>) {
    let points = |value: &Value| ThreePoint {
        min: float(&value[0]),
        mode: float(&value[1]),
        max: float(&value[2]),
    };
    let inputs = of(4, "inputs");
    let inputs = inputs.as_object().unwrap().iter();
    let links = of(4, "links");
    let links = links.as_array().unwrap().iter().map(|link| link.as_str().unwrap().to_owned());
    (inputs.map(|(id, value)| (id.clone(), points(value))).collect(), links.collect())
}

#[test]
fn mc5_one_path_is_more_hopeful_than_the_network() {
    let (activities, links) = classic();
    let on_path = |id: &str| ["a", "c", "e", "g"].contains(&id);
    let path: Vec<ThreePoint> =
        activities.iter().filter(|(id, _)| on_path(id)).map(|(_, points)| *points).collect();
    let path = Path::of(&path);
    assert!((path.mean - float(&of(4, "expected_duration"))).abs() < 1e-9);
    assert!((path.variance - float(&of(4, "path_variance"))).abs() < 1e-6);
    assert!((path.variance.sqrt() - float(&of(4, "path_sd"))).abs() < 1e-6);
    let alone = path.probability_within(21.0);
    assert!((alone - float(&of(4, "P_le_21"))).abs() < 1e-6, "{alone}");

    let tasks: Vec<(&str, i64)> = activities.iter().map(|(id, _)| (id.as_str(), 5)).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let durations = activities
        .iter()
        .map(|(id, points)| uncertain(id, pert(points.min, points.mode, points.max)));
    let mut spec = spec(durations.collect());
    // 21 working days from Monday 2 March: the end of Monday 30 March.
    spec.contract_finish = Some("2026-03-30T17:00".parse().unwrap());
    let outcome = simulate(&network(&tasks, &links), &spec).unwrap();
    let late = outcome.time.late.unwrap();
    let on_time = 1.0 - late.probability.to_f64().unwrap();
    assert!(on_time <= alone, "the network makes it {on_time}, the path alone {alone}");
    assert!(outcome.time.minutes.mean / 480.0 > path.mean);
    let criticality = |id: &str| {
        outcome.activities.iter().find(|one| one.id == id).map(|one| one.criticality).unwrap()
    };
    assert!(criticality("g") > criticality("f") && criticality("f") > 0.0);
}

#[test]
fn mc6_correlated_tasks_vary_more_together() {
    let sigma: Vec<f64> = of(5, "sigma").as_array().unwrap().iter().map(float).collect();
    let normal = |sd: f64| Distribution::Normal { mean: days(40.0), sd: days(sd) };
    let durations = vec![uncertain("x", normal(sigma[0])), uncertain("y", normal(sigma[1]))];
    let network = network(&[("x", 40), ("y", 40)], &["x>y"]);
    let group = |correlation| Group {
        name: "concrete".to_owned(),
        correlation,
        activities: vec!["x".to_owned(), "y".to_owned()],
        costs: Vec::new(),
    };
    let alone = simulate(&network, &spec(durations.clone())).unwrap();
    assert_days(&alone, 80.0, 13.0);
    let rho = float(&of(5, "rho"));
    let grouped = Spec { groups: vec![group(rho)], ..spec(durations.clone()) };
    assert_days(&simulate(&network, &grouped).unwrap(), 80.0, float(&of(5, "variance")));
    let as_one = Spec { groups: vec![group(1.0)], ..spec(durations) };
    assert_days(&simulate(&network, &as_one).unwrap(), 80.0, 25.0);
}

#[test]
fn a_group_keeps_the_spread_of_each_member_and_raises_that_of_the_sum() {
    let durations =
        vec![uncertain("a", pert(8.0, 10.0, 20.0)), uncertain("b", triangular(5.0, 9.0, 10.0))];
    let group = |correlation| Group {
        name: "crew".to_owned(),
        correlation,
        activities: vec!["a".to_owned(), "b".to_owned()],
        costs: Vec::new(),
    };
    let sd = |correlation, links: &[&str]| {
        let spec = Spec { groups: vec![group(correlation)], ..spec(durations.clone()) };
        let outcome = simulate(&network(&[("a", 10), ("b", 9)], links), &spec).unwrap();
        outcome.time.minutes.sd / 480.0
    };
    assert!(sd(0.5, &["a>b"]) > 1.15 * sd(0.0, &["a>b"]));
    let both = Spec { groups: vec![group(0.8)], ..spec(durations.clone()) };
    let outcome = simulate(&network(&[("a", 10), ("b", 9)], &["a>b"]), &both).unwrap();
    for (sensitivity, known) in outcome.activities.iter().zip(&durations) {
        let error = (sensitivity.mean_minutes - known.remaining.mean()).abs();
        let allowed = 4.0 * (known.remaining.variance() / f64::from(ITERATIONS)).sqrt();
        assert!(error <= allowed, "{}: {error} minutes", sensitivity.id);
    }
}

/// Something of everything, with fewer iterations.
fn mixed() -> (Plan, Spec) {
    let (activities, links) = classic();
    let tasks: Vec<(&str, i64)> = activities.iter().map(|(id, _)| (id.as_str(), 5)).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let strike = Event {
        id: "strike".to_owned(),
        probability: 0.25,
        delay: Some(triangular(1.0, 2.0, 6.0)),
        activities: vec!["b".to_owned(), "g".to_owned()],
        cost: Some(Distribution::Fixed { value: 1_000.0 }),
    };
    let line = |id: &str, timing| CostLine {
        id: id.to_owned(),
        quantity: Distribution::Fixed { value: 2.0 },
        rate: Distribution::Triangular { min: 90.0, mode: 100.0, max: 150.0 },
        timing,
    };
    let spec = Spec {
        iterations: 2_000,
        seed: 7,
        durations: vec![uncertain("a", pert(2.0, 4.0, 6.0)), uncertain("f", uniform(3.0, 8.0))],
        others: Some(Others { min_share: 0.8, max_share: 1.5 }),
        groups: vec![Group {
            name: "steel".to_owned(),
            correlation: 0.4,
            activities: vec!["c".to_owned(), "d".to_owned()],
            costs: vec!["crane".to_owned()],
        }],
        events: vec![strike],
        costs: vec![
            line("permit", Timing::Once),
            line("site", Timing::ProjectDay),
            line("crane", Timing::ActivityDay("e".to_owned())),
        ],
        contract_finish: Some("2026-03-31T17:00".parse().unwrap()),
        budget: Some(dec("9000")),
    };
    (plan(&tasks, &links), spec)
}

fn bytes(plan: &Plan, spec: &Spec) -> String {
    let network = Network::new(plan.clone()).unwrap();
    serde_json::to_string(&simulate(&network, spec).unwrap()).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (plan, spec) = mixed();
    let first = bytes(&plan, &spec);
    assert_eq!(first, bytes(&plan, &spec));
    let read: Spec = serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap();
    assert_eq!(first, bytes(&plan, &read), "a specification that was stored and read");
    assert_ne!(first, bytes(&plan, &Spec { seed: 8, ..spec }));
}

#[test]
fn numbers_are_those_of_the_first_version_on_every_machine() {
    let (plan, spec) = mixed();
    let outcome: Value = serde_json::from_str(&bytes(&plan, &spec)).unwrap();
    let known =
        expect_test::expect![[r#"9858.173 989.9478448073514 "2026-04-01T08:49:00" "6332.6055""#]];
    let time = &outcome["time"];
    known.assert_eq(&format!(
        "{} {} {} {}",
        time["minutes"]["mean"],
        time["minutes"]["sd"],
        time["finish"]["p80"],
        outcome["cost"]["amount"]["mean"],
    ));
}

#[test]
fn the_order_of_the_input_changes_no_result() {
    let (plan, spec) = mixed();
    let mut turned = plan.clone();
    let last = turned.activities.len() - 1;
    turned.activities.reverse();
    for link in &mut turned.links {
        (link.predecessor, link.successor) = (last - link.predecessor, last - link.successor);
    }
    let mut other = spec.clone();
    other.durations.reverse();
    other.costs.reverse();
    let run =
        |plan: &Plan, spec: &Spec| simulate(&Network::new(plan.clone()).unwrap(), spec).unwrap();
    let (mut one, two) = (run(&plan, &spec), run(&turned, &other));
    assert_eq!((&one.time, &one.cost), (&two.time, &two.cost));
    one.activities.reverse();
    assert_eq!(one.activities, two.activities);
}

#[test]
fn a_task_that_is_added_does_not_change_what_the_others_draw() {
    let (plan, spec) = mixed();
    let run = |plan: &Plan| simulate(&Network::new(plan.clone()).unwrap(), &spec).unwrap();
    let mut more = plan.clone();
    more.activities.insert(0, Activity::task("new", DAY));
    for link in &mut more.links {
        (link.predecessor, link.successor) = (link.predecessor + 1, link.successor + 1);
    }
    assert_eq!(run(&plan).time, run(&more).time, "a short task of its own delays nothing");
}

#[test]
fn a_delay_that_always_happens_moves_the_finish_by_itself() {
    let chain = network(&[("a", 3), ("b", 4)], &["a>b"]);
    let delay = Event {
        id: "permit".to_owned(),
        probability: 1.0,
        delay: Some(Distribution::Fixed { value: days(2.0) }),
        activities: vec!["b".to_owned()],
        cost: None,
    };
    let spec = Spec { iterations: 1_000, events: vec![delay], ..Spec::default() };
    let outcome = simulate(&chain, &spec).unwrap();
    let time = &outcome.time;
    assert_eq!((time.deterministic_minutes, time.minutes.minimum), (7 * DAY, days(9.0)));
    assert!((time.bias_minutes - days(2.0)).abs() < 1e-9);
    // Monday 2 March and nine working days: the end of Thursday 12 March.
    assert_eq!(time.finish.p80, "2026-03-12T17:00".parse().unwrap());
    assert_eq!(outcome.activities[1].cruciality, None, "what never varies has no correlation");
    assert!(outcome.cost.is_none());
}

#[test]
fn work_that_is_done_is_not_drawn_and_the_finish_follows_what_remains() {
    let mut plan = plan(&[("a", 5), ("b", 4)], &["a>b"]);
    let start: Moment = "2026-02-23T08:00".parse().unwrap();
    plan.activities[0].actual_start = Some(start);
    plan.activities[0].actual_finish = Some("2026-02-27T17:00".parse().unwrap());
    plan.activities[1].actual_start = Some("2026-03-02T08:00".parse().unwrap());
    plan.activities[1].remaining = Some(2 * DAY);
    let network = Network::new(plan).unwrap();
    let left = spec(vec![uncertain("b", uniform(2.0, 4.0))]);
    let outcome = simulate(&network, &left).unwrap();
    assert_eq!(outcome.time.deterministic_minutes, 2 * DAY);
    assert_days(&outcome, 3.0, 1.0 / 3.0);
    assert_eq!(outcome.activities.len(), 1);
    let done = spec(vec![uncertain("a", uniform(2.0, 4.0))]);
    assert_eq!(simulate(&network, &done), Err(SpecError::UnknownActivity("a".to_owned())));
}

#[test]
fn daily_costs_follow_the_durations() {
    let chain = network(&[("a", 3), ("b", 4)], &["a>b"]);
    let line = |id: &str, rate: f64, timing| CostLine {
        id: id.to_owned(),
        quantity: Distribution::Fixed { value: 1.0 },
        rate: Distribution::Fixed { value: rate },
        timing,
    };
    let spec = Spec {
        iterations: 1_000,
        durations: vec![uncertain("b", Distribution::Fixed { value: days(6.0) })],
        costs: vec![
            line("once", 0.05, Timing::Once),
            line("site", 100.0, Timing::ProjectDay),
            line("crew", 1_000.0, Timing::ActivityDay("b".to_owned())),
        ],
        ..Spec::default()
    };
    let cost = simulate(&chain, &spec).unwrap().cost.unwrap();
    assert_eq!(cost.deterministic, dec("4700.05"));
    assert_eq!(cost.amount.p80.value, dec("6900.05"));
    assert_eq!(cost.contingency, dec("2200"));
}

#[test]
fn chances_become_the_overall_risk() {
    let (plan, spec) = mixed();
    let outcome = simulate(&Network::new(plan).unwrap(), &spec).unwrap();
    let chances = outcome.chances();
    assert!(chances.late > Decimal::ZERO && chances.over_budget > Decimal::ZERO);
    let overall = overall_risk(&[], Some(chances));
    assert_eq!(overall.basis, Basis::Simulation);
    assert_eq!(overall.overall_score, chances.late.max(chances.over_budget));
}

#[test]
fn the_tornado_starts_with_what_moves_the_finish_most() {
    let durations =
        vec![uncertain("small", uniform(9.0, 11.0)), uncertain("large", uniform(5.0, 15.0))];
    let network = network(&[("small", 10), ("fixed", 1), ("large", 10)], &["small>large"]);
    let outcome = simulate(&network, &spec(durations)).unwrap();
    assert_eq!(outcome.tornado, [2, 0]);
    let large = &outcome.activities[2];
    assert!(large.cruciality.unwrap() > 0.9 && large.swing_minutes.unwrap() > days(8.0));
    assert!(large.sensitivity.unwrap() > outcome.activities[0].sensitivity.unwrap());
    assert_eq!(outcome.activities[1].swing_minutes, None);
}

#[test]
fn what_cannot_be_simulated_says_why() {
    let network = network(&[("a", 5)], &[]);
    let refused = |spec: &Spec| simulate(&network, spec).unwrap_err();
    assert_eq!(refused(&Spec { iterations: 999, ..Spec::default() }), SpecError::Iterations(999));
    let wrong = Spec { durations: vec![uncertain("a", uniform(5.0, 4.0))], ..Spec::default() };
    assert!(refused(&wrong).to_string().starts_with("a: its numbers must be in order"));
    let endless = Distribution::Fixed { value: f64::NAN };
    let wrong = Spec { durations: vec![uncertain("a", endless)], ..Spec::default() };
    assert!(matches!(refused(&wrong), SpecError::Distribution { .. }));
    let twice = vec![uncertain("a", uniform(4.0, 5.0)), uncertain("a", uniform(4.0, 5.0))];
    let wrong = Spec { durations: twice, ..Spec::default() };
    assert_eq!(refused(&wrong), SpecError::Twice("a".to_owned()));
    let group = |correlation, activity: &str| Spec {
        groups: vec![Group {
            name: "g".to_owned(),
            correlation,
            activities: vec![activity.to_owned()],
            costs: Vec::new(),
        }],
        ..Spec::default()
    };
    assert!(matches!(refused(&group(1.5, "a")), SpecError::Share { .. }));
    assert_eq!(refused(&group(0.5, "x")), SpecError::UnknownActivity("x".to_owned()));
    let others = Some(Others { min_share: 1.2, max_share: 1.5 });
    assert_eq!(refused(&Spec { others, ..Spec::default() }), SpecError::Others);
}
