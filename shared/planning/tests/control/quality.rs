//! The fourteen points of the DCMA on a plan that is well, and each on one that is not.

use planning::calendar::{Calendar, Moment};
use planning::control::Undefined;
use planning::control::quality::{Assessment, Check, Evidence, Finding, assess};
use planning::network::{
    Activity, Baseline, BaselineActivity, Constraint, Kind, Link, LinkKind, Network, Plan, Rule,
};

use crate::dec;

const DAY: i64 = 480;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// Twenty tasks of three days, one after the other, between two milestones.
fn chain() -> Plan {
    let mut plan = Plan::new("chain", at("2026-03-02T08:00"), Calendar::five_days());
    plan.activities.push(Activity::milestone("start", Kind::StartMilestone));
    let tasks = (1..=20).map(|n| Activity::task(format!("t{n}"), 3 * DAY));
    plan.activities.extend(tasks);
    plan.activities.push(Activity::milestone("end", Kind::FinishMilestone));
    let links = (0..21).map(|n| Link::new(n, n + 1, LinkKind::FinishStart));
    plan.links.extend(links);
    plan
}

fn assessed(plan: Plan) -> Assessment {
    with(plan, Evidence::default())
}

fn with(plan: Plan, evidence: Evidence<'_>) -> Assessment {
    let network = Network::new(plan).unwrap();
    assess(&network, &network.schedule(), evidence)
}

fn finding(assessment: &Assessment, check: Check) -> &Finding {
    assessment.findings.iter().find(|finding| finding.check == check).unwrap()
}

#[track_caller]
fn assert_fails(plan: Plan, check: Check, value: &str, places: &[usize]) {
    let assessment = assessed(plan);
    let finding = finding(&assessment, check);
    assert_eq!(finding.passed, Some(false), "{finding:?}");
    assert_eq!(finding.value.rounded(4), Some(dec(value)), "{finding:?}");
    assert_eq!(finding.places, places);
}

#[test]
fn a_plain_chain_passes_what_can_be_measured() {
    let assessment = assessed(chain());
    // Its two ends are 2 of 22 activities: the point about logic is only well in larger plans.
    let logic = finding(&assessment, Check::Logic);
    assert_eq!((logic.population, logic.places.as_slice()), (22, &[0, 21][..]));
    assert_eq!(logic.passed, Some(false));
    let unmeasured: Vec<Check> = assessment
        .findings
        .iter()
        .filter(|finding| finding.passed.is_none())
        .map(|finding| finding.check)
        .collect();
    let expected =
        [Check::Resources, Check::MissedTasks, Check::PathLengthIndex, Check::ExecutionIndex];
    assert_eq!(unmeasured, expected);
    assert_eq!((assessment.passed, assessment.failed, assessment.not_measured), (9, 1, 4));
    for finding in &assessment.findings {
        assert_eq!(finding.value.reason().is_some(), finding.passed.is_none());
    }
    let test = finding(&assessment, Check::CriticalPathTest);
    assert_eq!(test.value.value(), Some(dec("1")));
}

#[test]
fn each_link_and_constraint_that_is_not_well_is_named() {
    let mut lead = chain();
    lead.links[4].lag = -DAY;
    assert_fails(lead, Check::Leads, "0.0476", &[4]);
    let mut lags = chain();
    (lags.links[3].lag, lags.links[7].lag) = (DAY, DAY);
    assert_fails(lags, Check::Lags, "0.0952", &[3, 7]);
    let mut lag = chain();
    lag.links[3].lag = DAY;
    assert_eq!(finding(&assessed(lag), Check::Lags).passed, Some(true), "one of 21 is below 5 %");
    let mut types = chain();
    for place in [2, 5, 8] {
        types.links[place].kind = LinkKind::StartStart;
    }
    assert_fails(types, Check::LinkTypes, "0.8571", &[2, 5, 8]);
    let mut held = chain();
    let constraint = Constraint { rule: Rule::FinishNoLater, date: at("2027-03-05T17:00") };
    held.activities[2].constraint = Some(constraint);
    held.activities[6].second_constraint = Some(constraint);
    assert_fails(held, Check::HardConstraints, "0.0909", &[2, 6]);
}

#[test]
fn floats_and_durations_beyond_two_months_are_named() {
    let mut long = chain();
    long.activities[5].duration = 45 * DAY;
    long.activities[6].duration = 44 * DAY;
    long.activities[7].duration = 50 * DAY;
    assert_fails(long.clone(), Check::HighDuration, "0.1", &[5, 7]);
    // A task beside the long chain has float to its end.
    long.activities.push(Activity::task("loose", DAY));
    long.activities.push(Activity::task("looser", DAY));
    for place in [22, 23] {
        long.links.push(Link::new(0, place, LinkKind::FinishStart));
        long.links.push(Link::new(place, 21, LinkKind::FinishStart));
    }
    assert_fails(long, Check::HighFloat, "0.0833", &[22, 23]);
    let mut late = chain();
    late.projects[0].must_finish = Some(at("2026-05-21T17:00"));
    let assessment = assessed(late);
    let negative = finding(&assessment, Check::NegativeFloat);
    assert_eq!((negative.passed, negative.places.len()), (Some(false), 22));
}

#[test]
fn dates_from_the_future_are_invalid() {
    let mut future = chain();
    future.activities[1].actual_start = Some(at("2026-03-02T08:00"));
    future.activities[2].actual_start = Some(at("2026-03-03T08:00"));
    assert_fails(future, Check::InvalidDates, "0.0455", &[2]);
}

#[test]
fn tasks_without_resources_are_named_when_somebody_looked() {
    let mut loaded = vec![true; 22];
    loaded[4] = false;
    // Milestones need none.
    loaded[0] = false;
    let evidence = Evidence { loaded: Some(&loaded), ..Evidence::default() };
    let assessment = with(chain(), evidence);
    let resources = finding(&assessment, Check::Resources);
    assert_eq!((resources.passed, resources.places.as_slice()), (Some(false), &[4][..]));
    assert_eq!(resources.population, 20);
}

#[test]
fn a_mandatory_finish_fails_the_critical_path_test() {
    let mut held = chain();
    let date = at("2026-05-22T17:00");
    held.activities[21].constraint = Some(Constraint { rule: Rule::MandatoryFinish, date });
    // The last task slips and the milestone after it does not.
    assert_fails(held, Check::CriticalPathTest, "0", &[1]);
}

#[test]
fn the_path_length_index_counts_float_to_the_contract() {
    // Sixty working days of work.
    let index = |date: &str| {
        let mut plan = chain();
        plan.projects[0].must_finish = Some(at(date));
        let assessment = assessed(plan);
        let finding = finding(&assessment, Check::PathLengthIndex).clone();
        (finding.value.rounded(4), finding.passed)
    };
    assert_eq!(index("2026-05-22T17:00"), (Some(dec("1")), Some(true)));
    assert_eq!(index("2026-05-19T17:00"), (Some(dec("0.95")), Some(true)));
    assert_eq!(index("2026-05-18T17:00"), (Some(dec("0.9333")), Some(false)));
}

#[test]
fn what_the_baseline_has_finished_by_now_is_held_against_the_plan() {
    let mut plan = chain();
    let network = Network::new(plan.clone()).unwrap();
    let baseline = Baseline::of(&plan, &network.schedule());
    plan.projects[0].data_date = at("2026-03-16T08:00");
    for (place, start, finish) in
        [(1, "2026-03-02T08:00", "2026-03-04T17:00"), (2, "2026-03-05T08:00", "2026-03-10T17:00")]
    {
        plan.activities[place].actual_start = Some(at(start));
        plan.activities[place].actual_finish = Some(at(finish));
    }
    let evidence = Evidence { baseline: Some(&baseline), ..Evidence::default() };
    let assessment = with(plan.clone(), evidence);
    // Due by Friday 13 March are t1 to t3; t2 was agreed for Monday 9 March, t3 is not done.
    let missed = finding(&assessment, Check::MissedTasks);
    assert_eq!((missed.population, missed.places.as_slice()), (3, &[2, 3][..]));
    let index = finding(&assessment, Check::ExecutionIndex);
    assert_eq!(index.value.rounded(4), Some(dec("0.6667")));
    assert_eq!((index.passed, index.places.as_slice()), (Some(false), &[3][..]));
    let strange = Baseline {
        activities: [(
            "other".to_owned(),
            BaselineActivity {
                start: at("2026-03-02T08:00"),
                finish: at("2026-03-03T17:00"),
                duration: 2 * DAY,
            },
        )]
        .into(),
    };
    let evidence = Evidence { baseline: Some(&strange), ..Evidence::default() };
    let unknown = with(plan, evidence);
    let reason = finding(&unknown, Check::MissedTasks).value.reason();
    assert_eq!(reason, Some(Undefined::NotMeasured));
}
